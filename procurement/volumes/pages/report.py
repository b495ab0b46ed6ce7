"""One report with its life: what was sent when, and the bureau's decision."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.accounts.tables import Person
from procurement.errors import RefusedError
from procurement.permissions import Action
from procurement.rounds.at_edge import FormReader, attempt, faults_of, status_of, whole_of
from procurement.volumes.at_edge import STATUS_KINDS, ReportVisit, report_in_view, status_words
from procurement.volumes.filling.figures import FIGURES
from procurement.volumes.filling.grid import read_grid
from procurement.volumes.reasons import REASON_BY_CODE
from procurement.volumes.reporting.papers import papers_of
from procurement.volumes.reporting.review import Correction, accept_report, return_report
from procurement.volumes.reporting.service import events_of
from procurement.volumes.reporting.splits import group_of, parts_of
from procurement.volumes.reporting.submit import number_of
from procurement.volumes.states import EVENT_NAMES, OPEN_STATUSES, EventKind, ReportStatus
from procurement.volumes.tables import VolumeEvent
from procurement.volumes.window import due_at, is_window_open
from procurement.web import RowId, Visit, reads, redirect, render, writes


@get("/rounds/{name:str}/volumes/reports/{report_id:int}", include_in_schema=False)
@reads
def show_report(visit: Visit, name: FromPath[str], report_id: RowId) -> Response[Any]:
    """Show a report beside past use, with its timeline."""
    seen = report_in_view(visit, name, report_id, Action.READ_REPORT)
    return _page(visit, seen, None)


@post("/rounds/{name:str}/volumes/reports/{report_id:int}/accept", include_in_schema=False)
@writes
def accept(visit: Visit, name: FromPath[str], report_id: RowId) -> Response[Any]:
    """Accept a submitted report."""
    seen = report_in_view(visit, name, report_id, Action.REVIEW_REPORT)

    def decide() -> None:
        accept_report(
            visit.session,
            round_=seen.round,
            report=seen.report,
            version=FormReader(visit.form).version,
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, decide)
    return _page(visit, seen, refusal) if refusal else redirect(seen.address)


@post("/rounds/{name:str}/volumes/reports/{report_id:int}/return", include_in_schema=False)
@writes
def send_back(visit: Visit, name: FromPath[str], report_id: RowId) -> Response[Any]:
    """Return a report with a reason."""
    seen = report_in_view(visit, name, report_id, Action.REVIEW_REPORT)
    reader = FormReader(visit.form)

    def decide() -> None:
        until = reader.moment("correct_until")
        with reader.checked():
            return_report(
                visit.session,
                round_=seen.round,
                report=seen.report,
                version=reader.version,
                correction=Correction(visit.form.get("reason", ""), until),
                actor=visit.actor,
                moment=visit.moment,
            )

    refusal = attempt(visit, decide)
    return _page(visit, seen, refusal) if refusal else redirect(seen.address)


def _page(visit: Visit, seen: ReportVisit, refusal: RefusedError | None) -> Response[Any]:
    session, report = visit.session, seen.report
    events = events_of(session, report_id=report.id)
    may_report = visit.may(Action.REPORT_VOLUMES, seen.subject)
    may_review = visit.may(Action.REVIEW_REPORT, seen.subject)
    is_fixed = seen.round.published_at is not None
    return render(
        visit,
        "volumes/report.html",
        status=200 if refusal is None else status_of(refusal),
        round=seen.round,
        report=report,
        hospital=seen.hospital,
        here=seen.address,
        grid=read_grid(session, round_=seen.round, report=report, moment=visit.moment),
        events=[_entry(visit, event) for event in events],
        number=number_of(seen.round, report),
        papers=papers_of(session, report_id=report.id),
        group=group_of(session, round_=seen.round, report=report, moment=visit.moment),
        has_parts=bool(parts_of(session, report_id=report.id)),
        names=status_words(visit),
        kinds=STATUS_KINDS,
        due=due_at(seen.round, report),
        may_fill=may_report
        and report.status in OPEN_STATUSES
        and is_window_open(session, round_=seen.round, report=report, moment=visit.moment),
        may_withdraw=may_report and report.status == ReportStatus.SUBMITTED,
        may_split=visit.may(Action.SPLIT_VOLUMES, seen.subject),
        may_accept=may_review and not is_fixed and report.status == ReportStatus.SUBMITTED,
        may_return=may_review
        and not is_fixed
        and report.status in (ReportStatus.SUBMITTED, ReportStatus.ACCEPTED),
        values=visit.form or None,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        reasons={code: visit.text(reason.zh, reason.en) for code, reason in REASON_BY_CODE.items()},
        figures=FIGURES,
    )


def _entry(visit: Visit, event: VolumeEvent) -> dict[str, object]:
    person = visit.session.get(Person, event.person_id) if event.person_id else None
    title = visit.text(*EVENT_NAMES[EventKind(event.kind)])
    if event.upload_id is not None:
        title += visit.text("（采购办批量上传）", " (by the bureau's file)")
    note = event.reason or ""
    if event.digest:
        note = visit.text(f"数字摘要 {event.digest[:16]}…", f"digest {event.digest[:16]}…")
    return {
        "title": title,
        "moment": event.happened_at,
        "state": "done",
        "actor": person.name if person else "",
        "note": note,
    }


ROUTES = (show_report, accept, send_back)
"""Handlers of these pages."""
