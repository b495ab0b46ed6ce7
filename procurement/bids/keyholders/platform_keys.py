"""The installation's own signing keys: made once, sealed at rest, never shown or logged."""

import base64
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bidding.sealing import SigningKey, new_signing_key
from procurement.accounts.secret_values import seal_secret, unseal_secret
from procurement.bids.tables import PlatformKey

SERVER = "server"
"""Owner of the key that signs receipts, refusals and checkpoints."""

_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def bureau_owner(organisation_id: int) -> str:
    """Name the owner of the key that signs a bureau's manifests.

    Examples:
        >>> bureau_owner(12)
        'bureau 12'
    """
    return f"bureau {organisation_id}"


def platform_key(
    session: Session, *, owner: str, suite: str, secret_key: bytes, moment: datetime
) -> SigningKey:
    """Return a signing key of the installation; the first call makes it.

    Args:
        session: Session of the caller's transaction.
        owner: `SERVER`, or a bureau by `bureau_owner`.
        suite: ``intl-1`` or ``sm-1``.
        secret_key: `Settings.secret_key`.
        moment: When, if it has to be made.
    """
    known = find_platform_key(session, owner=owner, suite=suite, secret_key=secret_key)
    if known is not None:
        return known
    key = new_signing_key(suite, random_bytes=secrets.token_bytes)
    seed = base64.b64encode(key.seed).decode()
    statement: Any = _INSERT[session.get_bind().dialect.name](PlatformKey).values(
        owner=owner,
        suite=suite,
        public_key=key.public.hex(),
        sealed_key=seal_secret(seed, key=secret_key, purpose=_purpose(owner, suite)),
        made_at=moment,
    )
    # Of two processes that make it at once, one wins and both take the winner's.
    session.execute(statement.on_conflict_do_nothing())
    made = find_platform_key(session, owner=owner, suite=suite, secret_key=secret_key)
    return key if made is None else made


def find_platform_key(
    session: Session, *, owner: str, suite: str, secret_key: bytes
) -> SigningKey | None:
    """Return a signing key of the installation, or None where none was made yet."""
    sealed = session.scalar(
        select(PlatformKey.sealed_key)
        .where(PlatformKey.owner == owner)
        .where(PlatformKey.suite == suite)
    )
    if sealed is None:
        return None
    return opened_key(sealed, owner=owner, suite=suite, secret_key=secret_key)


def opened_key(sealed: str, *, owner: str, suite: str, secret_key: bytes) -> SigningKey:
    """Unseal a signing key of the installation.

    Raises:
        UnsealingError: It was sealed by another installation, or for another owner.
    """
    seed = unseal_secret(sealed, key=secret_key, purpose=_purpose(owner, suite))
    return SigningKey(suite, base64.b64decode(seed))


def _purpose(owner: str, suite: str) -> str:
    return f"signing-key {owner} {suite}"
