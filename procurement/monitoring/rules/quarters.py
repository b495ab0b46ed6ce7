"""Months and quarters of the calendar; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = 12
MONTHS_OF_QUARTER = 3
QUARTERS = 4


def next_month(month: date) -> date:
    """Return the first day of the month after.

    Examples:
        >>> next_month(date(2027, 12, 1))
        datetime.date(2028, 1, 1)
    """
    return date(month.year + month.month // MONTHS, month.month % MONTHS + 1, 1)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a calendar year.

    Examples:
        >>> one = Quarter(2027, 1)
        >>> one.first_day, one.last_day
        (datetime.date(2027, 1, 1), datetime.date(2027, 3, 31))
        >>> one.before, str(one)
        (Quarter(year=2026, number=4), '2027Q1')
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

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"


def quarter_of(day: date) -> Quarter:
    """Return the quarter that a day lies in.

    Examples:
        >>> quarter_of(date(2027, 5, 31))
        Quarter(year=2027, number=2)
    """
    return Quarter(day.year, (day.month - 1) // MONTHS_OF_QUARTER + 1)
