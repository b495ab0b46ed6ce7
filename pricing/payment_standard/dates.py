"""The days on which a payment standard holds."""

from dataclasses import dataclass
from datetime import date, timedelta

from pricing.faults import Fault, ModelFaultsError


@dataclass(frozen=True, slots=True)
class InForce:
    """First and last day, both included.

    Examples:
        >>> InForce(date(2024, 1, 1), date(2025, 12, 31)).holds_on(date(2026, 1, 1))
        False
    """

    since: date
    until: date

    def holds_on(self, day: date) -> bool:
        """Whether a day lies within."""
        return self.since <= day <= self.until


def in_force_for(starts_on: date, years: int) -> InForce:
    """The days from a first one, for so many years.

    Args:
        starts_on: First day.
        years: Full years, at least one.

    Raises:
        ModelFaultsError: There is no such last day in the calendar.

    Examples:
        >>> in_force_for(date(2024, 1, 1), 2).until.isoformat()
        '2025-12-31'
        >>> in_force_for(date(2024, 2, 29), 2).until.isoformat()
        '2026-02-28'
    """
    if years < 1 or starts_on.year + years > date.max.year:
        en = f"{years} years: expected 1 or more, within the calendar"
        raise ModelFaultsError([Fault("years", f"{years} 年：须为 1 或以上", en)])
    # The 29th of February comes back in leap years only: the years then end with February.
    is_leap_day = (starts_on.month, starts_on.day) == (2, 29)
    first = starts_on + timedelta(days=1) if is_leap_day else starts_on
    return InForce(starts_on, first.replace(year=first.year + years) - timedelta(days=1))
