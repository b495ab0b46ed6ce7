"""Cut-off lines of a field: lowest price, mean, anchor price, bands, computed once."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bidding.bid_sheet import Lot
from bidding.contender import Field
from bidding.dosage_form import dosage_form_of
from bidding.rules import RoundRules
from pricing.money import EXACT

RATIO_TO_LOWEST = "selection.ratio_to_lowest"
RATIO_TO_ANCHOR = "selection.ratio_to_anchor"
ABSOLUTE_LOW = "selection.absolute_low"
SHARE_OF_MEAN = "anchor.share_of_mean"
SDS_BELOW_MEAN = "anchor.sds_below_mean"
EXTREME_BELOW = "anchor.extreme_below"
ZERO_VOLUME = "band.zero_volume_below_sds"
OUT_ABOVE = "band.out_above_sds"
_BAND_PRICES = "band.prices"


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and standard deviation (of the population) of some comparable prices, in yuan."""

    mean: Decimal
    deviation: Decimal

    @classmethod
    def of(cls, prices: Sequence[Decimal]) -> "Spread":
        """The spread of one price or more.

        Examples:
            >>> Spread.of([Decimal(1), Decimal(3)])
            Spread(mean=Decimal('2'), deviation=Decimal('1'))
        """
        count = Decimal(len(prices))
        total = Decimal(0)
        squares = Decimal(0)
        for price in prices:
            total = EXACT.add(total, price)
            squares = EXACT.fma(price, price, squares)
        # n·Σx² − (Σx)² is exact and never negative: no cancellation before the root.
        variance = EXACT.subtract(EXACT.multiply(count, squares), EXACT.multiply(total, total))
        return cls(EXACT.divide(total, count), EXACT.divide(EXACT.sqrt(variance), count))

    def at(self, deviations: Decimal) -> Decimal:
        """The mean plus so many standard deviations."""
        return EXACT.fma(deviations, self.deviation, self.mean)


@dataclass(frozen=True, slots=True)
class CutOffLines:
    """What the prices of one field make of the rules.

    Attributes:
        lowest: Lowest shortlisted comparable price.
        anchor: The anchor price, where the document has one.
        line: Highest comparable price that the price-gap condition selects; None without one.
        line_key: The rule of that condition.
        ratio: Its multiple.
        low: Comparable price that suffices for this dosage form.
        zero_volume_below: Under this price a bid wins without volume.
        out_above: Above this price a bid is not selected.
    """

    lowest: Decimal
    anchor: Decimal | None
    line: Decimal | None
    line_key: str
    ratio: Decimal | None
    low: Decimal | None
    zero_volume_below: Decimal | None
    out_above: Decimal | None


def lines_of(field: Field, rules: RoundRules, prices: Sequence[Decimal]) -> CutOffLines:
    """The cut-off lines of a field.

    Args:
        field: Ranked.
        rules: The rules of the round.
        prices: Comparable prices of the places, lowest first, one or more.

    Raises:
        UnknownRuleError: A rule that draws a line is not known.
    """
    lowest = prices[0]
    anchor = _anchor(rules, prices)
    to_anchor = rules.decimal(RATIO_TO_ANCHOR) if anchor is not None else None
    ratio = to_anchor or rules.decimal(RATIO_TO_LOWEST)
    base = anchor if to_anchor is not None and anchor is not None else lowest
    zero, out = _band(field, rules, prices)
    return CutOffLines(
        lowest=lowest,
        anchor=anchor,
        line=None if ratio is None else EXACT.multiply(ratio, base),
        line_key=RATIO_TO_LOWEST if to_anchor is None else RATIO_TO_ANCHOR,
        ratio=ratio,
        low=absolute_low(field.lot, rules),
        zero_volume_below=zero,
        out_above=out,
    )


def _anchor(rules: RoundRules, prices: Sequence[Decimal]) -> Decimal | None:
    """The anchor price (锚点价): never under the lowest price."""
    share = rules.decimal(SHARE_OF_MEAN)
    deviations = rules.decimal(SDS_BELOW_MEAN)
    if share is not None:
        mean = EXACT.divide(sum(prices[1:], prices[0]), Decimal(len(prices)))
        extreme_below = rules.decimal(EXTREME_BELOW)
        if extreme_below is not None and prices[0] >= EXACT.multiply(extreme_below, mean):
            return None
        return max(prices[0], EXACT.multiply(share, mean))
    if deviations is not None:
        return max(prices[0], Spread.of(prices).at(-deviations))
    return None


def _band(
    field: Field, rules: RoundRules, prices: Sequence[Decimal]
) -> tuple[Decimal | None, Decimal | None]:
    zero = rules.decimal(ZERO_VOLUME)
    out = rules.decimal(OUT_ABOVE)
    if zero is None and out is None:
        return None, None
    everyone = rules.word(_BAND_PRICES) == "valid"
    spread = Spread.of([bid.known for bid in field.ranked] if everyone else prices)
    return (
        None if zero is None else spread.at(-zero),
        None if out is None else spread.at(out),
    )


def absolute_low(lot: Lot, rules: RoundRules) -> Decimal | None:
    """The comparable price that suffices by itself, for the lot's dosage form.

    None where the document has no such price for the form, or the form is not known.
    """
    table = rules.table(ABSOLUTE_LOW)
    if table is None:
        return None
    form = dosage_form_of(lot) if "any" not in table else "any"
    low = None if form is None else table.get(form)
    return None if low is None else Decimal(str(low))
