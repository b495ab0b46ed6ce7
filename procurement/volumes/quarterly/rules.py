"""Quarters, and until when the need of one is reported; pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

_BEIJING = timezone(timedelta(hours=8))
_MONTHS = 3


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a year.

    Attributes:
        year: Of the calendar.
        number: 1 to 4.
    """

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter that a day lies in.

        Examples:
            >>> str(Quarter.of(date(2026, 11, 22)))
            '2026Q4'
        """
        return cls(day.year, (day.month - 1) // _MONTHS + 1)

    def __str__(self) -> str:
        """Such as 2026Q4."""
        return f"{self.year}Q{self.number}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, (self.number - 1) * _MONTHS + 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.following.first - timedelta(days=1)

    @property
    def following(self) -> "Quarter":
        """The next one.

        Examples:
            >>> str(Quarter(2026, 4).following)
            '2027Q1'
        """
        return (
            Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)
        )


def due_at(quarter: Quarter, *, day_of_month: int) -> datetime:
    """Return the first moment that is too late to report the need of a quarter in time.

    Args:
        quarter: In which it is needed.
        day_of_month: Last day on which it is reported, in the last month of the quarter before.

    Examples:
        >>> due_at(Quarter(2027, 1), day_of_month=20).isoformat()
        '2026-12-21T00:00:00+08:00'
    """
    month_before = quarter.first - timedelta(days=1)
    last = month_before.replace(day=min(day_of_month, month_before.day))
    return datetime.combine(last + timedelta(days=1), time(0), _BEIJING)
