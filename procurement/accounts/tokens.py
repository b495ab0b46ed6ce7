"""Tokens with which an organisation's machines use the interface."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.events import note
from procurement.accounts.people import actor_for, person_of
from procurement.accounts.secret_values import new_token, token_digest
from procurement.accounts.tables import ApiToken
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Actor, NotFoundForActorError

PREFIX = "jicai_"
START_LENGTH = 12
NAME_MAX = 100
LIFE_DAYS_MAX = 366
TOUCH_EVERY = timedelta(minutes=1)


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


def living_token(session: Session, *, token: str, moment: datetime) -> ApiToken:
    """Return the row of a token that still works.

    Raises:
        UnknownTokenError: Nobody's, or not any more.
    """
    row = session.scalars(
        select(ApiToken).where(ApiToken.token_hash == token_digest(token))
    ).first()
    if row is None or row.revoked_at is not None or row.expires_at <= moment:
        raise UnknownTokenError
    return row


def is_touch_due(row: ApiToken, *, moment: datetime) -> bool:
    """Tell whether the use of a token should be noted: at most once in `TOUCH_EVERY`."""
    return row.used_at is None or moment - row.used_at >= TOUCH_EVERY


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
