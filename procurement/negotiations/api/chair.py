"""The chair by machine: both signed results, the steps that join them, and the sealing."""

from dataclasses import dataclass
from datetime import datetime

from litestar import get, post
from litestar.params import FromPath, JSONBody

from procurement.bids.at_edge import secret_key
from procurement.negotiations.api.amounts import amount_from, amount_text
from procurement.negotiations.api.groups import Numbered, ResultEntry, result_entry
from procurement.negotiations.errors import CalculationSealedError
from procurement.negotiations.groups.reconciling import (
    Step,
    reconcile,
    signed_results,
    steps_of,
)
from procurement.negotiations.pages.groups import chair_for
from procurement.negotiations.sessions.sealing import seal_maximum_price
from procurement.web import RowId, Visit, reads, writes

_ONE = "/api/v1/negotiations/{campaign:str}/dossiers/{dossier_id:int}"


@dataclass(frozen=True, slots=True)
class StepEntry:
    """A step of the chair's.

    Attributes:
        number: From 1.
        policy: By which the two prices were joined.
        weight: Where the policy weighs; else null.
        prices: Each group's price, in yuan per priced unit.
        results: SHA-256 of each group's signed result.
        price: The maximum payable price that it gives.
        reason: The chair's.
        taken_at: When.
    """

    number: int
    policy: str
    weight: str | None
    prices: dict[str, str]
    results: dict[str, str]
    price: str
    reason: str
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class ChairDetail:
    """What the chair sees.

    Attributes:
        is_sealed: Whether all of it is sealed away with the maximum payable price.
        results: By group, once both have signed; empty before, and when sealed away.
        steps: Oldest first; empty when sealed away.
    """

    is_sealed: bool
    results: dict[str, ResultEntry]
    steps: list[StepEntry]


@dataclass(frozen=True, slots=True)
class StepBody:
    """How the two prices are joined.

    Attributes:
        policy: By its name.
        reason: Why.
        weight: From 0 to 1 as a decimal, where the policy weighs.
    """

    policy: str
    reason: str
    weight: str | None = None


@dataclass(frozen=True, slots=True)
class SealEntry:
    """The sealed maximum payable price, as it is published.

    Attributes:
        envelope: SHA-256 of the envelope.
        sealed_at: When.
    """

    envelope: str
    sealed_at: datetime


@get(f"{_ONE}/chair", tags=["negotiations"])
@reads
def read_chair(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> ChairDetail:
    """Read both groups' signed results and the steps of reconciliation, as the chair."""
    dossier = chair_for(visit, campaign, dossier_id)
    key = secret_key(visit)
    try:
        results = signed_results(visit.session, dossier=dossier, secret_key=key)
        steps = steps_of(visit.session, dossier=dossier, secret_key=key)
    except CalculationSealedError:
        return ChairDetail(is_sealed=True, results={}, steps=[])
    return ChairDetail(
        is_sealed=False,
        results={group.value: result_entry(one) for group, one in results.items()},
        steps=[_step(one) for one in steps],
    )


@post(f"{_ONE}/chair", tags=["negotiations"])
@writes
def take_chair_step(
    visit: Visit, campaign: FromPath[str], dossier_id: RowId, data: JSONBody[StepBody]
) -> Numbered:
    """Join the two results by a policy, as the chair; the newest step counts."""
    dossier = chair_for(visit, campaign, dossier_id)
    step = reconcile(
        visit.session,
        dossier=dossier,
        policy=data.policy,
        weight=amount_from(data.weight, field="weight"),
        reason=data.reason,
        actor=visit.actor,
        secret_key=secret_key(visit),
        moment=visit.moment,
    )
    # A receipt without the price, as of the groups.
    return Numbered(step.number)


@post(f"{_ONE}/seal", tags=["negotiations"])
@writes
def seal_price(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> SealEntry:
    """Seal the maximum payable price of the last step, as the chair."""
    dossier = chair_for(visit, campaign, dossier_id)
    envelope = seal_maximum_price(
        visit.session,
        dossier=dossier,
        actor=visit.actor,
        secret_key=secret_key(visit),
        moment=visit.moment,
    )
    return SealEntry(envelope.digest, envelope.sealed_at)


def _step(step: Step) -> StepEntry:
    return StepEntry(
        number=step.number,
        policy=step.policy,
        weight=None if step.weight is None else str(step.weight),
        prices={group: amount_text(one) for group, one in step.prices.items()},
        results=dict(step.results),
        price=amount_text(step.price),
        reason=step.reason,
        taken_at=step.taken_at,
    )


ROUTES = (read_chair, take_chair_step, seal_price)
"""Handlers of this module."""
