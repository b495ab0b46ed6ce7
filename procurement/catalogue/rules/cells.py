"""Reading single cells: words, whole numbers, days. Each gives a value or says what is wrong."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from procurement.catalogue.rules.columns import YES_NO, Pair
from procurement.catalogue.rules.wrong import Wrong

Word = TypeVar("Word", bound=StrEnum)

PACK_UNITS_MAX = 1_000_000
"""More units than any pack of the market holds; a larger number is a slip."""

_WHOLE = re.compile(r"(\d{1,12})(?:\.0+)?")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def plain_text(raw: str) -> str:
    """Take away blanks around a text, and write each run of blanks within as one.

    Examples:
        >>> plain_text("  阿那曲唑　片 ")
        '阿那曲唑 片'
    """
    return " ".join(raw.split())


def read_word(raw: str, words: Mapping[Word, Pair], default: Word) -> Word | Wrong:
    """Read one of a list of words, in either language or as its value; empty is the default.

    Examples:
        >>> from procurement.catalogue.kinds import ProductStatus
        >>> from procurement.catalogue.rules.columns import STATUS_WORDS
        >>> read_word("暂停", STATUS_WORDS, ProductStatus.ACTIVE)
        <ProductStatus.SUSPENDED: 'suspended'>
    """
    plain = plain_text(raw).lower()
    if not plain:
        return default
    for word, (zh, en) in words.items():
        if plain in (zh, en.lower(), word.value):
            return word
    chinese = "、".join(zh for zh, _ in words.values())
    english = ", ".join(en for _, en in words.values())
    return Wrong(
        f"“{plain}”不在可选值内：应为{chinese}之一。",
        f"“{plain}” is none of the words expected: {english}.",
    )


def read_flag(raw: str) -> bool | Wrong:
    """Read yes or no; empty is no.

    Examples:
        >>> read_flag("是"), read_flag(""), read_flag("1")
        (True, False, True)
    """
    plain = plain_text(raw).lower()
    if plain in ("", "0", "false", *YES_NO[False]):
        return False
    if plain in ("1", "true", *YES_NO[True]):
        return True
    return Wrong(f"“{plain}”：应为“是”或“否”。", f"“{plain}”: expected yes or no.")


def read_pack_units(raw: str) -> int | Wrong:
    """Read how many minimal units a pack holds: a whole number from 1.

    Examples:
        >>> read_pack_units("14.0")
        14
        >>> print(read_pack_units("1.5").en)
        “1.5”: expected a whole number from 1 to 1,000,000.
    """
    plain = unicodedata.normalize("NFKC", raw).strip().replace(",", "")
    match = _WHOLE.fullmatch(plain)
    if match is not None and 1 <= int(match[1]) <= PACK_UNITS_MAX:
        return int(match[1])
    return Wrong(
        f"“{plain}”：应为 1 至 {PACK_UNITS_MAX:,} 的整数。",
        f"“{plain}”: expected a whole number from 1 to {PACK_UNITS_MAX:,}.",
    )


def read_day(raw: str) -> date | Wrong | None:
    """Read a day such as 2026-11-22, 2026/11/22 or 2026年11月22日; empty is None.

    Examples:
        >>> read_day("2026年11月2日")
        datetime.date(2026, 11, 2)
        >>> print(read_day("2026-02-30").en)
        “2026-02-30” is no day: expected one like 2026-11-22.
    """
    plain = unicodedata.normalize("NFKC", raw).strip()
    if not plain:
        return None
    match = _DAY.fullmatch(plain)
    try:
        if match is None:
            raise ValueError(plain)
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return Wrong(
            f"“{plain}”不是日期：应形如 2026-11-22。",
            f"“{plain}” is no day: expected one like 2026-11-22.",
        )


def read_number_cell(number: float) -> str | Wrong:
    """Turn a number of a spreadsheet into the decimal that its author typed.

    Spreadsheets keep binary floats; the shortest decimal that gives the same float is what was
    typed. More than four decimals cannot have been meant anywhere in this file.

    Examples:
        >>> read_number_cell(14.0), read_number_cell(0.1)
        ('14', '0.1')
        >>> print(read_number_cell(0.12345).en)
        0.12345: at most 4 decimals.
    """
    exact = Decimal(str(number))
    if not exact.is_finite():
        return Wrong(f"{number}：不是数字。", f"{number}: no number.")
    exponent = exact.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < -4:
        return Wrong(f"{exact:f}：最多 4 位小数。", f"{exact:f}: at most 4 decimals.")
    return f"{exact.to_integral_value():f}" if exact == exact.to_integral_value() else f"{exact:f}"
