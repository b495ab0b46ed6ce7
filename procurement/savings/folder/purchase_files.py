"""``purchases/*.parquet``: the types of the columns, and files that are there twice."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.types as kinds

from procurement.rounds.folder.faults import FaultList
from procurement.savings.analytics import PurchaseFiles
from procurement.savings.analytics.source import BATCH, COLUMNS, PRICE_TYPE

FOLDER = "purchases"

_BYTES_AT_ONCE = 1 << 20

_Check = Callable[[pa.DataType], bool]


def _is_text(kind: pa.DataType) -> bool:
    if kinds.is_dictionary(kind):
        kind = kind.value_type
    return bool(kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_string_view(kind))


def _is_flag(kind: pa.DataType) -> bool:
    return bool(kinds.is_boolean(kind) or kinds.is_integer(kind))


_TYPES: Mapping[str, tuple[_Check, str]] = {
    "hospital": (_is_text, "string"),
    "product": (_is_text, "string"),
    "batch": (_is_text, "string"),
    "received_on": (kinds.is_date32, "date32"),
    "is_winning": (_is_flag, "bool, or a whole number that is 0 or 1"),
    "quantity": (kinds.is_int64, "int64"),
    "unit_price": (lambda kind: bool(kind == PRICE_TYPE), "decimal(18,4)"),
}


def check_files(folder: Path, faults: FaultList) -> PurchaseFiles | None:
    """Check the columns of all Parquet files below a folder; None, with faults, if one is bad."""
    paths = tuple(sorted(path for path in folder.rglob("*.parquet") if path.is_file()))
    if not paths:
        faults.add(f"{FOLDER}/", None, None, "holds no Parquet file", "purchases/*.parquet")
        return None
    before = len(faults.faults) + faults.more
    with_batch = {path for path in paths if _has_batch(path, _name(folder, path), faults)}
    _note_twins(folder, paths, faults)
    if len(faults.faults) + faults.more > before:
        return None
    return PurchaseFiles(paths, frozenset(with_batch))


def _name(folder: Path, path: Path) -> str:
    return f"{FOLDER}/{path.relative_to(folder).as_posix()}"


def _has_batch(path: Path, name: str, faults: FaultList) -> bool:
    try:
        schema = pq.read_schema(path)
    except (OSError, pa.ArrowException) as error:
        faults.add(name, None, None, f"is no Parquet file ({type(error).__name__})", "Parquet")
        return False
    for column in COLUMNS:
        check, expected = _TYPES[column]
        found = schema.get_all_field_indices(column)
        if not found and column == BATCH:
            continue
        if len(found) != 1:
            problem = "the column is missing" if not found else "is there twice"
            faults.add(name, None, column, problem, f"one column of type {expected}")
        elif not check(schema.field(found[0]).type):
            faults.add(name, None, column, f"is {schema.field(found[0]).type}", expected)
    return BATCH in schema.names


def _note_twins(folder: Path, paths: Sequence[Path], faults: FaultList) -> None:
    """Note files with the same bytes, but for empty ones, which partitioned writers leave."""
    by_size: dict[int, list[Path]] = {}
    for path in paths:
        by_size.setdefault(path.stat().st_size, []).append(path)
    for same_size in by_size.values():
        seen: dict[str, Path] = {}
        for path in same_size if len(same_size) > 1 else ():
            first = seen.setdefault(_digest(path), path)
            if first is not path and _has_rows(path):
                problem = f"is the same file as {_name(folder, first)}"
                faults.add(_name(folder, path), None, None, problem, "each file once")


def _has_rows(path: Path) -> bool:
    try:
        return bool(pq.read_metadata(path).num_rows)
    except (OSError, pa.ArrowException):
        return False


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BYTES_AT_ONCE):
            digest.update(block)
    return digest.hexdigest()
