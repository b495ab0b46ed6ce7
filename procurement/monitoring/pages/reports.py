"""The quarterly report: asking for it, reading it, taking it away, publishing it."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from markupsafe import Markup

from procurement.china_days import day_in_china, quarter_of
from procurement.jobs import find_job, progress_of
from procurement.monitoring.pages.words import words
from procurement.monitoring.report.figures import figures_of
from procurement.monitoring.report.making import start_report
from procurement.monitoring.report.publishing import content_of, file_of, publish_report
from procurement.monitoring.report.tables_of import tables_of
from procurement.monitoring.report.wording import FORMULAS, heading_of
from procurement.monitoring.subjects import find_report, own_monitoring, report_subject
from procurement.monitoring.tables import QuarterlyReport
from procurement.orders.pages.sheets import CSV, as_csv
from procurement.orders.pages.typed import GoodsReader
from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.volumes.at_edge import PDF, file_answer
from procurement.web import RowId, Visit, reads, redirect, render, writes

QUARTERS_OFFERED = 8


@get("/monitoring/reports/new", include_in_schema=False)
@reads
def new_report(visit: Visit) -> Response[Any]:
    """Ask which quarter."""
    visit.require(Action.RUN_MONITORING, own_monitoring(visit.actor))
    return _form(visit, None)


def _form(visit: Visit, refusal: Any) -> Response[Any]:  # noqa: ANN401 - RefusedError or None
    quarter = quarter_of(day_in_china(visit.moment))
    offered = []
    for _ in range(QUARTERS_OFFERED):
        quarter = quarter.before
        zh = f"{quarter.year}年第{quarter.number}季度"
        offered.append((str(quarter), visit.text(zh, str(quarter))))
    return render(
        visit,
        "monitoring/report_new.html",
        status=200 if refusal is None else status_of(refusal),
        quarters=offered,
        values=visit.form or {"quarter": offered[0][0]},
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **words(visit),
    )


@post("/monitoring/reports/new", include_in_schema=False)
@writes
def ask_report(visit: Visit) -> Response[Any]:
    """Queue the making of a report."""
    visit.require(Action.RUN_MONITORING, own_monitoring(visit.actor))
    made: list[QuarterlyReport] = []

    def change() -> None:
        reader = GoodsReader(visit.form)
        year, _, number = visit.form.get("quarter", "").partition("Q")
        is_quarter = year.isascii() and year.isdigit() and len(year) == 4 and number in "1234"
        if not (is_quarter and number):
            reader.fault("quarter", "请选择季度。", "Choose a quarter.")
        with reader.checked():
            made.append(
                start_report(
                    visit.session,
                    year=int(year) if is_quarter else 0,
                    quarter=int(number) if is_quarter and number else 0,
                    measures=(
                        visit.form.get("measures", ""),
                        visit.form.get("measures_en", ""),
                    ),
                    actor=visit.actor,
                    moment=visit.moment,
                )
            )

    refusal = attempt(visit, change)
    return _form(visit, refusal) if refusal else redirect(f"/monitoring/reports/{made[0].id}")


def _report_for(visit: Visit, report_id: int) -> QuarterlyReport:
    report = find_report(visit.session, report_id=report_id)
    visit.require(Action.READ_MONITORING_REPORT, report_subject(report))
    return report


@get("/monitoring/reports/{report_id:int}", include_in_schema=False)
@reads
def show_report(visit: Visit, report_id: RowId) -> Response[Any]:
    """Show a report, or how far its making is."""
    visit.require_ever(Action.READ_MONITORING_REPORT)
    return _page(visit, _report_for(visit, report_id), None)


def _page(visit: Visit, report: QuarterlyReport, refusal: Any) -> Response[Any]:  # noqa: ANN401
    content, language = content_of(report), visit.language
    figures = {} if content is None else figures_of(content, language=language)
    tables = {} if content is None else tables_of(content, language=language)
    return render(
        visit,
        "monitoring/report.html",
        status=200 if refusal is None else status_of(refusal),
        report=report,
        content=content,
        # Our own drawing, every text of it escaped.
        figures={part: Markup(svg) for part, svg in figures.items()},  # noqa: S704
        tables=tables,
        headings={part: heading_of(part, language) for part in tables},
        formulas=[visit.text(*one) for one in FORMULAS],
        job=_progress(visit, report),
        has_pdf=file_of(visit.session, report_id=report.id, language=language) is not None,
        may_publish=visit.may(Action.CONFIRM_MONITORING, report_subject(report)),
        refusal=whole_of(refusal),
        faults=faults_of(refusal),
        **words(visit),
    )


def _progress(visit: Visit, report: QuarterlyReport) -> Any:  # noqa: ANN401 - for the template
    job = None if report.job_id is None else find_job(visit.session, job_id=report.job_id)
    return None if job is None else progress_of(job, next_page=f"/monitoring/reports/{report.id}")


@get("/monitoring/reports/{report_id:int}/job", include_in_schema=False)
@reads
def report_job(visit: Visit, report_id: RowId) -> Any:  # noqa: ANN401 - JSON
    """Say how far the making of a report is."""
    visit.require_ever(Action.READ_MONITORING_REPORT)
    found = _progress(visit, _report_for(visit, report_id))
    if found is None:
        raise NotFoundForActorError
    return found


@get("/monitoring/reports/{report_id:int}/report.pdf", include_in_schema=False)
@reads
def report_pdf(visit: Visit, report_id: RowId) -> Response[Any]:
    """Give the report as PDF in the visitor's language."""
    visit.require_ever(Action.READ_MONITORING_REPORT)
    report = _report_for(visit, report_id)
    file = file_of(visit.session, report_id=report.id, language=visit.language)
    if file is None:
        raise NotFoundForActorError
    zh = f"监测报告-{report.year}Q{report.quarter}.pdf"
    name = visit.text(zh, f"monitoring-{report.year}Q{report.quarter}.pdf")
    return file_answer(file.content, name=name, media_type=PDF)


@get("/monitoring/reports/{report_id:int}/tables/{part:str}", include_in_schema=False)
@reads
def report_csv(visit: Visit, report_id: RowId, part: FromPath[str]) -> Response[Any]:
    """Give the tables of one part of the report as CSV."""
    visit.require_ever(Action.READ_MONITORING_REPORT)
    report = _report_for(visit, report_id)
    content = content_of(report)
    tables = {} if content is None else tables_of(content, language=visit.language)
    if part not in tables:
        raise NotFoundForActorError
    rows = [
        cells
        for table in tables[part]
        for cells in ((table.caption,), tuple(table.headings), *map(tuple, table.rows))
    ]
    name = f"{report.year}Q{report.quarter}-{part}.csv"
    return file_answer(as_csv(rows[0], rows[1:]), name=name, media_type=CSV)


@post("/monitoring/reports/{report_id:int}/publish", include_in_schema=False)
@writes
def publish(visit: Visit, report_id: RowId) -> Response[Any]:
    """Publish a report that another officer asked for."""
    visit.require_ever(Action.CONFIRM_MONITORING)
    report = find_report(visit.session, report_id=report_id)
    visit.require(Action.CONFIRM_MONITORING, report_subject(report))

    def change() -> None:
        publish_report(
            visit.session,
            report_id=report_id,
            version=GoodsReader(visit.form).version,
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, report, refusal)
    return redirect(f"/monitoring/reports/{report_id}")


ROUTES = (new_report, ask_report, show_report, report_job, report_pdf, report_csv, publish)
"""Handlers of these pages."""
