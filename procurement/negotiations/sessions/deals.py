"""How a session ends: the deal that both sign on the spot, its standard, and the record."""

import json
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from bidding.sealing import canonical_bytes, open_with_key
from pricing.session import STATE_WORDS, State
from pricing.session import Session as Talks
from procurement.audit import record
from procurement.database import text_digest
from procurement.errors import FieldFault, InvalidInputError
from procurement.negotiations.dossiers.filing import filed_content
from procurement.negotiations.dossiers.steps import (
    set_status,
    subject_of,
    tell_bureau,
    tell_maker,
)
from procurement.negotiations.errors import NotReadyError
from procurement.negotiations.kinds import DossierStatus, Party, SessionStatus
from procurement.negotiations.sessions.opening import OpenedPrice, opened_price
from procurement.negotiations.sessions.pool_standing import warn_of_pool
from procurement.negotiations.sessions.scheduling import locked_session, manifest_of
from procurement.negotiations.sessions.sealing import find_envelope, sealed_of
from procurement.negotiations.sessions.standards import record_standard
from procurement.negotiations.sessions.table import has_ended
from procurement.negotiations.sessions.tables import Deal, DealSignature, Session, SessionRecord
from procurement.negotiations.tables import Dossier
from procurement.permissions import Actor


def follow_up(
    session: Database,
    *,
    talk: Session,
    talks: Talks,
    actor: Actor,
    secret_key: bytes,
    moment: datetime,
    reason: str = "",
) -> None:
    """Do what an event leads to: draw up the deal, or end the session without one.

    Args:
        session: Session of the caller's transaction.
        talk: The session.
        talks: As it stands after the event.
        actor: Who acted.
        secret_key: `Settings.secret_key`.
        moment: When.
        reason: Why it was ended, where a side gave one; both sides read it.
    """
    if talks.state is State.AGREED and talks.agreed_price is not None:
        _draw_up(session, talk, talks.agreed_price, actor, moment)
        warn_of_pool(session, dossier=talk.dossier, actor=actor, moment=moment)
    elif has_ended(talks):
        talk.status, talk.ended_at = SessionStatus.FAILED, moment
        zh, en = STATE_WORDS[talks.state]
        dossier = talk.dossier
        set_status(
            session,
            dossier=dossier,
            status=DossierStatus.FAILED,
            actor=actor,
            moment=moment,
            reason=f"{zh} / {en}" + (f": {reason}" if reason else ""),
        )
        tell_maker(session, dossier, zh="谈判未达成", en="no deal was made", moment=moment)
        tell_bureau(session, dossier, zh="谈判未达成", en="no deal was made", moment=moment)
        close_record(session, talk=talk, secret_key=secret_key, moment=moment)


def sign_deal(  # noqa: PLR0913 - what is signed, for whom, by whom
    session: Database,
    *,
    talk: Session,
    party: Party,
    digest: str,
    signed_by: str,
    actor: Actor,
    secret_key: bytes,
    moment: datetime,
) -> DealSignature:
    """Sign the deal for one side; with the second signature it holds, and its standard is recorded.

    Args:
        session: Session of the caller's transaction.
        talk: The session.
        party: For which side.
        digest: SHA-256 of what was read and is signed.
        signed_by: The own name, as typed.
        actor: Who signs.
        secret_key: `Settings.secret_key`.
        moment: When.

    Raises:
        NotReadyError: There is nothing to sign, it is signed, or it is another text.
        InvalidInputError: The name is not that of who is signed in.
    """
    talk = locked_session(session, talk)
    deal = find_deal(session, talk=talk)
    signed = {} if deal is None else signatures_of(session, deal=deal)
    if deal is None or talk.status != SessionStatus.OPEN or party in signed:
        raise NotReadyError(zh="没有待签署的协议。", en="There is nothing to sign.")
    if digest != deal.digest:
        raise NotReadyError(zh="协议文本不符。", en="This is not the text of the deal.")
    if signed_by != actor.name:
        raise InvalidInputError(
            [
                FieldFault(
                    "signed_by", "请签署登录人本人的姓名。", "Sign with the name signed in with."
                )
            ]
        )
    signature = DealSignature(
        deal_id=deal.id, party=party, person_id=actor.person_id, digest=digest, signed_at=moment
    )
    session.add(signature)
    session.flush()
    record(
        session,
        actor=actor,
        action="sign-deal",
        subject=subject_of(talk.dossier),
        facts={"party": party.value, "deal": deal.digest},
        moment=moment,
    )
    if len(signed) + 1 == len(Party):
        _conclude(session, talk, deal, actor, secret_key, moment)
    return signature


def find_deal(session: Database, *, talk: Session) -> Deal | None:
    """Return the deal of a session."""
    return session.scalars(select(Deal).where(Deal.session_id == talk.id)).one_or_none()


def signatures_of(session: Database, *, deal: Deal) -> dict[Party, DealSignature]:
    """Return who signed a deal for which side."""
    rows = session.scalars(select(DealSignature).where(DealSignature.deal_id == deal.id))
    return {Party(row.party): row for row in rows}


def find_record(session: Database, *, talk: Session) -> SessionRecord | None:
    """Return the record of a session: made when it has ended and its envelope is open."""
    return session.scalars(
        select(SessionRecord).where(SessionRecord.session_id == talk.id)
    ).one_or_none()


def close_record(
    session: Database, *, talk: Session, secret_key: bytes, moment: datetime
) -> SessionRecord | None:
    """Write the record, once the session has ended and its envelope is open; else wait.

    A maker may leave before the keyholders came: they open the envelope for the record then.
    """
    opened = opened_price(session, talk=talk, secret_key=secret_key)
    known = find_record(session, talk=talk)
    if talk.ended_at is None or opened is None or known is not None:
        return known
    price = _opened_again(session, talk, opened)
    status = SessionStatus(talk.status)
    words = {
        SessionStatus.AGREED: ("谈判达成一致并已签署。", "The talks ended in a signed deal."),
        SessionStatus.FAILED: ("谈判未达成一致。", "The talks ended without a deal."),
        SessionStatus.UNSIGNED: (
            "价格已经谈成，但协议没有由双方签署。",
            "A price was agreed, but not both sides signed the deal.",
        ),
    }[status]
    kept = SessionRecord(
        session_id=talk.id,
        outcome=status,
        reason_zh=words[0],
        reason_en=words[1],
        maximum_price=price,
        content_key=opened.content_key.hex(),
        closed_at=moment,
    )
    session.add(kept)
    session.flush()
    return kept


def _opened_again(session: Database, talk: Session, opened: OpenedPrice) -> Decimal:
    """The price that the record's key gives: what anybody gets who checks the record later."""
    envelope = find_envelope(session, talk=talk)
    if envelope is None:
        raise NotReadyError(zh="谈判底价没有封存。", en="No price was sealed.")
    again = open_with_key(manifest_of(talk), sealed_of(envelope), content_key=opened.content_key)
    price = None if again.bid is None else again.bid.lines[0].declared_price
    if price is None or price != opened.price:
        raise NotReadyError(
            zh="信封与开启时的内容不符。", en="The envelope is not the one that was opened."
        )
    return price


def _draw_up(
    session: Database, talk: Session, price: Decimal, actor: Actor, moment: datetime
) -> None:
    dossier = talk.dossier
    text = canonical_bytes(_terms(session, talk, dossier, price)).decode()
    session.add(
        Deal(
            session_id=talk.id,
            price=price,
            content=text,
            digest=text_digest(text),
            drafted_by=actor.person_id,
            drafted_at=moment,
        )
    )
    session.flush()


def _terms(
    session: Database, talk: Session, dossier: Dossier, price: Decimal
) -> dict[str, str | int]:
    content = filed_content(session, dossier_id=dossier.id) or {}
    envelope = find_envelope(session, talk=talk)
    return {
        "campaign": dossier.campaign.name,
        "product": dossier.product,
        "manufacturer": dossier.organisation.name,
        "strength": content.get("strength", ""),
        "priced_unit": content.get("priced_unit", ""),
        "pack_units": int(content.get("pack_units", "1")),
        "indication": content.get("indication", ""),
        "price": f"{price.normalize():f}",
        "starts_on": dossier.campaign.starts_on.isoformat(),
        "ends_on": dossier.campaign.ends_on.isoformat(),
        "envelope": "" if envelope is None else envelope.digest,
    }


def _conclude(
    session: Database,
    talk: Session,
    deal: Deal,
    actor: Actor,
    secret_key: bytes,
    moment: datetime,
) -> None:
    talk.status, talk.ended_at = SessionStatus.AGREED, moment
    dossier = talk.dossier
    set_status(session, dossier=dossier, status=DossierStatus.AGREED, actor=actor, moment=moment)
    terms = json.loads(deal.content)
    record_standard(
        session,
        dossier=dossier,
        way="talks",
        price=deal.price,
        strength=terms["strength"],
        pack_units=terms["pack_units"],
        moment=moment,
    )
    close_record(session, talk=talk, secret_key=secret_key, moment=moment)
    for tell in (tell_maker, tell_bureau):
        tell(session, dossier, zh="谈判达成并已签署", en="the deal is signed", moment=moment)
