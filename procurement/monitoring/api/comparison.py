"""Prices beside those of imported lists, and proposals, by machine."""

from dataclasses import dataclass

from litestar import get, post
from litestar.params import JSONBody

from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.monitoring.comparison.comparing import compare
from procurement.monitoring.comparison.proposing import decide_linkage, propose_linkage
from procurement.monitoring.report.numbers_as_text import percent
from procurement.monitoring.states import ProposalStatus
from procurement.monitoring.subjects import (
    find_list,
    find_proposal,
    list_subject,
    proposal_subject,
)
from procurement.permissions import Action
from procurement.web import RowId, Visit, reads, writes

TAGS = ["monitoring"]
PATH = "/api/v1/monitoring"


@dataclass(frozen=True, slots=True)
class ComparedEntry:
    """An own price beside the one of the list.

    Attributes:
        price_id: Of the own price.
        drug: Generic name.
        strength: As printed.
        maker: Name.
        price: Yuan a pack.
        pack_units: Minimal units in the own pack.
        list_price: Yuan a pack, of the list.
        list_pack_units: Minimal units in its pack.
        above_percent: By how much the own unit price is above; below zero where it is lower.
    """

    price_id: int
    drug: str
    strength: str
    maker: str
    price: str
    pack_units: int
    list_price: str
    list_pack_units: int
    above_percent: str


@dataclass(frozen=True, slots=True)
class ProposalsBody:
    """Which prices are to be linked.

    Attributes:
        price_ids: Own prices that stand above the list.
        basis: Why the list may be taken.
    """

    price_ids: list[int]
    basis: str


@dataclass(frozen=True, slots=True)
class ProposalEntry:
    """A proposal; it changes no price.

    Attributes:
        id: Names it in addresses.
        price_id: The own price.
        present_price: Yuan a pack.
        proposed_price: Yuan for the own pack at the list's unit price.
        status: proposed, confirmed or rejected.
        version: Of what is shown.
    """

    id: int
    price_id: int
    present_price: str
    proposed_price: str
    status: str
    version: int


@dataclass(frozen=True, slots=True)
class DecisionBody:
    """What is decided.

    Attributes:
        status: confirmed or rejected.
        reason: Needed.
        version: That was read.
    """

    status: str
    reason: str
    version: int


@get(PATH + "/lists/{list_id:int}/compared", tags=TAGS)
@reads
def compared(visit: Visit, list_id: RowId) -> list[ComparedEntry]:
    """Compare the prices of the own region with a list, the greatest excess first."""
    visit.require_ever(Action.READ_MONITORING)
    found = find_list(visit.session, list_id=list_id)
    visit.require(Action.READ_MONITORING, list_subject(found))
    rows = compare(
        visit.session, lists=[found], region=visit.actor.region, day=day_in_china(visit.moment)
    )
    return [
        ComparedEntry(
            one.price.id,
            one.drug.name,
            one.price.strength,
            one.maker,
            f"{one.price.pack_price:f}",
            one.price.pack_units,
            f"{one.reference.pack_price:f}",
            one.reference.pack_units,
            percent(one.excess) or "",
        )
        for one in rows
    ]


@post(PATH + "/lists/{list_id:int}/proposals", tags=TAGS)
@writes
def propose(visit: Visit, list_id: RowId, data: JSONBody[ProposalsBody]) -> list[ProposalEntry]:
    """Propose that prices be linked to a list; another officer decides."""
    visit.require_ever(Action.RUN_MONITORING)
    found = find_list(visit.session, list_id=list_id)
    visit.require(Action.RUN_MONITORING, list_subject(found))
    made = propose_linkage(
        visit.session,
        source=found,
        price_ids=data.price_ids,
        basis=data.basis,
        actor=visit.actor,
        moment=visit.moment,
    )
    return [
        ProposalEntry(
            one.id,
            one.price_id,
            f"{one.present_price:f}",
            f"{one.proposed_price:f}",
            one.status,
            one.version,
        )
        for one in made
    ]


@post(PATH + "/linkage/{proposal_id:int}/decision", tags=TAGS)
@writes
def decide(visit: Visit, proposal_id: RowId, data: JSONBody[DecisionBody]) -> ProposalEntry:
    """Confirm or reject a proposal of another officer."""
    visit.require_ever(Action.CONFIRM_MONITORING)
    proposal = find_proposal(visit.session, proposal_id=proposal_id)
    visit.require(Action.CONFIRM_MONITORING, proposal_subject(proposal))
    if data.status not in (ProposalStatus.CONFIRMED, ProposalStatus.REJECTED):
        zh, en = "须为 confirmed 或 rejected。", "Expected confirmed or rejected."
        raise InvalidInputError([FieldFault("status", zh, en)])
    one = decide_linkage(
        visit.session,
        proposal_id=proposal_id,
        status=ProposalStatus(data.status),
        reason=data.reason,
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return ProposalEntry(
        one.id,
        one.price_id,
        f"{one.present_price:f}",
        f"{one.proposed_price:f}",
        one.status,
        one.version,
    )


ROUTES = (compared, propose, decide)
"""Handlers of the interface."""
