"""The day of the opening on one page: how far it is, by the clock, and what an officer can do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.awards.announcing import notices_of
from procurement.awards.evaluation import EVALUATED_IN, ask_for_evaluation, current_report
from procurement.awards.fixing import award_of
from procurement.awards.pages.access import OPENED, Sight, seen_round
from procurement.awards.report_view import ReportView
from procurement.awards.service import evaluations_of
from procurement.awards.tables import Award, AwardNotice
from procurement.bids.at_edge import json_bytes, round_for, subject_for
from procurement.bids.opening.service import find_opening
from procurement.bids.periods import BIDS, address_of
from procurement.bids.sittings import sittings_of
from procurement.bids.tables import Opening, Sitting
from procurement.database import database_moment, text_digest
from procurement.permissions import Action
from procurement.rounds.tables import Round, RoundStatus
from procurement.web import Visit, reads, redirect, render, writes
from procurement.web.printing import print_moment


@dataclass(frozen=True)
class Day:
    """Where a round stands between its opening and its award.

    Attributes:
        opening: Of the bids.
        report: The newest one.
        evaluations: When each report was made, the first one first.
        sittings: Of second answers, each with its opening.
        notices: Of the provisional selection.
        award: Once it is fixed.
    """

    opening: Opening | None
    report: ReportView | None
    evaluations: Sequence[datetime]
    sittings: Sequence[tuple[Sitting, Opening | None]]
    notices: Sequence[AwardNotice]
    award: Award | None

    @property
    def running(self) -> Sitting | None:
        """The sitting that is not opened yet."""
        waiting = (sitting for sitting, opening in self.sittings if opening is None)
        return next(waiting, None)

    @property
    def is_open(self) -> bool:
        """Whether questions of the newest report wait for an answer."""
        return self.report is not None and bool(self.report.pending)


def day_of(visit: Visit, round_: Round) -> Day:
    """Read where a round stands."""
    session, about = visit.session, {"round_id": round_.id}
    return Day(
        opening=find_opening(session, round_id=round_.id, sitting=BIDS),
        report=current_report(session, **about),
        evaluations=[moment for _, moment in evaluations_of(session, **about)],
        sittings=[
            (one, find_opening(session, round_id=round_.id, sitting=one.number))
            for one in sittings_of(session, **about)
        ],
        notices=notices_of(session, **about),
        award=award_of(session, **about),
    )


@get("/rounds/{name:str}/evaluation", include_in_schema=False)
@reads
def show_day(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show how far the opening, the evaluation, second answers and the notice are."""
    round_, sight = seen_round(visit, name)
    day = day_of(visit, round_)
    moment = database_moment(visit.session)
    subject = subject_for(visit, round_)
    return render(
        visit,
        "awards/day.html",
        round=round_,
        sight=sight,
        day=day,
        moment=moment,
        state=_state(round_, day, moment),
        entries=list(_entries(visit, round_, day, sight, moment)),
        by_bureau=_open_for(day.report, "bureau"),
        by_bidder=_open_for(day.report, "bidder"),
        is_opened=round_.status in OPENED,
        may_evaluate=visit.may(Action.EVALUATE_ROUND, subject) and round_.status in EVALUATED_IN,
        may_announce=visit.may(Action.ANNOUNCE_AWARD, subject)
        and round_.status == RoundStatus.EVALUATED
        and not day.is_open,
        may_award=visit.may(Action.PROPOSE_STEP, subject)
        and round_.status == RoundStatus.ANNOUNCED,
    )


@get("/rounds/{name:str}/evaluation/state", include_in_schema=False)
@reads
def show_state(visit: Visit, name: FromPath[str]) -> Response[bytes]:
    """Tell a page that is open whether anything has happened since."""
    round_, _ = seen_round(visit, name)
    state = _state(round_, day_of(visit, round_), database_moment(visit.session))
    return json_bytes(f'{{"state":"{state}"}}')


@post("/rounds/{name:str}/evaluation", include_in_schema=False)
@writes
def ask_to_evaluate(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Have the round evaluated again, as after a fact was mended; the same facts change nothing."""
    round_ = round_for(visit, name, Action.EVALUATE_ROUND)
    ask_for_evaluation(visit.session, round_=round_, actor=visit.actor, moment=visit.moment)
    return redirect(f"/rounds/{name}/evaluation?asked=1")


def _open_for(report: ReportView | None, who: str) -> int:
    return 0 if report is None else sum(one["by"] == who for one in report.pending)


def _state(round_: Round, day: Day, moment: datetime) -> str:
    """A digest of all that the page tells, without telling it."""
    told = (
        round_.status,
        day.opening is not None,
        None if day.report is None else day.report.row.report_digest,
        [(one.number, moment < one.closes_at, opened is None) for one, opened in day.sittings],
        [(one.number, moment < one.closes_at) for one in day.notices],
        day.award is not None,
    )
    return text_digest(repr(told))[:16]


Entry = dict[str, Any]


def _entries(
    visit: Visit, round_: Round, day: Day, sight: Sight, moment: datetime
) -> Iterator[Entry]:
    text, base = visit.text, f"/rounds/{round_.name}"
    yield {
        "title": text("开标：全部报价同时解密", "Opening: all bids are decrypted together"),
        "state": "next" if day.opening is None else "done",
        "moment": round_.opens_at if day.opening is None else day.opening.opened_at,
        "href": f"{base}/opening",
    }
    if day.report is None:
        yield {
            "title": text(*_EVALUATION),
            "state": "now" if round_.status == RoundStatus.OPENED else "next",
        }
    # As it happened: answers and upheld objections lead to another evaluation.
    yield from sorted(_happened(visit, round_, day, sight, moment), key=itemgetter("moment"))
    if not day.sittings and day.report is None:
        yield {"title": text("如有需要，二次答复", "Second answers, if needed"), "state": "next"}
    if sight.conducts and day.is_open and day.running is None:
        yield {
            "title": text("待答事项", "Open questions"),
            "state": "now",
            "note": text(
                f"企业 {_open_for(day.report, 'bidder')} 项，采购办 "
                f"{_open_for(day.report, 'bureau')} 项。",
                f"{_open_for(day.report, 'bidder')} for bidders, "
                f"{_open_for(day.report, 'bureau')} for the bureau.",
            ),
            "href": f"{base}/questions",
        }
    if not day.notices or round_.status in (RoundStatus.EVALUATED, RoundStatus.SECOND_ANSWERS):
        yield {"title": text("拟中选公示", "Notice of the selection"), "state": "next"}
    if day.award is None:
        yield {"title": text(*_AWARD), "state": "next"}


def _happened(
    visit: Visit, round_: Round, day: Day, sight: Sight, moment: datetime
) -> Iterator[Entry]:
    """What has a moment: evaluations, sittings, notices, the award."""
    yield from _evaluation_entries(visit, round_, day, sight)
    for sitting, opening in day.sittings:
        yield _sitting_entry(visit, round_, sitting, opening, moment)
    yield from _notice_entries(visit, round_, day, moment)
    if day.award is not None:
        yield {
            "title": visit.text(*_AWARD),
            "state": "done",
            "moment": day.award.awarded_at,
            "href": f"/rounds/{round_.name}/award",
        }


_EVALUATION = ("按采购文件的规则评审", "Evaluation by the published rules")
_AWARD = ("确定中选结果", "The award is fixed")


def _evaluation_entries(visit: Visit, round_: Round, day: Day, sight: Sight) -> Iterator[Entry]:
    """Every evaluation at its own time; what the newest one says is linked.

    Before the notice others see the first one only: another tells that a tie was settled.
    """
    sees_all = sight.conducts or sight.is_announced
    evaluations = day.evaluations if sees_all else day.evaluations[:1]
    for number, evaluated_at in enumerate(evaluations, start=1):
        again = (f"重新评审（第 {number} 次）", f"Evaluated again (report {number})")
        entry: Entry = {
            "title": visit.text(*(_EVALUATION if number == 1 else again)),
            "state": "done",
            "moment": evaluated_at,
        }
        is_newest = number == len(day.evaluations)
        if is_newest and day.report is not None and sees_all:
            lots = len(day.report.lots)
            bids = sum(len(lot["outcomes"]) for lot in day.report.lots)
            entry["href"] = f"/rounds/{round_.name}/result"
            entry["note"] = visit.text(
                f"{lots} 个品种、{bids} 个报价。", f"{lots} lots, {bids} bids."
            )
        yield entry


def _sitting_entry(
    visit: Visit, round_: Round, sitting: Sitting, opening: Opening | None, moment: datetime
) -> Entry:
    number = sitting.number
    is_taking = moment < sitting.closes_at
    href = address_of(round_, number)
    return {
        "title": visit.text(f"第 {number} 次二次答复", f"Second answers, sitting {number}"),
        "state": "now" if opening is None else "done",
        "moment": sitting.closes_at if opening is None else opening.opened_at,
        "note": visit.text("截止时间如上，密封答复中。", "Sealed answers are taken until then.")
        if is_taking
        else visit.text("已截止，等待密钥持有人开启。", "Closed; keyholders are to open them.")
        if opening is None
        else visit.text("答复已开启，并据此重新评审。", "Opened, and evaluated again."),
        "href": None if is_taking else f"{href}/opening",
    }


def _notice_entries(visit: Visit, round_: Round, day: Day, moment: datetime) -> Iterator[Entry]:
    text = visit.text
    for notice in day.notices:
        is_newest = notice is day.notices[-1]
        runs = is_newest and round_.status == RoundStatus.ANNOUNCED and moment < notice.closes_at
        until = visit.text("公示截止 ", "on notice until ")
        yield {
            "title": text(
                f"第 {notice.number} 次拟中选公示", f"Notice {notice.number} of the selection"
            ),
            "state": "now" if runs else "done",
            "moment": notice.announced_at,
            "note": f"{until}{print_moment(notice.closes_at, visit.language)}",
            "href": f"/rounds/{round_.name}/announcement",
        }


ROUTES = (show_day, show_state, ask_to_evaluate)
"""Handlers of these pages."""
