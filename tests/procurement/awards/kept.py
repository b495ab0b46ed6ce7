"""Databases that took long to bring somewhere, kept as rows and written into the next test's.

Sealing, shares and openings of a round take seconds; a copy of its rows takes little. Rows are kept
as Python sees them, so that what one database brought up fills the other, too.
"""

import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Engine, insert, select, text

from procurement.database import metadata
from tests.house_rules import ROOT

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
Thing = TypeVar("Thing")

_kept: dict[str, tuple[Any, Rows]] = {}


def kept(
    name: str,
    engine: Engine,
    *,
    build: Callable[[Engine], Thing],
    copied: Callable[[Thing, Engine], Thing],
) -> Thing:
    """Bring an empty database somewhere: at first by building, later by its rows.

    Args:
        name: Of what is built.
        engine: A migrated database without rows.
        build: Builds it, and returns what tests hold of it.
        copied: Copies what tests hold, for another database.
    """
    if name not in _kept:
        built = build(engine)
        _kept[name] = (copied(built, engine), rows_of(engine))
        return built
    held, rows = _kept[name]
    fill(engine, rows)
    return copied(held, engine)


def rows_of(engine: Engine) -> Rows:
    """Read all rows of a database."""
    _know_all_tables()
    with engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in metadata.sorted_tables
        }


def fill(engine: Engine, rows: Rows) -> None:
    """Write rows into a database that has none."""
    _know_all_tables()
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            found = rows.get(table.name, ())
            if not found:
                continue
            # Rows refer to earlier ones of their own table; those without an id refer to none.
            connection.execute(insert(table), sorted(found, key=lambda row: row.get("id", 0)))
            if engine.dialect.name == "postgresql" and "id" in table.c:
                highest = max(row["id"] for row in found)
                name = f"'{table.name}', 'id'"
                connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence({name}), {highest})")
                )


def _know_all_tables() -> None:
    for file in sorted(ROOT.glob("procurement/**/tables.py")):
        importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
