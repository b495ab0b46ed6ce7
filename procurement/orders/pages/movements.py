"""Stock movements: files that hospitals send, and what became of each line."""

from collections.abc import Iterator
from typing import Any

from litestar import Response, get, post

from procurement.agreements.at_edge import typed_id
from procurement.errors import RefusedError
from procurement.orders.listing import buyers_of
from procurement.orders.movements.kinds import (
    KIND_NAMES,
    STATUS_NAMES,
    CountedIn,
    MovementKind,
    MovementStatus,
)
from procurement.orders.movements.listing import files_seen, find_file, movements_of
from procurement.orders.movements.reading import BYTES_MAX, ENCODINGS, from_csv
from procurement.orders.movements.receiving import receive_movements
from procurement.orders.movements.subjects import movements_subject, own_movements
from procurement.orders.movements.tables import MovementFile
from procurement.orders.pages.parties import organisation_names
from procurement.orders.pages.sheets import Heading, Value, sheet_answer
from procurement.orders.pages.typed import (
    GoodsReader,
    chosen,
    filters_tail,
    page_number,
    posted_content,
)
from procurement.orders.pages.words import named
from procurement.permissions import Action
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.web import RowId, Visit, paginate, reads, redirect, render, writes

_FORM_FIELDS = ("file", "kind", "counted_in", "encoding", "hospital_id")
_COUNTED_IN = {
    CountedIn.PACKS: ("包装（盒、瓶）", "packs"),
    CountedIn.UNITS: ("最小制剂单位（片、支）", "minimal units"),
}
_MARKS = {
    MovementStatus.KEPT: "neutral",
    MovementStatus.MATCHED: "good",
    MovementStatus.COUNTED: "info",
    MovementStatus.OUTSIDE: "neutral",
    MovementStatus.UNCLEAR: "warning",
    MovementStatus.DELETED: "neutral",
}


@get("/orders/movements", include_in_schema=False)
@reads
def show_movements(visit: Visit) -> Response[Any]:
    """List what was sent, and ask for another file."""
    visit.require(Action.READ_MOVEMENTS, own_movements(visit.actor))
    return _page(visit, None)


def _page(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    seen = files_seen(actor=visit.actor, moment=visit.moment)
    files = paginate(visit.session, seen, number=page_number(visit))
    faults = faults_of(refusal)
    buyers = buyers_of(visit.session, actor=visit.actor, moment=visit.moment)
    taken = typed_id(visit.query.get("taken", ""))
    return render(
        visit,
        "orders/movements.html",
        status=200 if refusal is None else status_of(refusal),
        files=files,
        names=organisation_names(visit, (one.hospital_id for one in files.rows)),
        taken=next((one for one in files.rows if one.id == taken), None),
        hospitals=[(one.id, one.name) for one in buyers],
        may={"upload": bool(buyers) and visit.may_ever(Action.UPLOAD_MOVEMENTS)},
        movement_kinds=[(one, f"{one} {visit.text(*KIND_NAMES[one])}") for one in MovementKind],
        counted_in=[(key, visit.text(*both)) for key, both in _COUNTED_IN.items()],
        values=visit.form or {"kind": MovementKind.PURCHASE.value},
        faults=[one for one in faults if one.field in _FORM_FIELDS],
        line_faults=[one for one in faults if one.field not in _FORM_FIELDS],
        refusal=whole_of(refusal),
        movement_names=named(visit, KIND_NAMES),
    )


@post("/orders/movements", include_in_schema=False, request_max_body_size=2 * BYTES_MAX)
@writes
def upload(visit: Visit) -> Response[Any]:
    """Take a file in: all of it, or nothing with every fault."""
    hospital_id = typed_id(visit.form.get("hospital", "")) or visit.actor.organisation_id or 0
    visit.require_ever(Action.UPLOAD_MOVEMENTS)
    subject = movements_subject(visit.session, hospital_id=hospital_id, moment=visit.moment)
    visit.require(Action.UPLOAD_MOVEMENTS, subject)
    taken: list[int] = []

    def change() -> None:
        kind, counted_in = _choices(visit)
        sent = from_csv(
            posted_content(visit, "file", BYTES_MAX),
            kind=kind,
            counted_in=counted_in,
            file_name=visit.form.files["file"].filename,
            encoding=chosen(visit.form, "encoding", tuple(ENCODINGS), "utf-8"),
        )
        file = receive_movements(
            visit.session,
            hospital_id=hospital_id,
            sent=sent,
            actor=visit.actor,
            moment=visit.moment,
        )
        taken.append(file.id)

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, refusal)
    return redirect(f"/orders/movements?taken={taken[0]}")


def _choices(visit: Visit) -> tuple[MovementKind, CountedIn]:
    """Which interface it is, and what is counted: nothing is guessed."""
    reader = GoodsReader(visit.form)
    kind, counted_in = visit.form.get("kind", ""), visit.form.get("counted_in", "")
    if kind not in set(MovementKind):
        reader.fault("kind", "请选择数据类别。", "Choose the kind of record.")
    if counted_in not in set(CountedIn):
        reader.fault("counted_in", "请选择单位。", "Choose what is counted.")
    with reader.checked():
        pass
    return MovementKind(kind), CountedIn(counted_in)


def _file_for(visit: Visit, file_id: int) -> MovementFile:
    visit.require_ever(Action.READ_MOVEMENTS)
    file = find_file(visit.session, file_id=file_id)
    subject = movements_subject(visit.session, hospital_id=file.hospital_id, moment=visit.moment)
    visit.require(Action.READ_MOVEMENTS, subject)
    return file


def _lines(visit: Visit, file: MovementFile) -> Any:  # noqa: ANN401 - a statement
    asked = visit.query.get("status", "")
    return movements_of(
        hospital_id=file.hospital_id,
        file_id=file.id,
        status=MovementStatus(asked) if asked in set(MovementStatus) else None,
    )


@get("/orders/movements/{file_id:int}", include_in_schema=False)
@reads
def show_lines(visit: Visit, file_id: RowId) -> Response[Any]:
    """Show what became of each line."""
    file = _file_for(visit, file_id)
    page = paginate(visit.session, _lines(visit, file), number=page_number(visit))
    return render(
        visit,
        "orders/movement_lines.html",
        file=file,
        page=page,
        hospital_name=organisation_names(visit, [file.hospital_id])[file.hospital_id],
        filters=visit.query,
        tail=filters_tail(visit, ("status",)),
        movement_names=named(visit, KIND_NAMES),
        movement_statuses=[(one, visit.text(*STATUS_NAMES[one])) for one in MovementStatus],
        status_names=named(visit, STATUS_NAMES),
        status_marks=_MARKS,
    )


_HEADINGS: tuple[Heading, ...] = (
    ("行", "line"),
    ("日期", "day"),
    ("名称 fixmedins_hilist_name", "name fixmedins_hilist_name"),
    ("医保目录编码 med_list_codg", "national code med_list_codg"),
    ("随货单号 dynt_no", "delivery note dynt_no"),
    ("批号 manu_lotnum", "batch manu_lotnum"),
    ("供应商 spler_name", "supplier spler_name"),
    ("数量", "quantity"),
    ("单价（元）", "price (yuan)"),
    ("核对结果", "compared"),
    ("说明", "why"),
)


@get(
    ["/orders/movements/{file_id:int}/lines.xlsx", "/orders/movements/{file_id:int}/lines.csv"],
    include_in_schema=False,
)
@reads
def lines_file(visit: Visit, file_id: RowId) -> Response[bytes]:
    """Give the lines as a file."""
    file = _file_for(visit, file_id)
    return sheet_answer(
        visit,
        name=visit.text(f"进销存-{file.id}", f"stock-{file.id}"),
        headings=_HEADINGS,
        rows=_rows(visit, file),
    )


def _rows(visit: Visit, file: MovementFile) -> Iterator[tuple[Value, ...]]:
    words = named(visit, STATUS_NAMES)
    for row in visit.session.scalars(_lines(visit, file)):
        yield (
            row.line,
            row.happened_on,
            row.name,
            row.code,
            row.note_number,
            row.batch_number,
            row.seller,
            row.quantity,
            row.price,
            words[row.status],
            visit.text(row.reason_zh, row.reason_en),
        )


ROUTES = (show_movements, upload, show_lines, lines_file)
"""Handlers of these pages."""
