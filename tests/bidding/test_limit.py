"""A limit is an exact quotient: a price on it is on it."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bidding.limit import Limit, higher

THIRD = Limit(Decimal(1), Decimal(3))
NUMBERS = st.decimals("0.0001", 1000, places=4)


def test_a_price_on_the_limit_is_allowed_and_not_under_it():
    limit = Limit(Decimal("0.9"), Decimal(3))
    assert limit.allows(Decimal("0.3"))
    assert not limit.is_above(Decimal("0.3"))


@given(price=NUMBERS, numerator=NUMBERS, denominator=NUMBERS)
def test_comparing_is_comparing_fractions(price, numerator, denominator):
    limit, exact = Limit(numerator, denominator), Fraction(numerator) / Fraction(denominator)
    assert limit.allows(price) == (Fraction(price) <= exact)
    assert limit.is_above(price) == (Fraction(price) < exact)


@given(numerator=NUMBERS, denominator=NUMBERS, factor=NUMBERS)
def test_a_multiple_is_exact(numerator, denominator, factor):
    limit = Limit(numerator, denominator).times(factor)
    exact = Fraction(numerator) * Fraction(factor) / Fraction(denominator)
    assert Fraction(limit.numerator) / Fraction(limit.denominator) == exact


@given(a=NUMBERS, b=NUMBERS, c=NUMBERS, d=NUMBERS)
def test_the_higher_of_two_limits_is_not_under_the_other(a, b, c, d):
    found = higher(Limit(a, b), Limit(c, d))
    exact = max(Fraction(a) / Fraction(b), Fraction(c) / Fraction(d))
    assert Fraction(found.numerator) / Fraction(found.denominator) == exact


def test_a_limit_is_shown_as_a_decimal():
    assert Limit(Decimal("0.3")).shown == Decimal("0.3")
    assert str(THIRD.shown).startswith("0.333333333333333333333333333")
