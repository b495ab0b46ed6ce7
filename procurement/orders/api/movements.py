"""Stock movements by machine: sent as the national interface names them, and what they became."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from litestar import get, post
from litestar.params import JSONBody, QueryParameter

from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.orders.mismatches import mismatches_of
from procurement.orders.movements.kinds import CountedIn, MovementKind, MovementStatus
from procurement.orders.movements.listing import files_seen, find_file, movements_of
from procurement.orders.movements.reading import BYTES_MAX, ENCODINGS, from_csv, from_json
from procurement.orders.movements.receiving import receive_movements
from procurement.orders.movements.settling import settle_again
from procurement.orders.movements.subjects import movements_subject, own_movements
from procurement.orders.movements.tables import MovementFile, StockMovement
from procurement.permissions import Action
from procurement.web import Cursor, PageSize, RowId, Visit, paginate_by_key, reads, writes

TAGS = ["orders"]
PATH = "/api/v1/movements"
FILES = "/api/v1/movement-files"
Since = Annotated[date | None, QueryParameter(name="since")]
Until = Annotated[date | None, QueryParameter(name="until")]
DAYS_MAX = 400


@dataclass(frozen=True, slots=True)
class MovementsBody:
    """Records of one interface.

    Attributes:
        infno: 3501 to 3507.
        counted_in: What quantities and prices are of: packs or units (minimal units).
        input: The node of the interface (invinfo, purcinfo, selinfo or data) with a record or a
            list of records, in the national field names.
        hospital_id: Whose; the own organisation's where it is left out.
    """

    infno: str
    counted_in: str
    input: dict[str, object]
    hospital_id: int | None = None


@dataclass(frozen=True, slots=True)
class FileEntry:
    """What was sent at once.

    Attributes:
        id: Names it in addresses.
        hospital_id: Whose.
        infno: 3501 to 3507.
        counted_in: packs or units.
        sha256: Of what was sent.
        file_name: Empty for a machine.
        lines: Records.
        matched: Records that are goods of the platform.
        counted: Records that became purchases off the platform.
        unclear: Records that are listed and not counted.
        sent_at: When.
    """

    id: int
    hospital_id: int
    infno: str
    counted_in: str
    sha256: str
    file_name: str
    lines: int
    matched: int
    counted: int
    unclear: int
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class FilePage:
    """Some of what was sent.

    Attributes:
        items: By id.
        next_cursor: Where to go on; null at the end.
    """

    items: list[FileEntry]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class MovementEntry:
    """A record and what it became.

    Attributes:
        id: Of the record.
        line: As the file counts.
        infno: 3501 to 3507.
        fixmedins_bchno: The hospital's number of the record.
        med_list_codg: National code.
        fixmedins_hilist_name: Name.
        happened_on: Day.
        quantity: As sent; null for a deletion.
        units: Minimal units, where they are known.
        status: kept, matched, counted, outside, unclear or deleted.
        reason_zh: Why; empty where that goes without saying.
        reason_en: The same in English.
        delivery_line_id: The goods of the platform.
    """

    id: int
    line: int
    infno: str
    fixmedins_bchno: str
    med_list_codg: str
    fixmedins_hilist_name: str
    happened_on: date
    quantity: str | None
    units: int | None
    status: str
    reason_zh: str
    reason_en: str
    delivery_line_id: int | None


@dataclass(frozen=True, slots=True)
class MovementPage:
    """Some records.

    Attributes:
        items: By id.
        next_cursor: Where to go on; null at the end.
    """

    items: list[MovementEntry]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class MismatchEntry:
    """One thing in which platform, hospital and invoices differ.

    Attributes:
        kind: What.
        zh: In Chinese.
        en: In English.
        link: The page that shows it.
        amount: Yuan; null where no amount can be told.
    """

    kind: str
    zh: str
    en: str
    link: str
    amount: str | None


@dataclass(frozen=True, slots=True)
class SettledEntry:
    """What looking again brought.

    Attributes:
        settled: Records that are no longer unclear.
    """

    settled: int


def _file_entry(row: MovementFile) -> FileEntry:
    return FileEntry(
        row.id,
        row.hospital_id,
        row.kind,
        row.counted_in,
        row.digest,
        row.file_name,
        row.lines,
        row.matched,
        row.counted,
        row.unclear,
        row.sent_at,
    )


def _entry(row: StockMovement) -> MovementEntry:
    return MovementEntry(
        row.id,
        row.line,
        row.kind,
        row.serial,
        row.code,
        row.name,
        row.happened_on,
        None if row.quantity is None else f"{row.quantity:f}",
        row.units,
        row.status,
        row.reason_zh,
        row.reason_en,
        row.delivery_line_id,
    )


def _hospital(visit: Visit, asked: int | str | None, action: Action) -> int:
    """The hospital that is meant; permissions are asked about it."""
    visit.require_ever(action)
    text = "" if asked is None else str(asked)
    is_id = text.isascii() and text.isdigit() and len(text) < 10
    hospital_id = int(text) if is_id else (visit.actor.organisation_id or 0)
    if text and not is_id:
        hospital_id = 0
    subject = movements_subject(visit.session, hospital_id=hospital_id, moment=visit.moment)
    visit.require(action, subject)
    return hospital_id


def _choices(infno: str, counted_in: str) -> tuple[MovementKind, CountedIn]:
    faults = []
    if infno not in set(MovementKind):
        known = ", ".join(MovementKind)
        zh, en = f"应为 {known} 之一。", f"Expected one of {known}."
        faults.append(FieldFault("infno", zh, en))
    if counted_in not in set(CountedIn):
        zh = "须写明数量和单价的单位：packs（盒）或 units（最小制剂单位）。"
        en = "Say what quantities and prices are of: packs or units."
        faults.append(FieldFault("counted_in", zh, en))
    if faults:
        raise InvalidInputError(faults)
    return MovementKind(infno), CountedIn(counted_in)


@post(PATH, tags=TAGS, status_code=201)
@writes
def send_movements(visit: Visit, data: JSONBody[MovementsBody]) -> FileEntry:
    """Send records in the national field names: all are stored, or none with every fault."""
    hospital_id = _hospital(visit, data.hospital_id, Action.UPLOAD_MOVEMENTS)
    kind, counted_in = _choices(data.infno, data.counted_in)
    row = receive_movements(
        visit.session,
        hospital_id=hospital_id,
        sent=from_json(data.input, kind=kind, counted_in=counted_in),
        actor=visit.actor,
        moment=visit.moment,
    )
    return _file_entry(row)


@post(FILES, tags=TAGS, status_code=201, request_max_body_size=BYTES_MAX)
@writes
def send_file(visit: Visit) -> FileEntry:
    """Send a CSV file with the national field names as its heading.

    Multipart: ``file``, ``infno``, ``counted_in`` (packs or units), and if wanted ``encoding``
    (utf-8 or gb18030) and ``hospital_id``.
    """
    asked = visit.form.get("hospital_id") or None
    hospital_id = _hospital(visit, asked, Action.UPLOAD_MOVEMENTS)
    kind, counted_in = _choices(visit.form.get("infno", ""), visit.form.get("counted_in", ""))
    encoding = visit.form.get("encoding") or "utf-8"
    upload = visit.form.files.get("file")
    if upload is None or encoding not in ENCODINGS:
        known = ", ".join(ENCODINGS)
        field = "file" if upload is None else "encoding"
        raise InvalidInputError(
            [FieldFault(field, f"须有文件，编码为 {known} 之一。", f"Expected a file in {known}.")]
        )
    sent = from_csv(
        upload.file.read(BYTES_MAX + 1),
        kind=kind,
        counted_in=counted_in,
        file_name=upload.filename,
        encoding=encoding,
    )
    row = receive_movements(
        visit.session,
        hospital_id=hospital_id,
        sent=sent,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _file_entry(row)


@get(FILES, tags=TAGS)
@reads
def list_files(visit: Visit, page_size: PageSize = 50, cursor: Cursor = None) -> FilePage:
    """List what was sent, as far as it is one's concern."""
    visit.require(Action.READ_MOVEMENTS, own_movements(visit.actor))
    seen = files_seen(actor=visit.actor, moment=visit.moment).order_by(None)
    found = paginate_by_key(
        visit.session,
        seen,
        key=MovementFile.id,  # type: ignore[arg-type]
        cursor=cursor,
        size=page_size,
    )
    return FilePage([_file_entry(row) for row in found.rows], found.next_cursor)


@get(FILES + "/{file_id:int}/records", tags=TAGS)
@reads
def list_records(
    visit: Visit, file_id: RowId, page_size: PageSize = 50, cursor: Cursor = None
) -> MovementPage:
    """List the records of what was sent (``?status=unclear`` for one status)."""
    visit.require_ever(Action.READ_MOVEMENTS)
    file = find_file(visit.session, file_id=file_id)
    hospital_id = _hospital(visit, file.hospital_id, Action.READ_MOVEMENTS)
    asked = visit.query.get("status", "")
    seen = movements_of(
        hospital_id=hospital_id,
        file_id=file.id,
        status=MovementStatus(asked) if asked in set(MovementStatus) else None,
    ).order_by(None)
    found = paginate_by_key(
        visit.session,
        seen,
        key=StockMovement.id,  # type: ignore[arg-type]
        cursor=cursor,
        size=page_size,
    )
    return MovementPage([_entry(row) for row in found.rows], found.next_cursor)


@post(PATH + "/settling", tags=TAGS, status_code=200)
@writes
def look_again(visit: Visit) -> SettledEntry:
    """Look again at what is unclear (``?hospital_id=``), after catalogue or deliveries changed."""
    asked = visit.query.get("hospital_id") or None
    hospital_id = _hospital(visit, asked, Action.UPLOAD_MOVEMENTS)
    settled = settle_again(visit.session, hospital_id=hospital_id, moment=visit.moment)
    return SettledEntry(settled)


@get("/api/v1/mismatches", tags=TAGS)
@reads
def list_mismatches(visit: Visit, since: Since = None, until: Until = None) -> list[MismatchEntry]:
    """List in what platform, hospital (``?hospital_id=``) and invoices differ in some days.

    Until today unless told otherwise, and for 90 days.
    """
    asked = visit.query.get("hospital_id") or None
    hospital_id = _hospital(visit, asked, Action.READ_MOVEMENTS)
    until = until or day_in_china(visit.moment)
    since = since or until - timedelta(days=90)
    if not 0 <= (until - since).days <= DAYS_MAX:
        zh, en = f"最多 {DAYS_MAX} 天。", f"Expected at most {DAYS_MAX} days."
        raise InvalidInputError([FieldFault("until", zh, en)])
    found = mismatches_of(visit.session, hospital_id=hospital_id, since=since, until=until)
    return [
        MismatchEntry(
            one.kind, one.zh, one.en, one.link, None if one.amount is None else f"{one.amount:f}"
        )
        for one in found
    ]


ROUTES = (
    send_movements,
    send_file,
    list_files,
    list_records,
    look_again,
    list_mismatches,
)
"""Handlers of the interface."""
