"""Gaps between prices of the same drug: generic, form, strength and maker are the same; pure.

MON-01 is how a province controlled them: of 17,946 listed drugs 843 stood above the monitoring
price, 477 were adjusted, and the others suspended.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from procurement.monitoring.rules.index import half_up


@dataclass(frozen=True, slots=True)
class PriceRange:
    """The prices of one drug in one period.

    Attributes:
        lowest: Unit price in 1/10,000 yuan.
        highest: Likewise.
        mode: The price of the most purchase lines (众数价); of several the lowest.
        prices: How many different ones.
        hospitals: How many bought it.
    """

    lowest: int
    highest: int
    mode: int
    prices: int
    hospitals: int

    @property
    def ratio(self) -> Fraction:
        """Highest by lowest."""
        return Fraction(self.highest, self.lowest)


def is_gap(found: PriceRange, ratio_min: Decimal | None) -> bool:
    """Tell whether a drug has a gap that is to be listed.

    Args:
        found: Its prices.
        ratio_min: From which ratio on; None where nobody said: then from any difference on.

    Examples:
        >>> one = PriceRange(lowest=100, highest=150, mode=100, prices=2, hospitals=9)
        >>> is_gap(one, Decimal("1.5")), is_gap(one, Decimal("1.6")), is_gap(one, None)
        (True, False, True)
    """
    if ratio_min is None:
        return found.highest > found.lowest
    return found.highest > found.lowest and found.ratio >= Fraction(ratio_min)


@dataclass(frozen=True, slots=True)
class Control:
    """What became of drugs that are listed above a monitoring price.

    Attributes:
        listed: All that were compared.
        above: Those above the monitoring price.
        adjusted: Those of them whose price came down to it.
    """

    listed: int
    above: int
    adjusted: int

    @property
    def left(self) -> int:
        """Those that stay above: to be suspended."""
        return self.above - self.adjusted

    @property
    def adjusted_percent(self) -> Decimal | None:
        """Part that was adjusted, per cent, half up; None where none was above.

        Examples:
            >>> Control(17946, 843, 477).left, Control(17946, 843, 477).adjusted_percent
            (366, Decimal('56.58'))
        """
        if not self.above:
            return None
        return half_up(Fraction(self.adjusted * 100, self.above), 2)
