"""Every table that can be downloaded: a name that somebody gave himself is no formula in it."""

import csv
import io
import re
import zipfile
from contextlib import contextmanager, suppress

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from procurement.files import inert
from procurement.publication.open_data.written import TABLES
from tests.procurement.app.cells.routes import Route

PLANTED = '=HYPERLINK("x")'

NAMES = (
    ("organisation", "name"),
    ("organisation", "short_name"),
    ("person", "name"),
    ("generic_product", "name"),
    ("product", "brand"),
    ("lot", "product"),
)
"""What people or firms call themselves and their goods."""

FILES = frozenset({"csv", "xlsx"})
PARAMETERS = frozenset({"kind", "table_file", "file_name"})

MEDIA_TYPES = (
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)


@contextmanager
def planted(engine):
    """Everything has a name that would be a formula; given back afterwards."""
    kept = {}
    with engine.begin() as connection:
        for table, column in NAMES:
            rows = connection.execute(text(f"SELECT id, {column} FROM {table}"))  # noqa: S608
            kept[table, column] = rows.all()
            connection.execute(
                text(f"UPDATE {table} SET {column} = :name || id"),  # noqa: S608
                {"name": PLANTED},
            )
    try:
        yield
    finally:
        with engine.begin() as connection:
            for (table, column), rows in kept.items():
                for row_id, name in rows:
                    connection.execute(
                        text(f"UPDATE {table} SET {column} = :name WHERE id = :id"),  # noqa: S608
                        {"name": name, "id": row_id},
                    )


def asks(scene):
    """Requests for files, with somebody who may have them."""
    for route in scene.routes:
        last = route.path.rpartition("/")[2]
        is_file = last.rpartition(".")[2] in FILES or not PARAMETERS.isdisjoint(route.parameters)
        role = None
        if route.method != "GET" or not is_file or route.path.startswith("/static"):
            continue
        # A route about a thing that the scene does not have is missing in the other tests too.
        with suppress(KeyError):
            route.ask(scene.ours)
            role = scene.passing(route)
        if role is not None:
            yield from ((role, one) for one in addresses(route, scene))


def addresses(route: Route, scene):
    """A route's addresses: all public tables, all kinds of files."""
    if "table_file" in route.parameters:
        return [route.ask(scene.ours, put={"table_file": f"{name}.csv"}) for name in TABLES]
    if "kind" in route.parameters:
        return [route.ask(scene.ours, put={"kind": kind}) for kind in sorted(FILES)]
    return [route.ask(scene.ours)]


def cells_of(answer):
    """Cells of a downloaded table that are texts."""
    if answer.headers["content-type"].startswith("text/csv"):
        text = io.StringIO(answer.content.decode("utf-8-sig"), newline="")
        yield from (cell for line in csv.reader(text) for cell in line)
        return
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    for sheet in book.sheet_names:
        for row in book.get_sheet_by_name(sheet).to_python(skip_empty_area=False):
            yield from (cell for cell in row if isinstance(cell, str))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "worksheets/" in name]
    # Our own formulas compute sums; none leads anywhere.
    yield from ("=" for sheet in sheets if re.search(rb"<f>[^<]*HYPERLINK", sheet))


@pytest.fixture(scope="module")
def downloaded(scene):
    """Address and texts of every table."""
    found = list(asks(scene))
    with planted(scene.platform.engine):
        answers = [(ask.address, scene.answer(role, ask)) for role, ask in found]
    return {
        address: list(cells_of(answer))
        for address, answer in answers
        if answer.status_code == 200
        and answer.headers.get("content-type", "").startswith(MEDIA_TYPES)
    }


def test_no_cell_of_any_table_begins_a_formula(downloaded):
    faults = {
        (address, cell)
        for address, cells in downloaded.items()
        for cell in cells
        if inert(cell) != cell
    }
    assert not faults, "\n".join(map(str, sorted(faults)))


def test_the_planted_names_were_in_the_tables(downloaded):
    with_names = [one for one, cells in downloaded.items() if any(PLANTED in c for c in cells)]
    assert len(downloaded) >= 25, sorted(downloaded)
    assert len(with_names) >= 10, with_names
    assert {one.rpartition(".")[2] for one in with_names} >= FILES, with_names
