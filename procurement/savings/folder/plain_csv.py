"""``purchases.csv`` column by column, where every line is plain: the same file, ten times sooner.

Only what needs no judgement is read here: a header of known columns, no quotes, no blank lines,
cells in their shortest usual form. Whatever else a file holds, the reader of single lines decides,
which also tells every fault; so both write the same file or this one writes none.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from procurement.rounds.folder.cells import CellError, parse_name
from procurement.savings.folder.purchase_csv import COLUMNS, LINE, WRITTEN_SCHEMA

_BLOCK = 1 << 23
FIRST_LINE = 2
"""Below the header."""

_FORMS = {
    "received_on": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "is_winning": r"^[01]$",
    "quantity": r"^-?[0-9]{1,18}$",
    "unit_price": r"^[0-9]{1,14}(\.[0-9]{1,4})?$",
}


class _NotPlainError(ValueError):
    """A cell needs judgement."""


def write_if_plain(source: Path, path: Path) -> bool:
    """Write a plain ``purchases.csv`` as Parquet.

    Args:
        source: The file, UTF-8.
        path: Where to write.

    Returns:
        Whether it was plain; otherwise what may have been written counts for nothing.
    """
    try:
        if not _has_plain_lines(source):
            return False
        _write(source, path)
    except (OSError, UnicodeDecodeError, pa.ArrowException, CellError, _NotPlainError):
        return False
    return True


def _write(source: Path, path: Path) -> None:
    names = _header(source)
    reader = pa_csv.open_csv(
        source,
        read_options=pa_csv.ReadOptions(block_size=_BLOCK),
        parse_options=pa_csv.ParseOptions(quote_char=False, ignore_empty_lines=False),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    known: set[str] = set()
    line = FIRST_LINE
    with pq.ParquetWriter(path, WRITTEN_SCHEMA, compression="zstd") as writer:
        for batch in reader:
            writer.write_table(_checked(batch, line, known))
            line += batch.num_rows
    if line == FIRST_LINE:
        raise _NotPlainError("no line below the header")


def _has_plain_lines(source: Path) -> bool:
    """Whether there is no quote, no NUL and no carriage return but before a line feed."""
    before = b""
    with source.open("rb") as file:
        while block := file.read(_BLOCK):
            if b'"' in block or b"\0" in block:
                return False
            whole = before + block
            before = whole[-1:] if whole.endswith(b"\r") else b""
            if whole.count(b"\r") - len(before) != whole.count(b"\r\n"):
                return False
    return not before


def _header(source: Path) -> list[str]:
    with source.open(encoding="utf-8") as file:
        names = file.readline(_BLOCK).rstrip("\r\n").split(",")
    known = {column.name for column in COLUMNS}
    needed = {column.name for column in COLUMNS if column.needed}
    if len(set(names)) < len(names) or not needed <= set(names) <= known:
        raise _NotPlainError(",".join(names))
    return names


def _checked(batch: pa.RecordBatch, first_line: int, known: set[str]) -> pa.Table:
    cells = {name: batch.column(name) for name in batch.schema.names}
    for name, form in _FORMS.items():
        if not pc.all(pc.match_substring_regex(cells[name], form)).as_py():
            raise _NotPlainError(name)
    columns = {
        "hospital": _names(cells["hospital"], known),
        "product": _names(cells["product"], known),
        "batch": _batches(cells, known, batch.num_rows),
        "received_on": cells["received_on"].cast(pa.date32()),
        "is_winning": pc.equal(cells["is_winning"], "1"),
        "quantity": cells["quantity"].cast(pa.int64()),
        "unit_price": _prices(cells["unit_price"]),
        LINE: pa.array(range(first_line, first_line + batch.num_rows), pa.int64()),
    }
    return pa.table(columns, schema=WRITTEN_SCHEMA)


def _names(cells: pa.Array, known: set[str]) -> pa.Array:
    for name in _new(cells, known):
        known.add(parse_name(name))
    return cells


def _batches(cells: Mapping[str, pa.Array], known: set[str], rows: int) -> pa.Array:
    """Batches; an empty cell is none."""
    if "batch" not in cells:
        return pa.nulls(rows, pa.string())
    given = cells["batch"]
    named = pc.if_else(pc.equal(given, ""), pa.scalar(None, pa.string()), given)
    _names(named.drop_null(), known)
    return named


def _new(cells: pa.Array, known: set[str]) -> Iterator[str]:
    return (name for name in pc.unique(cells).to_pylist() if name not in known)


def _prices(cells: pa.Array) -> pa.Array:
    prices = cells.cast(WRITTEN_SCHEMA.field("unit_price").type)
    if not pc.all(pc.greater(prices, 0)).as_py():
        raise _NotPlainError("unit_price")
    return prices
