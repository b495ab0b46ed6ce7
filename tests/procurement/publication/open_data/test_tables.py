"""The public tables: safe in a spreadsheet, exact in Parquet, explained, and free of secrets."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow.parquet as pq
import pytest
from sqlalchemy import event

from procurement.accounts.tables import Organisation
from procurement.database import database_moment, snapshot, transaction
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.tables import Place
from procurement.publication.ocds.telling import Told
from procurement.publication.open_data.columns import (
    ROWS_AT_ONCE,
    Column,
    Kind,
    PublicTable,
    When,
)
from procurement.publication.open_data.written import TABLES, cell_text, write_csv, write_parquet
from procurement.rounds.tables import RoundStatus
from tests.procurement.awards.world import awarded_round, opened_round

_BEFORE = frozenset({RoundStatus.PUBLISHED, RoundStatus.BIDDING})
BIDDING = Told(
    RoundStatus.BIDDING, _BEFORE, datetime(2026, 11, 22, tzinfo=UTC), 1, None, is_amendment=False
)

DANGEROUS = ("=1+1", "+1*2", "-1*2", "@SUM(A1)", "\tx", "\rx")


def when(session):
    return When(database_moment(session), date(2027, 3, 1))


def written_by(write, session, table):
    file = io.BytesIO()
    write(session, table=table, when=when(session), written=file)
    return file.getvalue()


def table_of(engine, name):
    with snapshot(engine) as session:
        table = TABLES[name]
        text = written_by(write_csv, session, table).decode("utf-8-sig")
        packed = written_by(write_parquet, session, table)
    parquet = pq.read_table(io.BytesIO(packed)).to_pylist()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == len(parquet)
    return rows, parquet


def odd_table(value):
    column = Column("name", Kind.TEXT, "名称", "name", ("", ""))
    return PublicTable("odd", "", "", "", "", (column,), lambda session, when: iter([(value,)]))


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_of_a_csv_is_a_formula(text, engine):
    with snapshot(engine) as session:
        written = written_by(write_csv, session, odd_table(text))
        packed = written_by(write_parquet, session, odd_table(text))
    (_head, (cell,)) = csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""))
    assert cell == f"'{text}"
    # Parquet has no formulas: what was stored is what is read.
    assert pq.read_table(io.BytesIO(packed)).to_pylist() == [{"name": text}]


def test_every_table_is_read_and_every_column_is_explained(engine):
    awarded_round(engine)
    for name, table in TABLES.items():
        rows, parquet = table_of(engine, name)
        names = [column.name for column in table.columns]
        assert len(names) == len(set(names))
        assert all(column.zh and column.en and all(column.source) for column in table.columns)
        for row in rows:
            assert list(row) == names
        for row in parquet:
            assert list(row) == names


def test_amounts_are_exact_in_both_kinds_of_file(engine):
    awarded_round(engine)
    rows, parquet = table_of(engine, "awards")
    assert [Decimal(one["pack_price"]) for one in rows] == [one["pack_price"] for one in parquet]
    assert {str(one["pack_price"]) for one in parquet} >= {"28.0000", "2.0000"}
    assert {one["pack_price"] for one in rows} >= {"28", "2"}


def test_before_the_opening_no_table_knows_of_bids(engine, monkeypatch):
    opened_round(engine)
    assert table_of(engine, "bids")[0] != []
    # While bids were taken: what happened later is not told yet.
    monkeypatch.setattr(
        "procurement.publication.open_data.rounds.told_of", lambda *_, **__: [BIDDING]
    )
    assert table_of(engine, "bids")[0] == []
    assert table_of(engine, "awards")[0] == []
    assert [one["status"] for one in table_of(engine, "rounds")[0]] == ["bidding"]


def test_prices_of_an_undisclosed_round_are_in_no_table(engine, monkeypatch):
    awarded_round(engine)
    monkeypatch.setattr(
        "procurement.publication.open_data.rounds.prices_are_public", lambda *_, **__: False
    )
    rows, _ = table_of(engine, "awards")
    assert rows
    assert {(one["pack_price"], one["strength"], one["pack_units"]) for one in rows} == {
        ("", "", "")
    }
    assert table_of(engine, "bids")[0] == []


def test_a_dangerous_name_goes_through_a_real_table_unharmed(engine):
    world = awarded_round(engine)
    with transaction(engine) as session:
        session.get_one(Organisation, world.maker("A").id).name = "=HYPERLINK(1)"
    rows, parquet = table_of(engine, "awards")
    assert "'=HYPERLINK(1)" in {one["manufacturer"] for one in rows}
    assert "=HYPERLINK(1)" in {one["manufacturer"] for one in parquet}


LARGE = ("base-volumes", "awards", "prices", "agreed-volumes", "agreements", "drug-list", "places")


@pytest.mark.parametrize("name", LARGE)
def test_a_large_table_is_read_by_some_rows_at_once(name, engine):
    awarded_round(engine)
    at_once = []
    with snapshot(engine) as session:
        event.listen(
            session,
            "do_orm_execute",
            lambda state: at_once.append(state.execution_options.get("yield_per")),
        )
        list(TABLES[name].read(session, when(session)))
    assert ROWS_AT_ONCE in at_once


def test_places_are_read_as_columns_and_what_is_empty_is_not_given(engine):
    with transaction(engine) as session:
        session.add(
            Place(
                kind=PlaceKind.PHARMACY,
                institution_code="P34010400001",
                name="药房",
                county="340104",
                changed_at=database_moment(session),
            )
        )
    with snapshot(engine) as session:
        (row,) = TABLES["places"].read(session, when(session))
        assert not any(isinstance(one, Place) for one in session.identity_map.values())
    names = [column.name for column in TABLES["places"].columns]
    told = dict(zip(names, row, strict=True))
    assert {name for name, value in told.items() if value is None} == {
        *("chain", "address", "latitude", "longitude", "phone")
    }
    assert (told["institution_code"], told["status"]) == ("P34010400001", "open")


def test_what_is_not_given_is_an_empty_cell():
    assert (cell_text(None), cell_text(False), cell_text(0)) == ("", "0", "0")
