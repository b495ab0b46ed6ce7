"""Signing in and out, and finding out who asks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.events import PLATFORM, note, note_own
from procurement.accounts.people.passwords import hash_password, needs_rehash, verify_password
from procurement.accounts.people.service import actor_for
from procurement.accounts.secret_values import new_token, token_digest
from procurement.accounts.sign_in.counted_attempts import PAIR_LIMIT, sign_in_attempt
from procurement.accounts.sign_in.second_factor import accept_second_factor
from procurement.accounts.sign_in.throttle import (
    count_failure,
    forget_failures,
    lock_counters,
    refuse_blocked,
)
from procurement.accounts.sign_in.tokens import holder_of, note_use
from procurement.accounts.tables import Organisation, Person, SignInSession
from procurement.errors import RefusedError
from procurement.permissions import Actor

# NIST SP 800-63B, second assurance level: sign in again after half a day at the latest. Forms
# keep drafts on the server, so that an hour without any request means that nobody is there.
SESSION_LIFE = timedelta(hours=12)
SESSION_IDLE = timedelta(hours=1)
TOUCH_EVERY = timedelta(minutes=1)


class SignInRefusedError(RefusedError):
    """Name, password or code is wrong; which one is not said."""

    def __init__(self) -> None:
        """Say the same for every cause."""
        super().__init__(
            zh="用户名、密码或动态验证码不正确。",
            en="User name, password or code is not right.",
        )


class SecondFactorNeededError(RefusedError):
    """The password is right; the code of the second factor is still to be given."""

    def __init__(self) -> None:
        """Ask for it."""
        super().__init__(
            zh="请输入动态验证码，或一个恢复代码。",
            en="Enter the code of your authenticator, or a recovery code.",
        )


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh sign-in.

    Attributes:
        token: What the cookie carries; it is not kept on the server.
        person_id: Who signed in.
        session_id: The row of the sign-in.
        expires_at: Until when at most.
    """

    token: str
    person_id: int
    session_id: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Resolved:
    """Who asks, and by which sign-in.

    Attributes:
        actor: The public, if nobody is signed in.
        session_id: The sign-in of a browser.
        token_id: The token of a machine.
        touch_due: Its last use should be noted with `touch`.
    """

    actor: Actor
    session_id: int | None = None
    token_id: int | None = None
    touch_due: bool = False


def sign_in(
    session: Session,
    *,
    user: str,
    password: str,
    code: str,
    address: str,
    moment: datetime,
    secret_key: bytes,
) -> SignedIn:
    """Sign somebody in with a password, and a second factor if the person has one.

    Failures are counted in the same transaction: catch the refusal inside it, so that the count
    is kept.

    Args:
        session: Session of the caller's transaction.
        user: The name to sign in with.
        password: The password.
        code: Six digits of the authenticator, or a recovery code; may be empty.
        address: The browser's network address.
        moment: Now.
        secret_key: `Settings.secret_key`, which unseals the second factor.

    Returns:
        The sign-in with its token. An older token of the browser is to be ended by the caller.

    Raises:
        TooManyAttemptsError: Too many failures for this name or address.
        SignInRefusedError: Something is wrong.
        SecondFactorNeededError: The password is right and the code is missing.
    """
    name = user.strip().lower()
    attempt = sign_in_attempt(session, user=name, address=address, moment=moment)
    counters = lock_counters(session, counted=attempt, moment=moment)
    found = session.execute(select(Person).where(Person.user == name)).scalar_one_or_none()
    refuse_blocked(counters, moment=moment)
    try:
        person = _with_password(session, found, password)
        _check_code(session, person, code=code, moment=moment, secret_key=secret_key)
    except SignInRefusedError:
        blocks = count_failure(counters, moment=moment)
        _record_refusal(session, found, address=address, blocks=blocks, moment=moment)
        raise
    forget_failures(counters, kinds=(PAIR_LIMIT.kind,))
    return begin_session(
        session,
        person=person,
        address=address,
        moment=moment,
        has_second_factor=person.totp_secret is not None,
    )


def begin_session(
    session: Session,
    *,
    person: Person,
    address: str,
    moment: datetime,
    has_second_factor: bool,
    by_directory: bool = False,
) -> SignedIn:
    """Begin a sign-in for somebody who proved who he is; only sign-in paths call this."""
    token = new_token()
    row = SignInSession(
        person_id=person.id,
        token_hash=token_digest(token),
        started_at=moment,
        seen_at=moment,
        expires_at=moment + SESSION_LIFE,
        confirmed_at=moment,
        has_second_factor=has_second_factor,
        by_directory=by_directory,
        address=address[:64],
        agent="",
    )
    session.add(row)
    session.flush()
    actor = actor_for(session, person=person)
    by = "directory" if by_directory else "password"
    note_own(session, actor, "sign-in", moment, address=address, by=by)
    return SignedIn(token, person.id, row.id, row.expires_at)


def sign_out(session: Session, *, session_token: str, moment: datetime) -> None:
    """End the sign-in of a token; an unknown or ended one is left alone."""
    row = _session_of(session, session_token)
    if row is None or row.ended_at is not None:
        return
    row.ended_at = moment
    person = session.get_one(Person, row.person_id)
    note_own(session, actor_for(session, person=person), "sign-out", moment)


def resolve(
    session: Session, *, session_token: str | None, api_token: str | None, moment: datetime
) -> Resolved:
    """Find out who asks, and whether the use of the sign-in should be noted.

    Args:
        session: Any session; nothing is written.
        session_token: The cookie's token, if any; an unknown or expired one is nobody's.
        api_token: The bearer token, if any; it wins over the cookie.
        moment: Now.

    Returns:
        Who asks.

    Raises:
        UnknownTokenError: The bearer token is unknown, expired or revoked.
    """
    if api_token is not None:
        holder = holder_of(session, token=api_token, moment=moment)
        return Resolved(holder.actor, token_id=holder.token_id, touch_due=holder.touch_due)
    row = None if not session_token else _session_of(session, session_token)
    if row is None or not _is_alive(row, moment):
        return Resolved(Actor())
    actor = actor_for(
        session,
        person=session.get_one(Person, row.person_id),
        has_second_factor=row.has_second_factor,
    )
    if not actor.is_signed_in:
        return Resolved(actor)
    return Resolved(actor, row.id, touch_due=moment - row.seen_at >= TOUCH_EVERY)


def resolve_actor(
    session: Session, *, session_token: str | None, api_token: str | None, moment: datetime
) -> Actor:
    """Find out who asks; see `resolve`.

    Examples:
        >>> from datetime import UTC
        >>> from procurement.database import make_engine, snapshot
        >>> engine = make_engine("sqlite://")
        >>> moment = datetime(2026, 11, 22, tzinfo=UTC)
        >>> with snapshot(engine) as session:
        ...     resolve_actor(session, session_token=None, api_token=None, moment=moment) == Actor()
        True
        >>> engine.dispose()
    """
    return resolve(session, session_token=session_token, api_token=api_token, moment=moment).actor


class InUse(Protocol):
    """A sign-in or a token, as `resolve` found it."""

    @property
    def session_id(self) -> int | None:
        """The sign-in of a browser."""

    @property
    def token_id(self) -> int | None:
        """The token of a machine."""


def touch(session: Session, *, resolved: InUse, moment: datetime) -> None:
    """Note that a sign-in or a token is in use; a sign-in that nobody uses ends as idle."""
    if resolved.session_id is not None:
        row = session.get(SignInSession, resolved.session_id)
        if row is not None and _is_alive(row, moment):
            row.seen_at = max(row.seen_at, moment)
    if resolved.token_id is not None:
        note_use(session, token_id=resolved.token_id, moment=moment)


def _session_of(session: Session, token: str) -> SignInSession | None:
    return session.execute(
        select(SignInSession).where(SignInSession.token_hash == token_digest(token))
    ).scalar_one_or_none()


def _is_alive(row: SignInSession, moment: datetime) -> bool:
    ends = min(row.expires_at, row.seen_at + SESSION_IDLE)
    return row.ended_at is None and moment < ends


def _with_password(session: Session, person: Person | None, password: str) -> Person:
    """The person, if the password is right and the person may sign in."""
    kept = None if person is None else person.password_hash
    is_right = verify_password(password, kept=kept)
    if not is_right or person is None or kept is None:
        raise SignInRefusedError
    organisation = session.get_one(Organisation, person.organisation_id)
    if not (person.is_active and organisation.is_active):
        raise SignInRefusedError
    if needs_rehash(kept):
        person.password_hash = hash_password(password)
    return person


def _check_code(
    session: Session, person: Person, *, code: str, moment: datetime, secret_key: bytes
) -> None:
    if person.totp_secret is None:
        return
    if not code.strip():
        raise SecondFactorNeededError
    if not accept_second_factor(
        session, person=person, code=code, moment=moment, secret_key=secret_key
    ):
        raise SignInRefusedError


def _record_refusal(
    session: Session,
    person: Person | None,
    *,
    address: str,
    blocks: bool,
    moment: datetime,
) -> None:
    # A name that nobody has may be a password typed into the wrong field: it is not recorded.
    subject = "sign-in" if person is None else f"person/{person.id}"
    said = "yes" if blocks else "no"
    note(session, PLATFORM, "refuse-sign-in", subject, moment, address=address, blocks=said)
