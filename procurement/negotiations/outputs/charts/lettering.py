"""How wide words are in a picture, and how figures are written in it."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from procurement.negotiations.outputs.said import Reader, Said

_EMS = (
    (" .,:;'|il", 0.28),
    ("()frtIj-", 0.42),
    ("MWmw%@", 0.92),
)


def text_width(text: str, size: float) -> float:
    """An upper estimate of a text's width in pixels, for the usual sans-serif fonts.

    Examples:
        >>> text_width("预算", 12), text_width("ill", 10)
        (24.0, 8.4)
    """
    return round(size * sum(_em(mark) for mark in text), 6)


def _em(mark: str) -> float:
    if unicodedata.east_asian_width(mark) in "WFA":
        return 1.0
    for marks, width in _EMS:
        if mark in marks:
            return width
    return 0.68 if mark.isupper() else 0.56


def shortened(text: str, size: float, room: float) -> str:
    """A text, cut off where it would leave the room.

    Examples:
        >>> shortened("treatment.A.units_a_year", 12, 100)
        'treatment.A.un…'
    """
    if text_width(text, size) <= room:
        return text
    while text and text_width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text}…"


@dataclass(frozen=True, slots=True)
class Scale:
    """The unit in which amounts of money are written beside each other.

    Attributes:
        divisor: Yuan in one of it.
        zh: Its name.
        en: Its name.
    """

    divisor: float
    zh: str
    en: str

    def unit(self, reader: Reader) -> str:
        """Its name."""
        return Said(self.zh, self.en).text(reader)


_SCALES = {
    "zh": ((1e9, Scale(1e8, "亿¤", "")), (1e4, Scale(1e4, "万¤", ""))),
    "en": ((1e10, Scale(1e9, "", "billion ¤")), (1e6, Scale(1e6, "", "million ¤"))),
}
"""By language: from which amount on a unit is used, so that smaller ones beside it keep digits."""

PLAIN = Scale(1, "¤", "¤")


def money_scale(amounts: Sequence[float], reader: Reader) -> Scale:
    """The unit in which these amounts have few digits before the point.

    Examples:
        >>> money_scale([16_636_860, -50], Reader("zh")).unit(Reader("zh"))
        '万元'
        >>> money_scale([16_636_860], Reader("en")).unit(Reader("en"))
        'million yuan'
    """
    largest = max((abs(amount) for amount in amounts), default=0.0)
    scales = _SCALES[reader.language]
    return next((scale for least, scale in scales if largest >= least), PLAIN)


def figure(value: float, decimals: int = 0) -> str:
    """A number with thousands separators and a true minus.

    Examples:
        >>> figure(-1234.5, 1), figure(-0.001, 2)
        ('−1,234.5', '0.00')
    """
    rounded = round(value, decimals) + 0.0
    text = f"{abs(rounded):,.{decimals}f}"
    return f"−{text}" if rounded < 0 else text


def yuan_and_cents(price: float) -> str:
    """A price: with its cents, unless it has none.

    Examples:
        >>> yuan_and_cents(2086.5), yuan_and_cents(28800.0)
        ('2,086.50', '28,800')
    """
    return figure(price, 0 if float(price).is_integer() else 2)


def brief(value: float, digits: int = 4) -> str:
    """A number with so many digits that count, and no more.

    Examples:
        >>> brief(28800.0), brief(0.94618), brief(6275.956), brief(0.0)
        ('28,800', '0.9462', '6,276', '0')
    """
    if value == 0:
        return "0"
    size = len(str(int(abs(value)))) if abs(value) >= 1 else 0
    text = figure(value, max(0, digits - size))
    return text.rstrip("0").rstrip(".") if "." in text else text
