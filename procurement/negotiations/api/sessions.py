"""Sessions by machine: the published envelope, keyholders' shares, and the maker's side."""

from dataclasses import dataclass
from datetime import datetime

from litestar import get, post
from litestar.params import FromPath, JSONBody, RawBody

from pricing.session import MakerView, Side, maker_view
from procurement.bids.at_edge import secret_key
from procurement.negotiations.api.amounts import amount_from, amount_text
from procurement.negotiations.at_edge import dossier_for
from procurement.negotiations.kinds import SessionStatus
from procurement.negotiations.sessions.acts import act_at_table, take_share
from procurement.negotiations.sessions.opening import find_opening, posted_seats
from procurement.negotiations.sessions.reading import event_from
from procurement.negotiations.sessions.scheduling import require_session
from procurement.negotiations.sessions.sealing import find_envelope
from procurement.negotiations.sessions.table import talks_of
from procurement.negotiations.tables import Dossier
from procurement.permissions import Action
from procurement.web import RowId, Visit, reads, writes

_ONE = "/api/v1/negotiations/{campaign:str}/dossiers/{dossier_id:int}"


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """A session as everybody concerned may see it.

    Attributes:
        starts_at: When it begins.
        place: Where.
        status: scheduled, open, agreed or failed.
        envelope: SHA-256 of the sealed maximum payable price; null until it is sealed.
        manifest: SHA-256 of what it is sealed under.
        seats_posted: Keyholders whose right share is there.
        is_opened: Whether the envelope is open.
    """

    starts_at: datetime
    place: str
    status: str
    envelope: str | None
    manifest: str
    seats_posted: list[int]
    is_opened: bool


@dataclass(frozen=True, slots=True)
class ShareEntry:
    """What became of a share.

    Attributes:
        seat: Whose.
        fits: Whether it is the one that was sealed.
    """

    seat: int
    fits: bool


@dataclass(frozen=True, slots=True)
class QuotesEntry:
    """The maker's side of a session.

    Attributes:
        state: Where it stands.
        quotes: The own prices, in order.
        offers: The bureau's, in order.
        agreed_price: The price of the deal; null while there is none.
        may: What the maker may do now.
    """

    state: str
    quotes: list[str]
    offers: list[str]
    agreed_price: str | None
    may: list[str]


@dataclass(frozen=True, slots=True)
class ActBody:
    """What the maker does.

    Attributes:
        kind: One of those in `may`.
        price: Yuan per priced unit as a decimal, where one is named.
        reason: Why the negotiators end a session in which somebody has not come; else not used.
    """

    kind: str
    price: str | None = None
    reason: str = ""


@get(f"{_ONE}/session", tags=["negotiations"])
@reads
def read_session(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> SessionEntry:
    """Read time, place and published envelope of a session."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.READ_ENVELOPE)
    talk = require_session(visit.session, dossier=dossier)
    envelope = find_envelope(visit.session, talk=talk)
    posted = posted_seats(visit.session, talk=talk)
    return SessionEntry(
        starts_at=talk.starts_at,
        place=talk.place,
        status=talk.status,
        envelope=None if envelope is None else envelope.digest,
        manifest=talk.manifest_digest,
        seats_posted=sorted(seat for seat, fits in posted.items() if fits),
        is_opened=find_opening(visit.session, talk=talk) is not None,
    )


@post(f"{_ONE}/session/shares", tags=["negotiations"])
@writes
def post_share(
    visit: Visit, campaign: FromPath[str], dossier_id: RowId, body: RawBody
) -> ShareEntry:
    """Post a keyholder's share, as it was signed."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.POST_ENVELOPE_SHARE)
    post = take_share(
        visit.session,
        talk=require_session(visit.session, dossier=dossier),
        actor=visit.actor,
        body=body,
        secret_key=secret_key(visit),
        moment=visit.moment,
    )
    return ShareEntry(post.seat, post.fits)


@get(f"{_ONE}/quotes", tags=["negotiations"])
@reads
def read_quotes(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> QuotesEntry:
    """Read the maker's side of a session."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.QUOTE_PRICE)
    return _quotes(visit, dossier)


@post(f"{_ONE}/quotes", tags=["negotiations"])
@writes
def act(
    visit: Visit, campaign: FromPath[str], dossier_id: RowId, data: JSONBody[ActBody]
) -> QuotesEntry:
    """Quote, accept or leave, as the maker."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.QUOTE_PRICE)
    act_at_table(
        visit.session,
        dossier=dossier,
        event=event_from(data.kind, amount_from(data.price, field="price"), side=Side.MAKER),
        actor=visit.actor,
        secret_key=secret_key(visit),
        moment=visit.moment,
    )
    return _quotes(visit, dossier)


def _quotes(visit: Visit, dossier: Dossier) -> QuotesEntry:
    talk = require_session(visit.session, dossier=dossier)
    if talk.status == SessionStatus.SCHEDULED:
        return QuotesEntry(talk.status, [], [], None, [])
    view: MakerView = maker_view(talks_of(visit.session, talk=talk, secret_key=secret_key(visit)))
    return QuotesEntry(
        state=view.state.value,
        quotes=[amount_text(one) for one in view.quotes],
        offers=[amount_text(one) for one in view.offers],
        agreed_price=None if view.agreed_price is None else amount_text(view.agreed_price),
        may=[one.value for one in view.may],
    )


ROUTES = (read_session, post_share, read_quotes, act)
"""Handlers of this module."""
