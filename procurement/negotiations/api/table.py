"""At the table by machine: the negotiators' side, and the deal that both sides sign."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from litestar import get, post
from litestar.datastructures import CacheControlHeader
from litestar.params import FromPath, JSONBody

from pricing.session import Side, negotiators_view
from procurement.bids.at_edge import secret_key
from procurement.database import transaction
from procurement.negotiations.api.amounts import amount_from, amount_text
from procurement.negotiations.api.sessions import ActBody
from procurement.negotiations.at_edge import dossier_for
from procurement.negotiations.dossiers.steps import subject_of
from procurement.negotiations.kinds import Party, SessionStatus
from procurement.negotiations.pages.table import table_for
from procurement.negotiations.sessions.acts import act_at_table
from procurement.negotiations.sessions.deals import find_deal, sign_deal, signatures_of
from procurement.negotiations.sessions.opening import find_opening
from procurement.negotiations.sessions.reading import event_from
from procurement.negotiations.sessions.scheduling import require_session
from procurement.negotiations.sessions.table import (
    TableRefusedError,
    begin_session,
    look_at_maximum,
    note_refused,
    talks_of,
)
from procurement.negotiations.tables import Dossier
from procurement.permissions import Action
from procurement.web import OWN_IDEMPOTENCY, RowId, Visit, reads, writes

_ONE = "/api/v1/negotiations/{campaign:str}/dossiers/{dossier_id:int}"


@dataclass(frozen=True, slots=True)
class TableEntry:
    """The negotiators' side of a session; the maximum payable price is not in it.

    Attributes:
        status: scheduled, open, agreed or failed.
        state: Where the talks stand; null before they begin.
        quotes: The maker's prices, in order.
        offers: The own prices, in order.
        agreed_price: The price of the deal; null while there is none.
        may: What the negotiators may do now.
        is_opened: Whether the envelope is open.
    """

    status: str
    state: str | None
    quotes: list[str]
    offers: list[str]
    agreed_price: str | None
    may: list[str]
    is_opened: bool


@dataclass(frozen=True, slots=True)
class DealEntry:
    """The text that both sides sign.

    Attributes:
        content: Canonical JSON.
        digest: SHA-256 of it.
        signed: Parties that have signed.
    """

    content: str
    digest: str
    signed: list[str]


@dataclass(frozen=True, slots=True)
class DealSignatureBody:
    """A signature under a deal.

    Attributes:
        digest: Of the text that was read.
        signed_by: The own name.
    """

    digest: str
    signed_by: str


@dataclass(frozen=True, slots=True)
class DealReceipt:
    """What became of a signature.

    Attributes:
        party: For which side.
        signed_at: When.
        status: Of the session: agreed with the second signature.
    """

    party: str
    signed_at: datetime
    status: str


@dataclass(frozen=True, slots=True)
class MaximumEntry:
    """The maximum payable price, after a look that is noted.

    Attributes:
        price: Yuan per priced unit.
    """

    price: str


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """Where a session stands.

    Attributes:
        status: scheduled, open, agreed or failed.
    """

    status: str


@get(f"{_ONE}/table", tags=["negotiations"])
@reads
def read_table(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> TableEntry:
    """Read the negotiators' side of a session."""
    dossier = table_for(visit, campaign, dossier_id)
    talk = require_session(visit.session, dossier=dossier)
    is_opened = find_opening(visit.session, talk=talk) is not None
    if talk.status == SessionStatus.SCHEDULED:
        return TableEntry(talk.status, None, [], [], None, [], is_opened)
    view = negotiators_view(talks_of(visit.session, talk=talk, secret_key=secret_key(visit)))
    return TableEntry(
        status=talk.status,
        state=view.state.value,
        quotes=[amount_text(one) for one in view.quotes],
        offers=[amount_text(one) for one in view.offers],
        agreed_price=_text(view.agreed_price),
        may=[one.value for one in view.may],
        is_opened=is_opened,
    )


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else amount_text(amount)


@post(f"{_ONE}/table/begin", tags=["negotiations"])
@writes
def begin_talks(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> StatusEntry:
    """Begin a session, as a negotiator, when its time has come."""
    dossier = table_for(visit, campaign, dossier_id)
    talk = begin_session(visit.session, dossier=dossier, actor=visit.actor, moment=visit.moment)
    return StatusEntry(talk.status)


# Kept by no idempotency key: the price would lie in the database, and a look would not be noted.
@post(
    f"{_ONE}/table/look",
    tags=["negotiations"],
    status_code=200,
    opt={OWN_IDEMPOTENCY: True},
    cache_control=CacheControlHeader(no_store=True),
)
@writes
def look(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> MaximumEntry:
    """Look at the maximum payable price, as a negotiator; every look is noted."""
    dossier = table_for(visit, campaign, dossier_id)
    price = look_at_maximum(
        visit.session,
        dossier=dossier,
        actor=visit.actor,
        secret_key=secret_key(visit),
        moment=visit.moment,
    )
    return MaximumEntry(amount_text(price))


@post(f"{_ONE}/table", tags=["negotiations"])
@writes
def act_as_negotiators(
    visit: Visit, campaign: FromPath[str], dossier_id: RowId, data: JSONBody[ActBody]
) -> StatusEntry:
    """Offer, accept or leave, as a negotiator."""
    dossier = table_for(visit, campaign, dossier_id)
    subject = subject_of(dossier)
    try:
        _act(visit, dossier, data)
    except TableRefusedError as refusal:
        # The act leaves nothing; that a price above the maximum was tried is kept on its own.
        visit.session.rollback()
        with transaction(visit.engine) as session:
            note_refused(
                session, subject=subject, refusal=refusal, actor=visit.actor, moment=visit.moment
            )
        raise
    return StatusEntry(require_session(visit.session, dossier=dossier).status)


def _act(visit: Visit, dossier: Dossier, data: ActBody) -> None:
    act_at_table(
        visit.session,
        dossier=dossier,
        event=event_from(data.kind, amount_from(data.price, field="price"), side=Side.NEGOTIATORS),
        actor=visit.actor,
        secret_key=secret_key(visit),
        moment=visit.moment,
        reason=data.reason,
    )


@get(f"{_ONE}/table/deal", tags=["negotiations"])
@reads
def read_deal_as_negotiator(
    visit: Visit, campaign: FromPath[str], dossier_id: RowId
) -> DealEntry | None:
    """Read the deal as the negotiators sign it; null while there is none."""
    return _deal(visit, table_for(visit, campaign, dossier_id))


@post(f"{_ONE}/table/signature", tags=["negotiations"])
@writes
def sign_deal_as_negotiator(
    visit: Visit, campaign: FromPath[str], dossier_id: RowId, data: JSONBody[DealSignatureBody]
) -> DealReceipt:
    """Sign the deal for the bureau."""
    return _sign(visit, table_for(visit, campaign, dossier_id), Party.BUREAU, data)


@get(f"{_ONE}/quotes/deal", tags=["negotiations"])
@reads
def read_deal_as_maker(
    visit: Visit, campaign: FromPath[str], dossier_id: RowId
) -> DealEntry | None:
    """Read the deal as the maker signs it; null while there is none."""
    return _deal(visit, dossier_for(visit, campaign, dossier_id, Action.QUOTE_PRICE))


@post(f"{_ONE}/quotes/signature", tags=["negotiations"])
@writes
def sign_deal_as_maker(
    visit: Visit, campaign: FromPath[str], dossier_id: RowId, data: JSONBody[DealSignatureBody]
) -> DealReceipt:
    """Sign the deal for the maker."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.QUOTE_PRICE)
    return _sign(visit, dossier, Party.MAKER, data)


def _deal(visit: Visit, dossier: Dossier) -> DealEntry | None:
    talk = require_session(visit.session, dossier=dossier)
    deal = find_deal(visit.session, talk=talk)
    if deal is None:
        return None
    signed = signatures_of(visit.session, deal=deal)
    return DealEntry(deal.content, deal.digest, sorted(one.value for one in signed))


def _sign(visit: Visit, dossier: Dossier, party: Party, data: DealSignatureBody) -> DealReceipt:
    talk = require_session(visit.session, dossier=dossier)
    signature = sign_deal(
        visit.session,
        talk=talk,
        party=party,
        digest=data.digest,
        signed_by=data.signed_by,
        actor=visit.actor,
        secret_key=secret_key(visit),
        moment=visit.moment,
    )
    return DealReceipt(party.value, signature.signed_at, talk.status)


ROUTES = (
    read_table,
    begin_talks,
    look,
    act_as_negotiators,
    read_deal_as_negotiator,
    sign_deal_as_negotiator,
    read_deal_as_maker,
    sign_deal_as_maker,
)
"""Handlers of this module."""
