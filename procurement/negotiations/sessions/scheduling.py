"""Scheduling a session: its time, and the manifest that the price is sealed under."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from bidding.sealing import (
    Manifest,
    ManifestLot,
    ManifestStrength,
    Purpose,
    read_manifest,
    sign_manifest,
)
from procurement.audit import record
from procurement.bids.keyholders.platform_keys import SERVER, bureau_owner, platform_key
from procurement.errors import FieldFault, InvalidInputError
from procurement.negotiations.campaigns.keys import PREFIX, holders_in, seats_of
from procurement.negotiations.dossiers.filing import filed_content, newest_model
from procurement.negotiations.dossiers.steps import (
    locked,
    require_status,
    set_status,
    subject_of,
    tell_holders,
    tell_maker,
)
from procurement.negotiations.errors import NotReadyError
from procurement.negotiations.kinds import DossierStatus, SessionStatus, Track
from procurement.negotiations.sessions.tables import Session
from procurement.negotiations.tables import Dossier
from procurement.permissions import Actor, NotFoundForActorError

PLACE_MAX = 200
AHEAD_MAX = timedelta(days=400)


def lot_of(dossier: Dossier) -> str:
    """Name the lot of a dossier's manifest.

    Examples:
        >>> lot_of(Dossier(id=7))
        'D7'
    """
    return f"D{dossier.id}"


def schedule_session(
    session: Database,
    *,
    dossier: Dossier,
    starts_at: datetime | None,
    place: str,
    actor: Actor,
    secret_key: bytes,
    moment: datetime,
) -> Session:
    """Fix time and place of a session; the price is sealed for this time and not before.

    Raises:
        DossierStateError: The dossier is not admitted, or has its session already.
        InvalidInputError: A time that is past or missing, no place.
    """
    dossier = locked(session, dossier)
    require_status(dossier, DossierStatus.ADMITTED)
    if dossier.track not in (Track.REGULAR, Track.RARE_DISEASE):
        raise NotReadyError(
            zh="续约和竞价药品不安排谈判。", en="Renewals and biddings have no session."
        )
    starts_at = _to_come(starts_at, place, moment)
    manifest = _manifest(session, dossier, starts_at, secret_key, moment)
    talk = Session(
        dossier_id=dossier.id,
        starts_at=starts_at,
        place=place,
        manifest=manifest.to_bytes().decode(),
        manifest_digest=manifest.digest,
        scheduled_by=actor.person_id,
        scheduled_at=moment,
    )
    session.add(talk)
    session.flush()
    set_status(session, dossier=dossier, status=DossierStatus.SCHEDULED, actor=actor, moment=moment)
    tell_holders(
        session,
        dossier,
        zh="谈判时间已确定，请届时到场开启信封",
        en="the session is scheduled: be there to open the envelope",
        moment=moment,
    )
    tell_maker(session, dossier, zh="谈判时间已确定", en="the session is scheduled", moment=moment)
    return talk


def move_session(
    session: Database,
    *,
    dossier: Dossier,
    starts_at: datetime | None,
    place: str,
    actor: Actor,
    secret_key: bytes,
    moment: datetime,
) -> Session:
    """Move a session before its price is sealed; one whose time has passed unsealed as well.

    Args:
        session: Session of the caller's transaction.
        dossier: The dossier.
        starts_at: The new time.
        place: The new place, or the same.
        actor: An officer.
        secret_key: `Settings.secret_key`.
        moment: When it is moved.

    Raises:
        DossierStateError: No session is scheduled, or the price is sealed for its time.
        InvalidInputError: A time that is past or missing, no place.
    """
    dossier = locked(session, dossier)
    require_status(dossier, DossierStatus.SCHEDULED)
    talk = locked_session(session, require_session(session, dossier=dossier))
    starts_at = _to_come(starts_at, place, moment)
    before = talk.starts_at
    manifest = _manifest(session, dossier, starts_at, secret_key, moment)
    talk.starts_at, talk.place = starts_at, place
    talk.manifest, talk.manifest_digest = manifest.to_bytes().decode(), manifest.digest
    talk.scheduled_by, talk.scheduled_at = actor.person_id or 0, moment
    session.flush()
    record(
        session,
        actor=actor,
        action="move-session",
        subject=subject_of(dossier),
        facts={"from": before.isoformat(), "to": starts_at.isoformat()},
        moment=moment,
    )
    for tell in (tell_holders, tell_maker):
        tell(session, dossier, zh="谈判时间已更改", en="the session was moved", moment=moment)
    return talk


def _to_come(starts_at: datetime | None, place: str, moment: datetime) -> datetime:
    """The time of a session, if time and place can be.

    Raises:
        InvalidInputError: A time that is past or missing, no place.
    """
    faults = []
    if starts_at is None or not moment < starts_at < moment + AHEAD_MAX:
        faults.append(
            FieldFault("starts_at", "请填写今后的时间。", "Give a moment that is to come.")
        )
    if not 1 <= len(place) <= PLACE_MAX:
        faults.append(FieldFault("place", "请填写地点。", "Give the place."))
    if faults or starts_at is None:
        raise InvalidInputError(faults)
    return starts_at


def find_session(session: Database, *, dossier_id: int) -> Session | None:
    """Return the session of a dossier, if it is scheduled."""
    return session.scalars(select(Session).where(Session.dossier_id == dossier_id)).one_or_none()


def require_session(session: Database, *, dossier: Dossier) -> Session:
    """Return the session of a dossier.

    Raises:
        NotReadyError: It is not scheduled.
    """
    found = find_session(session, dossier_id=dossier.id)
    if found is None:
        raise NotReadyError(zh="谈判时间尚未确定。", en="The session is not scheduled yet.")
    return found


def session_by_id(session: Database, *, session_id: int) -> Session:
    """Return a session by its id.

    Raises:
        NotFoundForActorError: There is none.
    """
    found = session.get(Session, session_id)
    if found is None:
        raise NotFoundForActorError
    return found


def locked_session(session: Database, talk: Session) -> Session:
    """Hold a session's row: at the table one thing happens after the other."""
    statement = select(Session).where(Session.id == talk.id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def manifest_of(talk: Session) -> Manifest:
    """Return what the price of a session is sealed under."""
    return read_manifest(talk.manifest)


def is_running(talk: Session) -> bool:
    """Tell whether a session is open."""
    return talk.status == SessionStatus.OPEN


def _manifest(
    session: Database, dossier: Dossier, starts_at: datetime, secret_key: bytes, moment: datetime
) -> Manifest:
    campaign = dossier.campaign
    holders = holders_in(seats_of(session, campaign_id=campaign.id))
    content = filed_content(session, dossier_id=dossier.id) or {}
    model = newest_model(session, dossier_id=dossier.id)
    suite = _suite(session, campaign.id)
    bureau_key, server_key = (
        platform_key(session, owner=owner, suite=suite, secret_key=secret_key, moment=moment)
        for owner in (bureau_owner(campaign.bureau_id), SERVER)
    )
    manifest = Manifest(
        suite_name=suite,
        round_name=f"{PREFIX}{campaign.name}:{dossier.id}",
        purpose=Purpose.BIDS,
        rulebook=campaign.rulebook,
        rulebook_digest=campaign.rulebook_digest,
        document_digest=campaign.rulebook_digest if model is None else model.digest,
        lots=(
            ManifestLot(
                lot_of(dossier),
                dossier.product,
                (ManifestStrength(content.get("strength", dossier.product)),),
            ),
        ),
        closes_at=starts_at,
        opens_at=starts_at,
        outage_shift_minutes=None,
        threshold=campaign.quorum,
        holders=holders,
        bureau_key=bureau_key.public,
        server_key=server_key.public,
        supersedes=None,
    )
    return sign_manifest(manifest, key=bureau_key, random_bytes=secrets.token_bytes)


def _suite(session: Database, campaign_id: int) -> str:
    made = [one.key for one in seats_of(session, campaign_id=campaign_id) if one.key]
    if not made:
        raise NotReadyError(zh="密钥尚未提交。", en="The keyholders have made no keys.")
    return made[0].suite
