"""What packs come to: exact, and refused where no row can hold it."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.database import MONEY_MAX
from procurement.orders.purchases.amounts import QUANTITY_MAX, TooMuchError, amounts_of

PRICES = st.decimals(min_value="0.0001", max_value="999999", places=4, allow_nan=False)


@given(
    packs=st.integers(min_value=-(2**64), max_value=2**64),
    pack_units=st.integers(min_value=1, max_value=2**31 - 1),
    pack_price=PRICES,
)
def test_amounts_are_those_of_fractions_or_refused(packs, pack_units, pack_price):
    quantity, amount = packs * pack_units, Fraction(pack_price) * packs
    if abs(quantity) > QUANTITY_MAX or abs(amount) > MONEY_MAX:
        with pytest.raises(TooMuchError):
            amounts_of(packs=packs, pack_units=pack_units, pack_price=pack_price)
        return
    found = amounts_of(packs=packs, pack_units=pack_units, pack_price=pack_price)
    assert (found.quantity, Fraction(found.amount)) == (quantity, amount)
    # Half up: the nearest step of 0.0001 yuan, the upper one where two are as near.
    steps = Fraction(pack_price) / pack_units * 10**4
    assert Fraction(found.unit_price) * 10**4 == (2 * steps + 1) // 2


def test_the_largest_line_fits_and_one_more_does_not():
    price = Decimal("0.0001")
    assert amounts_of(packs=QUANTITY_MAX // 10**3, pack_units=10**3, pack_price=price).quantity > 0
    with pytest.raises(TooMuchError):
        amounts_of(packs=QUANTITY_MAX // 10**3 + 1, pack_units=10**3, pack_price=price)
