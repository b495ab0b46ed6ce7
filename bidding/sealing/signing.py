"""Signed documents: what exactly is signed, and the keys of bureau, server, bidder and holder."""

from collections.abc import Mapping
from dataclasses import dataclass

from bidding.sealing.canonical import Json, canonical_bytes
from bidding.sealing.errors import FormatError, SignatureError
from bidding.sealing.reading import Fields, binary_text
from bidding.sealing.suites import KeyPair, RandomBytes, Suite, suite
from bidding.sealing.suites.interface import SEED_SIZE

Document = dict[str, Json]

SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs: of the bureau, the server or a bidder.

    Attributes:
        suite_name: The suite whose signatures it makes.
        seed: 32 bytes from which the pair is derived; this is the secret to keep.

    Examples:
        >>> key = SigningKey("intl-1", bytes(32))
        >>> len(key.public)
        32
    """

    suite_name: str
    seed: bytes

    def __repr__(self) -> str:
        """Without the seed, so that no log can hold it."""
        return f"SigningKey({self.suite_name!r}, public={self.public.hex()})"

    @property
    def suite(self) -> Suite:
        """The suite itself."""
        return suite(self.suite_name)

    @property
    def pair(self) -> KeyPair:
        """The private and the public key."""
        if len(self.seed) != SEED_SIZE:
            raise FormatError("seed", f"{SEED_SIZE} bytes")
        return self.suite.signing_pair(self.seed)

    @property
    def public(self) -> bytes:
        """The key that checks its signatures."""
        return self.pair.public


def new_signing_key(suite_name: str, *, random_bytes: RandomBytes) -> SigningKey:
    """A fresh key.

    Examples:
        >>> new_signing_key("intl-1", random_bytes=bytes).seed == bytes(32)
        True
    """
    return SigningKey(suite(suite_name).name, random_bytes(SEED_SIZE))


def signed_bytes(document: Mapping[str, Json]) -> bytes:
    """What a signature covers: the canonical bytes without the signature itself.

    The first field of every document, ``type``, keeps signatures of different documents apart.
    """
    return canonical_bytes({name: one for name, one in document.items() if name != SIGNATURE})


def sign_document(
    document: Mapping[str, Json], *, key: SigningKey, random_bytes: RandomBytes
) -> bytes:
    """The signature of a document that names its suite.

    Raises:
        FormatError: The key belongs to another suite.
    """
    if document.get("suite") != key.suite_name:
        raise FormatError(f"{document.get('type')}.suite", f"{key.suite_name}, as of the key")
    return key.suite.sign(key.pair, message=signed_bytes(document), random_bytes=random_bytes)


def check_signature(
    document: Mapping[str, Json], *, public: bytes, signature: bytes, whose: str
) -> None:
    """Refuse a document whose signature does not fit.

    Args:
        document: As read; it names its suite.
        public: The key of the one who must have signed.
        signature: The signature to check.
        whose: That one, in words.

    Raises:
        SignatureError: The document was changed, or somebody else signed it.
    """
    chosen = suite(str(document.get("suite")))
    if not chosen.verify(public, message=signed_bytes(document), signature=signature):
        raise SignatureError(str(document.get("type")), whose)


def document_digest(document: Mapping[str, Json]) -> str:
    """The hash of a document's canonical bytes, by its own suite."""
    return suite(str(document.get("suite"))).hash(canonical_bytes(document)).hex()


def read_head(fields: Fields, kind: str) -> Suite:
    """Take ``type`` and ``suite`` of a document."""
    fields.word("type", [kind])
    name = fields.take("suite")
    if not isinstance(name, str):
        raise FormatError(fields.place("suite"), "the id of a suite")
    return suite(name)


def take_signature(fields: Fields, chosen: Suite) -> bytes:
    """Take the signature, the last field of a document."""
    signature = fields.binary(SIGNATURE, size=chosen.signature_size)
    fields.done()
    return signature


def with_signature(document: Document, signature: bytes) -> Document:
    """The whole document: with its signature, if it has one yet."""
    return {**document, SIGNATURE: binary_text(signature)} if signature else document
