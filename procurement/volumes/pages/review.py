"""The bureau's list of reports, and of hospitals that have not reported."""

import io
from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.files import csv_writer
from procurement.permissions import Action
from procurement.rounds.at_edge import attempt, status_of
from procurement.rounds.tables import Round
from procurement.volumes.at_edge import (
    CSV,
    STATUS_KINDS,
    file_answer,
    region_words,
    report_address,
    round_in_view,
    status_words,
)
from procurement.volumes.cells import storable
from procurement.volumes.place import read_place, write_place
from procurement.volumes.reporting.listing import ReportFilter, list_reports, missing_hospitals
from procurement.volumes.reporting.review import accept_reports
from procurement.volumes.reporting.service import report_of
from procurement.volumes.rules import region_prefix
from procurement.volumes.states import ReportStatus
from procurement.volumes.subjects import report_subject, visible_division
from procurement.volumes.window import regions_of
from procurement.web import Visit, reads, redirect, render, writes

PAGE = 50


@get("/rounds/{name:str}/volumes/reports", include_in_schema=False)
@reads
def show_reports(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """List reports, those first that have waited longest."""
    round_ = round_in_view(visit, name, Action.READ_REPORT)
    wanted = _wanted(visit, round_)
    page = list_reports(visit.session, round_=round_, wanted=wanted, after=_place(visit), size=PAGE)
    following = page.following
    return render(
        visit,
        "volumes/reports.html",
        round=round_,
        rows=page.rows,
        following=write_place(*following) if following else None,
        is_first=_place(visit) is None,
        values=visit.query,
        names=status_words(visit),
        kinds=STATUS_KINDS,
        regions=[
            (code, region_words(visit, code))
            for code in regions_of(visit.session, round_id=round_.id)
            if code.startswith(region_prefix(visible_division(round_, visit.actor)))
        ],
        region_name=lambda code: region_words(visit, code),
        report_address=lambda report: report_address(round_, report),
        may_review=visit.may_ever(Action.REVIEW_REPORT) and round_.published_at is None,
        accepted=visit.query.get("accepted"),
    )


def _wanted(visit: Visit, round_: Round) -> ReportFilter:
    """The filter of the address, never beyond what the bureau may see."""
    own = visible_division(round_, visit.actor)
    asked = visit.query.get("region", "")
    is_inside = _is_id(asked) and len(asked) == 6 and asked.startswith(region_prefix(own))
    status = visit.query.get("status", "")
    return ReportFilter(
        division=asked if is_inside else own,
        status=ReportStatus(status) if status in set(ReportStatus) else None,
        text=storable(visit.query.get("hospital", "")).strip()[:100],
    )


def _is_id(text: str) -> bool:
    # Other digits than these are no numbers to Python, and longer ones none to the database.
    return text.isascii() and text.isdigit() and len(text) < 10


def _place(visit: Visit) -> tuple[datetime, int] | None:
    text = visit.query.get("after")
    return read_place(text) if text else None


@post("/rounds/{name:str}/volumes/reports/accept", include_in_schema=False)
@writes
def accept_many(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Accept the reports that were ticked on a page of the list."""
    round_ = round_in_view(visit, name, Action.REVIEW_REPORT)
    ticked = [int(text) for text in visit.form.all("report")[:PAGE] if _is_id(text)]
    for report_id in ticked:
        report = report_of(visit.session, round_=round_, report_id=report_id)
        subject = report_subject(visit.session, round_=round_, report=report, moment=visit.moment)
        visit.require(Action.REVIEW_REPORT, subject)
    accepted: list[int] = []

    def decide() -> None:
        accepted.append(
            accept_reports(
                visit.session,
                round_=round_,
                report_ids=ticked,
                actor=visit.actor,
                moment=visit.moment,
            )
        )

    refusal = attempt(visit, decide)
    if refusal is not None:
        return render(
            visit,
            "volumes/refused.html",
            status=status_of(refusal),
            round=round_,
            refusal=refusal,
            back=f"/rounds/{name}/volumes/reports",
        )
    return redirect(f"/rounds/{name}/volumes/reports?status=submitted&accepted={accepted[0]}")


@get("/rounds/{name:str}/volumes/missing", include_in_schema=False)
@reads
def show_missing(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """List the hospitals that have not sent a report."""
    round_ = round_in_view(visit, name, Action.READ_REPORT)
    after = visit.query.get("after", "")
    rows = missing_hospitals(
        visit.session,
        round_=round_,
        moment=visit.moment,
        statuses=(ReportStatus.SUBMITTED, ReportStatus.ACCEPTED),
        division=_wanted(visit, round_).division,
        after_id=int(after) if _is_id(after) else 0,
        size=PAGE + 1,
    )
    return render(
        visit,
        "volumes/missing.html",
        round=round_,
        rows=rows[:PAGE],
        following=rows[PAGE - 1].id if len(rows) > PAGE else None,
        region_name=lambda code: region_words(visit, code),
    )


@get("/rounds/{name:str}/volumes/missing.csv", include_in_schema=False)
@reads
def missing_file(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Give the hospitals that have not sent a report as a file."""
    round_ = round_in_view(visit, name, Action.READ_REPORT)
    rows = missing_hospitals(
        visit.session,
        round_=round_,
        moment=visit.moment,
        statuses=(ReportStatus.SUBMITTED, ReportStatus.ACCEPTED),
        division=visible_division(round_, visit.actor),
    )
    memory = io.StringIO(newline="")
    writer = csv_writer(memory)
    writer.writerow(["credit_code", "hospital", "region"])
    writer.writerows([row.credit_code or "", row.name, row.region] for row in rows)
    # With the mark by which Excel knows UTF-8.
    content = memory.getvalue().encode("utf-8-sig")
    return file_answer(content, name=f"{name}-missing.csv", media_type=CSV)


ROUTES = (show_reports, accept_many, show_missing, missing_file)
"""Handlers of these pages."""
