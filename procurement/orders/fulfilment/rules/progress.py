"""How far an agreed volume is bought, beside how far its time has gone; exact fractions.

Warehoused winning products count (入库). The time target (时间进度) counts the first and the last
day; it is a plain share of the days, as published bulletins compare it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

PERCENT_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Progress:
    """Winning products taken in, against what was agreed.

    Attributes:
        agreed: Minimal units.
        received: Minimal units, less what was returned.

    Examples:
        >>> Progress(1000, 750).completion, Progress(1000, 1200).missing
        (Fraction(3, 4), 0)
        >>> Progress(0, 5).completion is None, Progress(0, 5).is_completed
        (True, False)
    """

    agreed: int
    received: int

    @property
    def completion(self) -> Fraction | None:
        """Their quotient; none where nothing was agreed."""
        return Fraction(self.received, self.agreed) if self.agreed else None

    @property
    def is_completed(self) -> bool:
        """Whether all of it was taken in; an empty agreed volume never is."""
        return 0 < self.agreed <= self.received

    @property
    def missing(self) -> int:
        """Units still to be taken in."""
        return max(self.agreed - self.received, 0)


@dataclass(frozen=True, slots=True)
class TimeTarget:
    """How much of a term is over on a day.

    Attributes:
        elapsed: Days that are over, that day included; 0 before the term.
        days: Days of the term, the first and the last included.
    """

    elapsed: int
    days: int

    @property
    def share(self) -> Fraction:
        """The part of the term that is over."""
        return Fraction(self.elapsed, self.days)


def time_target(starts_on: date, ends_on: date, day: date) -> TimeTarget:
    """How much of a term is over at the end of a day.

    Examples:
        >>> time_target(date(2019, 12, 25), date(2020, 12, 24), date(2020, 6, 30))
        TimeTarget(elapsed=189, days=366)
        >>> time_target(date(2027, 1, 1), date(2027, 12, 31), date(2028, 5, 1)).share
        Fraction(1, 1)
    """
    days = (ends_on - starts_on).days + 1
    return TimeTarget(min(max((day - starts_on).days + 1, 0), days), days)


def gap_points(progress: Progress, target: TimeTarget) -> Fraction | None:
    """Completion less time target, in percentage points: below zero is behind.

    Examples:
        >>> gap_points(Progress(100, 25), TimeTarget(1, 2))
        Fraction(-25, 1)
    """
    completion = progress.completion
    return None if completion is None else (completion - target.share) * 100


def is_behind(progress: Progress, target: TimeTarget, points: Decimal) -> bool:
    """Whether progress lies so many points behind the time target, or more.

    Examples:
        >>> is_behind(Progress(100, 25), TimeTarget(1, 2), Decimal(25))
        True
        >>> is_behind(Progress(100, 26), TimeTarget(1, 2), Decimal(25))
        False
    """
    gap = gap_points(progress, target)
    return gap is not None and -gap >= Fraction(points)


def shared_progress(agreed: int, bought: Iterable[int]) -> Progress:
    """Progress of a volume that the members of a joint bid share (联合体).

    What is bought from any of them counts.

    Examples:
        >>> shared_progress(1000, [300, 450]).completion
        Fraction(3, 4)
    """
    return Progress(agreed, sum(bought))


def implied_agreed(received: Decimal, completion: Fraction) -> Fraction:
    """What must have been agreed where a bulletin prints what was bought and the completion.

    Raises:
        ValueError: The completion is not above zero.

    Examples:
        >>> decimals(implied_agreed(Decimal("7740.04"), Fraction(80, 100)), 2)
        Decimal('9675.05')
    """
    if completion <= 0:
        raise ValueError(f"completion {completion}: expected more than zero")
    return Fraction(received) / completion


def percent(share: Fraction | None) -> Decimal | None:
    """A share in percent, half up to two decimals.

    Examples:
        >>> percent(Fraction(189, 366)), percent(None) is None
        (Decimal('51.64'), True)
    """
    return None if share is None else decimals(share * 100, PERCENT_DECIMALS)


def decimals(exact: Fraction, places: int) -> Decimal:
    """An exact number, half up (away from zero) to some decimals.

    Examples:
        >>> decimals(Fraction(1, 8), 2), decimals(Fraction(-1, 8), 2)
        (Decimal('0.13'), Decimal('-0.13'))
    """
    scaled = abs(exact) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if exact >= 0 else -whole).scaleb(-places)
