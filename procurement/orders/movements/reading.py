"""Reading stock movements from a CSV file or from a machine's records, every fault listed; pure."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from procurement.errors import FieldFault, InvalidInputError
from procurement.orders.movements.cells import CellFaultError, Value, plain_text, read_field
from procurement.orders.movements.fields import ALIASES, LAYOUTS, NODES, Field, layout, node_of
from procurement.orders.movements.kinds import CountedIn, MovementKind
from procurement.orders.movements.row_rules import row_faults

BYTES_MAX = 20 * 2**20
LINES_MAX = 20_000
FAULTS_MAX = 1_000
ENCODINGS = {"utf-8": "utf-8-sig", "gb18030": "gb18030"}
"""What the user may say a file is written in, and what Python calls it."""

_Columns = Sequence[Field | None]


@dataclass(frozen=True, slots=True)
class SentRow:
    """One record whose fields are all sound.

    Attributes:
        line: As the file counts, from 1, the heading included; of a machine's list, its place.
        values: By field; empty fields are missing.
    """

    line: int
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class SentMovements:
    """What a hospital sent at once.

    Attributes:
        kind: Of all records.
        counted_in: What quantities and prices are of.
        digest: SHA-256 of what was sent.
        file_name: Empty for a machine.
        rows: At least one.
    """

    kind: MovementKind
    counted_in: CountedIn
    digest: str
    file_name: str
    rows: Sequence[SentRow]


def place(line: int, name: str = "") -> str:
    """Say where something is.

    Examples:
        >>> place(5, "purc_retn_cnt"), place(1)
        ('line 5, purc_retn_cnt', 'line 1')
    """
    return f"line {line}, {name}" if name else f"line {line}"


def from_csv(
    content: bytes,
    *,
    kind: MovementKind,
    counted_in: CountedIn,
    file_name: str,
    encoding: str = "utf-8",
) -> SentMovements:
    r"""Read a CSV file whose heading has the names of the fields, national or Chinese.

    Args:
        content: The whole file.
        kind: Of all its records.
        counted_in: What quantities and prices are of.
        file_name: As the browser named it.
        encoding: A key of `ENCODINGS`.

    Raises:
        InvalidInputError: Something is wrong with it; every fault is listed with line and column.

    Examples:
        >>> sent = from_csv(
        ...     b"fixmedins_bchno,inv_data_type\nA-1,3\n", kind=MovementKind.DELETION,
        ...     counted_in=CountedIn.PACKS, file_name="x.csv",
        ... )
        >>> sent.rows[0].line, sent.rows[0].values["fixmedins_bchno"]
        (2, 'A-1')
        >>> from_csv(
        ...     b"fixmedins_bchno,inv_data_type\nA-1,9\n", kind=MovementKind.DELETION,
        ...     counted_in=CountedIn.PACKS, file_name="x.csv",
        ... )
        Traceback (most recent call last):
        ...
        procurement.errors.InvalidInputError: line 2, inv_data_type: “9” is none of 1, 2, 3, 4.
    """
    faults: list[FieldFault] = []
    records = _records(content, encoding, faults)
    if not records:
        faults = faults or [FieldFault("file", "文件是空的。", "The file is empty.")]
        raise InvalidInputError(faults)
    (heading_line, heading), *others = records
    columns = _columns(heading_line, heading, kind, faults)
    rows = _rows(
        ((line, _cells(line, cells, columns, faults)) for line, cells in others), kind, faults
    )
    _refuse(faults, rows)
    digest = hashlib.sha256(content).hexdigest()
    return SentMovements(kind, counted_in, digest, file_name[-200:], rows)


def from_json(
    sent: Mapping[str, object], *, kind: MovementKind, counted_in: CountedIn
) -> SentMovements:
    """Read what a machine sent below ``input``: the node of the interface with its records.

    Args:
        sent: ``{"purcinfo": {…}}`` or ``{"purcinfo": [{…}, …]}``.
        kind: Of all records.
        counted_in: What quantities and prices are of.

    Raises:
        InvalidInputError: Something is wrong with it; every fault is listed with place and field.

    Examples:
        >>> record = {"fixmedins_bchno": "A-1", "inv_data_type": "3"}
        >>> kind = MovementKind.DELETION
        >>> len(from_json({"data": record}, kind=kind, counted_in=CountedIn.PACKS).rows)
        1
    """
    faults: list[FieldFault] = []
    records = _sent_records(sent, kind, faults)
    fields = layout(kind)
    needed = [field.name for field in LAYOUTS[kind] if field.is_needed]
    cells = (
        (number, _known_cells(number, record, fields, needed, faults))
        for number, record in enumerate(records, 1)
    )
    rows = _rows(cells, kind, faults)
    _refuse(faults, rows)
    canonical = json.dumps(
        [kind, records], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    digest = hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
    return SentMovements(kind, counted_in, digest, "", rows)


def _refuse(faults: Sequence[FieldFault], rows: Sequence[SentRow]) -> None:
    if not faults and not rows:
        raise InvalidInputError([FieldFault("file", "没有数据行。", "There is no record.")])
    if len(faults) > FAULTS_MAX:
        more = len(faults) - FAULTS_MAX
        last = FieldFault("file", f"另有 {more:,} 处错误。", f"{more:,} more faults.")
        raise InvalidInputError([*faults[:FAULTS_MAX], last])
    if faults:
        raise InvalidInputError(faults)


def _records(
    content: bytes, encoding: str, faults: list[FieldFault]
) -> list[tuple[int, Sequence[str]]]:
    if len(content) > BYTES_MAX:
        limit = BYTES_MAX // 2**20
        faults.append(
            FieldFault("file", f"文件超过 {limit} MB，请拆分。", f"Over {limit} MB: split it.")
        )
        return []
    try:
        text = content.decode(ENCODINGS[encoding])
        return list(_numbered(text))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        faults.append(
            FieldFault(
                place(line),
                f"不是 {encoding.upper()} 编码：请另存，或选择正确的编码。",
                f"Not {encoding.upper()}: save it anew, or choose its encoding.",
            )
        )
    except csv.Error as error:
        faults.append(
            FieldFault("file", "不是规范的 CSV 文件。", f"No regular CSV file ({error}).")
        )
    return []


def _numbered(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def _columns(
    line: int, heading: Sequence[str], kind: MovementKind, faults: list[FieldFault]
) -> _Columns:
    by_name = {name: field for field in LAYOUTS[kind] for name in (field.name, field.zh)}
    columns: list[Field | None] = []
    seen: set[str] = set()
    for cell in heading:
        name = cell.strip()
        field = by_name.get(ALIASES.get(name, name))
        if field is None:
            faults.append(_unknown(line, name))
        elif field.name in seen:
            faults.append(FieldFault(place(line, field.name), "该列重复。", "Comes twice."))
        else:
            seen.add(field.name)
        columns.append(field)
    for field in LAYOUTS[kind]:
        if field.is_needed and field.name not in seen:
            faults.append(
                FieldFault(
                    place(line, field.name), f"缺少该列（{field.zh}）。", "The column is missing."
                )
            )
    return columns


def _unknown(line: int, name: str) -> FieldFault:
    shown = name[:60]
    return FieldFault(
        place(line, shown),
        f"{'没有名称的列' if not name else '接口没有该字段'}，请按模板的字段名。",
        "The interface has no such field: take the names of the template.",
    )


def _cells(
    line: int, cells: Sequence[str], columns: _Columns, faults: list[FieldFault]
) -> dict[str, str] | None:
    if len(cells) != len(columns):
        faults.append(
            FieldFault(
                place(line),
                f"有 {len(cells)} 列，表头有 {len(columns)} 列。",
                f"Has {len(cells)} cells; the heading has {len(columns)}.",
            )
        )
        return None
    pairs = zip(columns, cells, strict=True)
    return {field.name: cell.strip() for field, cell in pairs if field is not None}


def _sent_records(
    sent: Mapping[str, object], kind: MovementKind, faults: list[FieldFault]
) -> list[Mapping[str, object]]:
    node = node_of(kind)
    for name in sent:
        if name not in NODES or name != node:
            faults.append(
                FieldFault(
                    f"input.{name[:60]}", f"此接口的节点为 {node}。", f"Expected only {node}."
                )
            )
    given = sent.get(node)
    records = given if isinstance(given, list) else [given]
    if given is None or not all(isinstance(record, Mapping) for record in records):
        faults.append(
            FieldFault(f"input.{node}", "须为记录或记录的列表。", "Expected a record, or a list.")
        )
        return []
    return list(records)


def _known_cells(
    number: int,
    record: Mapping[str, object],
    fields: Mapping[str, Field],
    needed: Sequence[str],
    faults: list[FieldFault],
) -> dict[str, str] | None:
    cells = dict.fromkeys(needed, "")
    before = len(faults)
    for sent_name, sent in record.items():
        name = ALIASES.get(sent_name, sent_name)
        if name not in fields:
            faults.append(_unknown(number, str(name)))
            continue
        try:
            cells[name] = plain_text(sent)
        except CellFaultError as fault:
            faults.append(FieldFault(place(number, name), fault.zh, fault.en))
    return cells if len(faults) == before else None


def _rows(
    found: Iterable[tuple[int, dict[str, str] | None]],
    kind: MovementKind,
    faults: list[FieldFault],
) -> list[SentRow]:
    fields = layout(kind)
    rows = []
    for count, (line, cells) in enumerate(found, 1):
        if count > LINES_MAX:
            zh, en = f"超过 {LINES_MAX:,} 行，请拆分。", f"Over {LINES_MAX:,} lines: split it."
            faults.append(FieldFault("file", zh, en))
            break
        if cells is None:
            continue
        values = _values(line, cells, fields, faults)
        if values is None:
            continue
        wrong = [FieldFault(place(line, name), zh, en) for name, zh, en in row_faults(kind, values)]
        faults.extend(wrong)
        if not wrong:
            rows.append(SentRow(line, values))
    return rows


def _values(
    line: int,
    cells: Mapping[str, str],
    fields: Mapping[str, Field],
    faults: list[FieldFault],
) -> dict[str, Value] | None:
    values: dict[str, Value] = {}
    before = len(faults)
    for name, text in cells.items():
        try:
            value = read_field(fields[name], text)
        except CellFaultError as fault:
            faults.append(FieldFault(place(line, name), fault.zh, fault.en))
            continue
        if value is not None:
            values[name] = value
    return values if len(faults) == before else None
