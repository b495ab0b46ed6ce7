"""Cut-off lines of a field: lowest price, anchor price, bands, drawn once from its prices."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bidding.conditions import RATIO_TO_ANCHOR, RATIO_TO_LOWEST, Conditions
from bidding.limit import Limit, higher
from pricing.money import EXACT, exact_sum

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
        line_key: The rule of that condition.
        ratio: Its multiple.
        base: What the multiple is of: the anchor price, or the lowest price.
        zero_volume_below: Under this price a bid wins without volume.
        out_above: Above this price a bid is not selected.
    """

    lowest: Decimal
    anchor: Limit | None
    line: Limit | None
    line_key: str
    ratio: Decimal | None
    base: Limit
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
    spread = Spread.of(prices) if conditions.needs_spread else None
    anchor = _anchor(conditions, prices, spread)
    key, ratio = _gap(conditions, anchor)
    lowest = Limit(prices[0])
    base = anchor if key == RATIO_TO_ANCHOR and anchor is not None else lowest
    band = Spread.of(everyone) if conditions.band_of_all else spread
    below, above = conditions.zero_volume_sds, conditions.out_above_sds
    zero = None if below is None or band is None else band.at(-below)
    out = None if above is None or band is None else band.at(above)
    return CutOffLines(
        lowest=prices[0],
        anchor=anchor,
        line=None if ratio is None else base.times(ratio),
        line_key=key,
        ratio=ratio,
        base=base,
        zero_volume_below=zero,
        out_above=out,
    )


def _gap(conditions: Conditions, anchor: Limit | None) -> tuple[str, Decimal | None]:
    """The rule of the price gap and its multiple.

    Where a document has an anchor that does not apply to the field, its multiple is of the lowest
    price.
    """
    to_anchor, to_lowest = conditions.ratio_to_anchor, conditions.ratio_to_lowest
    if to_anchor is not None and (anchor is not None or to_lowest is None):
        return RATIO_TO_ANCHOR, to_anchor
    return RATIO_TO_LOWEST, to_lowest


def _anchor(
    conditions: Conditions, prices: Sequence[Decimal], spread: Spread | None
) -> Limit | None:
    """The anchor price (锚点价): never under the lowest price."""
    lowest = Limit(prices[0])
    if conditions.share_of_mean is not None:
        mean = Limit(exact_sum(prices), Decimal(len(prices)))
        extreme = conditions.extreme_below
        if extreme is not None and not mean.times(extreme).is_above(prices[0]):
            return None
        return higher(lowest, mean.times(conditions.share_of_mean))
    if conditions.sds_below_mean is not None and spread is not None:
        return higher(lowest, spread.at(-conditions.sds_below_mean))
    return None
