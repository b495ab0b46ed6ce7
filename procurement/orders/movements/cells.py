"""Reading one field of a stock movement: its value, or what is wrong with it; pure."""

import re
from datetime import date, datetime
from decimal import Decimal

from procurement.orders.movements.fields import Field, FieldKind

Value = str | Decimal | date

MOMENT_FORMAT = "%Y-%m-%d %H:%M:%S"
FLOAT_DIGITS_MAX = 15
"""A JSON number with more digits may have lost some before it came here."""

_NUMBER = re.compile(r"(-?)(\d{1,20})(?:\.(\d{1,10}))?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")
_SHOWN_MAX = 40


class CellFaultError(ValueError):
    """What is wrong with a field, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep both texts."""
        super().__init__(en)
        self.zh = zh
        self.en = en


def plain_text(sent: object) -> str:
    """Return what was sent as text, without blanks around it.

    Raises:
        CellFaultError: It is no text and no number, or a number that may have lost digits.

    Examples:
        >>> plain_text(" 1 "), plain_text(12), plain_text(12.5), plain_text(None)
        ('1', '12', '12.5', '')
        >>> plain_text([])
        Traceback (most recent call last):
        ...
        procurement.orders.movements.cells.CellFaultError: Expected a text or a number.
    """
    if sent is None:
        return ""
    if isinstance(sent, str):
        return sent.strip()
    if isinstance(sent, bool) or not isinstance(sent, int | float):
        raise CellFaultError("须为文本或数字。", "Expected a text or a number.")
    text = f"{Decimal(repr(sent)):f}" if isinstance(sent, int) or _is_exact(sent) else ""
    if not text:
        raise CellFaultError(
            "数字位数过多，请以文本发送。", "The number has too many digits: send it as a text."
        )
    return text


def read_field(field: Field, text: str) -> Value | None:
    """Read a field.

    Args:
        field: What it must be.
        text: As sent, without blanks around it.

    Returns:
        Its value; None where it is empty and need not be filled.

    Raises:
        CellFaultError: Something is wrong with it.

    Examples:
        >>> from procurement.orders.movements.fields import layout
        >>> from procurement.orders.movements.kinds import MovementKind
        >>> fields = layout(MovementKind.PURCHASE)
        >>> read_field(fields["finl_trns_pric"], "12.345678"), read_field(fields["memo"], "")
        (Decimal('12.345678'), None)
        >>> read_field(fields["purc_retn_cnt"], "12.34567")
        Traceback (most recent call last):
        ...
        procurement.orders.movements.cells.CellFaultError: “12.34567” is no number (16,4): at most \
12 digits, and 4 decimals.
    """
    if not text:
        if field.is_needed:
            raise CellFaultError("必填。", "Must be filled.")
        return None
    if field.kind is FieldKind.NUMBER:
        return _number(field, text)
    if field.kind is FieldKind.DAY:
        return _day(text)
    if field.kind is FieldKind.MOMENT:
        return _moment(text)
    return _text(field, text)


def day_of(value: Value) -> date:
    """Return the day of a day or of a moment that was read.

    Examples:
        >>> day_of("2026-03-01 08:30:00")
        datetime.date(2026, 3, 1)
    """
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def _is_exact(number: float) -> bool:
    digits = Decimal(repr(number)).normalize().as_tuple() if number == number else None
    return (
        digits is not None
        and isinstance(digits.exponent, int)
        and len(digits.digits) <= FLOAT_DIGITS_MAX
    )


def _text(field: Field, text: str) -> str:
    if len(text) > field.length:
        raise CellFaultError(f"最多 {field.length} 个字符。", f"At most {field.length} characters.")
    if not text.isprintable():
        raise CellFaultError("含有不能保存的字符。", "Has a character that cannot be kept.")
    return text


def _number(field: Field, text: str) -> Decimal:
    whole = field.length - field.decimals
    found = _NUMBER.fullmatch(text) if text.isascii() else None
    if found is not None:
        decimals = (found[3] or "").rstrip("0")
        if len(found[2].lstrip("0")) <= whole and len(decimals) <= field.decimals:
            return Decimal(f"{found[1]}{found[2]}.{decimals or '0'}").normalize() + 0
    raise CellFaultError(
        f"“{_short(text)}”不是数字（{field.length},{field.decimals}）：整数部分最多 {whole} 位，"
        f"小数最多 {field.decimals} 位。",
        f"“{_short(text)}” is no number ({field.length},{field.decimals}): at most {whole} "
        f"digits, and {field.decimals} decimals.",
    )


def _day(text: str) -> date:
    if text.isascii() and _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise CellFaultError(
        f"“{_short(text)}”不是日期，格式为 yyyy-MM-dd。",
        f"“{_short(text)}” is no day: expected yyyy-MM-dd.",
    )


def _moment(text: str) -> str:
    if text.isascii() and _MOMENT.fullmatch(text):
        try:
            # Of China; the interface has no zone, and the text is kept as it came.
            datetime.strptime(text, MOMENT_FORMAT)  # noqa: DTZ007
            return text
        except ValueError:
            pass
    raise CellFaultError(
        f"“{_short(text)}”不是时间，格式为 yyyy-MM-dd HH:mm:ss。",
        f"“{_short(text)}” is no moment: expected yyyy-MM-dd HH:mm:ss.",
    )


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_MAX else f"{text[:_SHOWN_MAX]}…"
