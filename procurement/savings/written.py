"""A settlement as files, for settlements with many lines: CSV and Parquet."""

import json
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from procurement.errors import JicaiError
from procurement.files import csv_writer
from procurement.savings.document import (
    Document,
    group_documents,
    hospital_documents,
    line_documents,
    summary_document,
)
from procurement.savings.run import SettledFolder

SUMMARY = "settlement.json"

_ROWS_AT_ONCE = 10_000
_WHOLE = frozenset(
    {"base_volume", "agreed_volume", "winning_volume", "non_winning_volume", "missing_volume"}
)
_FLAGS = frozenset({"completed", "passed"})


class CannotWriteError(JicaiError):
    """The folder for the results cannot be written."""


def write_settlement(settled: SettledFolder, folder: Path) -> tuple[Path, ...]:
    """Write ``settlement.json`` and the tables ``lines``, ``hospitals`` and ``groups``.

    Each table is there as CSV and as Parquet. Exact decimals are text in both.

    Args:
        settled: The settlement.
        folder: Made where it is missing; files of those names are replaced.

    Returns:
        The files.

    Raises:
        CannotWriteError: The folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        summary = folder / SUMMARY
        text = json.dumps(summary_document(settled), ensure_ascii=False, indent=1) + "\n"
        summary.write_text(text, encoding="utf-8")
        tables = {
            "lines": line_documents(settled),
            "hospitals": hospital_documents(settled),
            "groups": map(_flat_group, group_documents(settled)),
        }
        files = [file for name, rows in tables.items() for file in _write(folder, name, rows)]
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CannotWriteError(
            f"{folder}: cannot be written ({reason}): expected a folder"
        ) from None
    return (summary, *files)


def _flat_group(group: Document) -> Document:
    hospitals = group["hospitals"]
    names = [str(name) for name in hospitals] if isinstance(hospitals, list) else []
    flat = {name: value for name, value in group.items() if name != "products"}
    return {**flat, "hospitals": ";".join(names)}


def _write(folder: Path, name: str, rows: Iterable[Document]) -> tuple[Path, ...]:
    """One table as CSV and Parquet; none where it has no row."""
    rows = iter(rows)
    first = list(islice(rows, _ROWS_AT_ONCE))
    if not first:
        return ()
    text, parquet = folder / f"{name}.csv", folder / f"{name}.parquet"
    schema = pa.schema([(column, _kind(column)) for column in first[0]])
    with (
        text.open("w", encoding="utf-8", newline="") as file,
        pq.ParquetWriter(parquet, schema, compression="zstd") as writer,
    ):
        sheet = csv_writer(file, lineterminator="\n")
        sheet.writerow(schema.names)
        while first:
            flat = [_flat(row) for row in first]
            sheet.writerows([map(_cell, row.values()) for row in flat])
            writer.write_table(pa.Table.from_pylist(flat, schema=schema))
            first = list(islice(rows, _ROWS_AT_ONCE))
    return text, parquet


def _flat(row: Mapping[str, object]) -> dict[str, object]:
    return {
        name: ";".join(map(str, value)) if isinstance(value, list) else value
        for name, value in row.items()
    }


def _cell(value: object) -> object:
    return int(value) if isinstance(value, bool) else value


def _kind(column: str) -> pa.DataType:
    if column in _WHOLE:
        return pa.int64()
    return pa.bool_() if column in _FLAGS else pa.string()
