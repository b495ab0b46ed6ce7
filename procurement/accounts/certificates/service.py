"""Binding the key that signs an organisation's bids to its certificate."""

import base64
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from cryptography.hazmat.primitives import serialization
from sqlalchemy import String, bindparam, or_, select
from sqlalchemy.orm import Session

from procurement.accounts.certificates.authorities import Authorities, ChainError
from procurement.accounts.certificates.key_binding import (
    KeyBinding,
    binding_statement,
    key_faults,
    read_seal,
)
from procurement.accounts.certificates.seals import SealError, SealVerdict, verify_seal
from procurement.accounts.certificates.signers import is_of
from procurement.accounts.events import note
from procurement.accounts.organisations.service import organisation_of
from procurement.accounts.tables import Certificate, KeyChallenge, Organisation, SigningKey
from procurement.database import Moment
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor, NotFoundForActorError

CHALLENGE_BYTES = 32
# Whoever keeps the organisation's seal is often not at the next desk.
CHALLENGE_LIFE = timedelta(days=7)


# Built once, for every bid asks for it; of the tables and not of the classes: plain rows.
_KEY, _CERTIFICATE = SigningKey.__table__.c, Certificate.__table__.c
_ON, _SUITE = bindparam("on", type_=Moment), bindparam("suite", type_=String)
_BOUND_KEY = (
    select(_KEY.suite, _KEY.public_key)
    .join(Certificate.__table__, _CERTIFICATE.id == _KEY.certificate_id)
    .where(
        _KEY.organisation_id == bindparam("organisation_id"),
        _KEY.bound_at <= _ON,
        or_(_KEY.revoked_at.is_(None), _KEY.revoked_at > _ON),
        _CERTIFICATE.valid_from <= _ON,
        _CERTIFICATE.valid_until >= _ON,
        or_(_CERTIFICATE.revoked_at.is_(None), _CERTIFICATE.revoked_at > _ON),
        or_(_SUITE.is_(None), _KEY.suite == _SUITE),
    )
    .order_by(_KEY.bound_at.desc(), _KEY.id.desc())
    .limit(1)
)


class BoundKey(NamedTuple):
    """A key that signs an organisation's bids: its suite and its octets."""

    suite: str
    public_key: bytes


def begin_binding(session: Session, *, organisation_id: int, moment: datetime) -> str:
    """Make a one-time number for the statement that binds a key.

    Args:
        session: Session of the caller's transaction.
        organisation_id: Whose key.
        moment: Now.

    Returns:
        The challenge, hexadecimal.
    """
    challenge = secrets.token_hex(CHALLENGE_BYTES)
    session.add(
        KeyChallenge(
            organisation_id=organisation_id,
            challenge=challenge,
            expires_at=moment + CHALLENGE_LIFE,
        )
    )
    session.flush()
    return challenge


def open_challenges(
    session: Session, *, organisation_id: int, moment: datetime
) -> list[KeyChallenge]:
    """Return an organisation's challenges that can still be used, newest first."""
    found = session.scalars(
        select(KeyChallenge)
        .where(
            KeyChallenge.organisation_id == organisation_id,
            KeyChallenge.used_at.is_(None),
            KeyChallenge.expires_at > moment,
        )
        .order_by(KeyChallenge.id.desc())
    )
    return list(found)


def bind_signing_key(
    session: Session,
    *,
    actor: Actor,
    binding: KeyBinding,
    authorities: Authorities,
    moment: datetime,
) -> SigningKey:
    """Bind a key to the actor's organisation.

    The key signs the statement, which proves that the organisation holds it; the certificate of a
    configured authority seals the same statement, which proves whose it is.

    Args:
        session: Session of the caller's transaction.
        actor: Who binds it.
        binding: Key, challenge and both signatures.
        authorities: Whom the installation trusts.
        moment: Now.

    Returns:
        The stored key.

    Raises:
        InvalidInputError: With what is wrong, at its field.
    """
    organisation = organisation_of(session, organisation_id=actor.organisation_id or 0)
    challenge = _challenge(session, organisation, binding.challenge, moment)
    statement = binding_statement(
        organisation,
        suite=binding.suite,
        public_key=binding.public_key,
        challenge=binding.challenge,
    )
    faults = key_faults(binding, statement.encode())
    if not faults and _is_taken(session, binding):
        faults.append(_taken_fault())
    if challenge is None:
        faults.append(_challenge_fault())
    if faults or challenge is None:
        raise InvalidInputError(faults)
    seal = read_seal(binding.seal)
    verdict = _verdict(statement.encode(), seal, organisation, binding, authorities, moment)
    challenge.used_at = moment
    certificate = _keep_certificate(session, actor, organisation, verdict, moment)
    key = SigningKey(
        organisation_id=organisation.id,
        certificate_id=certificate.id,
        suite=binding.suite,
        public_key=binding.public_key,
        statement=statement,
        key_signature=binding.key_signature,
        certificate_signature=base64.b64encode(seal).decode(),
        bound_by=actor.person_id,
        bound_at=moment,
    )
    session.add(key)
    session.flush()
    _note(session, actor, "bind-signing-key", key, moment)
    return key


def signing_key_of(
    session: Session, *, organisation_id: int, on: datetime, suite: str | None = None
) -> BoundKey | None:
    """Return the key that signs an organisation's bids at a moment.

    Args:
        session: Any session.
        organisation_id: The bidder.
        on: The moment: bound before, not revoked, the certificate valid.
        suite: Only keys of this suite; None takes any.

    Returns:
        The key that was bound last, or None.
    """
    key = session.execute(
        _BOUND_KEY, {"organisation_id": organisation_id, "on": on, "suite": suite}
    ).first()
    return None if key is None else BoundKey(key.suite, bytes.fromhex(key.public_key))


def signing_keys_of(session: Session, *, organisation_id: int) -> list[SigningKey]:
    """Return all keys that an organisation ever bound, newest first."""
    found = session.scalars(
        select(SigningKey)
        .where(SigningKey.organisation_id == organisation_id)
        .order_by(SigningKey.id.desc())
    )
    return list(found)


def certificates_of(session: Session, *, organisation_id: int) -> list[Certificate]:
    """Return an organisation's certificates, newest first."""
    found = session.scalars(
        select(Certificate)
        .where(Certificate.organisation_id == organisation_id)
        .order_by(Certificate.id.desc())
    )
    return list(found)


def revoke_signing_key(
    session: Session, *, actor: Actor, key_id: int, moment: datetime
) -> SigningKey:
    """Say that a key signs no more; what it signed before stays signed.

    Raises:
        NotFoundForActorError: The actor's organisation has no such key.
    """
    key = session.get(SigningKey, key_id, with_for_update=True)
    if key is None or key.organisation_id != actor.organisation_id:
        raise NotFoundForActorError
    if key.revoked_at is None:
        key.revoked_at = moment
        _note(session, actor, "revoke-signing-key", key, moment)
    return key


def _challenge(
    session: Session, organisation: Organisation, challenge: str, moment: datetime
) -> KeyChallenge | None:
    # Locked: of two uses at once, the second finds it used.
    return session.scalars(
        select(KeyChallenge)
        .where(
            KeyChallenge.challenge == challenge,
            KeyChallenge.organisation_id == organisation.id,
            KeyChallenge.used_at.is_(None),
            KeyChallenge.expires_at > moment,
        )
        .with_for_update()
    ).first()


def _verdict(
    statement: bytes,
    seal: bytes,
    organisation: Organisation,
    binding: KeyBinding,
    authorities: Authorities,
    moment: datetime,
) -> SealVerdict:
    try:
        verdict = verify_seal(statement, seal, authorities=authorities, moment=moment)
    except (SealError, ChainError) as refusal:
        raise InvalidInputError([FieldFault("seal", refusal.zh, refusal.en)]) from refusal
    if not is_of(verdict.signer, organisation):
        raise InvalidInputError(
            [
                FieldFault(
                    "seal",
                    "证书不属于本机构：证书中的统一社会信用代码与登记的不一致。",
                    "The certificate is not this organisation's: its credit code is another one.",
                )
            ]
        )
    if verdict.suite != binding.suite:
        raise InvalidInputError(
            [
                FieldFault(
                    "seal",
                    "证书与密钥须属于同一密码套件。",
                    "Certificate and key must be of the same suite.",
                )
            ]
        )
    return verdict


def _keep_certificate(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    verdict: SealVerdict,
    moment: datetime,
) -> Certificate:
    known = session.scalars(
        select(Certificate).where(Certificate.fingerprint == verdict.fingerprint)
    ).first()
    if known is not None:
        return known
    encoded = verdict.certificate.public_bytes(serialization.Encoding.PEM)
    certificate = Certificate(
        organisation_id=organisation.id,
        fingerprint=verdict.fingerprint,
        suite=verdict.suite,
        certificate=encoded.decode(),
        subject=verdict.signer.subject[:500],
        issuer=verdict.signer.issuer[:500],
        valid_from=verdict.certificate.not_valid_before_utc,
        valid_until=verdict.certificate.not_valid_after_utc,
        bound_by=actor.person_id,
        bound_at=moment,
    )
    session.add(certificate)
    session.flush()
    return certificate


def _is_taken(session: Session, binding: KeyBinding) -> bool:
    taken = select(SigningKey.id).where(
        SigningKey.suite == binding.suite, SigningKey.public_key == binding.public_key
    )
    return session.scalar(taken) is not None


def _taken_fault() -> FieldFault:
    return FieldFault(
        "public_key", "此密钥已绑定过，请新建一把。", "This key was bound before; make a new one."
    )


def _challenge_fault() -> FieldFault:
    return FieldFault(
        "challenge",
        "绑定声明已使用或已过期，请重新开始。",
        "The statement was used or is too old; begin again.",
    )


def _note(session: Session, actor: Actor, action: str, key: SigningKey, moment: datetime) -> None:
    subject = f"organisation/{key.organisation_id}"
    note(session, actor, action, subject, moment, suite=key.suite, key=key.public_key)
