"""Invitations: one-time links with which people join, or renew a forgotten password."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session

from procurement.accounts.events import PLATFORM, note, note_own
from procurement.accounts.organisations.service import organisation_of
from procurement.accounts.people.leaked import leaked_faults
from procurement.accounts.people.passwords import hash_password, password_faults
from procurement.accounts.people.service import add_person, person_of, role_faults
from procurement.accounts.rules import roles_from, roles_text
from procurement.accounts.secret_values import new_token, token_digest
from procurement.accounts.tables import Invitation, Organisation, Person, SignInSession
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.notices import notify
from procurement.permissions import Actor, NotFoundForActorError, Role

INVITATION_LIFE = timedelta(days=7)
RENEWAL_LIFE = timedelta(hours=24)
NAME_MAX = 100


class InvitationOverError(RefusedError):
    """A link is unknown, used, revoked or too old; which of these is not said."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="该链接无效、已使用或已过期，请向本机构管理员索取新的链接。",
            en="This link is unknown, used or expired; ask your organisation's administrator for "
            "a new one.",
        )


class OnlyTheFirstError(RefusedError):
    """A bureau may invite an organisation's first administrator, nobody after."""

    def __init__(self) -> None:
        """Say who may."""
        super().__init__(
            zh="该机构已有人员，新成员须由该机构自己的管理员邀请。首位受邀人须担任管理员。",
            en="The organisation has people already: its own administrator invites others. The "
            "first one invited must be an administrator.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """Who is invited, and as what.

    Attributes:
        name: The person's name.
        roles: Roles that the organisation's kind allows.
        user: The name to sign in with; empty where whoever accepts may choose it.
    """

    name: str
    roles: frozenset[Role]
    user: str = ""


def invite_person(
    session: Session,
    *,
    organisation_id: int,
    invited: Invited,
    moment: datetime,
    actor: Actor = PLATFORM,
) -> tuple[str, Invitation]:
    """Invite somebody into an organisation.

    The organisation's administrator invites whom he likes; a bureau's officer only the first
    administrator of an organisation without people, so that nobody of a bureau can act for a
    bidder. Ask the table of permissions before.

    Args:
        session: Session of the caller's transaction.
        organisation_id: The organisation.
        invited: Who, and as what.
        moment: Now.
        actor: Who invites.

    Returns:
        The token of the link, which is kept nowhere, and the stored invitation.

    Raises:
        NotFoundForActorError: There is no such organisation.
        OnlyTheFirstError: A bureau's officer invites into an organisation that has people.
        InvalidInputError: With every fault.
    """
    organisation = organisation_of(session, organisation_id=organisation_id)
    if actor.is_signed_in and not _administers(actor, organisation_id):
        has_people = session.scalar(_active(organisation_id).limit(1)) is not None
        if has_people or Role.ADMINISTRATOR not in invited.roles:
            raise OnlyTheFirstError
    user = invited.user.strip().lower()
    faults = [*role_faults(organisation.kind, invited.roles)]
    if not 1 <= len(invited.name.strip()) <= NAME_MAX:
        faults.append(FieldFault("name", "请填写姓名。", "Enter the person's name."))
    if user and session.scalar(select(Person.id).where(Person.user == user)) is not None:
        faults.append(FieldFault("user", "该用户名已被使用。", "This user name is taken."))
    if faults:
        raise InvalidInputError(faults)
    token, invitation = (
        new_token(),
        Invitation(
            organisation_id=organisation_id,
            user=user or None,
            name=invited.name.strip(),
            roles=roles_text(invited.roles),
            invited_by=actor.person_id,
            invited_at=moment,
            expires_at=moment + INVITATION_LIFE,
        ),
    )
    return _keep(session, token, invitation, actor=actor, action="invite-person")


def invite_to_renew(
    session: Session, *, person_id: int, moment: datetime, actor: Actor = PLATFORM
) -> tuple[str, Invitation]:
    """Make a link with which a member renews a forgotten password; a second factor stays.

    Args:
        session: Session of the caller's transaction.
        person_id: Who forgot it.
        moment: Now.
        actor: An administrator of the same organisation.

    Returns:
        The token of the link, and the stored invitation.

    Raises:
        NotFoundForActorError: The person is not of the actor's organisation.
    """
    person = person_of(session, person_id=person_id)
    is_strangers = actor.is_signed_in and person.organisation_id != actor.organisation_id
    # Who signs in through a directory renews the password there.
    if is_strangers or not person.is_active or person.directory_id is not None:
        raise NotFoundForActorError
    token, invitation = (
        new_token(),
        Invitation(
            organisation_id=person.organisation_id,
            user=person.user,
            name=person.name,
            roles=person.roles,
            invited_by=actor.person_id,
            invited_at=moment,
            expires_at=moment + RENEWAL_LIFE,
            renews=person.id,
        ),
    )
    # Whoever renews a colleague's password could act as him: everybody of the organisation sees it.
    notify(
        session,
        organisation_id=person.organisation_id,
        zh=f"已为 {person.name} 生成重设密码的链接。如非本人要求，请立即与管理员核实。",
        en=f"A link to renew the password of {person.name} was made. If the person did not ask "
        "for it, ask your administrator at once.",
        link=f"/organisations/{person.organisation_id}",
        moment=moment,
    )
    return _keep(session, token, invitation, actor=actor, action="renew-password")


def open_invitation(session: Session, *, token: str, moment: datetime) -> Invitation:
    """Return the invitation of a link, if it can still be accepted.

    Args:
        session: Any session.
        token: From the link.
        moment: Now.

    Raises:
        InvitationOverError: It cannot.
    """
    return _found(session, session.scalars(_by_token(token, moment)).first())


def accept_invitation(
    session: Session,
    *,
    token: str,
    user: str,
    name: str,
    password: str,
    moment: datetime,
    leaked: Path | None = None,
) -> Person:
    """Join an organisation, or renew the own password, with the link; it works once.

    Args:
        session: Session of the caller's transaction.
        token: From the link.
        user: The name to sign in with; the invitation's own wins.
        name: The person's name.
        password: The new password.
        moment: Now.
        leaked: A list of passwords that leaked; see `procurement.accounts.people.leaked`.

    Returns:
        The person, who may now sign in.

    Raises:
        InvitationOverError: The link is used, too old, revoked or unknown.
        InvalidInputError: With every fault; the link can be used again.
    """
    # Locked: of two who use the link at once, the second finds it used.
    locked = _by_token(token, moment).with_for_update()
    invitation = _found(session, session.scalars(locked).first())
    if invitation.renews is not None:
        person = _renew(session, invitation, password=password, leaked=leaked, moment=moment)
    else:
        person = add_person(
            session,
            organisation_id=invitation.organisation_id,
            user=invitation.user or user,
            name=name or invitation.name,
            roles=roles_from(invitation.roles) - {Role.PUBLIC},
            password=password,
            leaked=leaked,
            moment=moment,
        )
    invitation.accepted_at, invitation.accepted_by = moment, person.id
    actor = Actor(person_id=person.id, organisation_id=person.organisation_id)
    note_own(session, actor, "accept-invitation", moment, roles=person.roles)
    return person


def revoke_invitation(
    session: Session, *, invitation_id: int, actor: Actor, moment: datetime
) -> None:
    """Make a link useless.

    Raises:
        NotFoundForActorError: The actor's organisation has no such open invitation.
    """
    invitation = session.get(Invitation, invitation_id, with_for_update=True)
    if invitation is None or invitation.organisation_id != actor.organisation_id:
        raise NotFoundForActorError
    if invitation.accepted_at is not None or invitation.revoked_at is not None:
        raise InvitationOverError
    invitation.revoked_at = moment
    subject = f"organisation/{invitation.organisation_id}"
    note(session, actor, "revoke-invitation", subject, moment, name=invitation.name)


def open_invitations(
    session: Session, *, organisation_id: int, moment: datetime
) -> list[Invitation]:
    """Return an organisation's invitations that can still be accepted, newest first."""
    found = session.scalars(
        select(Invitation)
        .where(Invitation.organisation_id == organisation_id, _is_open(moment))
        .order_by(Invitation.id.desc())
    )
    return list(found)


def may_invite(session: Session, *, organisation_id: int, actor: Actor) -> bool:
    """Tell whether `invite_person` would let the actor, for pages that show what can be done."""
    if _administers(actor, organisation_id):
        return True
    return session.scalar(_active(organisation_id).limit(1)) is None


def _renew(
    session: Session,
    invitation: Invitation,
    *,
    password: str,
    leaked: Path | None,
    moment: datetime,
) -> Person:
    person = session.get_one(Person, invitation.renews)
    faults = [*password_faults(password, user=person.user), *leaked_faults(password, among=leaked)]
    if faults:
        raise InvalidInputError(faults)
    person.password_hash = hash_password(password)
    # One link renews once: an older one that lies about somewhere is useless.
    session.execute(
        update(Invitation)
        .where(Invitation.renews == person.id, Invitation.id != invitation.id, _is_open(moment))
        .values(revoked_at=moment)
    )
    # Whoever knew the old password is out.
    for row in session.scalars(
        select(SignInSession).where(
            SignInSession.person_id == person.id, SignInSession.ended_at.is_(None)
        )
    ):
        row.ended_at = moment
    return person


def _keep(
    session: Session, token: str, invitation: Invitation, *, actor: Actor, action: str
) -> tuple[str, Invitation]:
    invitation.token_hash = token_digest(token)
    session.add(invitation)
    session.flush()
    subject, facts = f"organisation/{invitation.organisation_id}", {"name": invitation.name}
    moment = invitation.invited_at
    note(session, actor, action, subject, moment, roles=invitation.roles, **facts)
    return token, invitation


def _by_token(token: str, moment: datetime) -> Select[Invitation]:
    return select(Invitation).where(Invitation.token_hash == token_digest(token), _is_open(moment))


def _found(session: Session, invitation: Invitation | None) -> Invitation:
    if invitation is None or not _still_holds(session, invitation):
        raise InvitationOverError
    return invitation


def _still_holds(session: Session, invitation: Invitation) -> bool:
    """Whether who invited could still do so.

    A bureau's officer could keep a second link for himself and act for a bidder with it once the
    organisation has people; somebody who was put out could come back by a link of his own.
    """
    if invitation.invited_by is None:
        return True
    inviter = session.get_one(Person, invitation.invited_by)
    if inviter.organisation_id == invitation.organisation_id:
        return inviter.is_active
    organisation_id = invitation.organisation_id
    # The organisation's row is the lock: of two links used at once, one makes the first person.
    # SQLite has one writer anyway.
    session.execute(
        select(Organisation.id).where(Organisation.id == organisation_id).with_for_update()
    )
    return session.scalar(_active(organisation_id).limit(1)) is None


def _administers(actor: Actor, organisation_id: int) -> bool:
    return actor.organisation_id == organisation_id and Role.ADMINISTRATOR in actor.roles


def _active(organisation_id: int) -> Select[int]:
    return select(Person.id).where(
        Person.organisation_id == organisation_id, Person.is_active.is_(True)
    )


def _is_open(moment: datetime) -> ColumnElement[bool]:
    return (
        Invitation.accepted_at.is_(None)
        & Invitation.revoked_at.is_(None)
        & (Invitation.expires_at > moment)
    )
