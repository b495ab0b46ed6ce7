"""Cut-off lines of a field: lowest price, anchor price, bands, drawn once from its prices."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bidding.conditions import Conditions
from bidding.limit import Limit, higher
from pricing.money import EXACT

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and standard deviation (of the population) of some comparable prices.

    Attributes:
        total: Sum of the prices.
        root: Number of prices × standard deviation.
        count: Number of prices.
    """

    total: Decimal
    root: Decimal
    count: Decimal

    @classmethod
    def of(cls, prices: Sequence[Decimal]) -> "Spread":
        """The spread of one price or more.

        Examples:
            >>> spread = Spread.of([Decimal(1), Decimal(3)])
            >>> spread.at(Decimal(0)).shown, spread.at(Decimal(-1)).shown
            (Decimal('2'), Decimal('1'))
        """
        count = Decimal(len(prices))
        total = squares = _ZERO
        for price in prices:
            total = EXACT.add(total, price)
            squares = EXACT.fma(price, price, squares)
        # n·Σx² − (Σx)² is exact and never negative: no cancellation before the root.
        variance = EXACT.subtract(EXACT.multiply(count, squares), EXACT.multiply(total, total))
        return cls(total, EXACT.sqrt(variance), count)

    def at(self, deviations: Decimal) -> Limit:
        """The mean plus so many standard deviations."""
        return Limit(EXACT.fma(deviations, self.root, self.total), self.count)


@dataclass(frozen=True, slots=True)
class CutOffLines:
    """What the prices of one field make of its conditions.

    Attributes:
        lowest: Lowest comparable price of the places.
        anchor: The anchor price, where the document has one and it applies.
        line: Highest comparable price within the price gap; None without that condition.
        by_anchor: Whether the line is drawn from the anchor price.
        zero_volume_below: Under this price a bid wins without volume.
        out_above: Above this price a bid is not selected.
    """

    lowest: Decimal
    anchor: Limit | None
    line: Limit | None
    by_anchor: bool
    zero_volume_below: Limit | None
    out_above: Limit | None


def draw_lines(
    conditions: Conditions, prices: Sequence[Decimal], everyone: Sequence[Decimal]
) -> CutOffLines:
    """Draw the cut-off lines of a field.

    Args:
        conditions: The conditions of its lot.
        prices: Comparable prices of the places, lowest first, one or more.
        everyone: Comparable prices of all valid bids.
    """
    anchor = _anchor(conditions, prices)
    by_anchor = anchor is not None and conditions.ratio_to_anchor is not None
    zero = out = None
    if conditions.zero_volume_sds is not None or conditions.out_above_sds is not None:
        spread = Spread.of(everyone if conditions.band_of_all else prices)
        below, above = conditions.zero_volume_sds, conditions.out_above_sds
        zero = None if below is None else spread.at(-below)
        out = None if above is None else spread.at(above)
    return CutOffLines(
        lowest=prices[0],
        anchor=anchor,
        line=_line(conditions, prices[0], anchor),
        by_anchor=by_anchor,
        zero_volume_below=zero,
        out_above=out,
    )


def _line(conditions: Conditions, lowest: Decimal, anchor: Limit | None) -> Limit | None:
    if anchor is not None and conditions.ratio_to_anchor is not None:
        return anchor.times(conditions.ratio_to_anchor)
    ratio = conditions.ratio_to_lowest
    if ratio is None and conditions.has_anchor:
        # A document whose anchor does not apply to this field: the lowest price stands for it.
        ratio = conditions.ratio_to_anchor
    return None if ratio is None else Limit(lowest).times(ratio)


def _anchor(conditions: Conditions, prices: Sequence[Decimal]) -> Limit | None:
    """The anchor price (锚点价): never under the lowest price."""
    lowest = Limit(prices[0])
    if conditions.share_of_mean is not None:
        mean = Limit(sum(prices, _ZERO), Decimal(len(prices)))
        extreme = conditions.extreme_below
        if extreme is not None and not mean.times(extreme).is_above(prices[0]):
            return None
        return higher(lowest, mean.times(conditions.share_of_mean))
    if conditions.sds_below_mean is not None:
        return higher(lowest, Spread.of(prices).at(-conditions.sds_below_mean))
    return None
