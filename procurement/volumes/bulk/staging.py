"""A chunk of rows on its way into the lines: a temporary table, filled and merged in bulk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    delete,
    literal,
    select,
    text,
)
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable

from procurement.volumes.bulk.upserts import insert_into
from procurement.volumes.filling.fill import Entry
from procurement.volumes.rules import converted_units
from procurement.volumes.tables import VolumeLine

_LINE = VolumeLine.__table__

BATCH = 5_000
"""Lines that are read at once: SQLite takes only so many values in a statement."""

_VALUES = (
    *("quantity", "demand", "conversion_kind", "other_strength"),
    *("other_quantity", "conversion_ratio", "conversion_text"),
)
_KEY = ("report_id", "lot_strength_id", "brand_id")

_STAGE = Table(
    "volume_stage",
    MetaData(),
    Column("row_number", Integer, primary_key=True),
    Column("report_id", Integer, nullable=False),
    Column("lot_strength_id", Integer, nullable=False),
    Column("brand_id", Integer),
    Column("quantity", BigInteger, nullable=False),
    Column("demand", BigInteger, nullable=False),
    Column("conversion_kind", String),
    Column("other_strength", String),
    Column("other_quantity", BigInteger),
    Column("conversion_ratio", String),
    Column("conversion_text", String),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)

Values = tuple[object, ...]


class Staged(NamedTuple):
    """A row that is to become a line.

    Attributes:
        row_number: Of the file.
        report_id: The hospital's report.
        lot_strength_id: The strength.
        brand_id: The manufacturer; None = by generic name.
        values: What the line is to hold, in the order of `_VALUES`.
    """

    row_number: int
    report_id: int
    lot_strength_id: int
    brand_id: int | None
    values: Values


def values_of(entry: Entry) -> Values:
    """What a line is to hold for what a row says, in the order of `_VALUES`."""
    quantity, made = entry.quantity or 0, entry.conversion
    if made is None:
        return (quantity, quantity, None, None, None, None, None)
    demand = quantity + converted_units(made.quantity, made.ratio)
    ratio = f"{made.ratio:f}"
    return (quantity, demand, made.kind.value, made.strength, made.quantity, ratio, made.text)


@dataclass(frozen=True, slots=True)
class Present:
    """A line that exists already where a staged row belongs."""

    values: Values
    upload_id: int | None
    upload_row: int | None


def fill_stage(session: Session, rows: Sequence[Staged]) -> None:
    """Put these rows, and no others, into the temporary table."""
    connection = session.connection()
    connection.execute(CreateTable(_STAGE, if_not_exists=True))
    connection.execute(delete(_STAGE))
    values = [(*row[:4], *row.values) for row in rows]
    names = [column.name for column in _STAGE.columns]
    if connection.dialect.name == "postgresql":
        _copy(connection, names, values)
    elif values:
        marks = ", ".join("?" * len(names))
        connection.exec_driver_sql(
            f"INSERT INTO volume_stage ({', '.join(names)}) VALUES ({marks})",  # noqa: S608 - names of our own columns
            values,
        )


def _copy(connection: Connection, names: Iterable[str], rows: Iterable[Values]) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - an open connection has its driver's connection
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY volume_stage ({', '.join(names)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def present_lines(session: Session) -> dict[int, Present]:
    """Return the lines that exist where staged rows belong, by row number."""
    if session.get_bind().dialect.name == "postgresql":
        # Neither the fresh table nor lines that were just written have statistics, and a plan
        # made without them reads all lines for every row.
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(text("SET LOCAL jit = off"))
    rows_by_line: dict[int, int] = {}
    for brand in (_without_brand(), _LINE.c.brand_id == _STAGE.c.brand_id):
        # A subquery in the list of columns is looked up in the index for each row, whatever the
        # planner believes of the sizes; a join may be turned round.
        line_id = (
            select(_LINE.c.id)
            .where(
                _LINE.c.report_id == _STAGE.c.report_id,
                _LINE.c.lot_strength_id == _STAGE.c.lot_strength_id,
                brand,
            )
            .limit(1)
            .correlate(_STAGE)
            .scalar_subquery()
        )
        for row_number, found in session.execute(select(_STAGE.c.row_number, line_id)):
            if found is not None:
                rows_by_line[found] = row_number
    return _read_present(session, rows_by_line)


def _without_brand() -> ColumnElement[bool]:
    return and_(_LINE.c.brand_id.is_(None), _STAGE.c.brand_id.is_(None))


def _read_present(session: Session, rows_by_line: Mapping[int, int]) -> dict[int, Present]:
    present: dict[int, Present] = {}
    ids = list(rows_by_line)
    columns = ("id", "upload_id", "upload_row")
    for start in range(0, len(ids), BATCH):
        rows = session.execute(
            select(
                *(_LINE.c[name] for name in columns), *(_as_staged(name) for name in _VALUES)
            ).where(_LINE.c.id.in_(ids[start : start + BATCH]))
        )
        for row in rows:
            present[rows_by_line[row[0]]] = Present(tuple(row[3:]), row[1], row[2])
    return present


def _as_staged(name: str) -> ColumnElement[object]:
    # The ratio as text, as it is staged: no decimal is made of it only to compare it.
    column = _LINE.c[name]
    return column.cast(String) if name == "conversion_ratio" else column


def merge_stage(session: Session, *, upload_id: int) -> None:
    """Write the staged rows into the lines; a line that exists takes the new values."""
    columns = ("is_prefilled", "upload_id", "upload_row")
    source = (
        *(_STAGE.c[name] for name in (*_KEY, *_VALUES)),
        literal(False),
        literal(upload_id),
        _STAGE.c.row_number,
    )
    for has_brand in (False, True):
        brand = _STAGE.c.brand_id
        where = brand.is_not(None) if has_brand else brand.is_(None)
        line_brand = _LINE.c.brand_id
        statement = insert_into(session, VolumeLine).from_select(
            [*_KEY, *_VALUES, *columns],
            # In the order of the file: neighbours in a report become neighbours on disk.
            select(*source).where(where).order_by(_STAGE.c.row_number),
        )
        statement = statement.on_conflict_do_update(
            index_elements=list(_KEY) if has_brand else list(_KEY[:2]),
            index_where=line_brand.is_not(None) if has_brand else line_brand.is_(None),
            set_={name: statement.excluded[name] for name in (*_VALUES, *columns)},
        )
        session.execute(statement)
