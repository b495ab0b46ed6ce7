"""Keyholders' keys and the rehearsal by machine."""

from dataclasses import dataclass

from litestar import Response, get, post
from litestar.params import FromPath, RawBody

from procurement.bids.at_edge import json_bytes, read_document, round_for, secret_key
from procurement.bids.keyholders.holder_proof import read_statement
from procurement.bids.keyholders.keys import Seat, hand_over_keys, seats_of
from procurement.bids.keyholders.rehearsals import (
    RehearsalState,
    post_rehearsal_share,
    rehearsal_json,
    rehearsal_state,
    start_rehearsal,
)
from procurement.permissions import Action
from procurement.web import Visit, reads, writes


@dataclass(frozen=True, slots=True)
class SeatEntry:
    """A keyholder's seat.

    Attributes:
        seat: From 1.
        organisation: Its name.
        sealing_key: Public key that shares are sealed to, hexadecimal; null before it is made.
        signing_key: Public key that checks what the holder signs.
    """

    seat: int
    organisation: str
    sealing_key: str | None
    signing_key: str | None


@dataclass(frozen=True, slots=True)
class Seats:
    """The keyholders of a round; they are few, so that there is one page."""

    items: list[SeatEntry]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class RehearsalEntry:
    """How the newest rehearsal stands.

    Attributes:
        exists: There was one.
        is_current: It was sealed to the present keys.
        fitting: Seats whose share fits.
        wrong: Seats whose newest share does not.
        has_opened: The envelope opened.
    """

    exists: bool
    is_current: bool
    fitting: list[int]
    wrong: list[int]
    has_opened: bool


@get("/api/v1/rounds/{name:str}/keys")
@reads
def seats(visit: Visit, name: FromPath[str]) -> Seats:
    """List the keyholders of a round with their public keys."""
    round_ = round_for(visit, name, Action.REHEARSE)
    return Seats([_seat(one) for one in seats_of(visit.session, round_id=round_.id)])


@post("/api/v1/rounds/{name:str}/keys", status_code=201)
@writes
def hand_over(visit: Visit, name: FromPath[str], body: RawBody) -> SeatEntry:
    """Hand over the public keys of the own seat, in a statement that they sign."""
    round_ = round_for(visit, name, Action.MAKE_ROUND_KEY)
    hand_over_keys(
        visit.session,
        round_=round_,
        actor=visit.actor,
        statement=read_document("keys", lambda: read_statement(body)),
        moment=visit.moment,
    )
    found = seats_of(visit.session, round_id=round_.id)
    return next(_seat(one) for one in found if one.organisation.id == visit.actor.organisation_id)


def _seat(seat: Seat) -> SeatEntry:
    key = seat.key
    return SeatEntry(
        seat.seat,
        seat.organisation.name,
        None if key is None else key.public_key,
        None if key is None else key.signing_key,
    )


@get("/api/v1/rounds/{name:str}/rehearsal")
@reads
def rehearsal(visit: Visit, name: FromPath[str]) -> RehearsalEntry:
    """Tell how the newest rehearsal stands."""
    round_ = round_for(visit, name, Action.REHEARSE)
    return _entry(rehearsal_state(visit.session, round_=round_))


@post("/api/v1/rounds/{name:str}/rehearsal", status_code=201)
@writes
def start(visit: Visit, name: FromPath[str]) -> RehearsalEntry:
    """Seal a rehearsal envelope to the present keys."""
    round_ = round_for(visit, name, Action.CHANGE_ROUND)
    start_rehearsal(
        visit.session,
        round_=round_,
        actor=visit.actor,
        secret_key=secret_key(visit),
        moment=visit.moment,
    )
    return _entry(rehearsal_state(visit.session, round_=round_))


@get("/api/v1/rounds/{name:str}/rehearsal/documents")
@reads
def rehearsal_files(visit: Visit, name: FromPath[str]) -> Response[bytes]:
    """Return trial manifest and envelope of the newest rehearsal, to be unsealed."""
    round_ = round_for(visit, name, Action.REHEARSE)
    return json_bytes(rehearsal_json(rehearsal_state(visit.session, round_=round_).rehearsal))


@post("/api/v1/rounds/{name:str}/rehearsal/shares", status_code=201)
@writes
def rehearsal_share(visit: Visit, name: FromPath[str], body: RawBody) -> RehearsalEntry:
    """Post what the own seat unsealed in the rehearsal, signed."""
    round_ = round_for(visit, name, Action.MAKE_ROUND_KEY)
    post_rehearsal_share(
        visit.session, round_=round_, actor=visit.actor, post=body, moment=visit.moment
    )
    return _entry(rehearsal_state(visit.session, round_=round_))


def _entry(state: RehearsalState) -> RehearsalEntry:
    return RehearsalEntry(
        exists=state.rehearsal is not None,
        is_current=state.is_current,
        fitting=list(state.fitting),
        wrong=list(state.wrong),
        has_opened=state.has_opened,
    )


ROUTES = (seats, hand_over, rehearsal, start, rehearsal_files, rehearsal_share)
