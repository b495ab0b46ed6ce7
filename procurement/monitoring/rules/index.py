"""Price indices of Laspeyres, Paasche and Fisher over matched drugs, chained; pure and exact.

A drug is one strength of one manufacturer. Its price in a period is the unit value: the amount by
the quantity, as an exact fraction. Only drugs with a price in both periods are matched. With p
and q of the earlier period 0 and the later period 1, summed over matched drugs:

    Laspeyres  L = Σ p1·q0 / Σ p0·q0
    Paasche    P = Σ p1·q1 / Σ p0·q1
    Fisher     F = √(L·P)

A chain multiplies the indices of neighbouring periods. L and P are fractions; F is kept as its
square, which is one too, and rounded once where it is shown. No source names the formula of the
bureaus: it is this platform's choice, and printed beside every index.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import TypeVar

Drug = TypeVar("Drug", bound=Hashable)

PLACES = 4
"""Decimals of an index that is shown as a ratio: 1.0123 is 101.23."""


@dataclass(frozen=True, slots=True)
class Bought:
    """What was bought of a drug in a period, returns deducted.

    Attributes:
        quantity: Minimal units.
        amount: In 1/10,000 yuan.
    """

    quantity: int
    amount: int

    @property
    def is_priced(self) -> bool:
        """Whether it has a unit value."""
        return self.quantity > 0 and self.amount > 0

    @property
    def price(self) -> Fraction:
        """Unit value in 1/10,000 yuan."""
        return Fraction(self.amount, self.quantity)


@dataclass(frozen=True, slots=True)
class Link:
    """The indices from one period to the next.

    Attributes:
        laspeyres: Exact.
        paasche: Exact.
        matched: How many drugs have a price in both periods.
        share: Their part of the later period's amount, of all drugs with a price.
    """

    laspeyres: Fraction
    paasche: Fraction
    matched: int
    share: Fraction

    @property
    def fisher_squared(self) -> Fraction:
        """The square of Fisher's index."""
        return self.laspeyres * self.paasche

    @property
    def fisher(self) -> Decimal:
        """Fisher's index, half up."""
        return square_root(self.fisher_squared)


Period = Mapping[Drug, Bought]
"""What was bought in a period, by drug."""


def link(earlier: Period[Drug], later: Period[Drug]) -> Link | None:
    """Return the indices from one period to another; None where no drug is in both.

    Args:
        earlier: What was bought in the earlier period.
        later: The same of the later one.

    Examples:
        >>> one = link({"x": Bought(10, 100), "y": Bought(5, 100)},
        ...            {"x": Bought(30, 150), "y": Bought(5, 110)})
        >>> one.laspeyres, one.paasche, one.fisher
        (Fraction(4, 5), Fraction(13, 20), Decimal('0.7211'))
        >>> link({"x": Bought(1, 1)}, {"y": Bought(1, 1)}) is None
        True
    """
    both = [
        (before, after)
        for drug, after in later.items()
        if after.is_priced and (before := earlier.get(drug)) is not None and before.is_priced
    ]
    if not both:
        return None
    spent_before = sum(before.amount for before, _ in both)
    spent_after = sum(after.amount for _, after in both)
    old_basket = _total((after.price * before.quantity for before, after in both))
    new_basket = _total((before.price * after.quantity for before, after in both))
    priced = sum(after.amount for after in later.values() if after.is_priced)
    share = Fraction(spent_after, priced)
    return Link(old_basket / spent_before, spent_after / new_basket, len(both), share)


def _total(terms: object) -> Fraction:
    """Sum fractions by halves: one long sum of growing denominators is far slower."""
    left = list(terms)  # type: ignore[call-overload]
    while len(left) > 1:
        paired = [one + other for one, other in zip(left[::2], left[1::2], strict=False)]
        left = [*paired, *left[len(paired) * 2 :]]
    found: Fraction = left[0]
    return found


@dataclass(frozen=True, slots=True)
class ChainPoint:
    """The chained indices of one period; that of the first with a price is 1.

    Attributes:
        laspeyres: Half up; None before that, and from where nothing could be matched.
        paasche: Likewise.
        fisher: Likewise.
        link: From the period before; None for the first, and where nothing could be matched.
    """

    laspeyres: Decimal | None
    paasche: Decimal | None
    fisher: Decimal | None
    link: Link | None


def chain(periods: Sequence[Period[Drug]]) -> list[ChainPoint]:
    """Chain the indices of successive periods.

    Args:
        periods: In the order of time.

    Examples:
        >>> steady = {"x": Bought(10, 100)}
        >>> [str(point.fisher) for point in chain([steady, {"x": Bought(1, 11)}, steady])]
        ['1.0000', '1.1000', '1.0000']
    """
    first = next(
        (place for place, one in enumerate(periods) if any(x.is_priced for x in one.values())), 0
    )
    points = [ChainPoint(None, None, None, None) for _ in periods[:first]]
    products: tuple[Fraction, Fraction] | None = (Fraction(1), Fraction(1))
    for number, later in enumerate(periods[first:], start=first):
        found = link(periods[number - 1], later) if number > first else None
        if number > first:
            products = (
                None
                if found is None or products is None
                else (products[0] * found.laspeyres, products[1] * found.paasche)
            )
        points.append(_point(products, found))
    return points


def _point(products: tuple[Fraction, Fraction] | None, found: Link | None) -> ChainPoint:
    if products is None:
        return ChainPoint(None, None, None, found)
    laspeyres, paasche = products
    return ChainPoint(half_up(laspeyres), half_up(paasche), square_root(laspeyres * paasche), found)


def half_up(value: Fraction, places: int = PLACES) -> Decimal:
    """Round an exact value half up, away from zero.

    Examples:
        >>> half_up(Fraction(1, 8), 2), half_up(Fraction(-1, 8), 2)
        (Decimal('0.13'), Decimal('-0.13'))
    """
    scale = 10**places
    count = (abs(value.numerator) * scale * 2 + value.denominator) // (value.denominator * 2)
    return Decimal(count if value >= 0 else -count).scaleb(-places)


def square_root(value: Fraction, places: int = PLACES) -> Decimal:
    """Return a square root, half up, without a rounding in between.

    Examples:
        >>> square_root(Fraction(2), 6), square_root(Fraction(9, 4))
        (Decimal('1.414214'), Decimal('1.5000'))
    """
    # The whole part of twice the scaled root says on which side of the half it lies.
    twice = isqrt(value.numerator * (2 * 10**places) ** 2 // value.denominator)
    return Decimal((twice + 1) // 2).scaleb(-places)
