"""Days as China counts them."""

from datetime import UTC, date, datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
"""One time zone, without summer time."""


def day_of(moment: datetime) -> date:
    """The day in China on which a moment lies.

    Examples:
        >>> day_of(datetime(2027, 3, 1, 16, 30, tzinfo=UTC)).isoformat()
        '2027-03-02'
    """
    return moment.astimezone(CHINA).date()


def first_moment(day: date) -> datetime:
    """Midnight in China with which a day begins, in UTC.

    Examples:
        >>> first_moment(date(2027, 3, 2)).isoformat()
        '2027-03-01T16:00:00+00:00'
    """
    return datetime.combine(day, time(), CHINA).astimezone(UTC)
