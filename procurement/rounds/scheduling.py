"""The dates of a round before its publication."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.china_days import CHINA, day_in_china
from procurement.errors import InvalidInputError
from procurement.permissions import Actor
from procurement.rounds.progress import lock_version, record_part
from procurement.rounds.rules import (
    DATE_NAMES,
    Part,
    Timetable,
    check_may_change,
    timetable_faults,
)
from procurement.rounds.tables import Round, RoundEvent, RoundEventKind, RoundStatus


def timetable_of(round_: Round) -> Timetable:
    """Return the dates of a round as the rules take them."""
    return Timetable(**{name: getattr(round_, name) for name in DATE_NAMES})


def change_timetable(
    session: Session,
    *,
    round_: Round,
    timetable: Timetable,
    version: int,
    actor: Actor,
    moment: datetime,
) -> Round:
    """Set the dates of a round before its publication.

    Once hospitals report or the draft is open for comments, a date that moves is an event.

    Raises:
        StaleError: Somebody else changed the round since.
        PartFixedError: The round is published.
        InvalidInputError: Dates out of order, or past.
    """
    lock_version(session, round_=round_, version=version)
    status = RoundStatus(round_.status)
    check_may_change(Part.TIMETABLE, status)
    present = timetable_of(round_)
    faults = timetable_faults(timetable, moment=moment, unchanged=present)
    if faults:
        raise InvalidInputError(faults)
    write_timetable(round_, timetable)
    if status != RoundStatus.DRAFT and timetable != present:
        session.add(
            RoundEvent(
                round_id=round_.id,
                kind=RoundEventKind.TIMETABLE,
                status_from=status,
                status_to=status,
                reason=moved_dates(present, timetable),
                person_id=actor.person_id,
                happened_at=moment,
            )
        )
    session.flush()
    record_part(session, round_=round_, actor=actor, part=Part.TIMETABLE, moment=moment)
    return round_


def write_timetable(round_: Round, timetable: Timetable) -> None:
    """Write checked dates into a round; the day of the opening follows them."""
    for name in DATE_NAMES:
        setattr(round_, name, getattr(timetable, name))
    if timetable.opens_at is not None:
        round_.opened_on = day_in_china(timetable.opens_at)


def moved_dates(before: Timetable, after: Timetable) -> str:
    """Name the dates that moved, for the record, in Beijing time.

    Examples:
        >>> from datetime import UTC
        >>> moved_dates(Timetable(), Timetable(closes_at=datetime(2026, 12, 5, 1, tzinfo=UTC)))
        '申报截止：— → 2026-12-05 09:00'
        >>> late = Timetable(closes_at=datetime(2026, 12, 5, 1, 0, 7, tzinfo=UTC))
        >>> moved_dates(Timetable(), late)
        '申报截止：— → 2026-12-05 09:00:07'
    """
    moved = [
        f"{zh}：{_shown(getattr(before, name))} → {_shown(getattr(after, name))}"
        for name, (zh, _) in DATE_NAMES.items()
        if getattr(before, name) != getattr(after, name)
    ]
    return "；".join(moved)


def _shown(moment: datetime | None) -> str:
    if moment is None:
        return "—"
    seconds = ":%S" if moment.second else ""
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M{seconds}}"
