"""Receivable days: weighted by amount, bands add up, and a slow twin agrees."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from procurement.payments.reading.receivable_days import BANDS, Piece, band_of, waiting_of

START = date(2026, 1, 1)
SINCE, UNTIL = date(2026, 6, 1), date(2026, 12, 31)

pieces = st.lists(
    st.builds(
        lambda accepted, wait, amount: Piece(
            START + timedelta(days=accepted),
            None if wait is None else START + timedelta(days=accepted + wait),
            Decimal(amount) / 100,
        ),
        st.integers(0, 400),
        st.none() | st.integers(0, 300),
        st.integers(-(10**6), 10**8),
    ),
    max_size=30,
)


def mean(parts):
    """Every cent by itself, as a person would count."""
    amount = sum((part[1] for part in parts), Decimal(0))
    if amount <= 0:
        return None
    weighted = sum((days * one for days, one in parts), Decimal(0))
    return (weighted / amount).quantize(Decimal("0.1"), ROUND_HALF_UP)


@given(pieces)
def test_a_slow_twin_agrees_and_the_bands_add_up(found):
    waiting = waiting_of(found, since=SINCE, until=UNTIL)
    known = [one for one in found if one.accepted_on <= UNTIL]
    paid = [
        ((one.paid_on - one.accepted_on).days, one.amount)
        for one in known
        if one.paid_on is not None and SINCE <= one.paid_on <= UNTIL
    ]
    still = [
        ((UNTIL - one.accepted_on).days, one.amount)
        for one in known
        if one.paid_on is None or one.paid_on > UNTIL
    ]
    assert waiting.paid == sum((amount for _, amount in paid), Decimal(0))
    assert waiting.open == sum(waiting.bands) == sum((amount for _, amount in still), Decimal(0))
    assert (waiting.paid_days, waiting.open_days) == (mean(paid), mean(still))
    owed = [days for days, amount in still if amount > 0]
    assert waiting.oldest == (max(owed) if owed else None)


def test_the_order_of_the_pieces_does_not_matter():
    found = [Piece(START, None, Decimal(3)), Piece(START, START, Decimal(5))]
    assert waiting_of(found, since=SINCE, until=UNTIL) == waiting_of(
        found[::-1], since=SINCE, until=UNTIL
    )


def test_each_band_ends_with_its_last_day():
    assert [band_of(last) for last in BANDS] == [0, 1, 2, 3]
    assert [band_of(last + 1) for last in BANDS] == [1, 2, 3, 4]


def test_goods_that_were_sent_back_weigh_nothing():
    back = [Piece(START, None, Decimal(10)), Piece(START, None, Decimal(-10))]
    waiting = waiting_of(back, since=SINCE, until=UNTIL)
    assert (waiting.open, waiting.open_days) == (Decimal(0), None)
