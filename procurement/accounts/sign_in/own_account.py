"""What people do with their own account: password, second factor, sign-ins."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.events import note_own
from procurement.accounts.people.leaked import leaked_faults
from procurement.accounts.people.passwords import hash_password, password_faults, verify_password
from procurement.accounts.secret_values import token_digest
from procurement.accounts.sign_in.counted_attempts import PRESENCE_LIMIT
from procurement.accounts.sign_in.second_factor import (
    disable_second_factor,
    enable_second_factor,
    renew_recovery_codes,
)
from procurement.accounts.sign_in.throttle import (
    Counted,
    count_failure,
    lock_counters,
    refuse_blocked,
)
from procurement.accounts.tables import Person, RecoveryCode, SignInSession
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor, NotFoundForActorError


def account_of(session: Session, *, actor: Actor) -> Person:
    """Return the person who is signed in.

    Raises:
        NotFoundForActorError: Nobody is.
    """
    person = None if actor.person_id is None else session.get(Person, actor.person_id)
    if person is None:
        raise NotFoundForActorError
    return person


def change_password(
    session: Session,
    *,
    actor: Actor,
    old: str,
    new: str,
    session_token: str | None,
    moment: datetime,
    leaked: Path | None = None,
) -> None:
    """Change the own password; all other sign-ins end.

    Args:
        session: Session of the caller's transaction.
        actor: Who acts.
        old: The present password.
        new: The next one.
        session_token: The sign-in that stays.
        moment: Now.
        leaked: A list of passwords that leaked; see `procurement.accounts.people.leaked`.

    Raises:
        InvalidInputError: The old one is wrong, or the new one is not accepted.
        TooManyAttemptsError: Too many wrong ones. Both are counted in the same transaction.
    """
    person = account_of(session, actor=actor)
    counted = [Counted(PRESENCE_LIMIT, str(person.id))]
    counters = lock_counters(session, counted=counted, moment=moment)
    refuse_blocked(counters, moment=moment)
    faults = [
        *password_faults(new, user=person.user, field="new_password"),
        *leaked_faults(new, among=leaked, field="new_password"),
    ]
    if not verify_password(old, kept=person.password_hash):
        count_failure(counters, moment=moment)
        faults.insert(0, FieldFault("password", "当前密码不正确。", "The password is not right."))
    if faults:
        raise InvalidInputError(faults)
    person.password_hash = hash_password(new)
    end_other_sessions(session, actor=actor, session_token=session_token, moment=moment)
    note_own(session, actor, "change-password", moment)


def set_up_second_factor(
    session: Session,
    *,
    actor: Actor,
    secret: str,
    code: str,
    moment: datetime,
    secret_key: bytes,
) -> list[str]:
    """Ask for a second factor from now on; see `enable_second_factor`.

    Returns:
        Recovery codes, shown once.

    Raises:
        InvalidInputError: The code does not fit.
    """
    person = account_of(session, actor=actor)
    codes = enable_second_factor(
        session, person=person, secret=secret, code=code, moment=moment, secret_key=secret_key
    )
    note_own(session, actor, "enable-second-factor", moment)
    return codes


def remove_second_factor(session: Session, *, actor: Actor, moment: datetime) -> None:
    """Ask for no second factor any more; confirm the person's presence before."""
    disable_second_factor(session, person=account_of(session, actor=actor))
    note_own(session, actor, "disable-second-factor", moment)


def replace_recovery_codes(session: Session, *, actor: Actor, moment: datetime) -> list[str]:
    """Replace the recovery codes; confirm the person's presence before."""
    codes = renew_recovery_codes(session, person=account_of(session, actor=actor))
    note_own(session, actor, "renew-recovery-codes", moment)
    return codes


def recovery_codes_left(session: Session, *, actor: Actor) -> int:
    """Count the recovery codes that are still unused."""
    unused = select(RecoveryCode.id).where(
        RecoveryCode.person_id == actor.person_id, RecoveryCode.used_at.is_(None)
    )
    return len(session.scalars(unused).all())


def own_sessions(session: Session, *, actor: Actor, moment: datetime) -> list[SignInSession]:
    """Return the actor's sign-ins that have not ended, newest first."""
    found = session.scalars(
        select(SignInSession)
        .where(
            SignInSession.person_id == actor.person_id,
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > moment,
        )
        .order_by(SignInSession.id.desc())
    )
    return list(found)


def end_session(session: Session, *, actor: Actor, session_id: int, moment: datetime) -> None:
    """End one of the actor's sign-ins.

    Raises:
        NotFoundForActorError: It is not the actor's.
    """
    row = session.get(SignInSession, session_id)
    if row is None or row.person_id != actor.person_id:
        raise NotFoundForActorError
    if row.ended_at is None:
        row.ended_at = moment
        note_own(session, actor, "end-sign-in", moment)


def end_other_sessions(
    session: Session, *, actor: Actor, session_token: str | None, moment: datetime
) -> int:
    """End all of the actor's sign-ins but one.

    Args:
        session: Session of the caller's transaction.
        actor: Whose.
        session_token: The one that stays; None ends all.
        moment: Now.

    Returns:
        How many ended.
    """
    kept = None if session_token is None else token_digest(session_token)
    others = [
        row for row in own_sessions(session, actor=actor, moment=moment) if row.token_hash != kept
    ]
    for row in others:
        row.ended_at = moment
    return len(others)


def name_browser(session: Session, *, session_id: int, agent: str) -> None:
    """Note what the browser of a fresh sign-in says it is, for the list of one's own sign-ins."""
    session.get_one(SignInSession, session_id).agent = agent[:300]
