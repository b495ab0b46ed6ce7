"""Days, months and quarters as China counts them: one time zone, without summer time; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
"""UTC+8, in which documents state their days and hours."""

MONTHS = 12
MONTHS_OF_QUARTER = 3
QUARTERS = 4


def day_in_china(moment: datetime) -> date:
    """Return the day that a moment falls on in China.

    Examples:
        >>> day_in_china(datetime(2026, 11, 22, 17, tzinfo=UTC)).isoformat()
        '2026-11-23'
    """
    return moment.astimezone(CHINA).date()


def first_moment(day: date) -> datetime:
    """Return midnight in China with which a day begins, in UTC.

    Examples:
        >>> first_moment(date(2027, 3, 2)).isoformat()
        '2027-03-01T16:00:00+00:00'
    """
    return datetime.combine(day, time(), CHINA).astimezone(UTC)


def first_of_month(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """Return the first day of the month after that of a day.

    Examples:
        >>> next_month(date(2026, 12, 31)).isoformat()
        '2027-01-01'
    """
    return date(month.year + month.month // MONTHS, month.month % MONTHS + 1, 1)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a calendar year.

    Attributes:
        year: Of the calendar.
        number: 1 to 4.

    Examples:
        >>> one = Quarter(2027, 1)
        >>> one.first_day, one.last_day
        (datetime.date(2027, 1, 1), datetime.date(2027, 3, 31))
        >>> str(one.before), str(one), str(one.following)
        ('2026Q4', '2027Q1', '2027Q2')
        >>> [month.month for month in one.months]
        [1, 2, 3]
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        """Refuse what is no quarter."""
        if not 1 <= self.number <= QUARTERS:
            raise ValueError(f"{self.number} is no quarter: expected 1 to 4")

    @property
    def months(self) -> Sequence[date]:
        """The first days of its months."""
        first = (self.number - 1) * MONTHS_OF_QUARTER + 1
        return [date(self.year, first + more, 1) for more in range(MONTHS_OF_QUARTER)]

    @property
    def first_day(self) -> date:
        """Its first day."""
        return self.months[0]

    @property
    def last_day(self) -> date:
        """Its last day."""
        return next_month(self.months[-1]) - timedelta(days=1)

    @property
    def before(self) -> "Quarter":
        """The quarter before."""
        if self.number > 1:
            return Quarter(self.year, self.number - 1)
        return Quarter(self.year - 1, QUARTERS)

    @property
    def following(self) -> "Quarter":
        """The next one."""
        if self.number < QUARTERS:
            return Quarter(self.year, self.number + 1)
        return Quarter(self.year + 1, 1)

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"


def quarter_of(day: date) -> Quarter:
    """Return the quarter that a day lies in.

    Examples:
        >>> quarter_of(date(2027, 5, 31))
        Quarter(year=2027, number=2)
    """
    return Quarter(day.year, (day.month - 1) // MONTHS_OF_QUARTER + 1)
