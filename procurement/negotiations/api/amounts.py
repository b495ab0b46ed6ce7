"""Decimals as the interface of negotiations takes and gives them: plain text, never floats."""

from decimal import Decimal, InvalidOperation

from procurement.errors import FieldFault, InvalidInputError

_LENGTH_MAX = 20


def amount_from(text: str | None, *, field: str) -> Decimal | None:
    """Read a decimal.

    Raises:
        InvalidInputError: It is none.

    Examples:
        >>> amount_from("12.50", field="price")
        Decimal('12.50')
        >>> amount_from("1e9", field="price")
        Traceback (most recent call last):
        ...
        procurement.errors.InvalidInputError: price: Expected an amount.
    """
    if text is None:
        return None
    try:
        is_plain = text.isascii() and "e" not in text.lower() and len(text) <= _LENGTH_MAX
        amount = Decimal(text) if is_plain else None
    except InvalidOperation:
        amount = None
    if amount is None or not amount.is_finite():
        raise InvalidInputError([FieldFault(field, "须为金额。", "Expected an amount.")])
    return amount


def amount_text(amount: Decimal) -> str:
    """Write a decimal without an exponent and without zeros at its end.

    Examples:
        >>> amount_text(Decimal("120.00"))
        '120'
    """
    return f"{amount.normalize():f}"
