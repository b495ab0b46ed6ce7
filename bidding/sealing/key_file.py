"""Key files: a seed encrypted under a passphrase; the only form in which a key leaves a machine."""

import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

from bidding.sealing.canonical import canonical_bytes, parse_json
from bidding.sealing.errors import FormatError, KeyFileError
from bidding.sealing.keys import HolderKey
from bidding.sealing.reading import Fields, binary_text
from bidding.sealing.signing import Document, SigningKey, read_head
from bidding.sealing.suites import RandomBytes, Stretching, Suite, suite
from bidding.sealing.suites.interface import SEED_SIZE

KIND = "key-file/1"
KEY_FILE_SIZE_MAX = 10_000
PASSPHRASE_MIN = 12
"""Characters; a file may fall into wrong hands, and then only the passphrase stands."""


class KeyUse(StrEnum):
    """Whose key it is."""

    HOLDER = "holder"
    BIDDER = "bidder"
    BUREAU = "bureau"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A key file as read: its public half is in the clear, its seed is not.

    Attributes:
        suite_name: The suite.
        use: Whose key it is.
        sealing_key: The public key to seal to; None unless it is a holder's.
        signing_key: The public key that checks signatures.
        stretching: How the passphrase becomes a key.
        salt: Of the stretching.
        nonce: Of the cipher.
        ciphertext: The seed and the cipher's tag.
    """

    suite_name: str
    use: KeyUse
    sealing_key: bytes | None
    signing_key: bytes
    stretching: Stretching
    salt: bytes
    nonce: bytes
    ciphertext: bytes = field(default=b"", repr=False)

    @property
    def suite(self) -> Suite:
        """The suite itself."""
        return suite(self.suite_name)

    def head(self) -> Document:
        """All but the ciphertext: the cipher's associated data, so that nothing can be changed."""
        return {
            "type": KIND,
            "suite": self.suite_name,
            "use": self.use.value,
            "sealing_key": None if self.sealing_key is None else binary_text(self.sealing_key),
            "signing_key": binary_text(self.signing_key),
            "kdf": self.stretching.name,
            "passes": self.stretching.passes,
            "memory_bytes": self.stretching.memory_bytes,
            "salt": binary_text(self.salt),
            "nonce": binary_text(self.nonce),
        }

    def to_bytes(self) -> bytes:
        """The file: canonical JSON."""
        return canonical_bytes({**self.head(), "ciphertext": binary_text(self.ciphertext)})


def lock_key(
    key: HolderKey | SigningKey,
    *,
    use: KeyUse,
    passphrase: str,
    random_bytes: RandomBytes,
    stretching: Stretching | None = None,
) -> bytes:
    """The key as a file that only the passphrase opens.

    Args:
        key: A holder's or a signing key.
        use: Whose it is.
        passphrase: 12 characters or more; it is normalised (NFKC), so that keyboards agree.
        random_bytes: `secrets.token_bytes`.
        stretching: The suite's own unless given.

    Raises:
        FormatError: The passphrase is too short.
    """
    if len(passphrase) < PASSPHRASE_MIN:
        raise FormatError("passphrase", f"{PASSPHRASE_MIN} characters or more")
    chosen = suite(key.suite_name)
    how = stretching or chosen.stretching
    holder = key if isinstance(key, HolderKey) else None
    signing = SigningKey(key.suite_name, key.seed)
    empty = KeyFile(
        suite_name=key.suite_name,
        use=use,
        sealing_key=holder.sealing_pair.public if holder else None,
        signing_key=signing.public,
        stretching=how,
        salt=random_bytes(how.salt_size),
        nonce=random_bytes(chosen.nonce_size),
    )
    sealed = chosen.encrypt(
        _stretched(empty, passphrase),
        nonce=empty.nonce,
        plaintext=key.seed,
        associated=canonical_bytes(empty.head()),
    )
    return canonical_bytes({**empty.head(), "ciphertext": binary_text(sealed)})


def _stretched(file: KeyFile, passphrase: str) -> bytes:
    return file.suite.stretch(
        unicodedata.normalize("NFKC", passphrase).encode(),
        salt=file.salt,
        passes=file.stretching.passes,
        memory_bytes=file.stretching.memory_bytes,
    )


def read_key_file(text: bytes | str) -> KeyFile:
    """Read a key file strictly, without opening it.

    Raises:
        FormatError: Where it differs from the format, and what was expected there.
    """
    fields = Fields(parse_json(text, where="key file", size_max=KEY_FILE_SIZE_MAX), "key file")
    chosen = read_head(fields, KIND)
    own = chosen.stretching
    file = KeyFile(
        suite_name=chosen.name,
        use=KeyUse(fields.word("use", [one.value for one in KeyUse])),
        sealing_key=fields.optional(
            "sealing_key", lambda name: fields.binary(name, size=chosen.sealing_key_size)
        ),
        signing_key=fields.binary("signing_key", size=chosen.signing_key_size),
        stretching=own._replace(
            name=fields.word("kdf", [own.name]),
            # Limits, as the file may come from anybody and would otherwise block the machine.
            passes=fields.whole("passes", 1, own.passes_max),
            memory_bytes=fields.whole("memory_bytes", own.memory_min, own.memory_max),
        ),
        salt=fields.binary("salt", size=own.salt_size),
        nonce=fields.binary("nonce", size=chosen.nonce_size),
        ciphertext=fields.binary("ciphertext", size=SEED_SIZE + chosen.tag_size),
    )
    fields.done()
    return file


def unlock_holder_key(file: KeyFile, *, passphrase: str) -> HolderKey:
    """The holder's key in a file.

    Raises:
        KeyFileError: The passphrase is wrong, or the file was changed.
        FormatError: It is not a holder's file.
    """
    if file.use is not KeyUse.HOLDER:
        raise FormatError("key file.use", "the key of a holder")
    key = HolderKey(file.suite_name, _seed(file, passphrase))
    if (key.sealing_pair.public, key.signing_key.public) != (file.sealing_key, file.signing_key):
        raise KeyFileError
    return key


def unlock_signing_key(file: KeyFile, *, passphrase: str) -> SigningKey:
    """The signing key in a file.

    Raises:
        KeyFileError: The passphrase is wrong, or the file was changed.
        FormatError: It is a holder's file.
    """
    if file.use is KeyUse.HOLDER:
        raise FormatError("key file.use", "a key that signs bids, manifests or receipts")
    key = SigningKey(file.suite_name, _seed(file, passphrase))
    if key.public != file.signing_key:
        raise KeyFileError
    return key


def _seed(file: KeyFile, passphrase: str) -> bytes:
    seed = file.suite.decrypt(
        _stretched(file, passphrase),
        nonce=file.nonce,
        ciphertext=file.ciphertext,
        associated=canonical_bytes(file.head()),
    )
    if seed is None:
        raise KeyFileError
    return seed
