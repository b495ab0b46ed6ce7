"""Purchases of the batch-years: written as partitions, summed, and left out with a reason."""

import json
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from procurement.agreements.tables import AgreementTerm
from procurement.database import transaction
from procurement.orders.partitions import columns
from procurement.orders.partitions.columns import batch_key
from procurement.savings import jobs
from procurement.savings.analytics import AnalyticsError, source
from procurement.savings.settlements.errors import RunUnderWayError
from procurement.savings.settlements.extracting import start_extracting
from procurement.savings.settlements.reading import latest_extract, left_out_of
from procurement.savings.settlements.terms import terms_of
from procurement.savings.tables import ExtractedLine, HospitalStatement, SavingsLine
from tests.procurement.orders.test_listed_lots import buy_listed


def lines_of(world):
    run = world.read(latest_extract)
    with transaction(world.engine) as session:
        rows = session.scalars(select(ExtractedLine).where(ExtractedLine.run_id == run.id)).all()
        session.expunge_all()
        return {(row.hospital_id, row.supply_id): row for row in rows}


def test_partitions_have_the_columns_that_engines_read(world):
    assert columns.COLUMNS == source.COLUMNS
    assert columns.PRICE_TYPE == source.PRICE_TYPE
    world.draft()
    (term,) = world.read(terms_of)
    assert term.batch == batch_key(round_name=world.orders.name, term_number=1)


def test_sums_are_those_of_the_purchases(world):
    world.buy_agreed(lambda hospital, supply: Decimal(hospital % 3 + 1) / 2)
    hospital, supply, volume, base = world.agreed()[0]
    world.spend_on_others(hospital, supply, 60, "1.20")
    world.spend_on_others(hospital, supply, -10, "1.20")
    world.draft().extract()
    found = lines_of(world)
    assert len(found) == len(world.agreed())
    for one, key, agreed, reported in world.agreed():
        line = found[one, key]
        assert (line.agreed_volume, line.base_volume) == (agreed, reported)
        assert line.winning_volume == int(agreed * (Decimal(one % 3 + 1) / 2))
    line = found[hospital, supply]
    assert (line.non_winning_volume, line.non_winning_amount) == (50, Decimal(60))
    assert (line.agreed_volume, line.base_volume) == (volume, base)


def test_what_no_line_covers_is_left_out_and_listed(world):
    hospital, supply, *_ = world.agreed()[0]
    own = {row[1] for row in world.agreed() if row[0] == world.members[0].id}
    other = next(row[1] for row in world.agreed() if row[1] not in own)
    with transaction(world.engine) as session:
        world.record(session, hospital, supply, 5, day=date(2027, 12, 1))
        world.record(session, world.members[0].id, other, 7)
        world.record(session, hospital, supply, 9)
        session.execute(update(AgreementTerm).values(ends_on=date(2027, 11, 30)))
    world.draft().extract()
    left = world.read(left_out_of)
    assert {(one.reason, one.lines) for one in left} == {
        ("outside-year", 1),
        ("without-agreement", 1),
    }
    assert all(one.amount > 0 for one in left)
    assert sum(line.winning_volume for line in lines_of(world).values()) == 9


def test_others_of_a_strength_without_a_line_count_for_the_generic(world):
    rows = [row for row in world.agreed()]
    hospital, supply, *_ = rows[0]
    world.spend_on_others(hospital, supply, 30)
    world.draft().extract()
    assert sum(line.non_winning_volume for line in lines_of(world).values()) == 30


def test_what_is_ordered_of_others_on_the_platform_comes_into_the_statement(world):
    hospital = next(one for one in world.hospitals if one.id == world.agreed()[0].hospital_id)
    buy_listed(world.orders, hospital=hospital)
    world.computed()
    with transaction(world.engine) as session:
        rows = session.scalars(
            select(SavingsLine)
            .join(HospitalStatement, HospitalStatement.id == SavingsLine.statement_id)
            .where(HospitalStatement.hospital_id == hospital.id)
        ).all()
        (line,) = [row for row in rows if row.non_winning_volume]
        assert (line.lot, line.strength) == ("L01", "1mg")
        assert (line.non_winning_volume, line.non_winning_amount) == (100, Decimal(199))


def test_an_extract_that_is_killed_goes_on_and_comes_to_the_same(world, monkeypatch):
    world.buy_agreed()
    world.draft()
    run_id = world.start(start_extracting)

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "sum_up", killed)
        with pytest.raises(KeyboardInterrupt):
            world.job(run_id)
    assert world.run(run_id).status == "running"
    with pytest.raises(RunUnderWayError):
        world.start(start_extracting)
    assert world.job(run_id).status == "done"
    first = {key: line.winning_volume for key, line in lines_of(world).items()}
    assert sum(first.values()) == sum(row[2] for row in world.agreed())
    # Done again, it changes nothing.
    assert world.job(run_id).status == "done"
    assert {key: line.winning_volume for key, line in lines_of(world).items()} == first
    facts = json.loads(world.run(run_id).facts)
    assert facts["lines"] == len(world.agreed())
    assert {one["region"] for one in facts["partitions"]} == {"340000"}


def test_an_engine_that_is_not_there_fails_the_run_in_words(world, monkeypatch):
    world.buy_agreed()
    world.draft()

    def refused(*args, **kwargs):
        raise AnalyticsError("DuckDB: an amount is too large")

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "sum_up", refused)
        run = world.job(world.start(start_extracting))
    assert (run.status, run.fault_en) == ("failed", "DuckDB: an amount is too large")
    world.extract()


def test_a_region_that_bought_nothing_has_lines_without_purchases(world):
    world.draft().extract()
    assert all(line.winning_volume == 0 for line in lines_of(world).values())


def test_a_group_is_as_it_was_when_needs_were_reported(world):
    world.draft().extract()
    leads = {line.group_lead_id for line in lines_of(world).values()}
    assert leads == {None, world.lead.id}
