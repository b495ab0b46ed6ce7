"""What pages and interface call at the table: an act together with what follows from it."""

from datetime import datetime

from sqlalchemy.orm import Session as Database

from pricing.session import WAITING, Event, EventKind, Side
from pricing.session import Session as Talks
from procurement.errors import FieldFault, InvalidInputError
from procurement.negotiations.kinds import Part, SessionStatus
from procurement.negotiations.sessions.deals import close_record, follow_up
from procurement.negotiations.sessions.opening import post_share
from procurement.negotiations.sessions.refusing import REASON_MAX
from procurement.negotiations.sessions.scheduling import locked_session, require_session
from procurement.negotiations.sessions.table import act, note_opening, talks_of
from procurement.negotiations.sessions.tables import Session, SharePost
from procurement.negotiations.subjects import require_member
from procurement.negotiations.tables import Dossier
from procurement.permissions import Actor, NotFoundForActorError

_REASON_FAULT = FieldFault(
    "reason",
    f"企业或者密钥持有人尚未到场：请说明结束谈判的理由，最多 {REASON_MAX} 字。",
    "The maker or the keyholders are still waited for: give the reason for ending the session, "
    f"in at most {REASON_MAX} characters.",
)


def act_at_table(
    session: Database,
    *,
    dossier: Dossier,
    event: Event,
    actor: Actor,
    secret_key: bytes,
    moment: datetime,
    reason: str = "",
) -> Talks:
    """Name a price, accept one, or leave; the deal or the end of the talks follows.

    Args:
        session: Session of the caller's transaction.
        dossier: The dossier.
        event: What is done; the actor must be of its side.
        actor: The maker, or a negotiator of the dossier.
        secret_key: `Settings.secret_key`.
        moment: When.
        reason: Why the negotiators end a session in which they wait for the maker or for the
            keyholders; both sides read it.

    Raises:
        NotFoundForActorError: Not of the side whose act it is.
        NotReadyError: The session does not run.
        TableRefusedError: The rules do not allow it now.
        InvalidInputError: A price that cannot be written, or no reason where one is needed.
    """
    if event.side is Side.MAKER:
        if actor.organisation_id != dossier.organisation_id:
            raise NotFoundForActorError
    elif event.side is Side.NEGOTIATORS:
        require_member(session, dossier, actor=actor, part=Part.NEGOTIATOR)
    else:
        raise NotFoundForActorError
    talk = locked_session(session, require_session(session, dossier=dossier))
    ends_waiting = _ends_waiting(session, talk=talk, event=event, secret_key=secret_key)
    if ends_waiting and not 1 <= len(reason) <= REASON_MAX:
        raise InvalidInputError([_REASON_FAULT])
    talks = act(session, talk=talk, event=event, actor=actor, secret_key=secret_key, moment=moment)
    follow_up(
        session,
        talk=talk,
        talks=talks,
        actor=actor,
        secret_key=secret_key,
        moment=moment,
        reason=reason if ends_waiting else "",
    )
    return talks


def _ends_waiting(session: Database, *, talk: Session, event: Event, secret_key: bytes) -> bool:
    """Whether the negotiators end a session in which somebody has not come yet."""
    if event.kind is not EventKind.NEGOTIATORS_LEAVE or talk.status != SessionStatus.OPEN:
        return False
    return talks_of(session, talk=talk, secret_key=secret_key).state in WAITING


def take_share(
    session: Database,
    *,
    talk: Session,
    actor: Actor,
    body: bytes,
    secret_key: bytes,
    moment: datetime,
) -> SharePost:
    """Take a keyholder's share; with the quorum's last one the session knows its maximum price.

    Raises:
        NotReadyError: It is not the time for it.
        InvalidInputError: The posting is not accepted.
        NotFoundForActorError: The actor's organisation has no seat.
    """
    post = post_share(
        session, talk=talk, actor=actor, body=body, secret_key=secret_key, moment=moment
    )
    opened_by = Actor()
    talks = note_opening(session, talk=talk, actor=opened_by, secret_key=secret_key, moment=moment)
    if talks is not None:
        follow_up(
            session,
            talk=talk,
            talks=talks,
            actor=opened_by,
            secret_key=secret_key,
            moment=moment,
        )
    close_record(session, talk=talk, secret_key=secret_key, moment=moment)
    return post
