"""The opening by machine: envelopes to unseal, shares, revealed keys, the record."""

from dataclasses import dataclass
from datetime import datetime

from litestar import Response, get, post
from litestar.params import FromPath, JSONBody, RawBody

from procurement.bids.at_edge import (
    SittingNumber,
    api_paths,
    envelopes_json,
    json_bytes,
    own_round,
    public_round,
    record_for,
    require_called,
    round_for,
    secret_key,
)
from procurement.bids.opening.readiness import readiness
from procurement.bids.opening.reveal import call_for_keys, find_reveal_call, reveal_content_key
from procurement.bids.opening.service import find_opening
from procurement.bids.opening.shares import post_shares
from procurement.bids.periods import BIDS
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action
from procurement.web import Cursor, PageSize, Visit, reads, writes

ENVELOPES_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class SeatProgressEntry:
    """What one keyholder has posted.

    Attributes:
        seat: From 1.
        organisation: Its name.
        right: Bids for which its newest share is right.
        wrong: Bids for which it is wrong.
    """

    seat: int
    organisation: str
    right: int
    wrong: int


@dataclass(frozen=True, slots=True)
class OpeningEntry:
    """How far the opening of a closed round is.

    Attributes:
        bids: How many bids are to be opened.
        threshold: How many right shares each needs.
        seats: What the keyholders have posted.
        shares_suffice: Every bid has enough.
        reveal_due_at: Until when bidders reveal their keys, if they were asked.
        opened_at: When all were opened; null before.
    """

    bids: int
    threshold: int
    seats: list[SeatProgressEntry]
    shares_suffice: bool
    reveal_due_at: datetime | None
    opened_at: datetime | None


@dataclass(frozen=True, slots=True)
class PostedShares:
    """What became of a posting.

    Attributes:
        seat: The own seat.
        shares: Shares in it.
        wrong: Envelopes whose share does not have the hash that was sealed.
    """

    seat: int
    shares: int
    wrong: list[str]


@dataclass(frozen=True, slots=True)
class RevealCallBody:
    """Asking all bidders for their content keys.

    Attributes:
        due_at: Deadline, with time zone.
        reason: Why the keyholders cannot open.
    """

    due_at: datetime
    reason: str


@get(api_paths("opening"))
@reads
def state(visit: Visit, name: FromPath[str], number: SittingNumber = BIDS) -> OpeningEntry:
    """Tell how far the opening of a closed round or sitting is; without any price."""
    round_ = public_round(visit, name, Action.READ_LOG)
    require_called(visit, round_, number)
    key = secret_key(visit)
    found = readiness(visit.session, round_=round_, secret_key=key, sitting=number)
    call = find_reveal_call(visit.session, round_id=round_.id, sitting=number)
    opening = find_opening(visit.session, round_id=round_.id, sitting=number)
    return OpeningEntry(
        bids=found.bids,
        threshold=found.threshold,
        seats=[
            SeatProgressEntry(one.seat, one.organisation, one.right, one.wrong)
            for one in found.seats
        ],
        shares_suffice=found.shares_suffice,
        reveal_due_at=None if call is None else call.due_at,
        opened_at=None if opening is None else opening.opened_at,
    )


@get(api_paths("envelopes"))
@reads
def envelopes(
    visit: Visit,
    name: FromPath[str],
    cursor: Cursor = None,
    page_size: PageSize = ENVELOPES_A_PAGE,
    number: SittingNumber = BIDS,
) -> Response[bytes]:
    """List the envelopes that a keyholder unseals, from the opening time on."""
    round_ = round_for(visit, name, Action.POST_SHARES)
    return json_bytes(
        envelopes_json(visit, round_, cursor=cursor, page_size=page_size, sitting=number)
    )


@post(api_paths("shares"), status_code=201, request_max_body_size=64 * 2**20)
@writes
def shares(
    visit: Visit, name: FromPath[str], body: RawBody, number: SittingNumber = BIDS
) -> PostedShares:
    """Post the shares that the own seat unsealed, signed; from the opening time on."""
    round_ = round_for(visit, name, Action.POST_SHARES)
    kept = post_shares(
        visit.session,
        round_=round_,
        actor=visit.actor,
        body=body,
        secret_key=secret_key(visit),
        sitting=number,
    )
    return PostedShares(kept.seat, kept.shares, kept.faults.split())


@post(api_paths("reveal-call"), status_code=201)
@writes
def reveal_call(
    visit: Visit,
    name: FromPath[str],
    data: JSONBody[RevealCallBody],
    number: SittingNumber = BIDS,
) -> RevealCallBody:
    """Ask all bidders for their content keys, where too few keyholders came."""
    round_ = round_for(visit, name, Action.OPEN_BIDS)
    if data.due_at.utcoffset() is None:
        raise InvalidInputError(
            [FieldFault("due_at", "时间须带时区。", "Expected a moment with its time zone.")]
        )
    call_for_keys(
        visit.session,
        round_=round_,
        actor=visit.actor,
        due_at=data.due_at,
        reason=data.reason,
        secret_key=secret_key(visit),
        sitting=number,
    )
    return data


@post(api_paths("reveals"), status_code=204)
@writes
def reveal(visit: Visit, name: FromPath[str], body: RawBody, number: SittingNumber = BIDS) -> None:
    """Reveal the content key of the own bid, signed, before the deadline of the call."""
    round_, _ = own_round(visit, name, Action.REVEAL_KEY)
    reveal_content_key(
        visit.session,
        round_=round_,
        actor=visit.actor,
        body=body,
        secret_key=secret_key(visit),
        sitting=number,
    )


@get(api_paths("opening/record"))
@reads
def record(visit: Visit, name: FromPath[str], number: SittingNumber = BIDS) -> Response[bytes]:
    """Return the opening as evidence for ``jicai verify``, as far as the reader may see it."""
    round_ = public_round(visit, name, Action.READ_LOG)
    require_called(visit, round_, number)
    return json_bytes(record_for(visit, round_, number))


ROUTES = (state, envelopes, shares, reveal_call, reveal, record)
