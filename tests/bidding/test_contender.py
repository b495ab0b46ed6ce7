"""A contender knows its place, its rank key and the highest price it may still declare."""

from decimal import Decimal

import pytest

from bidding.limit import Limit
from bidding.report import Status, Step
from pricing.money import UnitPrice
from tests.bidding.sheets import bid, contenders, field_of, lot


def contender(entered, ceiling=None, rulebook="national-4"):
    return contenders(field_of(rulebook, [entered], lot(ceiling)))[entered.bid]


def test_the_highest_price_at_a_limit_rounds_to_the_limit():
    found = contender(bid("A", "2"))
    assert found.price_at(Limit(Decimal("1.5"))).pack_price == Decimal("1.500049")


def test_the_highest_price_is_never_above_the_ceiling():
    found = contender(bid("A", "2", units=7), "0.333")
    assert found.price_at(Limit(Decimal(9))).pack_price == Decimal("2.33")
    assert found.highest_valid == UnitPrice(Decimal("2.33"), 7)


def test_without_a_ceiling_there_is_no_highest_valid_price():
    assert contender(bid("A", "2")).highest_valid is None


def test_a_unit_price_becomes_the_highest_pack_price_within_it():
    assert contender(bid("A", "2", units=7)).price_of(Decimal("0.3")).pack_price == Decimal("2.10")


def test_a_bid_of_unknown_price_is_offered_prices_by_unit():
    found = contender(bid("A", None), "3")
    assert found.price_at(Limit(Decimal(1))).pack_units == 1
    assert found.highest_valid == UnitPrice(Decimal(3))


def test_the_comparable_price_of_an_unknown_price_is_not_to_be_asked_for():
    with pytest.raises(ValueError, match="A: its price is not known"):
        assert contender(bid("A", None)).known


def test_a_decision_keeps_the_step_that_made_it():
    found, step = contender(bid("A", "1")), Step("tied", "ranking.tie_breaks", "A", {})
    assert found.decide(Status.TIED, step) is step
    assert (found.status, found.decided_by) == (Status.TIED, step)


def test_the_shortlist_of_a_field_keeps_the_order_of_ranks():
    entered = [bid("A", "3"), bid("B", "1"), bid("C", "2")]
    field = field_of("national-4", entered)
    for name in "AB":
        contenders(field)[name].shortlisted = True
    assert [one.name for one in field.shortlist] == ["B", "A"]


def test_a_recorded_step_belongs_to_the_field():
    field = field_of("national-4", [bid("A", "1")])
    step = field.record("withdrawn", "answers.withdraw", "A", price=Decimal(1))
    assert field.steps[-1] is step
    assert step.numbers == {"price": Decimal(1)}
