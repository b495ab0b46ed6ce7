"""The dates of a round: their order, and what is due at a moment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from procurement.errors import FieldFault
from procurement.rounds.status import RoundStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """The dates of a round; None where one is not set yet.

    Attributes:
        volume_opens_at: From when hospitals report.
        volume_closes_at: Until when they report.
        comments_close_at: Until when comments on the draft document are taken.
        bidding_opens_at: From when sealed bids are accepted.
        closes_at: Bids must be acknowledged before.
        opens_at: From when key shares are accepted.
    """

    volume_opens_at: datetime | None = None
    volume_closes_at: datetime | None = None
    comments_close_at: datetime | None = None
    bidding_opens_at: datetime | None = None
    closes_at: datetime | None = None
    opens_at: datetime | None = None


DATE_NAMES: dict[str, tuple[str, str]] = {
    "volume_opens_at": ("报量开始", "volume reporting opens"),
    "volume_closes_at": ("报量截止", "volume reporting closes"),
    "comments_close_at": ("征求意见截止", "comments close"),
    "bidding_opens_at": ("申报开始", "bidding opens"),
    "closes_at": ("申报截止", "bidding closes"),
    "opens_at": ("申报信息公开", "bids are opened"),
}
"""Each date in Chinese and in English, in the order in which pages show them."""

ORDERS: tuple[tuple[str, ...], ...] = (
    ("volume_opens_at", "volume_closes_at", "bidding_opens_at", "closes_at", "opens_at"),
    ("comments_close_at", "bidding_opens_at"),
)
"""Chains of dates, each later than the one before it.

Comments and volume reporting may overlap, and either may come first: the draft of the eleventh
round was discussed while volumes were reported.
"""


def timetable_faults(
    timetable: Timetable, *, moment: datetime, unchanged: Timetable | None = None
) -> tuple[FieldFault, ...]:
    """Find what is wrong with dates: their order, and dates that are past.

    No source states least distances between the dates, so that none is checked; pages say so.

    Args:
        timetable: The dates; one that is not set is not judged.
        moment: The present moment.
        unchanged: The dates as they stood before; one that is kept may be past.

    Returns:
        One fault for each wrong date, at the name of its field.

    Examples:
        >>> from datetime import UTC
        >>> now = datetime(2026, 11, 22, tzinfo=UTC)
        >>> early, late = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 5, tzinfo=UTC)
        >>> faults = timetable_faults(Timetable(closes_at=late, opens_at=early), moment=now)
        >>> [(fault.field, fault.en) for fault in faults]
        [('opens_at', 'Expected a moment after “bidding closes”.')]
    """
    return (*_out_of_order(timetable), *_past(timetable, unchanged, moment))


def _out_of_order(timetable: Timetable) -> Iterator[FieldFault]:
    for order in ORDERS:
        given = [(name, at) for name in order if (at := getattr(timetable, name)) is not None]
        for (before, before_at), (name, at) in pairwise(given):
            if at <= before_at:
                zh, en = DATE_NAMES[before]
                yield FieldFault(name, f"须晚于“{zh}”。", f"Expected a moment after “{en}”.")


def _past(
    timetable: Timetable, unchanged: Timetable | None, moment: datetime
) -> Iterator[FieldFault]:
    for name in DATE_NAMES:
        at = getattr(timetable, name)
        kept = unchanged is not None and getattr(unchanged, name) == at
        if at is not None and at <= moment and not kept:
            yield FieldFault(name, "须为将来的时间。", "Expected a moment in the future.")


@dataclass(frozen=True, slots=True)
class DueTransition:
    """A change of status that the timetable asks for.

    Attributes:
        status: The status to go to.
        due_at: The moment at which it was due.
    """

    status: RoundStatus
    due_at: datetime


_BY_TIME: dict[RoundStatus, tuple[RoundStatus, str]] = {
    RoundStatus.PUBLISHED: (RoundStatus.BIDDING, "bidding_opens_at"),
    RoundStatus.BIDDING: (RoundStatus.CLOSED, "closes_at"),
}


def due_transitions(
    status: RoundStatus, timetable: Timetable, *, moment: datetime
) -> Sequence[DueTransition]:
    """Find the changes of status that time brings, in their order.

    Bidding opens and closes by the clock. Everything else is somebody's decision: an officer
    starts volume reporting, two publish, keyholders open.

    Args:
        status: Where the round stands.
        timetable: Its dates.
        moment: By the database's clock.

    Examples:
        >>> from datetime import UTC
        >>> dates = Timetable(
        ...     bidding_opens_at=datetime(2026, 12, 1, tzinfo=UTC),
        ...     closes_at=datetime(2026, 12, 5, tzinfo=UTC),
        ... )
        >>> late = datetime(2026, 12, 6, tzinfo=UTC)
        >>> [due.status.value for due in due_transitions(RoundStatus.PUBLISHED, dates, moment=late)]
        ['bidding', 'closed']
    """
    due: list[DueTransition] = []
    while status in _BY_TIME:
        status, name = _BY_TIME[status]
        at = getattr(timetable, name)
        if at is None or at > moment:
            break
        due.append(DueTransition(status, at))
    return due
