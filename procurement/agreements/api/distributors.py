"""Distributors by machine."""

from dataclasses import dataclass

from litestar import get, post
from litestar.params import FromPath, JSONBody

from procurement.agreements.at_edge import public_round
from procurement.agreements.distributors import (
    answer_nomination,
    distributions_of,
    nominate_distributor,
    withdraw_nomination,
)
from procurement.agreements.nominations import distribution_for
from procurement.agreements.tables import Distribution
from procurement.permissions import Action, Role
from procurement.web import RowId, Visit, reads, writes


@dataclass(frozen=True, slots=True)
class DistributionEntry:
    """A nomination.

    Attributes:
        id: Names it in addresses.
        region: Division code.
        manufacturer_id: The winner.
        distributor_id: Who is to deliver.
        status: nominated, confirmed, declined or withdrawn.
    """

    id: int
    region: str
    manufacturer_id: int
    distributor_id: int
    status: str


@dataclass(frozen=True, slots=True)
class DistributionList:
    """Nominations of a round.

    Attributes:
        items: By region and names.
    """

    items: list[DistributionEntry]


@dataclass(frozen=True, slots=True)
class NominationBody:
    """Whom a winner nominates, and where.

    Attributes:
        region: Division code.
        distributor_id: The distributor.
    """

    region: str
    distributor_id: int


@dataclass(frozen=True, slots=True)
class NominationAnswer:
    """What the distributor says.

    Attributes:
        confirms: It will deliver.
    """

    confirms: bool


def _entry(row: Distribution) -> DistributionEntry:
    return DistributionEntry(
        row.id, row.region, row.organisation_id, row.distributor_id, row.status
    )


@get("/api/v1/rounds/{name:str}/distributors")
@reads
def list_distributors(visit: Visit, name: FromPath[str]) -> DistributionList:
    """List nominations: the own ones, those received, or all for hospitals and bureaus."""
    round_ = public_round(visit, name, Action.READ_AGREEMENT)
    own, roles = visit.actor.organisation_id, visit.actor.roles
    rows = distributions_of(
        visit.session,
        round_id=round_.id,
        organisation_id=own if Role.MANUFACTURER in roles else None,
        distributor_id=own if Role.DISTRIBUTOR in roles else None,
    )
    return DistributionList([_entry(row) for row, _, _ in rows])


@post("/api/v1/rounds/{name:str}/distributors", status_code=201)
@writes
def nominate(
    visit: Visit, name: FromPath[str], data: JSONBody[NominationBody]
) -> DistributionEntry:
    """Nominate a distributor for a region."""
    round_ = public_round(visit, name, Action.NOMINATE_DISTRIBUTOR)
    return _entry(
        nominate_distributor(
            visit.session,
            round_=round_,
            region=data.region,
            distributor_id=data.distributor_id,
            actor=visit.actor,
            moment=visit.moment,
        )
    )


@post("/api/v1/rounds/{name:str}/distributors/{distribution_id:int}/answer", status_code=201)
@writes
def answer(
    visit: Visit, name: FromPath[str], distribution_id: RowId, data: JSONBody[NominationAnswer]
) -> DistributionEntry:
    """Confirm or decline a nomination."""
    round_ = public_round(visit, name, Action.ANSWER_NOMINATION)
    distribution_for(visit, round_, distribution_id, Action.ANSWER_NOMINATION)
    return _entry(
        answer_nomination(
            visit.session,
            round_=round_,
            distribution_id=distribution_id,
            confirms=data.confirms,
            actor=visit.actor,
            moment=visit.moment,
        )
    )


@post("/api/v1/rounds/{name:str}/distributors/{distribution_id:int}/withdrawal", status_code=201)
@writes
def withdraw(visit: Visit, name: FromPath[str], distribution_id: RowId) -> DistributionEntry:
    """Withdraw a nomination."""
    round_ = public_round(visit, name, Action.NOMINATE_DISTRIBUTOR)
    distribution_for(visit, round_, distribution_id, Action.NOMINATE_DISTRIBUTOR)
    return _entry(
        withdraw_nomination(
            visit.session,
            round_=round_,
            distribution_id=distribution_id,
            actor=visit.actor,
            moment=visit.moment,
        )
    )


ROUTES = (list_distributors, nominate, answer, withdraw)
"""Handlers of distributors."""
