"""What came of a check of listed prices against the monitoring price (四同)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class PriceControl:
    """The outcome.

    Attributes:
        suspended: Products above the monitoring price whose price was not adjusted.
        adjusted_percent: Share of those above whose price was; None where none was above.
    """

    suspended: int
    adjusted_percent: Decimal | None


def price_control(*, listed: int, above: int, adjusted: int) -> PriceControl:
    """Count what is suspended: listed above the monitoring price, and not adjusted.

    Raises:
        ValueError: More adjusted than above, or more above than listed.

    Examples:
        >>> price_control(listed=17946, above=843, adjusted=477)
        PriceControl(suspended=366, adjusted_percent=Decimal('56.58'))
    """
    if not 0 <= adjusted <= above <= listed:
        raise ValueError(
            f"adjusted {adjusted}, above {above}, listed {listed}: expected each at most the next"
        )
    if not above:
        return PriceControl(0, None)
    percent = (Decimal(100) * adjusted / above).quantize(HUNDREDTH, rounding=ROUND_HALF_UP)
    return PriceControl(above - adjusted, percent)
