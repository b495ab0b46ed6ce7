"""The outage rule: failing submissions just before closing move closing and opening, once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

OUTAGE_SECONDS = 60
"""Submissions must have been failing for longer than this in all."""

OUTAGE_WINDOW = timedelta(hours=2)
"""How long before closing failures count."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A stretch of time in which submissions were failing.

    Attributes:
        since: Its beginning.
        until: Its end.
    """

    since: datetime
    until: datetime


def outage_shift(
    failures: Iterable[Failure],
    *,
    closes_at: datetime,
    shift_minutes: int,
    already_shifted: bool,
) -> timedelta | None:
    """Decide by how much the outage rule moves closing and opening.

    Stretches that overlap count once, and only their part within the last two hours before
    closing counts. Their lengths are added up: two failures of 40 seconds are 80 seconds in which
    nobody could submit.

    Args:
        failures: In any order.
        closes_at: The closing moment as it stands.
        shift_minutes: The interval that was published with the round.
        already_shifted: The rule has moved this round before; it does so once.

    Returns:
        The shift, or None where the rule does not apply.

    Examples:
        >>> from datetime import UTC
        >>> closing = datetime(2026, 12, 5, 9, tzinfo=UTC)
        >>> start = datetime(2026, 12, 5, 8, 30, tzinfo=UTC)
        >>> def shift(seconds):
        ...     failed = Failure(start, start + timedelta(seconds=seconds))
        ...     return outage_shift(
        ...         [failed], closes_at=closing, shift_minutes=120, already_shifted=False
        ...     )
        >>> shift(60), shift(61)
        (None, datetime.timedelta(seconds=7200))
    """
    if already_shifted:
        return None
    failing = _length_within(failures, closes_at - OUTAGE_WINDOW, closes_at)
    if failing <= timedelta(seconds=OUTAGE_SECONDS):
        return None
    return timedelta(minutes=shift_minutes)


def _length_within(failures: Iterable[Failure], since: datetime, until: datetime) -> timedelta:
    total, covered = timedelta(0), since
    for failure in sorted(failures, key=lambda failure: failure.since):
        begins, ends = max(failure.since, covered), min(failure.until, until)
        if ends > begins:
            total += ends - begins
            covered = ends
    return total
