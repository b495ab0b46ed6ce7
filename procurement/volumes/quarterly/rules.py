"""Quarters, and until when the need of one is reported; pure."""

from datetime import datetime, timedelta

from procurement.china_days import Quarter, first_moment


def due_at(quarter: Quarter, *, day_of_month: int) -> datetime:
    """Return the first moment that is too late to report the need of a quarter in time.

    Args:
        quarter: In which it is needed.
        day_of_month: Last day on which it is reported, in the last month of the quarter before.

    Examples:
        >>> due_at(Quarter(2027, 1), day_of_month=20).isoformat()
        '2026-12-20T16:00:00+00:00'
    """
    month_before = quarter.first_day - timedelta(days=1)
    last = month_before.replace(day=min(day_of_month, month_before.day))
    return first_moment(last + timedelta(days=1))
