"""Procurement years: the days on which goods count."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

_YEAR = re.compile(r"(19|20|21)\d\d")
_SPAN = re.compile(r"(\d{4}-\d\d-\d\d)\s*(?:\.\.|/|~|至|—|–)\s*(\d{4}-\d\d-\d\d)")


@dataclass(frozen=True, slots=True)
class Year:
    """A procurement year, first and last day included."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.ends_on - self.starts_on).days + 1

    @property
    def next_day(self) -> date:
        """The day after its last."""
        return self.ends_on + timedelta(days=1)


def parse_year(raw: object) -> Year | None:
    """The days of a procurement year as ``scheme.toml`` gives it; None where it is only a name.

    Args:
        raw: A calendar year, or its first and last day.

    Raises:
        ValueError: It is nothing of the kind.

    Examples:
        >>> parse_year(2024).starts_on.isoformat()
        '2024-01-01'
        >>> parse_year("2022-11-30..2023-11-29").days
        365
        >>> parse_year("第二年") is None
        True
    """
    if isinstance(raw, bool) or not isinstance(raw, int | str | dict):
        raise ValueError("expected a year like 2024, or days like 2023-11-30..2024-11-29")
    if isinstance(raw, dict):
        return year_of(raw.get("starts_on"), raw.get("ends_on"))
    text = str(raw).strip()
    if not text:
        raise ValueError("expected a year like 2024, or days like 2023-11-30..2024-11-29")
    if _YEAR.fullmatch(text):
        return Year(date(int(text), 1, 1), date(int(text), 12, 31))
    match = _SPAN.fullmatch(text)
    return year_of(match[1], match[2]) if match else None


def year_of(starts_on: object, ends_on: object) -> Year:
    """The year from its first to its last day.

    Raises:
        ValueError: One of them is no day, or they stand in the wrong order.
    """
    year = Year(_day("starts_on", starts_on), _day("ends_on", ends_on))
    if year.days < 1 or year.ends_on.year > 2999:
        raise ValueError(f"ends_on {year.ends_on} is before starts_on {year.starts_on}")
    return year


def breaks_of(years: Iterable[Year]) -> list[date]:
    """All days on which a year begins, or on which one has ended, in order.

    Between two of them every day belongs to the same years.
    """
    return sorted({day for year in years for day in (year.starts_on, year.next_day)})


def _day(name: str, raw: object) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    if isinstance(raw, str):
        try:
            return date.fromisoformat(raw)
        except ValueError:
            pass
    raise ValueError(f"{name}: expected a day like 2024-12-31")
