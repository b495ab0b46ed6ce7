"""How values are written: amounts, days, moments; what is not known is left out."""

import math
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from procurement.china_days import CHINA
from procurement.publication.ocds.rules.facts import Organisation
from procurement.publication.ocds.rules.json_text import Document, number

CURRENCY = "CNY"
_NUMBERS = (int, Decimal)


def given(**fields: Any) -> Document:  # noqa: ANN401 - of any kind that JSON has
    """Return an object without the fields that are not known: None, and empty lists and texts.

    Examples:
        >>> given(id="1", title="", items=[], value=0, note=None)
        {'id': '1', 'value': 0}
    """
    # Nearly every object of a release has all its fields, and there are thousands of them.
    if all(fields.values()):
        return fields
    empty = [
        name for name, value in fields.items() if not value and not isinstance(value, _NUMBERS)
    ]
    for name in empty:
        del fields[name]
    return fields


def value_of(amount: Decimal | None) -> Document | None:
    """Return an amount of yuan as OCDS writes it; None where there is none.

    Examples:
        >>> value_of(Decimal("0.50"))
        {'amount': Decimal('0.5'), 'currency': 'CNY'}
    """
    return None if amount is None else {"amount": number(amount), "currency": CURRENCY}


@lru_cache(maxsize=4096)
def plain(amount: Decimal) -> str:
    """Return an amount as people write it: without needless zeros.

    Examples:
        >>> plain(Decimal("28.00")), plain(Decimal("0.0910"))
        ('28', '0.091')
    """
    return f"{amount.normalize():f}"


@lru_cache(maxsize=4096)
def moment_of(moment: datetime | None) -> str | None:
    """Return a moment in UTC, to the second or as finely as it is kept.

    Examples:
        >>> moment_of(datetime(2026, 11, 22, 8, tzinfo=CHINA))
        '2026-11-22T00:00:00Z'
    """
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


@lru_cache(maxsize=4096)
def day_of(day: date | None) -> str | None:
    """Return a day in China as the moment at which it begins.

    Examples:
        >>> day_of(date(2026, 11, 22))
        '2026-11-22T00:00:00+08:00'
    """
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=CHINA).isoformat()


@lru_cache(maxsize=4096)
def end_of(day: date | None) -> str | None:
    """Return the last second of a day in China.

    Examples:
        >>> end_of(date(2026, 11, 22))
        '2026-11-22T23:59:59+08:00'
    """
    if day is None:
        return None
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=CHINA).isoformat()


@lru_cache(maxsize=4096)
def finite(price: Decimal, units: int) -> Decimal | None:
    """Return a pack's price for one unit where a decimal says it exactly, else None.

    Examples:
        >>> finite(Decimal("28.00"), 14), finite(Decimal("6.97"), 7)
        (Decimal('2'), None)
    """
    exact = Fraction(price) / units
    rest = exact.denominator
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return None
    places = max(twos, fives)
    return Decimal(exact.numerator * 10**places // exact.denominator).scaleb(-places)


CENT = Decimal("0.01")


def total(parts: Iterable[tuple[Decimal, int, int]]) -> Decimal:
    """Add up volumes at their prices, and round the sum once, half up to the cent.

    Args:
        parts: Price of a pack, minimal units in it, and the volume in minimal units.

    Examples:
        >>> total([(Decimal("6.97"), 7, 100)])
        Decimal('99.57')
    """
    # Packs are of few sizes: parts of one denominator are added up as whole numbers.
    sums: dict[int, int] = {}
    for price, units, volume in parts:
        numerator, denominator = price.as_integer_ratio()
        denominator *= units
        sums[denominator] = sums.get(denominator, 0) + numerator * volume
    cents = 100 * sum((Fraction(top, below) for below, top in sums.items()), Fraction(0))
    return Decimal(math.floor(cents + Fraction(1, 2))) * CENT


@lru_cache(maxsize=4096)
def reference(organisation: Organisation) -> Document:
    """Return how an organisation is named where it is not described; nobody changes it.

    Examples:
        >>> reference(Organisation(7, "甲"))
        {'id': 'jicai-7', 'name': '甲'}
    """
    return {"id": organisation.party_id, "name": organisation.name}
