"""A pool of its own pays a rare-disease drug in every year at its highest price, and not above."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pricing.faults import ModelFaultsError
from pricing.money import CENT
from pricing.payment_standard import PoolRules, highest_pool_price, pool_rules, pool_years
from pricing.stated_rules import RuleNotStatedError, StatedRules

BOOK = "negotiation-rare-disease-jiangsu-2022"


def pool(ratio="1", carries_over=True):
    return PoolRules(Decimal(ratio), carries_over, ())


def test_what_the_pool_pays_is_unknown_unless_an_option_says_it():
    with pytest.raises(RuleNotStatedError, match=r"pool\.payment_ratio"):
        pool_rules(StatedRules.of(BOOK))
    with pytest.raises(RuleNotStatedError, match=r"pool\.carries_over"):
        pool_rules(StatedRules.of(BOOK, {"pool.payment_ratio": "0.9"}))
    given_all = {"pool.payment_ratio": "0.9", "pool.carries_over": False}
    rules = pool_rules(StatedRules.of(BOOK, given_all))
    assert (rules.payment_ratio, rules.carries_over) == (Decimal("0.9"), False)
    assert "pool.own" in rules.clauses


def test_what_is_left_is_carried_over_where_the_rules_say_so():
    units, money = [Decimal(1), Decimal(3)], [Decimal(100), Decimal(100)]
    assert highest_pool_price(units, money, pool()) == Decimal("50.00")
    assert highest_pool_price(units, money, pool(carries_over=False)) == Decimal("33.33")
    balances = [year.balance for year in pool_years(Decimal(50), units, money, pool())]
    assert balances == [50, 0]
    apart = pool_years(Decimal(30), units, money, pool(carries_over=False))
    assert [year.balance for year in apart] == [70, 10]


AMOUNT = st.decimals(min_value=0, max_value=10_000, places=1)
YEARS = st.lists(st.tuples(AMOUNT, AMOUNT), min_size=1, max_size=5)


@given(YEARS, st.sampled_from(["1", "0.7", "0.333"]), st.booleans())
def test_the_highest_price_suffices_in_every_year_and_a_cent_more_does_not(years, ratio, carries):
    units, money = [list(part) for part in zip(*years, strict=True)]
    rules = pool(ratio, carries)
    assume(any(units))
    price = highest_pool_price(units, money, rules)

    def suffices(at):
        carried = Decimal(0)
        for used, contribution in years:
            left = contribution + (carried if carries else 0) - used * at * Decimal(ratio)
            if left < 0 and used > 0:
                return False
            carried = left
        return True

    assert suffices(price)
    assert not suffices(price + CENT)
    run = pool_years(price, units, money, rules)
    assert all(year.available - year.spend == year.balance for year in run)
    assert all(year.balance >= 0 for year in run)


@pytest.mark.parametrize(
    ("units", "money", "ratio", "where"),
    [
        ([], [], "1", "contributions"),
        ([1], [1, 2], "1", "contributions"),
        ([-1], [1], "1", "units[1]"),
        ([1], [-1], "1", "contributions[1]"),
        ([0], [1], "1", "units"),
        ([5], [1], "0", "units"),
    ],
)
def test_a_pool_that_bounds_no_price_is_refused(units, money, ratio, where):
    with pytest.raises(ModelFaultsError) as refusal:
        highest_pool_price(list(map(Decimal, units)), list(map(Decimal, money)), pool(ratio))
    assert refusal.value.faults[0].where == where
