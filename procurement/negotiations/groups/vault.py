"""A dossier's work key: with it both groups' models and results open, and then with nothing.

The key is made when the first group begins and is kept sealed with the installation's key. When the
chair seals the maximum price, the key is sealed under the envelope's content key and its own row
goes: from then on neither the database nor the installation's key tells a ceiling, until the
keyholders open the envelope together.
"""

import base64
import secrets

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from procurement.accounts.secret_values import seal_secret, unseal_secret
from procurement.bids.submission.at_rest import AtRest
from procurement.negotiations.errors import CalculationSealedError
from procurement.negotiations.groups.tables import GroupModel, WorkKey

KEY_BYTES = 32


def vault_of(session: Session, *, dossier_id: int, secret_key: bytes) -> AtRest:
    """Return what seals and opens a dossier's calculation; the first call makes its key.

    Raises:
        CalculationSealedError: The maximum price is sealed, and the key with it.
    """
    sealed = _sealed(session, dossier_id)
    if sealed is not None:
        return AtRest(_opened(sealed, dossier_id, secret_key))
    begun = select(GroupModel.id).where(GroupModel.dossier_id == dossier_id).limit(1)
    if session.scalar(begun) is not None:
        raise CalculationSealedError
    work_key = secrets.token_bytes(KEY_BYTES)
    session.add(WorkKey(dossier_id=dossier_id, sealed=_written(work_key, dossier_id, secret_key)))
    session.flush()
    return AtRest(work_key)


def reading_vault(session: Session, *, dossier_id: int, secret_key: bytes) -> AtRest | None:
    """Return what opens a dossier's calculation, without making a key; None before it begins.

    Raises:
        CalculationSealedError: The key is sealed away.
    """
    sealed = _sealed(session, dossier_id)
    if sealed is not None:
        return AtRest(_opened(sealed, dossier_id, secret_key))
    begun = select(GroupModel.id).where(GroupModel.dossier_id == dossier_id).limit(1)
    if session.scalar(begun) is not None:
        raise CalculationSealedError
    return None


def seal_away(session: Session, *, dossier_id: int, content_key: bytes, secret_key: bytes) -> str:
    """Seal a work key under an envelope's content key, and forget it here.

    Returns:
        Text to keep beside the envelope.

    Raises:
        CalculationSealedError: It is sealed away already, or there is none.
    """
    sealed = _sealed(session, dossier_id)
    if sealed is None:
        raise CalculationSealedError
    work_key = _opened(sealed, dossier_id, secret_key)
    session.execute(delete(WorkKey).where(WorkKey.dossier_id == dossier_id))
    return _written(work_key, dossier_id, content_key)


def vault_from(wrapped: str, *, dossier_id: int, content_key: bytes) -> AtRest:
    """Return what opens a dossier's calculation again, with the key of its opened envelope."""
    return AtRest(_opened(wrapped, dossier_id, content_key))


def _sealed(session: Session, dossier_id: int) -> str | None:
    return session.scalar(select(WorkKey.sealed).where(WorkKey.dossier_id == dossier_id))


def _written(work_key: bytes, dossier_id: int, key: bytes) -> str:
    text = base64.b64encode(work_key).decode()
    return seal_secret(text, key=key, purpose=_purpose(dossier_id))


def _opened(sealed: str, dossier_id: int, key: bytes) -> bytes:
    return base64.b64decode(unseal_secret(sealed, key=key, purpose=_purpose(dossier_id)))


def _purpose(dossier_id: int) -> str:
    return f"work-key {dossier_id}"
