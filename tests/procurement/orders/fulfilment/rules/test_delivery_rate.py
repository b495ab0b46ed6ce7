"""Delivery rates and flags: the published series, borders, and slow twins."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.orders.fulfilment.rules.delivery_rate import (
    MEASURES,
    Month,
    OrderedLine,
    delivered_of,
    flagged_months,
)

SERIES = [Decimal(one) for one in ("0.91", "0.89", "0.88", "0.87")]


def test_qinghai_flags_the_fourth_month_and_hainan_none():
    assert flagged_months(SERIES, rate_min=Decimal("0.90"), months_in_row=3) == (4,)
    assert flagged_months(SERIES, rate_min=Decimal("0.70"), months_in_row=1) == ()


def test_the_limit_itself_is_enough_and_a_month_without_orders_ends_a_row():
    low, limit = Decimal("0.5"), Decimal("0.9")
    assert flagged_months([limit, limit], rate_min=limit, months_in_row=1) == ()
    assert flagged_months([low, None, low, low], rate_min=limit, months_in_row=2) == (4,)


@given(
    st.lists(st.one_of(st.none(), st.integers(0, 10).map(lambda one: Fraction(one, 10)))),
    st.integers(1, 4),
)
def test_a_month_is_flagged_where_it_and_those_before_it_are_all_too_low(rates, row):
    limit = Decimal("0.5")
    expected = tuple(
        month
        for month in range(row, len(rates) + 1)
        if all(one is not None and one < limit for one in rates[month - row : month])
    )
    assert flagged_months(rates, rate_min=limit, months_in_row=row) == expected


@st.composite
def ordered_lines(draw):
    packs = draw(st.integers(0, 20))
    delivered = draw(st.integers(0, packs))
    return OrderedLine(
        order=draw(st.integers(1, 4)),
        packs=packs,
        delivered=delivered,
        in_time=draw(st.integers(0, delivered)),
    )


@given(st.lists(ordered_lines(), max_size=10), st.sampled_from(MEASURES))
def test_rates_count_pack_by_pack_or_order_by_order(lines, measure):
    done = {one: one.in_time if "in-time" in measure else one.delivered for one in lines}
    if measure.startswith("packs"):
        drawn = [pack < done[one] for one in lines for pack in range(one.packs)]
    else:
        orders = {one.order for one in lines if one.packs}
        drawn = [
            all(done[one] == one.packs for one in lines if one.order == order) for order in orders
        ]
    expected = Fraction(sum(drawn), len(drawn)) if drawn else None
    assert delivered_of(lines).rate(measure) == expected


@pytest.mark.parametrize(
    ("month", "back", "before"),
    [
        (Month(2027, 1), 1, "2026-12"),
        (Month(2027, 1), -12, "2028-01"),
        (Month(2027, 5), 0, "2027-05"),
    ],
)
def test_months_go_back_over_years(month, back, before):
    assert str(month.before(back)) == before


def test_a_month_begins_at_midnight_in_china():
    begins, ends = Month(2027, 3).moments
    assert begins.isoformat() == "2027-02-28T16:00:00+00:00"
    assert ends.isoformat() == "2027-03-31T16:00:00+00:00"
    assert Month(2028, 2).last.day == 29
