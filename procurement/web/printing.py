"""How pages print amounts, counts and moments, in the visitor's language."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from procurement.china_days import CHINA

_WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def print_money(amount: Decimal | None, language: str) -> str:
    """Print yuan with thousands separators and all its decimals, at least two.

    Examples:
        >>> print_money(Decimal("12345.6"), "zh"), print_money(Decimal("0.0912"), "zh")
        ('12,345.60', '0.0912')
    """
    if amount is None:
        return "—"
    exponent = amount.normalize().as_tuple().exponent
    decimals = max(2, -exponent) if isinstance(exponent, int) else 2
    return f"{amount:,.{decimals}f}"


def print_number(number: int | Decimal | None, language: str) -> str:
    """Print a count with thousands separators.

    Examples:
        >>> print_number(2800000, "en")
        '2,800,000'
    """
    return "—" if number is None else f"{number:,}"


def print_percent(share: Decimal | None, language: str, decimals: int = 1) -> str:
    """Print a share as per cent.

    Examples:
        >>> print_percent(Decimal("0.8"), "zh")
        '80.0%'
    """
    return "—" if share is None else f"{share * 100:.{decimals}f}%"


def print_day(day: date | None, language: str) -> str:
    """Print a day.

    Examples:
        >>> print_day(date(2026, 11, 22), "zh"), print_day(date(2026, 11, 22), "en")
        ('2026年11月22日', '22 Nov 2026')
    """
    if day is None:
        return "—"
    if language == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"


def print_moment(moment: datetime | None, language: str) -> str:
    """Print a moment with its weekday, in Beijing time.

    Examples:
        >>> from datetime import UTC
        >>> moment = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)
        >>> print_moment(moment, "zh")
        '2026年11月22日（星期日）14:05 北京时间'
        >>> print_moment(moment, "en")
        'Sun, 22 Nov 2026, 14:05 Beijing time'
    """
    if moment is None:
        return "—"
    local = moment.astimezone(CHINA)
    # Seconds only where they matter: a deadline at 17:00:00 is 17:00.
    hour = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    if language == "en":
        return f"{_WEEKDAYS_EN[local.weekday()]}, {print_day(local, language)}, {hour} Beijing time"
    return f"{print_day(local, language)}（星期{_WEEKDAYS[local.weekday()]}）{hour} 北京时间"


def print_iso(moment: datetime | None, language: str) -> str:
    """Print a moment for machines: the ``datetime`` attribute of a time element."""
    return "" if moment is None else moment.astimezone(CHINA).isoformat()


FILTERS: Mapping[str, Callable[..., Any]] = {
    "money": print_money,
    "number": print_number,
    "percent": print_percent,
    "day": print_day,
    "moment": print_moment,
    "iso": print_iso,
}
"""Filters of the templates; each takes the value and the language."""
