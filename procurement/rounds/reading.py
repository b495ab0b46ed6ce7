"""Finding rounds and telling their life, for pages and the API."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, Person
from procurement.permissions import Actor, NotFoundForActorError, Role
from procurement.rounds.progress import events_of
from procurement.rounds.rules import DATE_NAMES, PUBLIC_STATUSES
from procurement.rounds.service import find_round
from procurement.rounds.status import STATUS_NAMES
from procurement.rounds.tables import (
    Lot,
    Round,
    RoundEvent,
    RoundEventKind,
    RoundParticipant,
    RoundStatus,
)

OF_A_BUREAU = frozenset({Role.OFFICER, Role.EVALUATOR, Role.SUPERVISOR})
NAMED_IN_ROUND = frozenset({Role.KEYHOLDER, Role.NOTARY, Role.INSPECTOR})

CHAIN: tuple[tuple[RoundStatus, str | None], ...] = (
    (RoundStatus.DRAFT, None),
    (RoundStatus.VOLUME_REPORTING, "volume_opens_at"),
    (RoundStatus.COMMENTS, None),
    (RoundStatus.PUBLISHED, None),
    (RoundStatus.BIDDING, "bidding_opens_at"),
    (RoundStatus.CLOSED, "closes_at"),
    (RoundStatus.OPENED, "opens_at"),
    (RoundStatus.EVALUATED, None),
    (RoundStatus.ANNOUNCED, None),
    (RoundStatus.AWARDED, None),
    (RoundStatus.REGIONS_CHOSEN, None),
    (RoundStatus.AGREEMENTS, None),
    (RoundStatus.RUNNING, None),
    (RoundStatus.ENDED, None),
)
"""The usual way of a round, with the date that a status is planned for."""


def round_named(session: Session, *, name: str) -> Round:
    """Return the round of that name.

    Raises:
        NotFoundForActorError: There is none.
    """
    round_ = find_round(session, name=name)
    if round_ is None:
        raise NotFoundForActorError
    return round_


def rounds_for(actor: Actor, *, statuses: Sequence[str] = (), words: str = "") -> Select[Any]:
    """Select the rounds that somebody may read, the newest first.

    It says for many rounds what `procurement.permissions` says for one: public rounds; those that
    the own bureau leads; those that name the own organisation.

    Args:
        actor: Who reads.
        statuses: Only these; all of them if empty.
        words: Only rounds whose title or name contains this.
    """
    may_read = [Round.status.in_(sorted(PUBLIC_STATUSES - {RoundStatus.CANCELLED})), _seen()]
    if actor.roles & OF_A_BUREAU:
        may_read.append(Round.bureau_id == actor.organisation_id)
    if actor.roles & NAMED_IN_ROUND:
        may_read.append(
            exists().where(
                RoundParticipant.round_id == Round.id,
                RoundParticipant.organisation_id == actor.organisation_id,
            )
        )
    found = select(Round).where(or_(*may_read)).order_by(Round.imported_at.desc(), Round.id.desc())
    if statuses:
        found = found.where(Round.status.in_(statuses))
    if words:
        found = found.where(
            or_(
                Round.title.contains(words, autoescape=True),
                Round.name.contains(words, autoescape=True),
            )
        )
    return found


def neighbours(
    session: Session, *, round_: Round, actor: Actor
) -> tuple[Round | None, Sequence[Round]]:
    """Return the round that a round follows on, and those that follow on it.

    Args:
        session: Any session.
        round_: The round.
        actor: Who reads: a draft that is not his to see is not among them.
    """
    seen = rounds_for(actor)
    before = None
    if round_.follows_id is not None:
        before = session.scalars(seen.where(Round.id == round_.follows_id)).one_or_none()
    return before, session.scalars(seen.where(Round.follows_id == round_.id)).all()


def _seen() -> Any:  # noqa: ANN401 - an SQL condition
    """Cancelled after others had seen it."""
    left_draft = exists().where(
        RoundEvent.round_id == Round.id,
        RoundEvent.status_from == RoundStatus.DRAFT,
        RoundEvent.status_to.in_((RoundStatus.VOLUME_REPORTING, RoundStatus.COMMENTS)),
    )
    return and_(Round.status == RoundStatus.CANCELLED, left_draft)


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of a round's life.

    Attributes:
        zh: What, in Chinese.
        en: The same in English.
        state: ``done``, ``now``, ``next`` or ``missed``.
        at: When it happened, or is planned.
        who: Names of those who did it; empty for the clock, and for readers outside the bureau.
        by_clock: Whether the timetable did it.
        reason: Why, in the words of who did it.
        reason_en: The same; what the platform wrote itself, such as moved dates, in English.
    """

    zh: str
    en: str
    state: str
    at: datetime | None = None
    who: tuple[str, ...] = ()
    by_clock: bool = False
    reason: str = ""
    reason_en: str = ""


def life_of(
    session: Session, *, round_: Round, moment: datetime, with_names: bool
) -> Sequence[Moment]:
    """Tell what happened to a round, where it stands, and what comes next.

    Args:
        session: Any session.
        round_: A round that the platform conducts.
        moment: Now.
        with_names: Whether the reader may see who did it.
    """
    drafted = Moment("开始起草", "drafted", "done", at=round_.imported_at)
    if with_names and round_.drafted_by is not None:
        names = _names(session, [round_.drafted_by])
        drafted = Moment(drafted.zh, drafted.en, "done", drafted.at, tuple(names.values()))
    past = [drafted, *_past(session, round_, with_names=with_names)]
    future = _future(round_, moment, was_reported=_was_reported(past))
    return [*_with_present(past, RoundStatus(round_.status)), *future]


def _was_reported(past: Sequence[Moment]) -> bool:
    names = STATUS_NAMES[RoundStatus.VOLUME_REPORTING]
    return any((one.zh, one.en) == names for one in past)


def _past(session: Session, round_: Round, *, with_names: bool) -> Iterator[Moment]:
    events = events_of(session, round_id=round_.id)
    ids = {event.person_id for event in events} | {event.second_person_id for event in events}
    names = _names(session, [one for one in ids if one is not None]) if with_names else {}
    lots = _lots_of(session, events)
    for event in events:
        zh, en = _event_words(event, lots)
        people = (event.second_person_id, event.person_id)
        yield Moment(
            zh=zh,
            en=en,
            state="done",
            at=event.happened_at,
            who=tuple(names[one] for one in people if one is not None and one in names),
            by_clock=event.person_id is None,
            reason=event.reason or "",
            reason_en=_reason_in_english(event),
        )


def _reason_in_english(event: RoundEvent) -> str:
    reason = event.reason or ""
    if event.kind in (RoundEventKind.TIMETABLE, RoundEventKind.OUTAGE):
        for zh, en in DATE_NAMES.values():
            reason = reason.replace(f"{zh}：", f"{en}: ")
        return reason.replace("；", "; ")
    return reason


def _lots_of(session: Session, events: Sequence[RoundEvent]) -> dict[int, Lot]:
    ids = {event.lot_id for event in events if event.lot_id is not None}
    return {lot.id: lot for lot in session.scalars(select(Lot).where(Lot.id.in_(ids)))}


def _event_words(event: RoundEvent, lots: Mapping[int, Lot]) -> tuple[str, str]:
    if event.kind == RoundEventKind.STATUS:
        return STATUS_NAMES[RoundStatus(event.status_to)]
    lot = None if event.lot_id is None else lots.get(event.lot_id)
    if lot is not None:
        name = f"{lot.code} {lot.product}"
        return f"品种撤出：{name}", f"a lot was withdrawn: {name}"
    return {
        RoundEventKind.TIMETABLE: ("时间安排调整", "dates moved"),
        RoundEventKind.OUTAGE: ("故障顺延", "closing moved after an outage"),
        RoundEventKind.LOT_FAILED: ("品种撤出", "a lot was withdrawn"),
    }[RoundEventKind(event.kind)]


def _names(session: Session, ids: Sequence[int]) -> dict[int, str]:
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {person_id: name for person_id, name in found}


_ENDED = frozenset(
    {
        RoundStatus.IMPORTED,
        RoundStatus.ENDED,
        RoundStatus.FOLLOWED_ON,
        RoundStatus.CANCELLED,
    }
)


def _with_present(past: Sequence[Moment], status: RoundStatus) -> Sequence[Moment]:
    """Mark the entry by which the round came to where it stands."""
    if status in _ENDED:
        return past
    names = STATUS_NAMES[status]
    for place in range(len(past) - 1, -1, -1):
        came_here = (past[place].zh, past[place].en) == names
        if came_here or place == 0:
            return [*past[:place], replace(past[place], state="now"), *past[place + 1 :]]
    return past


def _future(round_: Round, moment: datetime, *, was_reported: bool) -> Iterator[Moment]:
    status = RoundStatus(round_.status)
    if status in _ENDED:
        return
    order = [one for one, _ in CHAIN]
    # Second answers lead back to the evaluation, and on from there.
    place = order.index(status if status in order else RoundStatus.EVALUATED)
    if status == RoundStatus.COMMENTS and not was_reported:
        # Comments that came first: volumes are reported, and the draft is open again, before it
        # is published.
        place = order.index(RoundStatus.DRAFT)
    for upcoming, date in CHAIN[place + 1 :]:
        planned = None if date is None else getattr(round_, date)
        late = planned is not None and planned <= moment
        yield Moment(*STATUS_NAMES[upcoming], "missed" if late else "next", at=planned)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The next date of a round.

    Attributes:
        zh: What ends or begins, in Chinese.
        en: The same in English.
        at: When.
    """

    zh: str
    en: str
    at: datetime


_NEXT_DATES: dict[RoundStatus, tuple[str, ...]] = {
    RoundStatus.VOLUME_REPORTING: ("volume_opens_at", "volume_closes_at"),
    RoundStatus.COMMENTS: ("comments_close_at",),
    RoundStatus.PUBLISHED: ("bidding_opens_at",),
    RoundStatus.BIDDING: ("closes_at",),
    RoundStatus.CLOSED: ("opens_at",),
}


def next_deadline(round_: Round, *, moment: datetime) -> Deadline | None:
    """Return the date that people wait for in the round's present status; None if none lies ahead.

    Args:
        round_: The round.
        moment: Now.
    """
    for name in _NEXT_DATES.get(RoundStatus(round_.status), ()):
        at = getattr(round_, name)
        if at is not None and at > moment:
            return Deadline(*DATE_NAMES[name], at)
    return None


@dataclass(frozen=True, slots=True)
class RunningRound:
    """A round in progress, as the home page shows it.

    Attributes:
        zh: Its title.
        en: Its title: documents have a Chinese one only.
        link: Its page.
        state_zh: Where it stands, in Chinese.
        state_en: The same in English.
        due_zh: What is due, in Chinese; empty where nothing is.
        due_en: The same in English.
        due_at: When.
    """

    zh: str
    en: str
    link: str
    state_zh: str
    state_en: str
    due_zh: str = ""
    due_en: str = ""
    due_at: datetime | None = None


RUNNING = tuple(
    sorted(PUBLIC_STATUSES - {RoundStatus.CANCELLED, RoundStatus.ENDED, RoundStatus.FOLLOWED_ON})
)
RUNNING_SHOWN = 10


def running_rounds(session: Session, *, actor: Actor, moment: datetime) -> Sequence[RunningRound]:
    """Return the rounds in progress that somebody may read, the newest first, ten at most."""
    found = session.scalars(rounds_for(actor, statuses=RUNNING).limit(RUNNING_SHOWN))
    running = []
    for round_ in found:
        due = next_deadline(round_, moment=moment)
        state_zh, state_en = STATUS_NAMES[RoundStatus(round_.status)]
        running.append(
            RunningRound(
                zh=round_.title,
                en=round_.title,
                link=f"/rounds/{round_.name}",
                state_zh=state_zh,
                state_en=state_en,
                due_zh=due.zh if due else "",
                due_en=due.en if due else "",
                due_at=due.at if due else None,
            )
        )
    return running


def bureau_of(session: Session, *, round_: Round) -> Organisation | None:
    """Return the bureau that leads a round."""
    return None if round_.bureau_id is None else session.get(Organisation, round_.bureau_id)
