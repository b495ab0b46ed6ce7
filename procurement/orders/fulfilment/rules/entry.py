"""Whether winning products have entered a hospital (进院)."""

from calendar import monthrange
from datetime import date


def checked_from(starts_on: date, month: int) -> date:
    """The first day of a month of a term, the month counted from its start.

    Args:
        starts_on: First day of the term.
        month: From 1; the third month begins when two are over.

    Examples:
        >>> checked_from(date(2027, 1, 15), 3).isoformat()
        '2027-03-15'
        >>> checked_from(date(2027, 12, 31), 3).isoformat()
        '2028-02-29'
    """
    place = starts_on.year * 12 + starts_on.month - 1 + month - 1
    year, number = place // 12, place % 12 + 1
    return date(year, number, min(starts_on.day, monthrange(year, number)[1]))


def has_entered(first_received_on: date | None, day: date) -> bool:
    """Whether a product had been taken in by a day.

    Examples:
        >>> has_entered(None, date(2027, 3, 1)), has_entered(date(2027, 3, 1), date(2027, 3, 1))
        (False, True)
    """
    return first_received_on is not None and first_received_on <= day
