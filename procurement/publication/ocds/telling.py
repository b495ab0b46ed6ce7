"""What of a round is to be told: its events and amendments, each by one release."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from procurement.publication.ocds.tables import OcdsRelease
from procurement.rounds.document.tables import DocumentKind, RoundDocument
from procurement.rounds.progress import events_of
from procurement.rounds.rules import PUBLIC_STATUSES
from procurement.rounds.tables import RoundEvent, RoundEventKind, RoundStatus

_PUBLIC = tuple(sorted(PUBLIC_STATUSES))


@dataclass(frozen=True, slots=True)
class Told:
    """Something that happened, and how far the round had come by then.

    Attributes:
        status: Of the round afterwards.
        reached: Every status that it had had.
        at: When it happened.
        event_id: The event; None for an amendment.
        document_id: The amendment; None for an event.
        is_amendment: A numbered amendment, or dates that were moved.
    """

    status: RoundStatus
    reached: frozenset[RoundStatus]
    at: datetime
    event_id: int | None
    document_id: int | None
    is_amendment: bool


def told_of(session: Session, *, round_id: int) -> list[Told]:
    """Return all that is to be told of a round, the oldest first.

    A draft is not public, and neither is what happens to it; a round that is cancelled as a draft
    is told of where it was public before.
    """
    reached: set[RoundStatus] = set()
    found: list[Told] = []
    amendments = list(_amendments(session, round_id))
    for event in events_of(session, round_id=round_id):
        while amendments and amendments[0].made_at < event.happened_at:
            found.append(_of_amendment(amendments.pop(0), found))
        status = RoundStatus(event.status_to)
        is_seen = bool(reached & PUBLIC_STATUSES)
        if status is RoundStatus.CANCELLED and not is_seen:
            break
        reached.add(status)
        if status in PUBLIC_STATUSES:
            is_amendment = event.kind in (RoundEventKind.TIMETABLE, RoundEventKind.OUTAGE)
            # Never before what was told already: what is known by then is read by this moment.
            at = max(event.happened_at, found[-1].at) if found else event.happened_at
            found.append(Told(status, frozenset(reached), at, event.id, None, is_amendment))
    found += [_of_amendment(one, found) for one in amendments]
    return found


def _amendments(session: Session, round_id: int) -> Sequence[RoundDocument]:
    made = select(RoundDocument).where(
        RoundDocument.round_id == round_id, RoundDocument.kind == DocumentKind.AMENDMENT
    )
    return session.scalars(made.order_by(RoundDocument.number)).all()


def _of_amendment(document: RoundDocument, before: Sequence[Told]) -> Told:
    last = before[-1]
    at = max(document.made_at, last.at)
    return Told(last.status, last.reached, at, None, document.id, is_amendment=True)


def rounds_with_news() -> Select[int]:
    """Select the rounds with an event or amendment of which no release tells.

    It asks what is missing and keeps no place up to which all was told: an event whose
    transaction ended late is found like any other.
    """
    told = OcdsRelease.event_id == RoundEvent.id
    events = select(RoundEvent.round_id).where(_is_public(), ~exists().where(told))
    described = OcdsRelease.document_id == RoundDocument.id
    amendments = select(RoundDocument.round_id).where(
        RoundDocument.kind == DocumentKind.AMENDMENT, ~exists().where(described)
    )
    return events.union(amendments)  # type: ignore[return-value]


def _is_public() -> ColumnElement[bool]:
    earlier = RoundEvent.__table__.alias("earlier")
    was_seen = exists().where(
        earlier.c.round_id == RoundEvent.round_id,
        earlier.c.status_to.in_([one for one in _PUBLIC if one != RoundStatus.CANCELLED]),
    )
    return and_(
        RoundEvent.status_to.in_(_PUBLIC),
        or_(RoundEvent.status_to != RoundStatus.CANCELLED, was_seen),
    )
