"""Writing the purchase lines of one year and region: streamed, checked, and complete or absent.

Files grow in a folder of another name, are read back and compared with the table, and get their
place by one rename. A partition that is there is therefore whole; after a crash the rest of a
half-written one is thrown away.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from sqlalchemy import Engine, Numeric, cast, extract, func, select
from sqlalchemy.orm import Session

from procurement.database import snapshot
from procurement.files import sync_folder
from procurement.orders.partitions.columns import SCHEMA
from procurement.orders.partitions.lines import as_arrow, as_count, lines_of, within
from procurement.orders.partitions.sums import (
    ROWS_AT_ONCE,
    Sums,
    SumsDifferError,
    from_json,
    read_back,
    sums_of,
)
from procurement.orders.tables import PurchaseLine

PART_ROWS = 1_000_000
"""Rows of one file."""
MANIFEST = "manifest.json"
"""Within a partition: its files, counts and sums. Readers of ``*.parquet`` pass it over."""

Beat = Callable[[int], None]
"""Told how many rows are written, so that a job shows that it lives."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a partition.

    Attributes:
        name: Within the partition's folder.
        digest: SHA-256.
        sums: As read back.
    """

    name: str
    digest: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class Partition:
    """The purchase lines of a year and a region, as they are on the disk.

    Attributes:
        year: Calendar year of receipt.
        region: Division code of the hospitals.
        parts: Files in order; none where there are no lines.
        amount: Sum of the exact amounts in the table, yuan as text.
    """

    year: int
    region: str
    parts: Sequence[Part] = field(default_factory=tuple)
    amount: str = "0"

    @property
    def sums(self) -> Sums:
        """Of all files."""
        return sum((part.sums for part in self.parts), Sums())

    def as_json(self) -> dict[str, Any]:
        """Return it as the manifest has it."""
        return {
            "year": self.year,
            "region": self.region,
            **self.sums.as_json(),
            "amount": self.amount,
            "files": [
                {"name": part.name, "sha256": part.digest, **part.sums.as_json()}
                for part in self.parts
            ],
        }


def partition_path(folder: Path, *, year: int, region: str) -> Path:
    """Return where a partition lies.

    Examples:
        >>> partition_path(Path("x"), year=2027, region="340100").as_posix()
        'x/year=2027/region=340100'
    """
    return folder / f"year={year}" / f"region={region}"


def partitions_there_are(
    session: Session, *, region: str, years: Sequence[int]
) -> list[tuple[int, str]]:
    """Return the years and regions that have purchase lines, in order.

    Args:
        session: Any session.
        region: The digits that divisions begin with; empty for all.
        years: Only these; all where there are none.
    """
    year = extract("year", PurchaseLine.received_on)
    rows = session.execute(
        select(year, PurchaseLine.region)
        .where(PurchaseLine.region.startswith(region, autoescape=True))
        .group_by(year, PurchaseLine.region)
        .order_by(year, PurchaseLine.region)
    )
    found = [(int(each), place) for each, place in rows]
    return [(each, place) for each, place in found if not years or each in years]


def write_partition(
    engine: Engine, *, folder: Path, year: int, region: str, beat: Beat | None = None
) -> Partition:
    """Write the purchase lines of a year and a region, unless they are written already.

    A partition that is there stays where its sums are still those of the table, and is written
    anew where lines were added since. Nobody may read the folder meanwhile: give every run its
    own (`procurement.orders.partitions.runs`).

    Args:
        engine: The database; all is read from one snapshot of it.
        folder: Where partitions go.
        year: Calendar year of receipt.
        region: Division code of the hospitals.
        beat: Told how many rows are written.

    Raises:
        SumsDifferError: Counts or sums of the files are not the table's; nothing is kept.
    """
    place = partition_path(folder, year=year, region=region)
    with snapshot(engine) as session:
        table, amount = _table_sums(session, year, region)
        present = read_partition(place)
        if present is not None and present.sums == table and present.amount == amount:
            return present
        draft = place.with_name(f".{place.name}.writing")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        parts = _write_parts(session, draft, year, region, beat or _silent)
    partition = Partition(year, region, tuple(parts), amount)
    if partition.sums != table:
        shutil.rmtree(draft, ignore_errors=True)
        raise SumsDifferError(place.name, table, partition.sums)
    _write_durably(draft / MANIFEST, json.dumps(partition.as_json(), indent=1).encode())
    sync_folder(draft)
    shutil.rmtree(place, ignore_errors=True)
    draft.replace(place)
    sync_folder(place.parent)
    return partition


def read_partition(place: Path) -> Partition | None:
    """Read what a partition's manifest says; None where there is no whole partition."""
    try:
        found = json.loads((place / MANIFEST).read_bytes())
    except OSError:
        return None
    parts = [Part(one["name"], one["sha256"], from_json(one)) for one in found["files"]]
    if any(_digest(place / part.name) != part.digest for part in parts):
        return None
    return Partition(found["year"], found["region"], tuple(parts), found["amount"])


def _silent(_rows: int) -> None:
    """Tell nobody."""


def _table_sums(session: Session, year: int, region: str) -> tuple[Sums, str]:
    """Add up the table by itself, without what the files are made by."""
    if session.get_bind().dialect.name == "postgresql":
        return _server_sums(session, year, region)
    # Beyond 64 bits SQLite's SUM fails, and its products become rounded numbers.
    total, amount = Sums(), 0
    counts = [as_count(getattr(PurchaseLine, name)) for name in ("unit_price", "amount")]
    with closing(
        session.execute(
            select(PurchaseLine.quantity, *counts)
            .where(within(year, region))
            .execution_options(yield_per=ROWS_AT_ONCE)
        )
    ) as lines:
        for some in lines.partitions():
            quantities, prices, amounts = zip(*some, strict=True)
            total += sums_of(quantities, prices)
            amount += sum(amounts)
    return total, _yuan(amount)


def _server_sums(session: Session, year: int, region: str) -> tuple[Sums, str]:
    quantity, price, amount = (
        cast(column, Numeric)
        for column in (
            PurchaseLine.quantity,
            as_count(PurchaseLine.unit_price),
            as_count(PurchaseLine.amount),
        )
    )
    row = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(quantity), 0),
            func.coalesce(func.sum(quantity * price), 0),
            func.coalesce(func.sum(amount), 0),
        ).where(within(year, region))
    ).one()
    rows, units, value, total = (int(each) for each in row)
    return Sums(rows, units, value), _yuan(total)


def _yuan(count: int) -> str:
    sign = "-" if count < 0 else ""
    return f"{sign}{abs(count) // 10_000}.{abs(count) % 10_000:04d}"


def _write_parts(session: Session, draft: Path, year: int, region: str, beat: Beat) -> list[Part]:
    """Write the files one after the other; each is read back once it is closed."""
    parts: list[Part] = []
    # Closed even where the work is broken off: the server keeps the place of the reading else.
    with closing(
        session.execute(lines_of(year, region).execution_options(yield_per=ROWS_AT_ONCE))
    ) as rows:
        chunks, done = rows.partitions(), 0
        while some := next(chunks, None):
            path = draft / f"part-{len(parts):05d}.parquet"
            with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
                in_part = 0
                while some:
                    writer.write_table(as_arrow(some))
                    in_part, done = in_part + len(some), done + len(some)
                    beat(done)
                    some = next(chunks, None) if in_part < PART_ROWS else None
            parts.append(_finished(path))
    return parts


def _finished(path: Path) -> Part:
    with open(path, "rb+") as opened:
        os.fsync(opened.fileno())
    return Part(path.name, _digest(path) or "", read_back(path))


def _digest(path: Path) -> str | None:
    digest = hashlib.sha256()
    try:
        with open(path, "rb") as file:
            while piece := file.read(2**20):
                digest.update(piece)
    except OSError:
        return None
    return digest.hexdigest()


def _write_durably(path: Path, content: bytes) -> None:
    with open(path, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
