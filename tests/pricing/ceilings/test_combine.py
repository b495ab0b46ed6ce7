"""Several ceilings, one price."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.ceilings import (
    POLICIES,
    Cause,
    Ceiling,
    Combination,
    Shadow,
    Why,
    combine,
    read_combination,
)
from pricing.faults import ModelFaultsError


def ceiling(kind, exact=None, *, shadow=None, cause=None, name=""):
    price = None if exact is None else Decimal(str(exact)).quantize(Decimal("0.01"))
    why = None if cause is None else Why(cause, "为什么", "why")
    relaxed = None if shadow is None else Shadow("cap", shadow)
    return Ceiling(kind, name or kind, price, exact, shadow=relaxed, why=why)


def combined(ceilings, combination):
    return combine(ceilings, combination)


FUND = ceiling("budget-cumulative", 40.0, shadow=0.5)
WORTH = ceiling("icer", 10.0, shadow=2.0)
ABROAD = ceiling("international-price", 5.0, shadow=1.0)


def test_the_lowest_binds_strictly_and_relaxing_another_brings_nothing():
    found = combined([FUND, WORTH, ABROAD], Combination())
    assert found.price == Decimal("5.00")
    assert found.binding == (False, False, True)
    shadows = [found.shadow([FUND, WORTH, ABROAD], index) for index in range(3)]
    assert shadows == [0.0, 0.0, 1.0]


def test_prices_abroad_only_inform_where_the_fund_binds_and_economics_caps():
    found = combined([FUND, WORTH, ABROAD], Combination("fund-binding-economics-cap"))
    assert found.price == Decimal("10.00")
    assert found.binding == (False, True, False)


def test_the_weighted_geometric_mean_weighs_names_before_kinds():
    named = ceiling("icer", 10.0, name="second")
    weights = (("icer", 1.0), ("second", 3.0), ("budget-cumulative", 1.0))
    found = combined([FUND, WORTH, named], Combination("weighted-geometric-mean", weights))
    assert found.exact == pytest.approx((40 * 10 * 10**3) ** (1 / 5))


def test_the_corridor_reaches_from_the_lowest_to_the_median():
    ceilings = [FUND, WORTH, ABROAD]
    assert combined(ceilings, Combination("expert-corridor", (), 0.0)).price == Decimal("5.00")
    assert combined(ceilings, Combination("expert-corridor", (), 1.0)).price == Decimal("10.00")
    found = combined(ceilings, Combination("expert-corridor", (), 0.5))
    assert found.exact == 7.5
    assert found.corridor == (5.0, 10.0)


@pytest.mark.parametrize("cause", [Cause.NO_VOLUME, Cause.NEVER_FAILS, Cause.ONLY_FROM_BELOW])
def test_a_constraint_that_limits_nothing_leaves_the_price_to_the_others(cause):
    found = combined([ceiling("icer", cause=cause), FUND], Combination())
    assert found.price == Decimal("40.00")


@pytest.mark.parametrize("cause", [Cause.TOO_DEAR_FREE, Cause.NO_VOLUME_FAILS, Cause.CROSSED])
def test_a_constraint_that_no_price_satisfies_leaves_no_price(cause):
    found = combined([ceiling("icer", cause=cause), FUND], Combination())
    assert found.price is None
    assert found.why == ("为什么", "why")


def test_without_any_limit_there_is_no_price():
    assert combined([], Combination()).why[1] == "no constraint limits the price"


exacts = st.lists(st.floats(10, 1000), min_size=1, max_size=5)


@given(exacts, st.floats(0, 1), st.sampled_from(POLICIES), st.data())
def test_the_pulls_are_the_derivatives_of_the_combined_price(values, position, policy, data):
    kinds = ["budget-cumulative", "icer"]
    names = [f"c{number}" for number in range(len(values))]
    weights = tuple((name, data.draw(st.floats(0.1, 5))) for name in names)
    combination = Combination(policy, weights, position)

    def at(changed):
        ceilings = [
            ceiling(kinds[number % 2], value, name=names[number])
            for number, value in enumerate(changed)
        ]
        return combined(ceilings, combination)

    found = at(values)
    assert min(values) * (1 - 1e-9) <= found.exact <= max(values) * (1 + 1e-9)
    gaps = [abs(a - b) for a in values for b in values if a != b]
    for number, pull in enumerate(found.pulls):
        step = values[number] * 1e-6
        if (gaps and min(gaps) < 4 * step) or len(set(values)) < len(values):
            continue
        moved = [value + step * (index == number) for index, value in enumerate(values)]
        slope = (at(moved).exact - found.exact) / step
        assert slope == pytest.approx(pull, rel=1e-3, abs=1e-4)


@pytest.mark.parametrize(
    ("table", "where"),
    [
        ({}, "policy"),
        ({"policy": "average"}, "policy"),
        ({"policy": "expert-corridor"}, "position"),
        ({"policy": "expert-corridor", "position": 2.0}, "position"),
        ({"policy": "weighted-geometric-mean"}, "weights"),
        ({"policy": "weighted-geometric-mean", "weights": {"icer": 0.0}}, "weights.icer"),
        ({"policy": "strict-min", "position": 0.5}, "position"),
    ],
)
def test_a_bad_policy_says_what_is_wrong(table, where):
    with pytest.raises(ModelFaultsError) as caught:
        read_combination(table)
    assert where in {fault.where for fault in caught.value.faults}
