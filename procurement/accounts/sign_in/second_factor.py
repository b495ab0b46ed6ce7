"""The second factor: codes of an authenticator (TOTP), and recovery codes."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
import segno
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from procurement.accounts.secret_values import seal_secret, token_digest, unseal_secret
from procurement.accounts.tables import Person, RecoveryCode
from procurement.errors import FieldFault, InvalidInputError

ISSUER = "Jicai"
STEP_SECONDS = 30
# One step earlier and later: clocks of telephones are not exact.
STEPS_AROUND = (0, -1, 1)
RECOVERY_CODES = 10

# Without characters that look alike.
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What somebody needs to set up an authenticator.

    Attributes:
        secret: To be typed where no picture can be read.
        address: The ``otpauth:`` address of the picture.
        picture: The QR code as SVG, in a ``data:`` address.
    """

    secret: str
    address: str
    picture: str


def new_secret() -> str:
    """Make a secret for an authenticator; nothing is kept until `enable_second_factor`.

    Examples:
        >>> len(new_secret())
        32
    """
    return pyotp.random_base32()


def enrolment_of(secret: str, *, user: str) -> Enrolment:
    """Return what shows a secret, as a picture and as an address.

    Examples:
        >>> enrolment_of("JBSWY3DP" * 4, user="officer@example.org").address[:49]
        'otpauth://totp/Jicai:officer%40example.org?secret'
    """
    address = pyotp.TOTP(secret).provisioning_uri(name=user, issuer_name=ISSUER)
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=4)
    return Enrolment(secret, address, picture)


def enable_second_factor(
    session: Session,
    *,
    person: Person,
    secret: str,
    code: str,
    moment: datetime,
    secret_key: bytes,
) -> list[str]:
    """Ask for a second factor from now on.

    Args:
        session: Session of the caller's transaction.
        person: Whose.
        secret: From `new_secret`.
        code: A code of the authenticator, which proves that it is set up.
        moment: Now.
        secret_key: Seals the secret at rest.

    Returns:
        Recovery codes, shown once.

    Raises:
        InvalidInputError: The code does not fit.
    """
    step = _step_of(secret, code, moment)
    if step is None:
        raise InvalidInputError(
            [
                FieldFault(
                    "code",
                    "验证码不正确，请核对手机时间后重试。",
                    "The code does not fit; check the clock of your telephone and try again.",
                )
            ]
        )
    person.totp_secret = seal_secret(secret, key=secret_key, purpose=_purpose(person))
    person.totp_last_step = step
    return renew_recovery_codes(session, person=person)


def disable_second_factor(session: Session, *, person: Person) -> None:
    """Ask for no second factor any more."""
    person.totp_secret, person.totp_last_step = None, None
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))


def renew_recovery_codes(session: Session, *, person: Person) -> list[str]:
    """Replace all recovery codes by new ones, which are shown once."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    codes = ["-".join(_random_letters(5) for _ in range(3)) for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(person_id=person.id, code_hash=token_digest(_plain(code))) for code in codes
    )
    session.flush()
    return codes


def accept_second_factor(
    session: Session, *, person: Person, code: str, moment: datetime, secret_key: bytes
) -> bool:
    """Tell whether a code is right, and use it up.

    A code of the authenticator is accepted once, a recovery code once.

    Args:
        session: Session of the caller's transaction.
        person: Who has a second factor.
        code: What was typed.
        moment: Now.
        secret_key: Unseals the secret.
    """
    # Two requests with the same code must not both pass.
    session.refresh(person, with_for_update=True)
    if person.totp_secret is None:
        return False
    secret = unseal_secret(person.totp_secret, key=secret_key, purpose=_purpose(person))
    step = _step_of(secret, code, moment)
    if step is not None:
        is_fresh = person.totp_last_step is None or step > person.totp_last_step
        person.totp_last_step = max(step, person.totp_last_step or step)
        return is_fresh
    return _use_recovery_code(session, person, code, moment)


def _use_recovery_code(session: Session, person: Person, code: str, moment: datetime) -> bool:
    row = session.scalars(
        select(RecoveryCode).where(
            RecoveryCode.person_id == person.id,
            RecoveryCode.code_hash == token_digest(_plain(code)),
            RecoveryCode.used_at.is_(None),
        )
    ).first()
    if row is None:
        return False
    row.used_at = moment
    return True


def _step_of(secret: str, code: str, moment: datetime) -> int | None:
    """The time step whose code was typed, if any; compares in constant time."""
    typed = "".join(code.split())
    now = int(moment.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    fitting = [
        now + around
        for around in STEPS_AROUND
        if hmac.compare_digest(totp.generate_otp(now + around).encode(), typed.encode())
    ]
    return fitting[0] if fitting else None


def _purpose(person: Person) -> str:
    return f"totp {person.id}"


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "").upper()


def _random_letters(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))
