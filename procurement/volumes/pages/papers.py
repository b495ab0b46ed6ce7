"""The papers of a report: printed as PDF, stamped, scanned and uploaded."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action
from procurement.rounds.at_edge import attempt
from procurement.volumes.at_edge import PDF, ReportVisit, file_answer, report_in_view
from procurement.volumes.filling.grid import read_grid
from procurement.volumes.filling.printed import (
    PaperHead,
    commitment_letter,
    print_paper,
    printed_report,
)
from procurement.volumes.pages.send import check_page
from procurement.volumes.reporting.papers import SIZE_MAX, keep_paper, paper_of
from procurement.volumes.reporting.submit import number_of
from procurement.volumes.tables import PaperKind
from procurement.web import RowId, Visit, reads, redirect, writes


@get("/rounds/{name:str}/volumes/reports/{report_id:int}/letter.pdf", include_in_schema=False)
@reads
def print_letter(visit: Visit, name: FromPath[str], report_id: RowId) -> Response[Any]:
    """Print the commitment letter."""
    seen = report_in_view(visit, name, report_id, Action.READ_REPORT)
    content = print_paper(commitment_letter(_head(visit, seen)), moment=visit.moment)
    return file_answer(content, name=f"{name}-letter.pdf", media_type=PDF, inline=True)


@get("/rounds/{name:str}/volumes/reports/{report_id:int}/form.pdf", include_in_schema=False)
@reads
def print_form(visit: Visit, name: FromPath[str], report_id: RowId) -> Response[Any]:
    """Print the report with place for the stamp."""
    seen = report_in_view(visit, name, report_id, Action.READ_REPORT)
    grid = read_grid(visit.session, round_=seen.round, report=seen.report, moment=visit.moment)
    content = print_paper(printed_report(_head(visit, seen), grid), moment=visit.moment)
    return file_answer(content, name=f"{name}-report.pdf", media_type=PDF, inline=True)


def _head(visit: Visit, seen: ReportVisit) -> PaperHead:
    return PaperHead(
        seen.round,
        seen.hospital,
        number_of(seen.round, seen.report),
        visit.moment,
        visit.language,
    )


@post(
    "/rounds/{name:str}/volumes/reports/{report_id:int}/papers",
    include_in_schema=False,
    request_max_body_size=SIZE_MAX + 2**20,
)
@writes
def upload_paper(visit: Visit, name: FromPath[str], report_id: RowId) -> Response[Any]:
    """Keep a stamped and scanned paper."""
    seen = report_in_view(visit, name, report_id, Action.REPORT_VOLUMES)

    def keep() -> None:
        kind = _kind(visit)
        scan = visit.form.files.get(kind.value)
        if scan is None:
            zh, en = "请选择扫描件。", "Choose the scan."
            raise InvalidInputError([FieldFault(kind.value, zh, en)])
        keep_paper(
            visit.session,
            report=seen.report,
            kind=kind,
            filename=scan.filename,
            content=scan.file.read(SIZE_MAX + 1),
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, keep)
    if refusal is not None:
        return check_page(visit, seen, refusal)
    return redirect(f"{seen.address}/check#papers")


def _kind(visit: Visit) -> PaperKind:
    known = {kind.value: kind for kind in PaperKind}
    return known.get(visit.form.get("kind", ""), PaperKind.COMMITMENT)


@get(
    "/rounds/{name:str}/volumes/reports/{report_id:int}/papers/{paper_id:int}",
    include_in_schema=False,
)
@reads
def show_paper(
    visit: Visit, name: FromPath[str], report_id: RowId, paper_id: RowId
) -> Response[Any]:
    """Give a scanned paper to who may read the report."""
    seen = report_in_view(visit, name, report_id, Action.READ_REPORT)
    paper = paper_of(visit.session, report_id=seen.report.id, paper_id=paper_id)
    return file_answer(paper.content, name=paper.filename, media_type=paper.media_type, inline=True)


ROUTES = (print_letter, print_form, upload_paper, show_paper)
"""Handlers of these pages."""
