"""Pages of officers: taking over a published list by file."""

from typing import Any

from litestar import Response, get, post

from procurement.agreements.at_edge import file_answer
from procurement.catalogue.spreadsheets import as_csv
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Action, NotFoundForActorError
from procurement.pharmacies.listed.columns import FIELD_NAMES, template
from procurement.pharmacies.listed.drafting import read_head
from procurement.pharmacies.listed.finding import decision_by_id
from procurement.pharmacies.listed.importing import (
    BYTES_MAX,
    faults_of_upload,
    lines_of_upload,
    propose_upload,
    upload_by_id,
    upload_list,
    uploads_of,
)
from procurement.pharmacies.listed.kinds import DecisionKind
from procurement.pharmacies.listed.proposing import LINES_MAX
from procurement.pharmacies.listed.subjects import import_subject, own_list
from procurement.pharmacies.listed.tables import ListDecision, ListImport
from procurement.pharmacies.pages.listed_decisions import HEAD_FIELDS
from procurement.pharmacies.pages.listed_words import shown, today
from procurement.rounds.at_edge import attempt
from procurement.web import RowId, Visit, reads, redirect, writes

CSV = "text/csv; charset=utf-8"
LINES_SHOWN = 100


@get("/dual-channel/import", include_in_schema=False)
@reads
def show_upload(visit: Visit) -> Response[Any]:
    """Show the form, and the files of late."""
    visit.require(Action.IMPORT_DRUG_LIST, own_list(visit.actor))
    return _upload_form(visit)


@post("/dual-channel/import", include_in_schema=False)
@writes
def upload(visit: Visit) -> Response[Any]:
    """Read and check a file; the list is not touched."""
    visit.require(Action.IMPORT_DRUG_LIST, own_list(visit.actor))
    made: list[ListImport] = []
    refusal = attempt(visit, lambda: made.append(_uploaded(visit)))
    if refusal is not None:
        return _upload_form(visit, refusal=refusal)
    return redirect(f"/dual-channel/imports/{made[0].id}")


def _uploaded(visit: Visit) -> ListImport:
    sent = visit.form.files.get("file")
    if sent is None:
        raise InvalidInputError([FieldFault("file", "请选择文件。", "Choose a file.")])
    return upload_list(
        visit.session,
        filename=sent.filename,
        # One byte more than allowed tells that there are too many.
        content=sent.file.read(BYTES_MAX + 1),
        encoding=visit.form.get("encoding", "utf-8"),
        actor=visit.actor,
        moment=visit.moment,
    )


def _upload_form(visit: Visit, *, refusal: RefusedError | None = None) -> Response[Any]:
    return shown(
        visit,
        "import",
        refusal=refusal,
        uploads=uploads_of(visit.session, bureau_id=visit.actor.organisation_id or 0),
        lines_max=LINES_MAX,
        megabytes_max=BYTES_MAX // 1_000_000,
    )


@get("/dual-channel/import/template.csv", include_in_schema=False)
@reads
def download_template(visit: Visit) -> Response[bytes]:
    """Download the file to fill in."""
    visit.require(Action.IMPORT_DRUG_LIST, own_list(visit.actor))
    return file_answer(template(), name="dual-channel-list.csv", media_type=CSV)


@get("/dual-channel/imports/{upload_id:int}", include_in_schema=False)
@reads
def show_import(visit: Visit, upload_id: RowId) -> Response[Any]:
    """Show what was read, each fault at its place, and the form to propose it."""
    return _import(visit, _own(visit, upload_id), values={"public_from": str(today(visit))})


@get("/dual-channel/imports/{upload_id:int}/faults.csv", include_in_schema=False)
@reads
def download_faults(visit: Visit, upload_id: RowId) -> Response[bytes]:
    """Download the list of faults."""
    faults = faults_of_upload(_own(visit, upload_id))
    rows = [
        [str(one.row or ""), visit.text(*FIELD_NAMES.get(one.column, ("", ""))), said]
        for one in faults
        for said in [visit.text(one.zh, one.en)]
    ]
    heads = [visit.text("行", "row"), visit.text("列", "column"), visit.text("问题", "fault")]
    return file_answer(as_csv([heads, *rows]), name=f"faults-{upload_id}.csv", media_type=CSV)


@post("/dual-channel/imports/{upload_id:int}/propose", include_in_schema=False)
@writes
def propose_import(visit: Visit, upload_id: RowId) -> Response[Any]:
    """Propose what the file changes as a decision."""
    stored = _own(visit, upload_id)
    made: list[ListDecision] = []
    refusal = attempt(visit, lambda: made.append(_proposed(visit, stored)))
    if refusal is not None:
        return _import(visit, stored, values=visit.form, refusal=refusal)
    return redirect(f"/dual-channel/decisions/{made[0].number}")


def _proposed(visit: Visit, stored: ListImport) -> ListDecision:
    head = {name: visit.form.get(name, "") for name in HEAD_FIELDS}
    draft = read_head({**head, "kind": DecisionKind.PUBLISHED_LIST.value}, actor=visit.actor)
    return propose_upload(
        visit.session,
        upload=stored,
        draft=draft,
        is_whole=visit.form.get("is_whole") == "yes",
        actor=visit.actor,
        moment=visit.moment,
    )


def _own(visit: Visit, upload_id: int) -> ListImport:
    visit.require_ever(Action.IMPORT_DRUG_LIST)
    stored = upload_by_id(visit.session, upload_id=upload_id)
    if stored is None:
        raise NotFoundForActorError
    visit.require(Action.IMPORT_DRUG_LIST, import_subject(stored))
    return stored


def _import(
    visit: Visit, stored: ListImport, *, values: object, refusal: RefusedError | None = None
) -> Response[Any]:
    lines = lines_of_upload(stored)
    decision = (
        None
        if stored.decision_id is None
        else decision_by_id(visit.session, decision_id=stored.decision_id)
    )
    return shown(
        visit,
        "upload",
        refusal=refusal,
        values=values,
        upload=stored,
        decision=decision,
        file_faults=faults_of_upload(stored),
        lines=lines[:LINES_SHOWN],
        present=[name for name in FIELD_NAMES if any(one.cells.get(name) for one in lines)],
        fields={name: visit.text(*pair) for name, pair in FIELD_NAMES.items()},
    )


ROUTES = (
    show_upload,
    upload,
    download_template,
    show_import,
    download_faults,
    propose_import,
)
"""Handlers of these pages."""
