"""The notice of the provisional selection: issued by an officer, read by everybody."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.awards.announcing import announce, notices_of
from procurement.awards.evaluation import current_report, is_up_to_date
from procurement.awards.pages.access import Sight, seen_round, sight_of
from procurement.awards.pages.files import file_answer, head_of
from procurement.awards.pages.shown import shown_lots
from procurement.awards.pages.tabled import notice_tables
from procurement.awards.pages.words import DISCLOSURE_WORDS, say
from procurement.bids.at_edge import round_for, subject_for
from procurement.database import database_moment
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.at_edge import FormReader, attempt, faults_of, status_of, whole_of
from procurement.rounds.tables import Round, RoundStatus
from procurement.web import Visit, reads, redirect, render, writes


@get("/rounds/{name:str}/announcement", include_in_schema=False)
@reads
def show_announcement(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show who is provisionally selected, until when to object, and how."""
    round_, sight = seen_round(visit, name)
    return _page(visit, round_, sight, None)


def _page(visit: Visit, round_: Round, sight: Sight, refusal: RefusedError | None) -> Response[Any]:
    report = current_report(visit.session, round_id=round_.id)
    notices = notices_of(visit.session, round_id=round_.id)
    notice = notices[-1] if notices and sight.is_announced else None
    moment = database_moment(visit.session)
    is_ready = (
        round_.status == RoundStatus.EVALUATED
        and report is not None
        and not report.pending
        and is_up_to_date(visit.session, round_=round_, report=report)
    )
    subject = subject_for(visit, round_)
    runs = round_.status == RoundStatus.ANNOUNCED and notice is not None
    return render(
        visit,
        "awards/announcement.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        sight=sight,
        report=report,
        notice=notice,
        past=notices[:-1] if notice else notices,
        lots=shown_lots(report, sight) if notice and report else (),
        runs=runs and notice is not None and moment < notice.closes_at,
        is_over=runs and notice is not None and moment >= notice.closes_at,
        is_ready=is_ready,
        may_announce=visit.may(Action.ANNOUNCE_AWARD, subject)
        and round_.status == RoundStatus.EVALUATED,
        may_award=visit.may(Action.PROPOSE_STEP, subject),
        may_object=visit.may(Action.FILE_OBJECTION, subject),
        disclosed=say(DISCLOSURE_WORDS[sight.disclosure], visit.language),
        values=visit.form,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
    )


@post("/rounds/{name:str}/announcement", include_in_schema=False)
@writes
def put_on_notice(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Put the provisional selection on notice."""
    round_ = round_for(visit, name, Action.ANNOUNCE_AWARD)
    reader = FormReader(visit.form)
    closes_at = reader.moment("closes_at")

    def change() -> None:
        with reader.checked():
            if closes_at is None:
                fault = FieldFault(
                    "closes_at", "请填写公示截止时间。", "Set the end of the notice."
                )
                raise InvalidInputError([fault])
            announce(
                visit.session,
                round_=round_,
                closes_at=closes_at,
                actor=visit.actor,
                moment=visit.moment,
            )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, round_, sight_of(visit, round_), refusal)
    return redirect(f"/rounds/{name}/announcement")


@get("/rounds/{name:str}/announcement/file/{kind:str}", include_in_schema=False)
@reads
def notice_file(visit: Visit, name: FromPath[str], kind: FromPath[str]) -> Response[bytes]:
    """Send the table of the notice as Excel or PDF."""
    round_, sight = seen_round(visit, name)
    report = current_report(visit.session, round_id=round_.id)
    if report is None or not sight.is_announced:
        raise NotFoundForActorError
    title = visit.text("拟中选结果公示", "Notice of the provisional selection")
    disclosed = say(DISCLOSURE_WORDS[sight.disclosure], visit.language)
    head = head_of(visit, round_, report, title, disclosed)
    tables = notice_tables(shown_lots(report, sight), head)
    return file_answer(visit, kind, f"{name}-notice", head, tables)


ROUTES = (show_announcement, put_on_notice, notice_file)
"""Handlers of these pages."""
