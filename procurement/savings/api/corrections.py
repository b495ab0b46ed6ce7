"""Ways on after the computation by machine: compute again, later days, a step back, dead runs."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from litestar import get, post
from litestar.params import FromPath, JSONBody

from procurement.permissions import Action
from procurement.savings.api.shapes import (
    ReasonBody,
    RunEntry,
    SettlementEntry,
    entry,
    run_entry,
)
from procurement.savings.at_edge import settlement_for
from procurement.savings.correcting.correcting import compute_again, set_answer_by, step_back
from procurement.savings.settlements.returned import returned_after_year
from procurement.savings.settlements.runs import give_up_run
from procurement.web import Visit, reads, writes


@dataclass(frozen=True, slots=True)
class AgainBody:
    """What is computed again.

    Attributes:
        hospital_id: Of this hospital and its group only; of all unless given.
        extract_again: Purchases are summed anew first; for one hospital only.
    """

    hospital_id: int | None = None
    extract_again: bool = False


@dataclass(frozen=True, slots=True)
class AnswerDayBody:
    """Until when hospitals are asked to answer.

    Attributes:
        answer_by: The last day.
    """

    answer_by: date


@dataclass(frozen=True, slots=True)
class LateReturnEntry:
    """Goods of a batch-year that went back after it.

    Attributes:
        hospital_id: The hospital.
        hospital: Its name.
        product: What went back.
        batch: The batch-year in which it was bought.
        bought_on: Day on which it came in.
        returned_on: Day on which it went back.
        is_winning: Whether a winner supplied it.
        quantity: Minimal units.
        amount: Yuan.
    """

    hospital_id: int
    hospital: str
    product: str
    batch: str
    bought_on: date
    returned_on: date
    is_winning: bool
    quantity: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LateReturnList:
    """Returns after the year's end: no sum contains them.

    Attributes:
        items: By hospital and day.
    """

    items: list[LateReturnEntry]


@post("/api/v1/savings/{name:str}/recomputations", status_code=201)
@writes
def recompute(visit: Visit, name: FromPath[str], data: JSONBody[AgainBody]) -> RunEntry:
    """Compute statements again that hospitals have; a job does it."""
    run = compute_again(
        visit.session,
        settlement=settlement_for(visit, name, Action.DRAFT_SETTLEMENT),
        hospital_id=data.hospital_id,
        extract_again=data.extract_again,
        actor=visit.actor,
        moment=visit.moment,
    )
    return run_entry(visit, run)


@post("/api/v1/savings/{name:str}/answer-day", status_code=201)
@writes
def give_answer_day(
    visit: Visit, name: FromPath[str], data: JSONBody[AnswerDayBody]
) -> SettlementEntry:
    """Give the last day of answers after statements were sent, or a later one."""
    settlement = settlement_for(visit, name, Action.DRAFT_SETTLEMENT)
    set_answer_by(
        visit.session,
        settlement=settlement,
        answer_by=data.answer_by,
        actor=visit.actor,
        moment=visit.moment,
    )
    return entry(settlement)


@post("/api/v1/savings/{name:str}/stepped-back", status_code=201)
@writes
def go_back(visit: Visit, name: FromPath[str], data: JSONBody[ReasonBody]) -> SettlementEntry:
    """Go back to "assessed": everything is computed and sent anew."""
    settlement = settlement_for(visit, name, Action.DRAFT_SETTLEMENT)
    step_back(
        visit.session,
        settlement=settlement,
        reason=data.reason,
        actor=visit.actor,
        moment=visit.moment,
    )
    return entry(settlement)


@post("/api/v1/savings/{name:str}/run/given-up", status_code=201)
@writes
def give_up(visit: Visit, name: FromPath[str]) -> RunEntry:
    """Give a run up whose job failed for good, so that it can be asked for anew."""
    run = give_up_run(
        visit.session,
        settlement=settlement_for(visit, name, Action.DRAFT_SETTLEMENT),
        actor=visit.actor,
        moment=visit.moment,
    )
    return run_entry(visit, run)


@get("/api/v1/savings/{name:str}/returned-after-year")
@reads
def read_returned(visit: Visit, name: FromPath[str]) -> LateReturnList:
    """List what was bought in the year and returned after it; no sum contains it."""
    settlement = settlement_for(visit, name, Action.DRAFT_SETTLEMENT)
    return LateReturnList(
        [
            LateReturnEntry(
                hospital_id=one.hospital_id,
                hospital=one.hospital,
                product=one.product,
                batch=one.batch,
                bought_on=one.bought_on,
                returned_on=one.returned_on,
                is_winning=one.is_winning,
                quantity=one.quantity,
                amount=one.amount,
            )
            for one in returned_after_year(visit.session, settlement=settlement)
        ]
    )


ROUTES = (recompute, give_answer_day, go_back, give_up, read_returned)
"""Handlers of corrections."""
