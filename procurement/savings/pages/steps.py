"""The steps of a settlement: each posted by whose it is, and how far the latest job is."""

from collections.abc import Callable
from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.agreements.at_edge import typed_id
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.savings.assessments.closing import close_assessments, reopen_assessments
from procurement.savings.at_edge import settlement_for
from procurement.savings.correcting.correcting import compute_again, set_answer_by, step_back
from procurement.savings.pages.drafting import end_draft
from procurement.savings.pages.hub import BUSY, RUN_WORDS, settlement_page
from procurement.savings.pages.visiting import done_or_shown
from procurement.savings.publishing.reporting import (
    report_settlement,
    reports_of,
    return_report,
    take_note,
)
from procurement.savings.settlements.extracting import start_extracting
from procurement.savings.settlements.runs import give_up_run, latest_run
from procurement.savings.statements.answering import remind_hospitals, send_to_hospitals
from procurement.savings.statements.computing import start_computing
from procurement.savings.states import RunKind
from procurement.savings.tables import SavingsSettlement
from procurement.web import Visit, reads, writes


@get("/savings/{name:str}/progress", include_in_schema=False)
@reads
def progress(visit: Visit, name: FromPath[str]) -> dict[str, object]:
    """Tell a page how far the latest job of a settlement is."""
    settlement = settlement_for(visit, name, Action.READ_SETTLEMENT)
    run = latest_run(visit.session, settlement=settlement)
    if run is None:
        raise NotFoundForActorError
    zh, en = RUN_WORDS[RunKind(run.kind)]
    is_over = run.status not in BUSY
    after = "/payments" if run.kind == RunKind.PAY else ""
    return {
        "done": run.done,
        "total": run.total,
        "state": "done" if is_over else str(run.status),
        "zh": zh,
        "en": en,
        "next": f"/savings/{name}{after}" if is_over else None,
    }


@post("/savings/{name:str}/{step:str}", include_in_schema=False)
@writes
def take_step(visit: Visit, name: FromPath[str], step: FromPath[str]) -> Response[Any]:
    """Take one step of a settlement, for the bureau that settles."""
    visit.require_ever(Action.DRAFT_SETTLEMENT)
    found = STEPS.get(step)
    if found is None:
        raise NotFoundForActorError
    action, change = found
    settlement = settlement_for(visit, name, action)
    return done_or_shown(
        visit,
        lambda: change(visit, settlement),
        f"/savings/{name}",
        lambda refusal: settlement_page(visit, settlement, refusal),
    )


@post("/savings/{name:str}/answer-report/{answer:str}", include_in_schema=False)
@writes
def answer_report(visit: Visit, name: FromPath[str], answer: FromPath[str]) -> Response[Any]:
    """Take note of a report, or return it, for the bureau above."""
    settlement = settlement_for(visit, name, Action.READ_SETTLEMENT)
    visit.require(Action.REPORT_SETTLEMENT, _above(visit, settlement))

    def change() -> None:
        if answer == "return":
            return_report(
                visit.session,
                settlement=settlement,
                reason=visit.form.get("reason", ""),
                actor=visit.actor,
                moment=visit.moment,
            )
        else:
            take_note(visit.session, settlement=settlement, actor=visit.actor, moment=visit.moment)

    return done_or_shown(
        visit,
        change,
        f"/savings/{name}",
        lambda refusal: settlement_page(visit, settlement, refusal),
    )


def _above(visit: Visit, settlement: SavingsSettlement) -> Subject:
    """The bureau to which the latest report went: it leads that step."""
    reports = reports_of(visit.session, settlement=settlement)
    return Subject(bureau_id=reports[-1].to_bureau_id if reports else None)


def _extract(visit: Visit, settlement: SavingsSettlement) -> None:
    start_extracting(visit.session, settlement=settlement, actor=visit.actor, moment=visit.moment)


def _compute(visit: Visit, settlement: SavingsSettlement) -> None:
    start_computing(visit.session, settlement=settlement, actor=visit.actor, moment=visit.moment)


def _close(visit: Visit, settlement: SavingsSettlement) -> None:
    close_assessments(
        visit.session,
        settlement=settlement,
        reason=visit.form.get("reason", ""),
        actor=visit.actor,
        moment=visit.moment,
    )


def _reopen(visit: Visit, settlement: SavingsSettlement) -> None:
    reopen_assessments(
        visit.session,
        settlement=settlement,
        reason=visit.form.get("reason", ""),
        actor=visit.actor,
        moment=visit.moment,
    )


def _send(visit: Visit, settlement: SavingsSettlement) -> None:
    send_to_hospitals(
        visit.session,
        settlement=settlement,
        answer_by=_day(visit, "answer_by"),
        actor=visit.actor,
        moment=visit.moment,
    )


def _remind(visit: Visit, settlement: SavingsSettlement) -> None:
    remind_hospitals(visit.session, settlement=settlement, actor=visit.actor, moment=visit.moment)


def _report(visit: Visit, settlement: SavingsSettlement) -> None:
    above = visit.form.get("to_bureau_id", "")
    report_settlement(
        visit.session,
        settlement=settlement,
        to_bureau_id=typed_id(above) if above else None,
        note=visit.form.get("note", ""),
        actor=visit.actor,
        moment=visit.moment,
    )


def _compute_again(visit: Visit, settlement: SavingsSettlement) -> None:
    hospital = visit.form.get("hospital_id", "")
    compute_again(
        visit.session,
        settlement=settlement,
        hospital_id=typed_id(hospital) if hospital else None,
        extract_again=visit.form.get("extract_again", "") == "yes",
        actor=visit.actor,
        moment=visit.moment,
    )


def _answer_by(visit: Visit, settlement: SavingsSettlement) -> None:
    set_answer_by(
        visit.session,
        settlement=settlement,
        answer_by=_day(visit, "answer_by"),
        actor=visit.actor,
        moment=visit.moment,
    )


def _give_up(visit: Visit, settlement: SavingsSettlement) -> None:
    give_up_run(visit.session, settlement=settlement, actor=visit.actor, moment=visit.moment)


def _step_back(visit: Visit, settlement: SavingsSettlement) -> None:
    step_back(
        visit.session,
        settlement=settlement,
        reason=visit.form.get("reason", ""),
        actor=visit.actor,
        moment=visit.moment,
    )


def _end(step: str) -> Callable[[Visit, SavingsSettlement], None]:
    return lambda visit, settlement: end_draft(visit, settlement, step)


STEPS: dict[str, tuple[Action, Callable[[Visit, SavingsSettlement], None]]] = {
    "extract": (Action.DRAFT_SETTLEMENT, _extract),
    "close-assessments": (Action.ASSESS_ON_SITE, _close),
    "reopen-assessments": (Action.ASSESS_ON_SITE, _reopen),
    "compute": (Action.DRAFT_SETTLEMENT, _compute),
    "compute-again": (Action.DRAFT_SETTLEMENT, _compute_again),
    "give-up-run": (Action.DRAFT_SETTLEMENT, _give_up),
    "step-back": (Action.DRAFT_SETTLEMENT, _step_back),
    "answer-by": (Action.DRAFT_SETTLEMENT, _answer_by),
    "open": (Action.DRAFT_SETTLEMENT, _send),
    "remind": (Action.DRAFT_SETTLEMENT, _remind),
    "report": (Action.REPORT_SETTLEMENT, _report),
    "withdraw": (Action.DRAFT_SETTLEMENT, _end("withdraw")),
    "back": (Action.DRAFT_SETTLEMENT, _end("back")),
    "agency": (Action.DRAFT_SETTLEMENT, _end("agency")),
}
"""What each step needs, and does."""


def _day(visit: Visit, field: str) -> date | None:
    text = visit.form.get(field, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInputError([FieldFault(field, "请填写日期。", "Give a day.")]) from None


ROUTES = (progress, take_step, answer_report)
"""Handlers of these pages."""
