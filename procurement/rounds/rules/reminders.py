"""Who is to be reminded of which date, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from procurement.rounds.rules.timetable import Timetable
from procurement.rounds.status import RoundStatus


class Addressee(StrEnum):
    """Who is reminded; later stages turn it into organisations."""

    HOSPITALS = "hospitals"
    """Reporters of the round's regions that have not submitted their volumes."""
    MANUFACTURERS = "manufacturers"
    """Every manufacturer, whether it has bid or not: a reminder must not tell who has."""
    KEYHOLDERS = "keyholders"
    BUREAU = "bureau"
    """The lead bureau."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that is due.

    Attributes:
        addressee: Whom it goes to.
        date: Name of the date in `Timetable` that it is about.
        date_at: That date.
        due_at: When it is to be sent.
    """

    addressee: Addressee
    date: str
    date_at: datetime
    due_at: datetime

    @property
    def key(self) -> str:
        """Distinguishes it within its round; a date that moves brings new reminders.

        Examples:
            >>> from datetime import UTC
            >>> at = datetime(2026, 12, 5, 9, tzinfo=UTC)
            >>> Reminder(Addressee.BUREAU, "opens_at", at, at - timedelta(hours=1)).key
            'bureau opens_at 2026-12-05T09:00:00+00:00 3600'
        """
        ahead = int((self.date_at - self.due_at).total_seconds())
        return f"{self.addressee} {self.date} {self.date_at.isoformat()} {ahead}"


_S = RoundStatus
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)

_AHEAD: tuple[tuple[RoundStatus, str, Addressee, tuple[timedelta, ...]], ...] = (
    (_S.VOLUME_REPORTING, "volume_closes_at", Addressee.HOSPITALS, (7 * _DAY, _DAY)),
    (_S.VOLUME_REPORTING, "volume_closes_at", Addressee.BUREAU, (_DAY,)),
    # Where the comments follow on the reporting, its window goes on.
    (_S.COMMENTS, "volume_closes_at", Addressee.HOSPITALS, (7 * _DAY, _DAY)),
    (_S.COMMENTS, "comments_close_at", Addressee.MANUFACTURERS, (3 * _DAY,)),
    (_S.COMMENTS, "comments_close_at", Addressee.BUREAU, (_DAY,)),
    (_S.PUBLISHED, "bidding_opens_at", Addressee.MANUFACTURERS, (_DAY,)),
    (_S.BIDDING, "closes_at", Addressee.MANUFACTURERS, (3 * _DAY, _DAY, 2 * _HOUR)),
    (_S.BIDDING, "opens_at", Addressee.KEYHOLDERS, (3 * _DAY, _DAY)),
    (_S.CLOSED, "opens_at", Addressee.KEYHOLDERS, (_HOUR,)),
    (_S.CLOSED, "opens_at", Addressee.BUREAU, (_HOUR,)),
)
"""How long ahead of a date whom: a choice of this platform, no document states it."""


def reminders_between(
    status: RoundStatus, timetable: Timetable, *, since: datetime, until: datetime
) -> Sequence[Reminder]:
    """Find the reminders that became due after `since`, up to and including `until`.

    Args:
        status: Where the round stands.
        timetable: Its dates.
        since: When reminders were sent last.
        until: The present moment.

    Returns:
        By the moment at which they were due. One whose date is past by now is left out.

    Examples:
        >>> from datetime import UTC
        >>> dates = Timetable(closes_at=datetime(2026, 12, 5, 9, tzinfo=UTC))
        >>> due = reminders_between(
        ...     RoundStatus.BIDDING, dates,
        ...     since=datetime(2026, 12, 4, tzinfo=UTC), until=datetime(2026, 12, 5, tzinfo=UTC),
        ... )
        >>> [(reminder.addressee.value, reminder.due_at.isoformat()) for reminder in due]
        [('manufacturers', '2026-12-04T09:00:00+00:00')]
    """
    due = [
        Reminder(addressee, name, at, at - ahead)
        for asked, name, addressee, distances in _AHEAD
        if asked == status and (at := getattr(timetable, name)) is not None and at > until
        for ahead in distances
        if since < at - ahead <= until
    ]
    return sorted(due, key=lambda reminder: (reminder.due_at, reminder.addressee, reminder.date))
