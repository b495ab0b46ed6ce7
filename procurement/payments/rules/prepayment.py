"""How much is prepaid, and how prepaid money is used up by deliveries."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from procurement.errors import RefusedError

CENT = Decimal("0.01")
ZERO = Decimal(0)


class RatioTooLowError(RefusedError):
    """A prepayment is below the least share, or not the one that is fixed, or above the whole."""

    def __init__(self, ratio: Decimal, expected: str) -> None:
        """Keep it and what was expected."""
        super().__init__(
            zh=f"预付比例 {ratio} 不符合规则书：应为 {expected}。",
            en=f"the prepaid share {ratio} is not what the rulebook says: expected {expected}",
        )
        self.ratio = ratio


def check_ratio(ratio: Decimal, *, least: Decimal | None, fixed: Decimal | None) -> None:
    """Let a prepaid share pass, or raise.

    Args:
        ratio: From 0 to 1.
        least: The rule ``prepay.ratio_min``, if there is one.
        fixed: The rule ``prepay.ratio``, if there is one.

    Raises:
        RatioTooLowError: It does not keep the rule, or is not above 0 and at most 1.

    Examples:
        >>> check_ratio(Decimal("0.3"), least=Decimal("0.30"), fixed=None)
    """
    if not 0 < ratio <= 1:
        raise RatioTooLowError(ratio, "0 < … ≤ 1")
    if fixed is not None and ratio != fixed:
        raise RatioTooLowError(ratio, str(fixed))
    if least is not None and ratio < least:
        raise RatioTooLowError(ratio, f"≥ {least}")


def prepaid(agreed_amount: Decimal, ratio: Decimal) -> Decimal:
    """What is prepaid of an agreed amount, half up to the cent.

    Examples:
        >>> prepaid(Decimal(1_000_000), Decimal("0.30"))
        Decimal('300000.00')
    """
    return (agreed_amount * ratio).quantize(CENT, rounding=ROUND_HALF_UP)


def used_up(prepaid_left: Decimal, owed: Sequence[Decimal]) -> list[Decimal]:
    """Share prepaid money among what is owed for deliveries, in order, as far as it goes.

    Examples:
        >>> used_up(Decimal(100), [Decimal(60), Decimal(70), Decimal(5)])
        [Decimal('60'), Decimal('40'), Decimal('0')]
    """
    parts: list[Decimal] = []
    for amount in owed:
        part = max(min(amount, prepaid_left), ZERO)
        prepaid_left -= part
        parts.append(part)
    return parts
