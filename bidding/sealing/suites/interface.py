"""What every suite offers; a suite keeps no state and draws no randomness of its own."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

RandomBytes = Callable[[int], bytes]
"""Gives as many unpredictable bytes as asked for; `secrets.token_bytes` outside of tests."""

SEED_SIZE = 32
"""Bytes of the seed from which key pairs are derived."""


class KeyPair(NamedTuple):
    """A private key and its public half, in the suite's encoding."""

    private: bytes
    public: bytes


class Stretching(NamedTuple):
    """How a passphrase becomes a key.

    Attributes:
        name: Of the function.
        passes: How often it goes over its state.
        memory_bytes: The state's size; 0 where the function has none.
        salt_size: Bytes.
        passes_max: The most that is read from a file.
        memory_min: The least that the function works with.
        memory_max: The most that is read from a file.
    """

    name: str
    passes: int
    memory_bytes: int
    salt_size: int
    passes_max: int
    memory_min: int
    memory_max: int


class Suite(Protocol):
    """One choice of sealed box, cipher, hash and signature.

    Attributes:
        name: Its id in documents.
        key_size: Bytes of a content key.
        nonce_size: Bytes of the cipher's nonce.
        tag_size: Bytes by which a ciphertext is longer than its plaintext.
        box_overhead: Bytes by which a sealed box is longer than its message.
        sealing_key_size: Bytes of a public key to seal to.
        signing_key_size: Bytes of a public key that checks signatures.
        signature_size: Bytes of a signature.
        stretching: How a passphrase becomes a key.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 - explained above, as all attributes
    @property
    def key_size(self) -> int: ...  # noqa: D102
    @property
    def nonce_size(self) -> int: ...  # noqa: D102
    @property
    def tag_size(self) -> int: ...  # noqa: D102
    @property
    def box_overhead(self) -> int: ...  # noqa: D102
    @property
    def sealing_key_size(self) -> int: ...  # noqa: D102
    @property
    def signing_key_size(self) -> int: ...  # noqa: D102
    @property
    def signature_size(self) -> int: ...  # noqa: D102
    @property
    def stretching(self) -> Stretching: ...  # noqa: D102

    def hash(self, message: bytes) -> bytes:
        """32 bytes."""
        ...

    def encrypt(self, key: bytes, *, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
        """Ciphertext and tag."""
        ...

    def decrypt(
        self, key: bytes, *, nonce: bytes, ciphertext: bytes, associated: bytes
    ) -> bytes | None:
        """The plaintext; None where key, nonce, ciphertext or associated data do not fit."""
        ...

    def sealing_pair(self, seed: bytes) -> KeyPair:
        """The pair of a seed of 32 bytes that messages are sealed to."""
        ...

    def signing_pair(self, seed: bytes) -> KeyPair:
        """The pair of a seed of 32 bytes that signs."""
        ...

    def seal_to(self, public: bytes, *, message: bytes, random_bytes: RandomBytes) -> bytes:
        """A box that only the owner of the private key opens, without a sender."""
        ...

    def unseal(self, pair: KeyPair, *, box: bytes) -> bytes | None:
        """The message in the box; None where it was not sealed to this pair or was changed."""
        ...

    def sign(self, pair: KeyPair, *, message: bytes, random_bytes: RandomBytes) -> bytes:
        """A signature of ``signature_size`` bytes."""
        ...

    def verify(self, public: bytes, *, message: bytes, signature: bytes) -> bool:
        """Whether the signature is by the owner of the public key and of this message."""
        ...

    def stretch(self, passphrase: bytes, *, salt: bytes, passes: int, memory_bytes: int) -> bytes:
        """A cipher key from a passphrase, on purpose slowly."""
        ...

    def is_sealing_key(self, public: bytes) -> bool:
        """Whether a message may be sealed to it: no weak or malformed key."""
        ...
