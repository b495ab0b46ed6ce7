"""Progress by everything by which it is summed, against a reading line by line."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from procurement.database import transaction
from procurement.orders.fulfilment.entry import entry_check, entry_of
from procurement.orders.fulfilment.parameters import rules_of
from procurement.orders.fulfilment.progress import (
    hospital_products,
    progress_in_all,
    progress_of,
)
from procurement.orders.fulfilment.scope import By, Scope
from procurement.orders.fulfilment.use import use_of
from tests.procurement.orders.fulfilment.bought import DAY, Bought


@pytest.fixture
def bought(world):
    """A running round with some hundred purchase lines."""
    return Bought(world).write(250, seed=11)


def test_progress_is_what_line_by_line_comes_to(bought):
    with transaction(bought.world.engine) as session:
        first = bought.hospitals(session)[0]
        lot = bought.supplies(session)[0][2]
        maker = bought.supplies(session)[0][0].organisation_id
        for wanted in (
            {},
            {"region": first.region},
            {"hospital_ids": [first.id]},
            {"lot_id": lot.id},
            {"organisation_id": maker},
            {"day": date(2027, 2, 1)},
        ):
            scope = bought.scope(session, **wanted)
            for by in By:
                found = {
                    row.key: (row.progress.agreed, row.progress.received, row.first_received_on)
                    for row in progress_of(session, scope=scope, by=by)
                }
                expected = {
                    key: (one.agreed, one.received, one.first)
                    for key, one in bought.expected(session, by, scope).items()
                }
                assert found == expected, (by, wanted)


def test_the_whole_is_the_sum_of_its_parts(bought):
    with transaction(bought.world.engine) as session:
        scope = bought.scope(session)
        whole = progress_in_all(session, scope=scope).progress
        for by in (By.HOSPITAL, By.PRODUCT, By.GROUP, By.PROVINCE):
            rows = progress_of(session, scope=scope, by=by)
            assert sum(row.progress.agreed for row in rows) == whole.agreed
            assert sum(row.progress.received for row in rows) == whole.received
        cells = hospital_products(session, scope=scope).values()
        assert sum(row.progress.received for row in cells) == whole.received


def test_rows_name_what_they_are_about_and_begin_with_the_least_completed(bought):
    with transaction(bought.world.engine) as session:
        scope = bought.scope(session)
        for by in By:
            rows = progress_of(session, scope=scope, by=by)
            assert all(row.zh and row.en for row in rows), by
            known = [row.progress.completion or Fraction(0) for row in rows if row.progress.agreed]
            assert known == sorted(known)
        names = {row.zh for row in progress_of(session, scope=scope, by=By.PROVINCE)}
        assert names == {"北京", "上海", "安徽"}


def test_a_receipt_raises_progress_and_a_return_lowers_it(world):
    receipt = world.buy(10, "缬沙坦")
    with transaction(world.engine) as session:
        scope = Scope(term=world.term(session), day=world.day, hospital_ids=[world.hospital.id])
        before = progress_in_all(session, scope=scope)
        assert before.progress.received == 100
        assert before.first_received_on == world.day
    world.send_back(receipt, 3)
    with transaction(world.engine) as session:
        scope = Scope(term=world.term(session), day=world.day, hospital_ids=[world.hospital.id])
        after = progress_in_all(session, scope=scope)
        assert after.progress.received == 70
        # 60 of 365 days, the first and the last day of the term counted.
        assert after.target.share == Fraction(60, 365)
        assert after.target_percent == Decimal("16.44")
        assert after.progress.completion is not None
        assert after.gap == after.progress.completion * 100 - Fraction(6000, 365)


def test_use_counts_units_of_the_main_strength_and_money(bought):
    with transaction(bought.world.engine) as session:
        scope = bought.scope(session)
        ratios = {one.id: Fraction(one.strength_ratio) for _, one, _ in bought.supplies(session)}
        lots = {lot.generic_product_id: lot.id for _, _, lot in bought.supplies(session)}
        units: dict[tuple[int | str, bool], Fraction] = {}
        money: dict[tuple[int | str, bool], Decimal] = {}
        for line in bought.lines:
            inside = scope.term.starts_on <= line.received_on <= DAY
            if not inside and not (line.term_id and line.received_on <= DAY):
                continue
            key = line.lot_id or lots[line.generic_product_id], line.is_winning
            ratio = ratios.get(line.lot_strength_id, Fraction(1))
            units[key] = units.get(key, Fraction(0)) + line.quantity * ratio
            money[key] = money.get(key, Decimal(0)) + line.amount
        for row in use_of(session, scope=scope, by=By.PRODUCT):
            assert row.units("winning") == units[row.key, True]
            assert row.units("other") == units[row.key, False]
            assert row.amount("winning") == money[row.key, True]
            whole = units[row.key, True] + units[row.key, False]
            assert row.other_share("units") == Fraction(units[row.key, False]) / whole


def test_use_by_group_is_that_of_its_members(bought):
    with transaction(bought.world.engine) as session:
        scope = bought.scope(session)
        by_hospital = {row.key: row for row in use_of(session, scope=scope, by=By.HOSPITAL)}
        group = {row.key: row for row in use_of(session, scope=scope, by=By.GROUP)}
        lead = bought.world.lead
        own = [by_hospital[one.id] for one in (lead, *bought.world.members)]
        assert group[lead.id].units("winning") == sum(one.units("winning") for one in own)


def test_entry_lists_the_products_that_a_hospital_has_not_taken_in(world):
    world.buy(1, "缬沙坦")
    with transaction(world.engine) as session:
        scope = Scope(term=world.term(session), day=world.day, hospital_ids=[world.hospital.id])
        (row,) = entry_of(session, scope=scope)
        assert (row.products, row.entered) == (3, 1)
        assert len(row.missing) == 2
        assert not any("缬沙坦" in name for name in row.missing)
        check = entry_check(scope, rules_of(session, region="340000", day=world.day))
        assert check.since == date(2027, 3, 1)
        assert check.rule is not None
        assert check.rule.rulebook == "fulfilment-national-2024"
