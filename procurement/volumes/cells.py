"""Reading what people type into cells: a value, or what is wrong with it and what was expected."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from procurement.volumes.rules import QUANTITY_MAX, minimal_units

Value = TypeVar("Value")

_GROUPED = re.compile(r"\d{1,3}(,\d{3})+")
_DIGITS = re.compile(r"\d{1,15}")
_WHOLE_DECIMAL = re.compile(r"(\d{1,15})\.0+")
_PACKS = re.compile(r"([\d,]+)\s*[x×*]\s*([\d,]+)", re.I)
_WITH_WORD = re.compile(r"[\d,.\s]+(盒|瓶|箱|件|包)")
_RATIO = re.compile(r"\d{1,6}(\.\d{1,12})?")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Read(Generic[Value]):
    """A cell's value, or its fault; an empty cell has neither."""

    value: Value | None = None
    fault: Fault | None = None


def clean(cell: object) -> str:
    """The text of a cell: full-width digits as plain ones, spaces trimmed, 12.0 as 12.

    Examples:
        >>> clean(" １２００ "), clean(1200.0), clean(None)
        ('1200', '1200', '')
    """
    if cell is None or isinstance(cell, bool):
        return "" if cell is None else str(cell)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return str(int(cell))
    return unicodedata.normalize("NFKC", str(cell)).strip()


def read_quantity(cell: object) -> Read[int]:
    """Read a quantity in minimal units: digits, with thousands separators, or packs × units.

    Examples:
        >>> read_quantity("8,400").value, read_quantity("350×24").value, read_quantity("").value
        (8400, 8400, None)
        >>> fault = read_quantity("350盒").fault
        >>> fault.zh if fault else None
        '“350盒”按盒计：请按最小制剂单位填报，或写作 盒数×每盒数量，如 350×24。'
    """
    text = clean(cell)
    if not text:
        return Read()
    packs = _PACKS.fullmatch(text)
    quantity = _packs(packs) if packs else _whole(text)
    if quantity is None:
        return Read(fault=_quantity_fault(text))
    if quantity > QUANTITY_MAX:
        return Read(fault=Fault("数量过大，请核对。", "The quantity is too large; check it."))
    return Read(quantity)


def _packs(found: re.Match[str]) -> int | None:
    packs, units = _whole(found[1]), _whole(found[2])
    return None if packs is None or units is None else minimal_units(packs, units)


def _whole(text: str) -> int | None:
    # A tablet cannot be halved, so 12.0 is a whole number and 12.5 is none.
    decimal = _WHOLE_DECIMAL.fullmatch(text)
    if decimal:
        return int(decimal[1])
    if _DIGITS.fullmatch(text) or (_GROUPED.fullmatch(text) and len(text) <= 20):
        return int(text.replace(",", ""))
    return None


def _quantity_fault(text: str) -> Fault:
    if _WITH_WORD.fullmatch(text):
        return Fault(
            f"“{text}”按{text[-1]}计：请按最小制剂单位填报，或写作 盒数×每盒数量，如 350×24。",
            f"“{text}” counts packs: report minimal units, or write packs × units, as 350×24.",
        )
    return Fault(
        f"“{_short(text)}”不是不小于 0 的整数。",
        f"“{_short(text)}” is no whole number from 0.",
    )


def read_ratio(cell: object) -> Read[Decimal]:
    """Read a conversion ratio above zero.

    Examples:
        >>> read_ratio("0.5").value
        Decimal('0.5')
        >>> read_ratio("0").fault is None
        False
    """
    text = clean(cell)
    if not text:
        return Read()
    value = Decimal(text) if _RATIO.fullmatch(text) else None
    if not value:
        return Read(
            fault=Fault(
                f"“{_short(text)}”不是大于 0 的小数，如 0.5。",
                f"“{_short(text)}” is no decimal above 0, such as 0.5.",
            )
        )
    return Read(value)


def storable(text: str) -> str:
    r"""A text without what no database keeps: NUL, and halves of characters.

    Examples:
        >>> storable("a\x00b\ud800")
        'ab'
    """
    return "".join(letter for letter in text if letter != "\x00" and not _is_half(letter))


def _is_half(letter: str) -> bool:
    return "\ud800" <= letter <= "\udfff"


def read_text(cell: object, *, length_max: int) -> Read[str]:
    """Read free text up to a length.

    Examples:
        >>> read_text("  改用其他药品 ", length_max=500).value
        '改用其他药品'
    """
    text = clean(cell)
    if len(text) > length_max:
        return Read(fault=Fault(f"最多 {length_max} 个字。", f"At most {length_max} characters."))
    if storable(text) != text:
        return Read(fault=Fault("含有不能保存的字符。", "Has a character that cannot be kept."))
    return Read(text or None)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
