"""A deal that one side does not sign is ended with a reason: the dossier is not agreed then."""

from datetime import datetime

from sqlalchemy.orm import Session as Database

from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError
from procurement.negotiations.dossiers.steps import (
    set_status,
    subject_of,
    tell_bureau,
    tell_maker,
)
from procurement.negotiations.errors import NotReadyError
from procurement.negotiations.kinds import PARTY_WORDS, DossierStatus, Party, SessionStatus
from procurement.negotiations.sessions.deals import close_record, find_deal
from procurement.negotiations.sessions.scheduling import locked_session
from procurement.negotiations.sessions.tables import Session
from procurement.permissions import Actor

REASON_MAX = 2000


def end_unsigned(
    session: Database,
    *,
    talk: Session,
    party: Party,
    reason: str,
    actor: Actor,
    secret_key: bytes,
    moment: datetime,
) -> None:
    """End a deal that not both sides have signed; no payment standard follows from it.

    Args:
        session: Session of the caller's transaction.
        talk: The session.
        party: Which side ends it; it may have signed before, and wait for the other in vain.
        reason: Why, in its own words; both sides read it.
        actor: Who acts for that side.
        secret_key: `Settings.secret_key`.
        moment: When.

    Raises:
        NotReadyError: There is no deal, both have signed, or it was ended already.
        InvalidInputError: No reason, or one that is too long.
    """
    talk = locked_session(session, talk)
    deal = find_deal(session, talk=talk)
    if deal is None or talk.status != SessionStatus.OPEN:
        raise NotReadyError(zh="没有待签署的协议。", en="There is nothing to sign.")
    if not 1 <= len(reason) <= REASON_MAX:
        fault = FieldFault(
            "reason",
            f"请说明理由，最多 {REASON_MAX} 字。",
            f"Give the reason, in at most {REASON_MAX} characters.",
        )
        raise InvalidInputError([fault])
    talk.status, talk.ended_at = SessionStatus.UNSIGNED, moment
    zh, en = PARTY_WORDS[party]
    dossier = talk.dossier
    set_status(
        session,
        dossier=dossier,
        status=DossierStatus.FAILED,
        actor=actor,
        moment=moment,
        reason=f"{zh}终止未签署的协议 / deal ended unsigned by the {en}: {reason}",
    )
    record(
        session,
        actor=actor,
        action="end-unsigned-deal",
        subject=subject_of(dossier),
        facts={"party": party.value, "deal": deal.digest},
        moment=moment,
    )
    close_record(session, talk=talk, secret_key=secret_key, moment=moment)
    for tell in (tell_maker, tell_bureau):
        tell(
            session,
            dossier,
            zh=f"{zh}终止了未签署的协议，谈判未达成",
            en=f"the {en} ended the deal unsigned: no deal was made",
            moment=moment,
        )
