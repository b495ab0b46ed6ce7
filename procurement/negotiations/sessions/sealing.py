"""Sealing the maximum payable price: like a bid, to the keyholders; nothing of it stays here."""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from bidding.sealing import (
    Bid,
    BidLine,
    Manifest,
    ReceiptSecret,
    open_with_key,
    read_submission,
    seal_bid,
)
from bidding.sealing import Envelope as Sealed
from procurement.audit import record
from procurement.bids.keyholders.platform_keys import bureau_owner, platform_key
from procurement.negotiations.dossiers.steps import (
    locked,
    require_status,
    set_status,
    subject_of,
    tell_bureau,
    tell_maker,
)
from procurement.negotiations.errors import NotReadyError
from procurement.negotiations.groups.reconciling import step_to_seal
from procurement.negotiations.groups.vault import seal_away
from procurement.negotiations.kinds import DossierStatus, Part
from procurement.negotiations.sessions.scheduling import (
    locked_session,
    lot_of,
    manifest_of,
    require_session,
)
from procurement.negotiations.sessions.tables import Envelope, Session
from procurement.negotiations.subjects import require_member
from procurement.negotiations.tables import Dossier
from procurement.permissions import Actor


def seal_maximum_price(
    session: Database, *, dossier: Dossier, actor: Actor, secret_key: bytes, moment: datetime
) -> Envelope:
    """Seal the price of the chair's last step, and the whole calculation with it.

    The price is in this process's memory while it is sealed, as it was while it was computed; what
    is kept of it is the envelope alone. Its digest is published at once.

    Raises:
        NotFoundForActorError: Not the chair of it, or conflicted.
        DossierStateError: The session is not scheduled, or a price is sealed already.
        NotReadyError: Nothing is reconciled, the session's time has come, or what was sealed would
            not be read again.
    """
    require_member(session, dossier, actor=actor, part=Part.CHAIR)
    dossier = locked(session, dossier)
    require_status(dossier, DossierStatus.SCHEDULED)
    talk = _before_its_time(session, dossier, moment)
    step = step_to_seal(session, dossier=dossier, secret_key=secret_key)
    manifest = manifest_of(talk)
    key = platform_key(
        session,
        owner=bureau_owner(dossier.campaign.bureau_id),
        suite=manifest.suite_name,
        secret_key=secret_key,
        moment=moment,
    )
    lot = manifest.lots[0]
    line = BidLine(lot_of(dossier), lot.strengths[0].strength, declared_price=step.price)
    sealed, secret = seal_bid(
        manifest,
        bid=Bid(lines=(line,)),
        bidder=f"chair-{actor.person_id}",
        version=1,
        replaces=None,
        signing_key=key,
        random_bytes=secrets.token_bytes,
    )
    _require_readable(manifest, sealed, secret, line)
    envelope = Envelope(
        session_id=talk.id,
        document=sealed.to_bytes().decode(),
        digest=sealed.digest,
        wrapped_key=seal_away(
            session,
            dossier_id=dossier.id,
            content_key=secret.content_key,
            secret_key=secret_key,
        ),
        sealed_by=actor.person_id,
        sealed_at=moment,
    )
    session.add(envelope)
    session.flush()
    set_status(session, dossier=dossier, status=DossierStatus.SEALED, actor=actor, moment=moment)
    _publish(session, dossier, envelope, actor, moment)
    return envelope


def _before_its_time(session: Database, dossier: Dossier, moment: datetime) -> Session:
    talk = locked_session(session, require_session(session, dossier=dossier))
    if moment >= talk.starts_at:
        raise NotReadyError(
            zh="谈判时间已到，谈判底价须在此之前封存。",
            en="The session's time has come: the price is sealed before it.",
        )
    return talk


def find_envelope(session: Database, *, talk: Session) -> Envelope | None:
    """Return the envelope of a session, if its price is sealed."""
    return session.scalars(select(Envelope).where(Envelope.session_id == talk.id)).one_or_none()


def sealed_of(envelope: Envelope) -> Sealed:
    """Return an envelope as it was sealed.

    Raises:
        TypeError: A withdrawal stands in its place: nobody can have put it there.
    """
    sealed = read_submission(envelope.document)
    if not isinstance(sealed, Sealed):
        raise TypeError("expected an envelope")
    return sealed


def _require_readable(
    manifest: Manifest, sealed: Sealed, secret: ReceiptSecret, line: BidLine
) -> None:
    """Open the envelope once while the calculation is still here: later nobody can mend it."""
    opened = open_with_key(manifest, sealed, content_key=secret.content_key)
    if opened.bid is None or opened.bid.lines != (line,):
        raise NotReadyError(
            zh="这个价格封存后无法读出，未予封存：请重新合议。",
            en="The price could not be read from its envelope again, so it is not sealed: "
            "reconcile again.",
        )


def _publish(
    session: Database, dossier: Dossier, envelope: Envelope, actor: Actor, moment: datetime
) -> None:
    record(
        session,
        actor=actor,
        action="seal-maximum-price",
        subject=subject_of(dossier),
        facts={"envelope": envelope.digest},
        moment=moment,
    )
    zh = f"谈判底价已封存，信封摘要 {envelope.digest[:16]}…"
    en = f"the maximum payable price is sealed, envelope {envelope.digest[:16]}…"
    tell_maker(session, dossier, zh=zh, en=en, moment=moment)
    tell_bureau(session, dossier, zh=zh, en=en, moment=moment)
