"""Asking again who is there, before a step that cannot be undone."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.accounts.events import note_own
from procurement.accounts.people.passwords import verify_password
from procurement.accounts.sign_in.counted_attempts import PRESENCE_LIMIT
from procurement.accounts.sign_in.second_factor import accept_second_factor
from procurement.accounts.sign_in.throttle import (
    Counted,
    count_failure,
    forget_failures,
    lock_counters,
    refuse_blocked,
)
from procurement.accounts.tables import Person
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Actor

FIELD = "password_or_code"
"""Name of the form's field."""


class NothingToConfirmWithError(RefusedError):
    """A person of a directory has neither password nor second factor here."""

    def __init__(self) -> None:
        """Say what to set up."""
        super().__init__(
            zh="此步骤须再次确认身份。请先在“我的账户”中设置动态验证码。",
            en="This step needs your confirmation: set up an authenticator under “My account” "
            "first.",
        )


def confirm_presence(
    session: Session,
    *,
    actor: Actor,
    password_or_code: str,
    moment: datetime,
    secret_key: bytes,
) -> None:
    """Make sure that the person who signed in is the one who acts.

    Whoever has a second factor gives its code, others their password. A failure is counted in the
    same transaction: call this outside a savepoint and catch the refusal, so that it is kept.

    Args:
        session: Session of the caller's transaction.
        actor: Who acts, by a browser.
        password_or_code: What was typed.
        moment: Now.
        secret_key: `Settings.secret_key`.

    Raises:
        InvalidInputError: It is wrong; the fault's field is `FIELD`.
        TooManyAttemptsError: Too many failures.
        NothingToConfirmWithError: The person has neither password nor second factor.
    """
    person = session.get_one(Person, actor.person_id)
    counters = lock_counters(
        session, counted=[Counted(PRESENCE_LIMIT, str(person.id))], moment=moment
    )
    refuse_blocked(counters, moment=moment)
    if person.totp_secret is not None:
        is_right = accept_second_factor(
            session, person=person, code=password_or_code, moment=moment, secret_key=secret_key
        )
    elif person.password_hash is not None:
        is_right = verify_password(password_or_code, kept=person.password_hash)
    else:
        raise NothingToConfirmWithError
    if is_right:
        forget_failures(counters, kinds=(PRESENCE_LIMIT.kind,))
        return
    count_failure(counters, moment=moment)
    note_own(session, actor, "fail-confirmation", moment)
    raise InvalidInputError([_wrong(has_code=person.totp_secret is not None)])


def asks_for_code(session: Session, *, actor: Actor) -> bool:
    """Tell whether `confirm_presence` wants a code (else the password), for the form's label."""
    return session.get_one(Person, actor.person_id).totp_secret is not None


def _wrong(*, has_code: bool) -> FieldFault:
    if has_code:
        return FieldFault(
            FIELD,
            "动态验证码不正确或已用过，请等待下一个验证码。",
            "The code is wrong or was used already; wait for the next one.",
        )
    return FieldFault(FIELD, "密码不正确。", "The password is not right.")
