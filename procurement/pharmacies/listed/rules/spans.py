"""Days from one to another, and how a new period takes its place among those that are held."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both ends among them.

    Attributes:
        starts_on: First day.
        ends_on: Last day; None while no end is known.
    """

    starts_on: date
    ends_on: date | None = None

    @property
    def last(self) -> date:
        """Its last day; the last of all days where none is known."""
        return self.ends_on or date.max

    def covers(self, day: date) -> bool:
        """Whether a day is among them."""
        return self.starts_on <= day <= self.last

    def meets(self, other: "Span") -> bool:
        """Whether the two have a day in common.

        Examples:
            >>> old = Span(date(2022, 1, 1), date(2022, 4, 30))
            >>> old.meets(Span(date(2022, 5, 1))), old.meets(Span(date(2022, 4, 30)))
            (False, True)
        """
        return self.starts_on <= other.last and other.starts_on <= self.last


class OverlapError(ValueError):
    """Two periods of one drug have a day in common.

    Attributes:
        new: What was to be added.
        held: What it meets.
    """

    def __init__(self, new: Span, held: Span) -> None:
        """Keep both."""
        super().__init__(f"{new} meets {held}")
        self.new = new
        self.held = held


def place(new: Span, held: Iterable[Span], *, cuts: bool) -> tuple[Span, Span] | None:
    """Say which period ends so that a new one can begin.

    Args:
        new: The new period.
        held: Those of the same drug; no two of them overlap.
        cuts: Whether the new one may end that which covers its first day, if that began before.

    Returns:
        The period that ends, as it was and as it becomes; None where none does.

    Raises:
        OverlapError: It would overlap another one.

    Examples:
        >>> old = Span(date(2021, 7, 1))
        >>> was, becomes = place(Span(date(2022, 5, 1)), [old], cuts=True)
        >>> was == old, becomes.ends_on
        (True, datetime.date(2022, 4, 30))
    """
    met = sorted((one for one in held if one.meets(new)), key=lambda one: one.starts_on)
    if not met:
        return None
    first = met[0]
    if not cuts or first.starts_on >= new.starts_on:
        raise OverlapError(new, first)
    if len(met) > 1:
        raise OverlapError(new, met[1])
    return first, Span(first.starts_on, new.starts_on - DAY)


def first_overlap(spans: Sequence[Span]) -> tuple[int, int] | None:
    """Return the positions of two spans that have a day in common, or None.

    Examples:
        >>> first_overlap([Span(date(2022, 5, 1)), Span(date(2022, 1, 1), date(2022, 5, 1))])
        (0, 1)
    """
    in_order = sorted(range(len(spans)), key=lambda position: spans[position].starts_on)
    for one, other in pairwise(in_order):
        if spans[one].meets(spans[other]):
            return min(one, other), max(one, other)
    return None
