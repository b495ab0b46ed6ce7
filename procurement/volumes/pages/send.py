"""Reading the report over, sending it, its confirmation, and taking it back."""

import json
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Action
from procurement.rounds.at_edge import FormReader, attempt, faults_of, status_of, whole_of
from procurement.volumes.at_edge import ReportVisit, file_answer, report_in_view
from procurement.volumes.filling.faulty_rows import unmended_upload
from procurement.volumes.filling.figures import FIGURES
from procurement.volumes.filling.grid import names_of
from procurement.volumes.reasons import REASON_BY_CODE
from procurement.volumes.reporting.papers import papers_of
from procurement.volumes.reporting.service import events_of
from procurement.volumes.reporting.splits import group_of
from procurement.volumes.reporting.submit import (
    check_answers,
    number_of,
    submit_report,
    withdraw_report,
)
from procurement.volumes.states import OPEN_STATUSES, EventKind, ReportStatus
from procurement.volumes.tables import VolumeEvent
from procurement.volumes.window import due_at, rule_of, years_of
from procurement.web import RowId, Visit, reads, redirect, render, writes


@get("/rounds/{name:str}/volumes/reports/{report_id:int}/check", include_in_schema=False)
@reads
def show_check(visit: Visit, name: FromPath[str], report_id: RowId) -> Response[Any]:
    """Show the report as it would be sent, and what it still lacks."""
    seen = report_in_view(visit, name, report_id, Action.REPORT_VOLUMES)
    if seen.report.status not in OPEN_STATUSES:
        return redirect(seen.address)
    return check_page(visit, seen, None)


def check_page(visit: Visit, seen: ReportVisit, refusal: RefusedError | None) -> Response[Any]:
    """The page on which a report is read over before it is sent."""
    answers = check_answers(
        visit.session, round_=seen.round, report=seen.report, moment=visit.moment
    )
    refused, rule = faults_of(refusal), rule_of(seen.round)
    return render(
        visit,
        "volumes/check.html",
        status=200 if refusal is None else status_of(refusal),
        round=seen.round,
        report=seen.report,
        hospital=seen.hospital,
        here=seen.address,
        answers=answers,
        faults=refused or answers.faults,
        refusal=whole_of(refusal),
        fault_links=_fault_links(visit, seen, [*refused, *answers.faults]),
        papers=papers_of(visit.session, report_id=seen.report.id),
        group=group_of(visit.session, round_=seen.round, report=seen.report, moment=visit.moment),
        due=due_at(seen.round, seen.report),
        basis={"rule": rule, "years": years_of(seen.round, rule)},
        brand_names=names_of(visit.session, [line.brand_id for line in answers.lines]),
        reasons={code: visit.text(reason.zh, reason.en) for code, reason in REASON_BY_CODE.items()},
        figures=FIGURES,
    )


_PAGE_OF_FIELD = {"reason": "grid", "ct": "grid", "part": "split"}


def _fault_links(visit: Visit, seen: ReportVisit, faults: list[FieldFault]) -> dict[str, str]:
    """Where each fault is mended: on this page, or at its field on another."""
    links = {}
    for fault in faults:
        if fault.field == "upload":
            upload_id = unmended_upload(visit.session, report_id=seen.report.id)
            links[fault.field] = f"{seen.address}/uploads/{upload_id}"
            continue
        page = _PAGE_OF_FIELD.get(fault.field.partition("-")[0])
        at = f"#field-{fault.field}"
        links[fault.field] = at if page is None else f"{seen.address}/{page}{at}"
    return links


@post("/rounds/{name:str}/volumes/reports/{report_id:int}/submit", include_in_schema=False)
@writes
def submit(visit: Visit, name: FromPath[str], report_id: RowId) -> Response[Any]:
    """Send the report; sent twice, it is the same submission."""
    seen = report_in_view(visit, name, report_id, Action.REPORT_VOLUMES)
    if seen.report.status == ReportStatus.SUBMITTED:
        return redirect(f"{seen.address}/submitted")

    def send() -> None:
        if visit.form.get("promised") != "yes":
            zh, en = "请确认承诺。", "Confirm the promise."
            raise InvalidInputError([FieldFault("promised", zh, en)])
        submit_report(
            visit.session,
            round_=seen.round,
            report=seen.report,
            version=FormReader(visit.form).version,
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, send)
    if refusal is not None:
        return check_page(visit, seen, refusal)
    return redirect(f"{seen.address}/submitted")


@get("/rounds/{name:str}/volumes/reports/{report_id:int}/submitted", include_in_schema=False)
@reads
def show_confirmation(visit: Visit, name: FromPath[str], report_id: RowId) -> Response[Any]:
    """Confirm that the report was sent: its number, its receipt, what comes next."""
    seen = report_in_view(visit, name, report_id, Action.REPORT_VOLUMES)
    event = _last_submission(visit, seen)
    if event is None:
        return redirect(seen.address)
    return render(
        visit,
        "volumes/submitted.html",
        round=seen.round,
        report=seen.report,
        here=seen.address,
        event=event,
        number=number_of(seen.round, seen.report),
        due=due_at(seen.round, seen.report),
    )


@get("/rounds/{name:str}/volumes/reports/{report_id:int}/receipt.json", include_in_schema=False)
@reads
def receipt(visit: Visit, name: FromPath[str], report_id: RowId) -> Response[Any]:
    """Give the receipt of the last submission: number, moment, digest and every line."""
    seen = report_in_view(visit, name, report_id, Action.READ_REPORT)
    event = _last_submission(visit, seen)
    document: dict[str, object] = {"number": None}
    if event is not None and event.content is not None:
        document = {
            "number": number_of(seen.round, seen.report),
            "round": seen.round.name,
            "hospital": {"name": seen.hospital.name, "credit_code": seen.hospital.credit_code},
            "submitted_at": event.happened_at.isoformat(),
            "sha256": event.digest,
            "content": event.content,
        }
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return file_answer(
        text.encode(), name=f"{document['number']}.json", media_type="application/json"
    )


def _last_submission(visit: Visit, seen: ReportVisit) -> VolumeEvent | None:
    sent = [
        event
        for event in events_of(visit.session, report_id=seen.report.id)
        if event.kind == EventKind.SUBMITTED
    ]
    return sent[-1] if sent else None


@post("/rounds/{name:str}/volumes/reports/{report_id:int}/withdraw", include_in_schema=False)
@writes
def withdraw(visit: Visit, name: FromPath[str], report_id: RowId) -> Response[Any]:
    """Take the report back to change it."""
    seen = report_in_view(visit, name, report_id, Action.REPORT_VOLUMES)
    withdraw_report(
        visit.session,
        round_=seen.round,
        report=seen.report,
        version=FormReader(visit.form).version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return redirect(f"{seen.address}/grid")


ROUTES = (show_check, submit, show_confirmation, receipt, withdraw)
"""Handlers of these pages."""
