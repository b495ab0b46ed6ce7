"""Sealing with the installation's own key what nobody may read in the database or its backups.

Envelopes are sealed by their bidders already. This hides what stands around them while bids are
taken (who bid, when, and how often), and the shares of keyholders until all are opened.
"""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from procurement.errors import JicaiError

NONCE_BYTES = 12
STEP_BYTES = 8192
"""Rows grow in steps, so that a withdrawal looks like a bid."""

_LENGTH_BYTES = 4


class SealedRowError(JicaiError):
    """A sealed row does not open: another installation's key, or the row was changed."""

    def __init__(self, purpose: str) -> None:
        """Keep what the row is for, nothing of its content."""
        super().__init__(f"a sealed {purpose} cannot be opened with this installation's key")
        self.purpose = purpose


class AtRest:
    """Seals rows and names them by keyed digests.

    Examples:
        >>> at_rest = AtRest(bytes(32))
        >>> row = at_rest.seal(b"who and what", purpose="leaf")
        >>> len(row) - STEP_BYTES, at_rest.open(row, purpose="leaf")
        (28, b'who and what')
        >>> at_rest.tag("bidder", "7", "12") == at_rest.tag("bidder", "71", "2")
        False
    """

    def __init__(self, secret_key: bytes) -> None:
        """Derive the keys from the installation's; see `Settings.secret_key`."""
        self._cipher = AESGCM(_derived(secret_key, "jicai bids at rest"))
        self._tag_key = _derived(secret_key, "jicai bids tags")

    def seal(self, content: bytes, *, purpose: str) -> bytes:
        """Encrypt a row's content, filled up to the next step."""
        framed = len(content).to_bytes(_LENGTH_BYTES, "big") + content
        padded = framed + bytes(-len(framed) % STEP_BYTES)
        nonce = secrets.token_bytes(NONCE_BYTES)
        # The length told by the cipher is the step's alone.
        return nonce + self._cipher.encrypt(nonce, padded, purpose.encode())

    def open(self, sealed: bytes, *, purpose: str) -> bytes:
        """Decrypt what `seal` made.

        Raises:
            SealedRowError: Another key, another purpose, or changed.
        """
        nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            padded = self._cipher.decrypt(nonce, ciphertext, purpose.encode())
        except (InvalidTag, ValueError) as refusal:
            raise SealedRowError(purpose) from refusal
        length = int.from_bytes(padded[:_LENGTH_BYTES], "big")
        return padded[_LENGTH_BYTES : _LENGTH_BYTES + length]

    def tag(self, *parts: str) -> str:
        """Return a keyed digest of some words, by which rows are found again."""
        message = "".join(f"{len(part)}:{part}" for part in parts)
        return hmac.new(self._tag_key, message.encode(), hashlib.sha256).hexdigest()


def _derived(secret_key: bytes, label: str) -> bytes:
    return hmac.new(secret_key, label.encode(), hashlib.sha256).digest()
