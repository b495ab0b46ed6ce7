"""People of an organisation: adding them, their roles, and who somebody is."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.events import PLATFORM, note
from procurement.accounts.organisations.service import organisation_of
from procurement.accounts.people.leaked import leaked_faults
from procurement.accounts.people.passwords import hash_password, password_faults
from procurement.accounts.rules import forbidden_roles, roles_from, roles_text
from procurement.accounts.tables import Organisation, Person
from procurement.errors import FieldFault, InvalidInputError, RefusedError, StaleError
from procurement.permissions import ROLE_NAMES, Actor, NotFoundForActorError, Role

USER_MIN, USER_MAX = 3, 200
NAME_MAX = 100


class LastAdministratorError(RefusedError):
    """The organisation would have nobody left to manage its people."""

    def __init__(self) -> None:
        """Say what to do first."""
        super().__init__(
            zh="本机构至少须保留一名管理员，请先指定另一名管理员。",
            en="The organisation needs an administrator; make somebody else one first.",
        )


def add_person(  # noqa: PLR0913 - what is stored of a person, each by its name
    session: Session,
    *,
    organisation_id: int,
    user: str,
    name: str,
    roles: Iterable[Role],
    moment: datetime,
    password: str | None = None,
    leaked: Path | None = None,
) -> Person:
    """Add a person to an organisation.

    Args:
        session: Session of the caller's transaction.
        organisation_id: The organisation.
        user: The name to sign in with; kept in lower case.
        name: The person's name.
        roles: Roles that the organisation's kind allows.
        moment: Now.
        password: The first password; None for somebody who signs in through a directory.
        leaked: A list of passwords that leaked; see `procurement.accounts.people.leaked`.

    Returns:
        The stored person, with its id.

    Raises:
        NotFoundForActorError: There is no such organisation.
        InvalidInputError: With every fault.
    """
    organisation = organisation_of(session, organisation_id=organisation_id)
    wanted, name_to_use = frozenset(roles), user.strip().lower()
    faults = [
        *_name_faults(session, user=name_to_use, name=name),
        *role_faults(organisation.kind, wanted),
    ]
    if password is not None:
        faults += password_faults(password, user=name_to_use)
        faults += leaked_faults(password, among=leaked)
    if faults:
        raise InvalidInputError(faults)
    person = Person(
        organisation_id=organisation_id,
        user=name_to_use,
        name=name.strip(),
        roles=roles_text(wanted),
        password_hash=None if password is None else hash_password(password),
        is_active=True,
        joined_at=moment,
        version=1,
    )
    session.add(person)
    session.flush()
    return person


def change_person(
    session: Session,
    *,
    person_id: int,
    roles: Iterable[Role],
    is_active: bool,
    version: int,
    moment: datetime,
    actor: Actor = PLATFORM,
) -> Person:
    """Change what somebody may do, or let nobody sign in with that name any more.

    Args:
        session: Session of the caller's transaction.
        person_id: Whom.
        roles: All roles from now on.
        is_active: Whether the person may sign in.
        version: The version that the page showed.
        moment: Now.
        actor: Who changes it.

    Returns:
        The person.

    Raises:
        NotFoundForActorError: There is no such person.
        StaleError: Somebody else changed the person since.
        InvalidInputError: A role is not for this kind of organisation, or there is none.
        LastAdministratorError: The organisation would have no administrator left.
    """
    organisation_id = person_of(session, person_id=person_id).organisation_id
    # The organisation's row is the lock: two administrators cannot remove each other at once.
    organisation = session.execute(
        select(Organisation).where(Organisation.id == organisation_id).with_for_update()
    ).scalar_one()
    person = session.get_one(Person, person_id, populate_existing=True, with_for_update=True)
    if person.version != version:
        raise StaleError
    wanted = frozenset(roles)
    faults = tuple(role_faults(organisation.kind, wanted))
    if faults:
        raise InvalidInputError(faults)
    stays = is_active and Role.ADMINISTRATOR in wanted
    if not stays and _is_last_administrator(session, person):
        raise LastAdministratorError
    person.roles, person.is_active = roles_text(wanted), is_active
    person.version += 1
    session.flush()
    active = "yes" if is_active else "no"
    subject = f"person/{person.id}"
    note(session, actor, "change-person", subject, moment, roles=person.roles, active=active)
    return person


def person_of(session: Session, *, person_id: int) -> Person:
    """Return a person.

    Raises:
        NotFoundForActorError: There is none.
    """
    person = session.get(Person, person_id)
    if person is None:
        raise NotFoundForActorError
    return person


def person_named(session: Session, *, user: str) -> Person | None:
    """Return the person who signs in with a name, or None."""
    return session.scalars(select(Person).where(Person.user == user.strip().lower())).first()


def people_of(session: Session, *, organisation_id: int) -> list[Person]:
    """Return the people of an organisation, active ones first, by name."""
    found = session.scalars(
        select(Person)
        .where(Person.organisation_id == organisation_id)
        .order_by(Person.is_active.desc(), Person.name, Person.id)
    )
    return list(found)


def actor_for(
    session: Session, *, person: Person, has_second_factor: bool = False, by_token: bool = False
) -> Actor:
    """Return the actor that a person is, or the public if person or organisation is inactive.

    Args:
        session: Any session.
        person: Who acts.
        has_second_factor: The sign-in was confirmed by a second factor.
        by_token: A machine acts with a token of the person.
    """
    organisation = organisation_of(session, organisation_id=person.organisation_id)
    if not person.is_active or not organisation.is_active:
        return Actor()
    return Actor(
        person_id=person.id,
        organisation_id=organisation.id,
        roles=roles_from(person.roles),
        region=organisation.region,
        name=person.name,
        organisation=organisation.name,
        has_second_factor=has_second_factor,
        by_token=by_token,
    )


def role_faults(kind: str, roles: frozenset[Role]) -> Iterator[FieldFault]:
    """Yield what is wrong with the roles of a person of such an organisation."""
    if not roles - {Role.PUBLIC}:
        yield FieldFault("roles", "请至少选择一个角色。", "Choose at least one role.")
    for role in forbidden_roles(kind, sorted(roles - {Role.PUBLIC})):
        zh, en = ROLE_NAMES[role]
        yield FieldFault(
            "roles",
            f"此类机构的人员不能担任“{zh}”。",
            f"Nobody of such an organisation can be a {en}.",
        )


def _name_faults(session: Session, *, user: str, name: str) -> Iterator[FieldFault]:
    if not USER_MIN <= len(user) <= USER_MAX or any(map(str.isspace, user)):
        yield FieldFault(
            "user",
            "用户名须为 3 至 200 个字符，不含空格，建议使用电子邮箱。",
            "Expected 3 to 200 characters without spaces; an e-mail address is best.",
        )
    elif session.scalar(select(Person.id).where(Person.user == user)) is not None:
        yield FieldFault("user", "该用户名已被使用。", "This user name is taken.")
    if not 1 <= len(name.strip()) <= NAME_MAX:
        yield FieldFault(
            "name", "请填写姓名，至多 100 个字符。", "Enter the name, at most 100 characters."
        )


def _is_last_administrator(session: Session, person: Person) -> bool:
    administrators = [
        each.id
        for each in people_of(session, organisation_id=person.organisation_id)
        if each.is_active and Role.ADMINISTRATOR in roles_from(each.roles)
    ]
    return administrators == [person.id]
