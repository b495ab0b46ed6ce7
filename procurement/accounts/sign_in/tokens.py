"""Tokens with which an organisation's machines use the interface."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from procurement.accounts.events import note
from procurement.accounts.people.service import actor_for, person_of
from procurement.accounts.rules import roles_from
from procurement.accounts.secret_values import new_token, token_digest
from procurement.accounts.tables import ApiToken, Organisation, Person
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Actor, NotFoundForActorError

PREFIX = "jicai_"
START_LENGTH = 12
NAME_MAX = 100
LIFE_DAYS_MAX = 366
TOUCH_EVERY = timedelta(minutes=1)

# Columns of the tables and not of the classes: rows come back plain, without the work that the
# session does for objects.
_TOKEN, _PERSON, _ORGANISATION = ApiToken.__table__.c, Person.__table__.c, Organisation.__table__.c
_HOLDER = (
    select(
        _TOKEN.id.label("token_id"),
        _TOKEN.expires_at,
        _TOKEN.revoked_at,
        _TOKEN.used_at,
        _PERSON.id.label("person_id"),
        _PERSON.name.label("person_name"),
        _PERSON.roles,
        _PERSON.is_active.label("person_is_active"),
        _ORGANISATION.id.label("organisation_id"),
        _ORGANISATION.name.label("organisation_name"),
        _ORGANISATION.region,
        _ORGANISATION.is_active.label("organisation_is_active"),
    )
    .join(Person.__table__, _PERSON.id == _TOKEN.person_id)
    .join(Organisation.__table__, _ORGANISATION.id == _PERSON.organisation_id)
    .where(_TOKEN.token_hash == bindparam("token_hash"))
)


class UnknownTokenError(RefusedError):
    """A bearer token is unknown, expired or revoked."""

    def __init__(self) -> None:
        """Say the same for every cause."""
        super().__init__(
            zh="接口令牌无效、已过期或已撤销。",
            en="The token is unknown, expired or revoked.",
        )


def make_token(
    session: Session, *, person_id: int, name: str, life_days: int, moment: datetime
) -> tuple[str, ApiToken]:
    """Make a token that acts with the roles of the person who makes it.

    Args:
        session: Session of the caller's transaction.
        person_id: Who makes it.
        name: What it is for.
        life_days: After how many days it expires, at most a year.
        moment: Now.

    Returns:
        The token, which is shown once and kept nowhere, and its row.

    Raises:
        InvalidInputError: No name, or no possible number of days.
    """
    faults = []
    if not 1 <= len(name.strip()) <= NAME_MAX:
        faults.append(
            FieldFault(
                "name",
                "请说明令牌用途，至多 100 个字符。",
                "Say what it is for, at most 100 characters.",
            )
        )
    if not 1 <= life_days <= LIFE_DAYS_MAX:
        faults.append(
            FieldFault("life_days", "有效期须为 1 至 366 天。", "Expected 1 to 366 days.")
        )
    if faults:
        raise InvalidInputError(faults)
    person = person_of(session, person_id=person_id)
    token = PREFIX + new_token()
    row = ApiToken(
        organisation_id=person.organisation_id,
        person_id=person.id,
        name=name.strip(),
        token_hash=token_digest(token),
        token_start=token[:START_LENGTH],
        made_at=moment,
        expires_at=moment + timedelta(days=life_days),
    )
    session.add(row)
    session.flush()
    _note(session, actor_for(session, person=person), "make-token", row, moment)
    return token, row


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """For whom a token acts.

    Attributes:
        token_id: The token.
        actor: The person who made it; the public, if person or organisation is inactive.
        touch_due: Its use should be noted: at most once in `TOUCH_EVERY`.
    """

    token_id: int
    actor: Actor
    touch_due: bool


def holder_of(session: Session, *, token: str, moment: datetime) -> TokenHolder:
    """Return for whom a token acts.

    Machines ask often: one statement, built once, reads all that is needed.

    Raises:
        UnknownTokenError: Nobody's, or not any more.
    """
    row = session.execute(_HOLDER, {"token_hash": token_digest(token)}).one_or_none()
    if row is None or row.revoked_at is not None or row.expires_at <= moment:
        raise UnknownTokenError
    touch_due = row.used_at is None or moment - row.used_at >= TOUCH_EVERY
    actor = Actor()
    if row.person_is_active and row.organisation_is_active:
        actor = Actor(
            person_id=row.person_id,
            organisation_id=row.organisation_id,
            roles=roles_from(row.roles),
            region=row.region,
            name=row.person_name,
            organisation=row.organisation_name,
            by_token=True,
        )
    return TokenHolder(row.token_id, actor, touch_due)


def note_use(session: Session, *, token_id: int, moment: datetime) -> None:
    """Note that a token is in use."""
    row = session.get(ApiToken, token_id)
    if row is not None:
        row.used_at = moment


def revoke_token(session: Session, *, actor: Actor, token_id: int, moment: datetime) -> ApiToken:
    """Revoke a token of the actor's organisation.

    Raises:
        NotFoundForActorError: The organisation has no such token.
    """
    row = session.get(ApiToken, token_id)
    if row is None or row.organisation_id != actor.organisation_id:
        raise NotFoundForActorError
    if row.revoked_at is None:
        row.revoked_at = moment
        _note(session, actor, "revoke-token", row, moment)
    return row


def tokens_of(session: Session, *, organisation_id: int) -> list[ApiToken]:
    """Return an organisation's tokens, newest first."""
    found = session.scalars(
        select(ApiToken)
        .where(ApiToken.organisation_id == organisation_id)
        .order_by(ApiToken.id.desc())
    )
    return list(found)


def _note(session: Session, actor: Actor, action: str, row: ApiToken, moment: datetime) -> None:
    subject = f"organisation/{row.organisation_id}"
    note(session, actor, action, subject, moment, name=row.name, token=row.token_start)
