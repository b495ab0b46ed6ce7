"""Random tokens, their digests, and small secrets sealed at rest."""

import base64
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from procurement.errors import JicaiError

TOKEN_BYTES = 32
NONCE_BYTES = 12


class UnsealingError(JicaiError):
    """A sealed secret was made with another key, for another purpose, or was changed."""

    def __init__(self, purpose: str) -> None:
        """Keep the purpose, nothing of the secret."""
        super().__init__(f"a sealed {purpose} cannot be opened with this installation's key")
        self.purpose = purpose


def new_token() -> str:
    """Make a token of 256 random bits that can stand in an address or a cookie.

    Examples:
        >>> len(new_token())
        43
    """
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_digest(token: str) -> str:
    """Return the SHA-256 by which a token is kept and found.

    A plain hash suffices, since a token is random: there is nothing to guess. Finding a row by
    the digest tells by its timing at most something about digests, never about tokens.

    Examples:
        >>> token_digest("")[:8]
        'e3b0c442'
    """
    return hashlib.sha256(token.encode()).hexdigest()


def seal_secret(secret: str, *, key: bytes, purpose: str) -> str:
    """Encrypt a small secret for the database (AES-256-GCM).

    Args:
        secret: What to keep.
        key: 32 bytes, `procurement.settings.Settings.secret_key`.
        purpose: What it is and whose, such as ``totp 17``: a secret moved to another row or
            column does not open.

    Returns:
        Text for a column.

    Examples:
        >>> sealed = seal_secret("JBSWY3DP", key=bytes(32), purpose="totp 1")
        >>> unseal_secret(sealed, key=bytes(32), purpose="totp 1")
        'JBSWY3DP'
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, secret.encode(), purpose.encode())
    return base64.b64encode(nonce + sealed).decode()


def unseal_secret(sealed: str, *, key: bytes, purpose: str) -> str:
    """Decrypt what `seal_secret` made.

    Raises:
        UnsealingError: Another key, another purpose, or changed text.
    """
    try:
        octets = base64.b64decode(sealed, validate=True)
        opened = AESGCM(key).decrypt(octets[:NONCE_BYTES], octets[NONCE_BYTES:], purpose.encode())
    except (InvalidTag, ValueError) as refusal:
        raise UnsealingError(purpose.partition(" ")[0]) from refusal
    return opened.decode()
