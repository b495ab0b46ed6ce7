"""Rounds by machine: the list, one round, its events."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from litestar import get
from litestar.params import FromPath, QueryParameter

from procurement.permissions import Action
from procurement.rounds.at_edge import round_for
from procurement.rounds.drafting import regions_of
from procurement.rounds.participants import participants_of
from procurement.rounds.progress import events_of
from procurement.rounds.reading import bureau_of, neighbours, rounds_for
from procurement.rounds.rules import DATE_NAMES
from procurement.rounds.tables import ParticipantPart, Round, RoundStatus
from procurement.web import Cursor, PageSize, Visit, paginate_by_key, reads

StatusFilter = Annotated[RoundStatus | None, QueryParameter(name="status")]
Words = Annotated[str, QueryParameter(name="words", max_length=100)]


@dataclass(frozen=True, slots=True)
class RoundEntry:
    """A round of a list.

    Attributes:
        name: Short name, used in addresses.
        title: Title of the procurement document.
        status: Where it stands.
        rulebook: Id of its rulebook.
        is_inquiry: Declarations against a benchmark price.
        published_at: When its document was published.
    """

    name: str
    title: str
    status: str
    rulebook: str
    is_inquiry: bool
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class RoundPage:
    """Some rounds of a list, and where to go on."""

    items: list[RoundEntry]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class NamedOrganisation:
    """An organisation that a round names.

    Attributes:
        seat: From 1; a keyholder's share index.
        id: The organisation.
        name: Its name.
    """

    seat: int
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class RoundAnswer:
    """One round.

    Attributes:
        name: Short name, used in addresses.
        title: Title of the procurement document.
        status: Where it stands.
        rulebook: Id of its rulebook.
        rulebook_digest: SHA-256 of that rulebook; frozen at the publication.
        facts_digest: SHA-256 of the frozen facts.
        is_inquiry: Declarations against a benchmark price.
        follows: Name of the round that it follows on, if any.
        followed_by: Names of the rounds that follow on it, as far as the caller may read them.
        bureau: Name of the bureau that leads it.
        regions: Division codes.
        timetable: Dates by name, such as ``closes_at``; null where not set.
        outage_shift_minutes: By how much the outage rule moves closing and opening.
        quorum: How many keyholders open the bids together.
        keyholders: By seat.
        observers: By seat.
        published_at: When its document was published.
        version: For changes: send it back.
    """

    name: str
    title: str
    status: str
    rulebook: str
    rulebook_digest: str
    facts_digest: str
    is_inquiry: bool
    follows: str | None
    followed_by: list[str]
    bureau: str | None
    regions: list[str]
    timetable: dict[str, datetime | None]
    outage_shift_minutes: int
    quorum: int | None
    keyholders: list[NamedOrganisation]
    observers: list[NamedOrganisation]
    published_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class EventEntry:
    """An event of a round.

    Attributes:
        kind: ``status``, ``timetable``, ``outage`` or ``lot-failed``.
        status_from: Status before.
        status_to: Status after; the same where the event is not about it.
        reason: Why, if a reason was given.
        happened_at: When.
    """

    kind: str
    status_from: str
    status_to: str
    reason: str | None
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class EventPage:
    """The events of a round, the oldest first."""

    items: list[EventEntry]
    next_cursor: str | None = None


@get("/api/v1/rounds", tags=["rounds"])
@reads
def list_rounds(
    visit: Visit,
    status: StatusFilter = None,
    words: Words = "",
    page_size: PageSize = 50,
    cursor: Cursor = None,
) -> RoundPage:
    """List the rounds that the caller may read, in the order in which they were stored."""
    statuses = () if status is None else (status,)
    found = rounds_for(visit.actor, statuses=statuses, words=words).order_by(None)
    page = paginate_by_key(
        visit.session, found, key=Round.id.expression, cursor=cursor, size=page_size
    )
    items = [
        RoundEntry(
            name=one.name,
            title=one.title,
            status=one.status,
            rulebook=one.rulebook,
            is_inquiry=one.is_inquiry,
            published_at=one.published_at,
        )
        for one in page.rows
    ]
    return RoundPage(items, page.next_cursor)


@get("/api/v1/rounds/{name:str}", tags=["rounds"])
@reads
def read_round(visit: Visit, name: FromPath[str]) -> RoundAnswer:
    """Read one round."""
    round_, _ = round_for(visit, name, Action.READ_ROUND)
    return answer_of(visit, round_)


def answer_of(visit: Visit, round_: Round) -> RoundAnswer:
    """Describe a round."""
    bureau = bureau_of(visit.session, round_=round_)
    before, after = neighbours(visit.session, round_=round_, actor=visit.actor)
    return RoundAnswer(
        name=round_.name,
        title=round_.title,
        status=round_.status,
        rulebook=round_.rulebook,
        rulebook_digest=round_.rulebook_digest,
        facts_digest=round_.facts_digest,
        is_inquiry=round_.is_inquiry,
        follows=None if before is None else before.name,
        followed_by=[one.name for one in after],
        bureau=None if bureau is None else bureau.name,
        regions=list(regions_of(visit.session, round_id=round_.id)),
        timetable={name: getattr(round_, name) for name in DATE_NAMES},
        outage_shift_minutes=round_.outage_shift_minutes,
        quorum=round_.quorum,
        keyholders=_named(visit, round_, ParticipantPart.KEYHOLDER),
        observers=_named(visit, round_, ParticipantPart.OBSERVER),
        published_at=round_.published_at,
        version=round_.version,
    )


def _named(visit: Visit, round_: Round, part: ParticipantPart) -> list[NamedOrganisation]:
    found = participants_of(visit.session, round_id=round_.id, part=part)
    return [
        NamedOrganisation(one.seat, one.organisation.id, one.organisation.name) for one in found
    ]


@get("/api/v1/rounds/{name:str}/events", tags=["rounds"])
@reads
def read_events(visit: Visit, name: FromPath[str]) -> EventPage:
    """Read what happened to a round."""
    round_, _ = round_for(visit, name, Action.READ_ROUND)
    return EventPage(
        [
            EventEntry(
                kind=one.kind,
                status_from=one.status_from,
                status_to=one.status_to,
                reason=one.reason,
                happened_at=one.happened_at,
            )
            for one in events_of(visit.session, round_id=round_.id)
        ]
    )


ROUTES = (list_rounds, read_round, read_events)
"""Handlers of these addresses."""
