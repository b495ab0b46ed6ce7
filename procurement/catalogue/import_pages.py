"""Importing a file: upload, preview with every fault, storing; template and list of faults."""

from typing import Any

from litestar import Response, get, post

from procurement.catalogue.import_view import preview_page
from procurement.catalogue.importing import (
    ImportFaultyError,
    apply_upload,
    faults_of,
    own_upload,
    recent_uploads,
    upload_file,
)
from procurement.catalogue.product_pages import CSV, download
from procurement.catalogue.reading import BYTES_MAX, LINES_MAX
from procurement.catalogue.spreadsheets import faults_csv, template
from procurement.catalogue.wording import labels
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Action
from procurement.web import PageNumber, RowId, Visit, reads, redirect, render, writes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@get("/catalogue/import", include_in_schema=False)
@reads
def show_upload(visit: Visit) -> Response[Any]:
    """Show the form, and the files of late."""
    visit.require(Action.IMPORT_CATALOGUE)
    return _upload_form(visit)


@post("/catalogue/import", include_in_schema=False)
@writes
def upload(visit: Visit) -> Response[Any]:
    """Read and check a file; the catalogue is not touched."""
    visit.require(Action.IMPORT_CATALOGUE)
    sent = visit.form.files.get("file")
    if sent is None:
        missing = FieldFault("file", "请选择文件。", "Choose a file.")
        return _upload_form(visit, faults=(missing,))
    try:
        stored = upload_file(
            visit.session,
            filename=sent.filename,
            # One byte more than allowed tells that there are too many.
            content=sent.file.read(BYTES_MAX + 1),
            encoding=visit.form.get("encoding", "utf-8"),
            actor=visit.actor,
            moment=visit.moment,
        )
    except InvalidInputError as refusal:
        return _upload_form(visit, faults=refusal.faults)
    return redirect(f"/catalogue/imports/{stored.id}")


@get("/catalogue/imports/{upload_id:int}", include_in_schema=False)
@reads
def show_preview(visit: Visit, upload_id: RowId, page: PageNumber = 1) -> Response[Any]:
    """Show what was read, each fault at its cell, and what storing would do."""
    visit.require(Action.IMPORT_CATALOGUE)
    return _preview(visit, upload_id, page)


@post("/catalogue/imports/{upload_id:int}/apply", include_in_schema=False)
@writes
def apply(visit: Visit, upload_id: RowId) -> Response[Any]:
    """Store all lines, or none."""
    visit.require(Action.IMPORT_CATALOGUE)
    own_upload(visit.session, upload_id=upload_id, actor=visit.actor)
    try:
        apply_upload(visit.session, upload_id=upload_id, actor=visit.actor, moment=visit.moment)
    except ImportFaultyError as refusal:
        return _preview(visit, upload_id, 1, refusal=refusal)
    return redirect(f"/catalogue/imports/{upload_id}")


@get("/catalogue/imports/{upload_id:int}/faults.csv", include_in_schema=False)
@reads
def download_faults(visit: Visit, upload_id: RowId) -> Response[bytes]:
    """Download the list of faults."""
    visit.require(Action.IMPORT_CATALOGUE)
    faults = faults_of(own_upload(visit.session, upload_id=upload_id, actor=visit.actor))
    return download(faults_csv(faults, visit.language), f"faults-{upload_id}.csv", CSV)


@get("/catalogue/import/template.xlsx", include_in_schema=False)
@reads
def download_template(visit: Visit) -> Response[bytes]:
    """Download the Excel file to fill in."""
    visit.require(Action.IMPORT_CATALOGUE)
    return download(template(visit.language), "catalogue-template.xlsx", XLSX)


def _upload_form(visit: Visit, *, faults: tuple[FieldFault, ...] = ()) -> Response[Any]:
    return render(
        visit,
        "catalogue/import.html",
        status=422 if faults else 200,
        faults=faults,
        values=visit.form,
        uploads=recent_uploads(visit.session, actor=visit.actor),
        lines_max=LINES_MAX,
        megabytes_max=BYTES_MAX // 2**20,
    )


def _preview(
    visit: Visit, upload_id: int, page: int, *, refusal: RefusedError | None = None
) -> Response[Any]:
    stored = own_upload(visit.session, upload_id=upload_id, actor=visit.actor)
    only_faulty = visit.query.get("show", "") == "faults"
    return render(
        visit,
        "catalogue/preview.html",
        status=409 if refusal else 200,
        upload=stored,
        preview=preview_page(stored, number=page, only_faulty=only_faulty),
        only_faulty=only_faulty,
        labels=labels(visit),
        refusal_of_import=refusal,
    )


ROUTES = (
    show_upload,
    upload,
    show_preview,
    apply,
    download_faults,
    download_template,
)
