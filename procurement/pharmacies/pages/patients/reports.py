"""The centre's reports as a file: all of its lines are taken over, or none."""

from typing import Any

from litestar import Response, get, post

from procurement.catalogue.csv_lines import BYTES_MAX
from procurement.errors import RefusedError
from procurement.orders.pages.sheets import CSV
from procurement.orders.pages.typed import posted_content
from procurement.permissions import Action
from procurement.pharmacies.pages.patients.words import words
from procurement.pharmacies.patients.report_file import read_reports, report_template
from procurement.pharmacies.patients.reporting import REPORTS_MAX, Taken, take_reports
from procurement.pharmacies.patients.subjects import area_subject
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.volumes.at_edge import file_answer
from procurement.web import Visit, reads, render, writes


@get("/prescriptions/upload", include_in_schema=False)
@reads
def show_upload(visit: Visit) -> Response[Any]:
    """Ask for a file of reports."""
    visit.require(Action.REPORT_PRESCRIPTION, area_subject(visit.actor.region))
    return _page(visit, None, None)


def _page(visit: Visit, refusal: RefusedError | None, taken: Taken | None) -> Response[Any]:
    faults = faults_of(refusal)
    return render(
        visit,
        "pharmacies/patients/upload.html",
        status=200 if refusal is None else status_of(refusal),
        taken=taken,
        rows_max=REPORTS_MAX,
        faults=[one for one in faults if one.field == "file"],
        line_faults=[one for one in faults if one.field != "file"],
        refusal=whole_of(refusal),
        **words(visit),
    )


@get("/prescriptions/upload/template.csv", include_in_schema=False)
@reads
def template(visit: Visit) -> Response[Any]:
    """Give an empty file with the columns."""
    visit.require(Action.REPORT_PRESCRIPTION, area_subject(visit.actor.region))
    name = visit.text("处方状态上报.csv", "prescription-reports.csv")
    return file_answer(report_template(), name=name, media_type=CSV)


@post("/prescriptions/upload", include_in_schema=False, request_max_body_size=2 * BYTES_MAX)
@writes
def upload(visit: Visit) -> Response[Any]:
    """Take over the reports of a file."""
    visit.require(Action.REPORT_PRESCRIPTION, area_subject(visit.actor.region))
    taken: list[Taken] = []

    def change() -> None:
        file = read_reports(posted_content(visit, "file", BYTES_MAX))
        taken.append(
            take_reports(
                visit.session,
                reports=file.reports,
                actor=visit.actor,
                moment=visit.moment,
                name_cell=file.name_cell,
            )
        )

    refusal = attempt(visit, change)
    return _page(visit, refusal, None if refusal else taken[0])


ROUTES = (show_upload, template, upload)
"""Handlers of these pages."""
