"""Open questions: what bidders are asked under a clock, and what two officers decide."""

from datetime import timedelta
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from bidding.bid_sheet import QuestionKind
from procurement.awards.deciding import (
    BureauAnswer,
    asked_bids,
    draft_answers,
    propose_answers,
)
from procurement.awards.evaluation import current_report
from procurement.awards.pages.access import Sight, conducted_round, sight_of
from procurement.awards.pages.words import QUESTION_WORDS, say
from procurement.awards.report_view import Fields, ReportView
from procurement.awards.second_answers import call_second_answers
from procurement.bids.at_edge import round_for, secret_key, subject_for
from procurement.bids.periods import address_of
from procurement.bids.sittings import sittings_of
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Action
from procurement.rounds.at_edge import FormReader, attempt, faults_of, status_of, whole_of
from procurement.rounds.tables import Round, RoundStatus
from procurement.web import Form, Visit, reads, redirect, render, writes

MINUTES_OFFERED = "60"
"""A first suggestion; the officer sets the clock, as no source at hand states its length."""


@get("/rounds/{name:str}/questions", include_in_schema=False)
@reads
def show_questions(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show what is open, to those who conduct or observe the round."""
    round_, sight = conducted_round(visit, name)
    return _page(visit, round_, sight, None)


def _page(visit: Visit, round_: Round, sight: Sight, refusal: RefusedError | None) -> Response[Any]:
    report = current_report(visit.session, round_id=round_.id)
    subject = subject_for(visit, round_)
    is_time = round_.status == RoundStatus.EVALUATED and report is not None
    return render(
        visit,
        "awards/questions.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        sight=sight,
        report=report,
        of_bidders=[] if report is None else _of_bidders(report),
        ties=[] if report is None else _ties(report),
        bids=[] if report is None else _bids(report),
        sittings=[
            (one, address_of(round_, one.number))
            for one in sittings_of(visit.session, round_id=round_.id)
        ],
        question_words={key: say(pair, visit.language) for key, pair in QUESTION_WORDS.items()},
        is_time=is_time,
        may_call=is_time and visit.may(Action.CALL_ANSWERS, subject),
        may_decide=is_time and visit.may(Action.DRAFT_ANSWER, subject),
        values=visit.form or Form({"minutes": (MINUTES_OFFERED,)}),
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
    )


def _of_bidders(report: ReportView) -> list[Fields]:
    return [one for one in report.pending if one["by"] == "bidder"]


def _ties(report: ReportView) -> list[dict[str, Any]]:
    """The lots with a tie: the bids, and the step that says for how many places they tie."""
    found = []
    for lot in report.lots:
        bids = asked_bids(report, lot["lot"], QuestionKind.TIE)
        if bids:
            tied = next((one for one in lot["steps"] if one["code"] == "tied"), None)
            found.append({"lot": lot, "bids": bids, "step": tied})
    return found


def _bids(report: ReportView) -> list[tuple[str, str]]:
    """Every bid that can withdraw: value and label of a choice."""
    return [
        (f"{lot['lot']}|{bid}", f"{lot['lot']} {bid}")
        for lot in report.lots
        for bid in asked_bids(report, lot["lot"], QuestionKind.WITHDRAW)
    ]


@post("/rounds/{name:str}/questions", include_in_schema=False)
@writes
def decide(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Propose how a tie is settled, or that a bidder withdrew; a second officer confirms."""
    round_ = round_for(visit, name, Action.DRAFT_ANSWER)
    made: list[int] = []

    def change() -> None:
        wanted = _wanted(visit, round_)
        draft = draft_answers(
            visit.session,
            round_=round_,
            wanted=wanted,
            actor=visit.actor,
            moment=visit.moment,
        )
        proposal = propose_answers(
            visit.session, round_=round_, draft=draft, actor=visit.actor, moment=visit.moment
        )
        made.append(proposal.id)

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, round_, sight_of(visit, round_), refusal)
    return redirect(f"/rounds/{name}/proposals/{made[0]}")


def _wanted(visit: Visit, round_: Round) -> BureauAnswer:
    form = visit.form
    reason = form.get("reason", "")
    if form.get("question") == QuestionKind.WITHDRAW:
        lot, mark, bid = form.get("withdrawn", "").partition("|")
        if not mark:
            fault = FieldFault("withdrawn", "请选择报价。", "Choose the bid.")
            raise InvalidInputError([fault])
        return BureauAnswer(
            lot=lot, question=QuestionKind.WITHDRAW, answers={bid: True}, reason=reason
        )
    report = current_report(visit.session, round_id=round_.id)
    lot, chosen = form.get("lot", ""), set(form.all("chosen"))
    asked = () if report is None else asked_bids(report, lot, QuestionKind.TIE)
    answers = {bid: bid in chosen for bid in dict.fromkeys((*asked, *sorted(chosen)))}
    return BureauAnswer(lot=lot, question=QuestionKind.TIE, answers=answers, reason=reason)


@post("/rounds/{name:str}/questions/call", include_in_schema=False)
@writes
def call(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Ask all bidders what the report asks of them, under one clock."""
    round_ = round_for(visit, name, Action.CALL_ANSWERS)
    reader = FormReader(visit.form)
    minutes = reader.whole("minutes")

    def change() -> None:
        with reader.checked():
            call_second_answers(
                visit.session,
                round_=round_,
                # Nothing typed, or too much of it, is as good as no time: the service says so.
                due_in=timedelta(minutes=min(minutes or 0, _MINUTES_MOST)),
                actor=visit.actor,
                moment=visit.moment,
                secret_key=secret_key(visit),
            )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, round_, sight_of(visit, round_), _at_minutes(refusal))
    return redirect(f"/rounds/{name}/evaluation")


_MINUTES_MOST = 60 * 24 * 365


def _at_minutes(refusal: RefusedError) -> RefusedError:
    """Put the service's fault about the clock at the page's own field."""
    if not isinstance(refusal, InvalidInputError):
        return refusal
    return InvalidInputError(
        [
            FieldFault("minutes", fault.zh, fault.en) if fault.field == "due_in" else fault
            for fault in refusal.faults
        ]
    )


ROUTES = (show_questions, decide, call)
"""Handlers of these pages."""
