"""Pages: importing lots from a file after a preview, and taking them out as a file."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.catalogue.spreadsheets import as_csv
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Action
from procurement.rounds.at_edge import (
    FormReader,
    attempt,
    faults_of,
    round_for,
    status_of,
    whole_of,
)
from procurement.rounds.lot_file import (
    COLUMNS,
    ENCODINGS,
    NEEDED,
    LotFile,
    example_rows,
    read_lot_file,
)
from procurement.rounds.lot_import import ImportPreview, import_lots, preview_import
from procurement.rounds.lots import LotFacts, lot_facts
from procurement.rounds.sheet import lots_of
from procurement.rounds.tables import Round
from procurement.web import Visit, reads, redirect, render, writes


@get("/rounds/{name:str}/lots/import", include_in_schema=False)
@reads
def ask_for_file(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Ask for a file of lots."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    return _page(visit, round_, None)


@post("/rounds/{name:str}/lots/import", include_in_schema=False)
@reads
def preview_file(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show what a file would do, with all its faults; nothing is stored."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    upload = visit.form.files.get("file")
    encoding = visit.form.get("encoding", "")
    if upload is None or encoding not in ENCODINGS:
        zh, en = "请选择文件和编码。", "Choose a file and its encoding."
        return _page(visit, round_, InvalidInputError([FieldFault("file", zh, en)]))
    read = read_lot_file(upload.file, encoding=encoding)
    preview = preview_import(visit.session, round_=round_, lots=read.lots)
    faults = [*read.faults, *preview.faults]
    return render(
        visit,
        "rounds/lot_preview.html",
        status=422 if faults else 200,
        round=round_,
        filename=upload.filename,
        read=read,
        preview=preview,
        found=faults,
        rows=as_csv(_rows(read.lots)).decode("utf-8-sig"),
    )


@post("/rounds/{name:str}/lots/import/apply", include_in_schema=False)
@writes
def apply_file(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Store the lots that the preview showed."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    reader = FormReader(visit.form)
    # Read again: what a page holds may be anything by now.
    read = read_lot_file(io.BytesIO(visit.form.get("rows", "").encode("utf-8")))
    done: list[ImportPreview] = []

    def store() -> None:
        if read.faults:
            raise InvalidInputError(read.faults)
        done.append(
            import_lots(
                visit.session,
                round_=round_,
                lots=read.lots,
                version=reader.version,
                actor=visit.actor,
                moment=visit.moment,
            )
        )

    refusal = attempt(visit, store)
    if refusal is not None:
        return _page(visit, round_, refusal, read)
    return redirect(f"/rounds/{name}/lots")


@get("/rounds/{name:str}/lots/form.csv", include_in_schema=False)
@reads
def form_of_lots(visit: Visit, name: FromPath[str]) -> Response[bytes]:
    """Give the form to fill in, with an example."""
    round_for(visit, name, Action.CHANGE_ROUND)
    return _file(as_csv(list(example_rows())), "lots-form.csv")


@get("/rounds/{name:str}/lots.csv", include_in_schema=False)
@reads
def export_lots(visit: Visit, name: FromPath[str]) -> Response[bytes]:
    """Give the lots of a round as a file that can be imported again."""
    round_, _ = round_for(visit, name, Action.READ_ROUND)
    lots = [lot_facts(visit.session, lot=lot) for lot in lots_of(visit.session, round_id=round_.id)]
    return _file(as_csv(_rows(lots)), f"{round_.name}-lots.csv")


def _rows(lots: Iterable[LotFacts]) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [[zh for zh, _ in COLUMNS.values()]]
    for lot in lots:
        for one in lot.strengths:
            cells = {
                "lot": lot.code,
                "product": lot.product,
                "unit": lot.unit,
                "strength": one.strength,
                "strength_ratio": one.ratio,
                "price_ceiling": one.price_ceiling,
                "benchmark_price": one.benchmark_price,
                "dosage_form": lot.dosage_form,
                "category": lot.category,
                "daily_dose": lot.daily_dose,
                "by_brand": int(lot.by_brand),
            }
            rows.append([_cell(cells[name]) for name in COLUMNS])
    return rows


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _file(content: bytes, filename: str) -> Response[bytes]:
    return Response(
        content,
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{filename}"'},
    )


def _page(
    visit: Visit, round_: Round, refusal: RefusedError | None, read: LotFile | None = None
) -> Response[Any]:
    return render(
        visit,
        "rounds/lot_import.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        values=visit.form or {"encoding": ENCODINGS[0]},
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        columns=[(zh, en, name in NEEDED) for name, (zh, en) in COLUMNS.items()],
    )


ROUTES = (ask_for_file, preview_file, apply_file, form_of_lots, export_lots)
"""Handlers of these pages."""
