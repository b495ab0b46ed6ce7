"""Progress, time targets and shares: borders, and twins that count one by one."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.orders.fulfilment.rules.progress import (
    Progress,
    TimeTarget,
    decimals,
    gap_points,
    implied_agreed,
    is_behind,
    percent,
    shared_progress,
    time_target,
)
from procurement.orders.fulfilment.rules.use import (
    OTHER,
    UNITS,
    WINNING,
    Used,
    is_above,
    is_below,
    winning_share,
)

FIRST = date(2027, 1, 1)
days = st.integers(0, 1000).map(lambda days: FIRST + timedelta(days=days))


@given(days, st.integers(1, 800), days)
def test_a_time_target_counts_the_days_of_the_term_that_are_not_after_the_day(first, length, day):
    last = first + timedelta(days=length - 1)
    term = [first + timedelta(days=one) for one in range(length)]
    expected = TimeTarget(sum(one <= day for one in term), length)
    assert time_target(first, last, day) == expected


@pytest.mark.parametrize(
    ("received", "behind"), [(24, True), (25, True), (26, False), (0, True), (100, False)]
)
def test_twenty_five_points_behind_is_behind_and_less_is_not(received, behind):
    assert is_behind(Progress(100, received), TimeTarget(1, 2), Decimal(25)) is behind


def test_nothing_agreed_is_neither_behind_nor_completed():
    empty = Progress(0, 50)
    assert gap_points(empty, TimeTarget(1, 2)) is None
    assert not is_behind(empty, TimeTarget(1, 1), Decimal(0))
    assert not empty.is_completed


@given(st.integers(1, 10**18), st.lists(st.integers(0, 10**18), max_size=5))
def test_members_of_a_joint_bid_make_the_progress_of_what_they_sold_together(agreed, bought):
    assert shared_progress(agreed, bought) == Progress(agreed, sum(bought))


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6), st.integers(0, 6))
def test_decimals_round_half_away_from_zero(numerator, denominator, places):
    exact = Fraction(numerator, denominator)
    rounded = Fraction(decimals(exact, places))
    step = Fraction(1, 10**places)
    assert abs(rounded - exact) <= step / 2
    if abs(rounded - exact) == step / 2:
        assert abs(rounded) >= abs(exact)


def test_percent_has_two_decimals_and_nothing_has_none():
    assert percent(Fraction(1, 3)) == Decimal("33.33")
    assert percent(None) is None


@given(st.integers(1, 10**9), st.integers(1, 10**4))
def test_what_is_implied_times_the_completion_is_what_was_bought(received, completion):
    share = Fraction(completion, 100)
    assert implied_agreed(Decimal(received), share) * share == received


def test_a_completion_of_nothing_implies_nothing():
    with pytest.raises(ValueError, match="more than zero"):
        implied_agreed(Decimal(5), Fraction(0))


used = st.builds(
    Used,
    st.sampled_from((WINNING, OTHER, "limited-winning")),
    st.integers(0, 100).map(Fraction),
    st.integers(0, 100).map(Decimal),
    st.sampled_from((None, Fraction(1), Fraction(2))),
    st.sampled_from((None, Fraction(1))),
)


@given(st.lists(used, max_size=8), st.booleans(), st.booleans(), st.sampled_from((UNITS, "amount")))
def test_the_winning_share_counts_unit_by_unit(lines, limited, exempt, measure):
    counted = (WINNING, "limited-winning") if limited else (WINNING,)
    left_out = ("priced-at-most-winner",) if exempt else ()
    drawn = []
    for one in lines:
        is_cheap = None not in (one.unit_price, one.winner_price) and (
            one.unit_price <= one.winner_price
        )
        if exempt and one.kind not in counted and is_cheap:
            continue
        size = one.units if measure == UNITS else one.amount
        drawn += [one.kind in counted] * int(size)
    expected = Fraction(sum(drawn), len(drawn)) if drawn else None
    assert winning_share(lines, measure=measure, counts=counted, exempt=left_out) == expected


def test_the_limits_themselves_are_enough():
    half = Decimal("0.5")
    assert not is_below(Fraction(1, 2), half)
    assert is_below(Fraction(1, 2) - Fraction(1, 10**9), half)
    assert not is_above(Fraction(1, 2), half)
    assert is_above(Fraction(1, 2) - Fraction(1, 10**9), half)
    assert not is_below(None, half)
    assert not is_above(None, half)
