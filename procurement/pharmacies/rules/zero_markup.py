"""Zero markup: no dearer than it was bought, nor than the winning price or payment standard."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum


class PriceOutcome(StrEnum):
    """What a check of a sale price finds."""

    IN_ORDER = "in-order"
    ABOVE_LIMIT = "above-limit"
    """Dearer than the winning price or the payment standard."""
    MARKED_UP = "marked-up"
    """Dearer than it was bought."""
    NO_PURCHASE = "no-purchase"
    """Not above the limit; the purchase price is not known."""
    NO_LIMIT = "no-limit"
    """No winning price or payment standard is in force."""


OUTCOME_NAMES: Mapping[PriceOutcome, tuple[str, str]] = {
    PriceOutcome.IN_ORDER: ("符合零差价", "no markup"),
    PriceOutcome.ABOVE_LIMIT: ("高于中选价或支付标准", "above the winning price or standard"),
    PriceOutcome.MARKED_UP: ("高于采购价", "above the purchase price"),
    PriceOutcome.NO_PURCHASE: ("未见采购记录", "purchase price not known"),
    PriceOutcome.NO_LIMIT: ("无有效价格可比", "no price in force to compare"),
}

BAD_OUTCOMES = frozenset({PriceOutcome.ABOVE_LIMIT, PriceOutcome.MARKED_UP})


class PurchaseSource(StrEnum):
    """Where a purchase price comes from."""

    ORDER = "order"
    """The newest accepted order on the platform."""
    STATED = "stated"
    """What the pharmacy states."""
    NONE = "none"
    """Nobody knows it."""


def price_outcome(
    sale: Decimal, *, purchase: Decimal | None, limit: Decimal | None
) -> PriceOutcome:
    """Judge the sale price of a pack; what exceeds the limit is told first.

    Args:
        sale: Yuan per pack.
        purchase: What the pharmacy paid for the same pack; None where nobody knows.
        limit: The winning price, else the payment standard, in force; None where there is none.

    Examples:
        >>> price_outcome(Decimal("8.90"), purchase=Decimal("8.90"), limit=Decimal("8.90")).value
        'in-order'
        >>> price_outcome(Decimal("8.91"), purchase=Decimal("8.90"), limit=Decimal("9.50")).value
        'marked-up'
    """
    if limit is not None and sale > limit:
        return PriceOutcome.ABOVE_LIMIT
    if purchase is not None and sale > purchase:
        return PriceOutcome.MARKED_UP
    if limit is None:
        return PriceOutcome.NO_LIMIT
    return PriceOutcome.IN_ORDER if purchase is not None else PriceOutcome.NO_PURCHASE
