"""Signing in through a bureau's own directory: what is kept, and who is let in."""

import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.events import note, note_own
from procurement.accounts.organisations.service import organisation_of
from procurement.accounts.people.service import actor_for, add_person
from procurement.accounts.secret_values import (
    new_token,
    seal_secret,
    token_digest,
    unseal_secret,
)
from procurement.accounts.sign_in.openid import Claims, is_acceptable_address
from procurement.accounts.sign_in.service import SignedIn, begin_session
from procurement.accounts.tables import (
    Directory,
    DirectorySignIn,
    Organisation,
    OrganisationKind,
    Person,
)
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Actor, NotFoundForActorError, Role

ON_THE_WAY = timedelta(minutes=10)

# What `amr` (RFC 8176) says when a person proved more than a password.
SECOND_FACTORS = frozenset({"mfa", "otp", "hwk", "swk", "fpt", "sc", "pop"})


class UnknownToDirectoryError(RefusedError):
    """The directory vouches for somebody whom the bureau's administrator has not named."""

    def __init__(self) -> None:
        """Say who can help."""
        super().__init__(
            zh="认证成功，但您还不是本平台的用户，请本采购办的管理员先添加您。",
            en="You are known to the directory but not here: ask your bureau's administrator to "
            "add you.",
        )


class SignInOverError(RefusedError):
    """The way through the directory took too long, was used, or belongs to another browser."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(zh="本次登录已失效，请重新开始。", en="This sign-in is over; begin again.")


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in on its way.

    Attributes:
        state: Goes out and comes back with the browser.
        browser: For a cookie: nobody can finish it in another browser.
        nonce: Comes back within the token.
        verifier: PKCE.
    """

    state: str
    browser: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryFacts:
    """How a bureau's directory is reached; the columns of `Directory` describe it."""

    issuer: str
    client_id: str
    client_secret: str
    has_second_factor: bool


def directories_for_sign_in(session: Session) -> list[tuple[int, str]]:
    """Return id and organisation of every directory in use, by name."""
    found = session.execute(
        select(Directory.id, Organisation.name)
        .join(Organisation, Organisation.id == Directory.organisation_id)
        .where(Directory.is_active.is_(True), Organisation.is_active.is_(True))
        .order_by(Organisation.name)
    )
    return [(directory_id, name) for directory_id, name in found]


def directory_of(session: Session, *, organisation_id: int) -> Directory | None:
    """Return the directory of an organisation, or None."""
    return session.scalars(
        select(Directory).where(Directory.organisation_id == organisation_id)
    ).first()


def directory_in_use(session: Session, *, directory_id: int) -> Directory:
    """Return a directory that people may sign in through.

    Raises:
        NotFoundForActorError: There is none.
    """
    directory = session.get(Directory, directory_id)
    if directory is None or not directory.is_active:
        raise NotFoundForActorError
    return directory


def configure_directory(
    session: Session,
    *,
    actor: Actor,
    facts: DirectoryFacts,
    is_active: bool,
    moment: datetime,
    secret_key: bytes,
) -> Directory:
    """Configure the directory of the actor's bureau.

    Args:
        session: Session of the caller's transaction.
        actor: The bureau's administrator.
        facts: How it is reached; an empty secret keeps the one that is stored.
        is_active: Whether people may sign in through it.
        moment: Now.
        secret_key: Seals the client's secret at rest.

    Raises:
        NotFoundForActorError: The actor's organisation is no bureau.
        InvalidInputError: With every fault.
    """
    organisation = organisation_of(session, organisation_id=actor.organisation_id or 0)
    if organisation.kind != OrganisationKind.BUREAU:
        raise NotFoundForActorError
    directory = directory_of(session, organisation_id=organisation.id)
    faults = _faults(facts, has_secret=directory is not None)
    if faults:
        raise InvalidInputError(faults)
    if directory is None:
        directory = Directory(organisation_id=organisation.id, client_secret="")
        session.add(directory)
    if directory.issuer is not None and directory.issuer != facts.issuer:
        _forget_subjects(session, directory)
    directory.issuer, directory.client_id = facts.issuer, facts.client_id
    directory.has_second_factor, directory.is_active = facts.has_second_factor, is_active
    directory.configured_at = moment
    session.flush()
    if facts.client_secret:
        directory.client_secret = seal_secret(
            facts.client_secret, key=secret_key, purpose=_purpose(directory)
        )
    subject = f"organisation/{organisation.id}"
    note(session, actor, "configure-directory", subject, moment, issuer=facts.issuer)
    return directory


def client_secret(directory: Directory, *, secret_key: bytes) -> str:
    """Return the client's secret in clear, to be sent to the directory."""
    return unseal_secret(directory.client_secret, key=secret_key, purpose=_purpose(directory))


def expect_person(
    session: Session,
    *,
    actor: Actor,
    email: str,
    name: str,
    roles: frozenset[Role],
    moment: datetime,
) -> Person:
    """Name somebody whom the bureau's directory may let in.

    Args:
        session: Session of the caller's transaction.
        actor: The bureau's administrator.
        email: As the directory will state it.
        name: The person's name.
        roles: What the person may do.
        moment: Now.

    Raises:
        NotFoundForActorError: The bureau has no directory.
        InvalidInputError: With every fault.
    """
    directory = directory_of(session, organisation_id=actor.organisation_id or 0)
    if directory is None:
        raise NotFoundForActorError
    person = add_person(
        session,
        organisation_id=directory.organisation_id,
        user=email,
        name=name,
        roles=roles,
        moment=moment,
    )
    person.directory_id = directory.id
    subject = f"organisation/{directory.organisation_id}"
    note(session, actor, "expect-person", subject, moment, name=name, roles=person.roles)
    return person


def begin_sign_in(
    session: Session,
    *,
    directory_id: int,
    return_to: str,
    moment: datetime,
    secret_key: bytes,
) -> Begun:
    """Remember that somebody is on the way through a directory."""
    begun = Begun(new_token(), new_token(), new_token(), new_token())
    kept = json.dumps([begun.nonce, begun.verifier])
    state_hash = token_digest(begun.state)
    session.add(
        DirectorySignIn(
            directory_id=directory_id,
            state_hash=state_hash,
            browser_hash=token_digest(begun.browser),
            sealed=seal_secret(kept, key=secret_key, purpose=f"sign-in {state_hash}"),
            return_to=return_to,
            expires_at=moment + ON_THE_WAY,
        )
    )
    session.flush()
    return begun


def take_sign_in(
    session: Session, *, state: str, browser: str, moment: datetime, secret_key: bytes
) -> tuple[Directory, Begun, str]:
    """Take a sign-in that came back; nobody can take it again.

    Args:
        session: Session of the caller's transaction.
        state: From the address.
        browser: From the cookie.
        moment: Now.
        secret_key: Unseals nonce and verifier.

    Returns:
        The directory, what was begun, and where to go afterwards.

    Raises:
        SignInOverError: There is no such sign-in on its way in this browser.
    """
    row = session.scalars(
        select(DirectorySignIn)
        .where(
            DirectorySignIn.state_hash == token_digest(state),
            DirectorySignIn.finished_at.is_(None),
            DirectorySignIn.expires_at > moment,
        )
        .with_for_update()
    ).first()
    if row is None or not hmac.compare_digest(row.browser_hash, token_digest(browser)):
        raise SignInOverError
    row.finished_at = moment
    kept = unseal_secret(row.sealed, key=secret_key, purpose=f"sign-in {row.state_hash}")
    nonce, verifier = json.loads(kept)
    directory = directory_in_use(session, directory_id=row.directory_id)
    return directory, Begun(state, browser, nonce, verifier), row.return_to


def finish_sign_in(
    session: Session, *, directory_id: int, claims: Claims, address: str, moment: datetime
) -> SignedIn:
    """Sign in the person for whom a directory vouches.

    At the first time the person is known by the verified e-mail address that the administrator
    named, from then on by the directory's own unchanging name.

    Args:
        session: Session of the caller's transaction.
        directory_id: Which directory.
        claims: What it says.
        address: The browser's network address.
        moment: Now.

    Raises:
        UnknownToDirectoryError: Nobody named this person, or the person may not sign in.
        NotFoundForActorError: The directory is not in use.
    """
    directory = directory_in_use(session, directory_id=directory_id)
    person = _person(session, directory, claims)
    if person is None or not actor_for(session, person=person).is_signed_in:
        subject = f"organisation/{directory.organisation_id}"
        note(session, Actor(), "refuse-sign-in", subject, moment, address=address, by="directory")
        raise UnknownToDirectoryError
    if person.directory_subject is None:
        person.directory_subject = claims.subject
        note_own(session, actor_for(session, person=person), "join-by-directory", moment)
    return begin_session(
        session,
        person=person,
        address=address,
        moment=moment,
        has_second_factor=directory.has_second_factor or bool(claims.methods & SECOND_FACTORS),
        by_directory=True,
    )


def _person(session: Session, directory: Directory, claims: Claims) -> Person | None:
    of_directory = select(Person).where(Person.directory_id == directory.id).with_for_update()
    known = session.scalars(of_directory.where(Person.directory_subject == claims.subject)).first()
    if known is not None or not claims.email:
        return known
    expected = of_directory.where(Person.user == claims.email, Person.directory_subject.is_(None))
    return session.scalars(expected).first()


def _forget_subjects(session: Session, directory: Directory) -> None:
    # Another directory may call somebody else by the same name.
    for person in session.scalars(select(Person).where(Person.directory_id == directory.id)):
        person.directory_subject = None


def _faults(facts: DirectoryFacts, *, has_secret: bool) -> list[FieldFault]:
    faults = []
    if not is_acceptable_address(facts.issuer):
        faults.append(
            FieldFault(
                "issuer",
                "须为以 https:// 开头的地址。",
                "Expected an address that begins with https://.",
            )
        )
    if not facts.client_id:
        faults.append(FieldFault("client_id", "请填写客户端编号。", "Enter the client's id."))
    if not facts.client_secret and not has_secret:
        faults.append(
            FieldFault("client_secret", "请填写客户端密钥。", "Enter the client's secret.")
        )
    return faults


def _purpose(directory: Directory) -> str:
    return f"directory {directory.id}"
