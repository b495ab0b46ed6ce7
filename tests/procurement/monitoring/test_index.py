"""Price indices: what must hold of them whatever was bought, and a brute-force twin."""

from fractions import Fraction
from math import isclose, sqrt

from hypothesis import given
from hypothesis import strategies as st

from procurement.monitoring.rules.index import (
    Bought,
    Link,
    chain,
    half_up,
    link,
    square_root,
)
from procurement.monitoring.rules.movers import movers

bought = st.builds(Bought, st.integers(-5, 10**6), st.integers(-5, 10**9))
priced = st.builds(Bought, st.integers(1, 10**6), st.integers(1, 10**9))
period = st.dictionaries(st.sampled_from("abcdef"), bought, max_size=6)
basket = st.fixed_dictionaries({name: priced for name in "abc"})


def linked(earlier, later) -> Link:
    """The indices of two periods that can be compared."""
    found = link(earlier, later)
    assert found is not None
    return found


def brute(earlier, later):
    """Laspeyres and Paasche by their formulas, without a sum by halves."""
    both = [
        name
        for name in later
        if name in earlier and earlier[name].is_priced and later[name].is_priced
    ]
    if not both:
        return None
    p0, p1 = (
        {name: Fraction(x[name].amount, x[name].quantity) for name in both}
        for x in (earlier, later)
    )
    q0, q1 = ({name: x[name].quantity for name in both} for x in (earlier, later))
    return (
        sum(p1[n] * q0[n] for n in both) / sum(p0[n] * q0[n] for n in both),
        sum(p1[n] * q1[n] for n in both) / sum(p0[n] * q1[n] for n in both),
    )


@given(period, period)
def test_indices_are_those_of_the_formulas(earlier, later):
    found = link(earlier, later)
    assert (None if found is None else (found.laspeyres, found.paasche)) == brute(earlier, later)


@given(basket)
def test_identity_the_same_prices_give_one(one):
    more = {name: Bought(3 * x.quantity, 3 * x.amount) for name, x in one.items()}
    found = linked(one, more)
    assert found.laspeyres == found.paasche == found.fisher == 1


@given(basket, basket)
def test_time_reversal_holds_for_fisher_exactly(one, other):
    forth, back = linked(one, other), linked(other, one)
    assert forth.fisher_squared * back.fisher_squared == 1
    assert forth.laspeyres * back.paasche == 1


@given(basket, basket)
def test_factor_reversal_holds_for_fisher_exactly(one, other):
    def swapped(x):
        # Prices and quantities change places: quantity becomes the price of one.
        return {n: Bought(y.amount, y.amount * y.quantity) for n, y in x.items()}

    prices = linked(one, other).fisher_squared
    before = {n: Fraction(x.amount, x.quantity) for n, x in one.items()}
    after = {n: Fraction(x.amount, x.quantity) for n, x in other.items()}
    quantities = (
        sum(before[n] * other[n].quantity for n in other)
        / sum(before[n] * one[n].quantity for n in one)
        * sum(after[n] * other[n].quantity for n in other)
        / sum(after[n] * one[n].quantity for n in one)
    )
    values = Fraction(sum(x.amount for x in other.values()), sum(x.amount for x in one.values()))
    assert prices * quantities == values**2
    assert swapped(one).keys() == one.keys()


@given(basket, st.integers(1, 50), st.integers(1, 50))
def test_proportionality_all_prices_times_a_factor_give_the_factor(one, top, bottom):
    scaled = {name: Bought(x.quantity * bottom, x.amount * top) for name, x in one.items()}
    found = linked(one, scaled)
    assert found.laspeyres == found.paasche == Fraction(top, bottom)


@given(basket, basket, st.permutations("abc"))
def test_the_order_of_rows_changes_nothing(one, other, order):
    assert linked(one, other) == linked(
        {name: one[name] for name in order}, {name: other[name] for name in reversed(order)}
    )


@given(basket, basket)
def test_units_of_measurement_change_nothing(one, other):
    in_packs = [
        {name: Bought(x.quantity * 14, x.amount) for name, x in some.items()}
        for some in (one, other)
    ]
    found, expected = linked(*in_packs), linked(one, other)
    assert (found.laspeyres, found.paasche) == (expected.laspeyres, expected.paasche)


@given(basket, basket)
def test_the_contributions_of_all_drugs_add_up_to_the_index(one, other):
    assert sum(x.contribution for x in movers(one, other)) == linked(one, other).laspeyres - 1


@given(st.lists(basket, min_size=1, max_size=5))
def test_a_chain_multiplies_its_links(periods):
    points = chain(periods)
    product = Fraction(1)
    for earlier, later, point in zip(periods, periods[1:], points[1:], strict=False):
        product *= linked(earlier, later).laspeyres
        assert point.laspeyres == half_up(product)
    assert points[0].fisher == 1


def test_a_chain_begins_with_the_first_month_that_has_a_price():
    one = {"a": Bought(1, 1)}
    assert [point.fisher for point in chain([{}, {"a": Bought(0, 0)}, one, one])] == [
        None,
        None,
        1,
        1,
    ]


def test_a_month_without_anything_comparable_ends_the_chain():
    one, other = {"a": Bought(1, 1)}, {"b": Bought(1, 1)}
    assert [point.fisher for point in chain([one, other, other])][1:] == [None, None]


@given(st.fractions(0, 10**6))
def test_a_square_root_is_the_nearest_of_its_places(value):
    found = square_root(value)
    assert isclose(float(found), sqrt(value), abs_tol=0.00006, rel_tol=1e-12)
    half = Fraction(1, 20_000)
    assert (Fraction(found) - half) ** 2 <= value or Fraction(found) < half
    assert value < (Fraction(found) + half) ** 2
