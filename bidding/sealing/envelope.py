"""What stands in the log: envelopes and withdrawals, read strictly from anybody."""

import re
from dataclasses import dataclass
from functools import cached_property

from bidding.sealing.bid import PLAINTEXT_SIZE_MAX
from bidding.sealing.canonical import PADDING_STEP, Json, canonical_bytes, parse_json
from bidding.sealing.errors import FormatError, MismatchError
from bidding.sealing.manifest import HOLDERS_MAX, NAME_FORM, Manifest
from bidding.sealing.reading import Fields, binary_text
from bidding.sealing.shamir import PLACE_MAX
from bidding.sealing.signing import (
    Document,
    check_signature,
    read_head,
    take_signature,
    with_signature,
)
from bidding.sealing.suites import Suite, suite

ENVELOPE = "envelope/1"
WITHDRAWAL = "withdrawal/1"
ENVELOPE_SIZE_MAX = 2 * 1024 * 1024
VERSION_MAX = 10**6

_NAME = re.compile(r"[^|\x00-\x1f\x7f]{1,100}")


@dataclass(frozen=True, slots=True)
class SealedShare:
    """A share of the content key, sealed to one holder.

    Attributes:
        seat: The holder's.
        place: The share's x, so that anyone with a quorum can compute and check every share.
        box: Sealed to the holder: the envelope's context, then the share.
        share_hash: Hash of the share.
    """

    seat: int
    place: int
    box: bytes
    share_hash: str


@dataclass(frozen=True)
class Envelope:
    """A sealed bid.

    Attributes:
        suite_name: As in the manifest.
        round_name: As in the manifest.
        manifest: The manifest's digest.
        bidder: Who bids: the unified social credit code, or what the platform agreed on.
        version: From 1, one more for each replacement.
        replaces: Digest of the envelope or withdrawal that this one replaces.
        nonce: Of the cipher.
        ciphertext: The padded bid and the cipher's tag.
        plaintext_hash: Hash of the padded bid.
        key_hash: Hash of the content key.
        shares: One for each holder, by seat.
        bidder_key: Public key of the bidder.
        signature: The bidder's, of everything above.
    """

    suite_name: str
    round_name: str
    manifest: str
    bidder: str
    version: int
    replaces: str | None
    nonce: bytes
    ciphertext: bytes
    plaintext_hash: str
    key_hash: str
    shares: tuple[SealedShare, ...]
    bidder_key: bytes
    signature: bytes = b""

    @property
    def suite(self) -> Suite:
        """The suite itself."""
        return suite(self.suite_name)

    @property
    def is_bid(self) -> bool:
        """It is no withdrawal."""
        return True

    @cached_property
    def digest(self) -> str:
        """What receipt and log name it by: the hash of the whole document."""
        return self.suite.hash(self._bytes).hex()

    def unsigned(self) -> Document:
        """The document that the bidder signs."""
        return {
            "type": ENVELOPE,
            "suite": self.suite_name,
            "round": self.round_name,
            "manifest": self.manifest,
            "bidder": self.bidder,
            "version": self.version,
            "replaces": self.replaces,
            "nonce": binary_text(self.nonce),
            "ciphertext": binary_text(self.ciphertext),
            "plaintext_hash": self.plaintext_hash,
            "key_hash": self.key_hash,
            "shares": [_share_document(share) for share in self.shares],
            "bidder_key": binary_text(self.bidder_key),
        }

    def document(self) -> Document:
        """The whole document."""
        return with_signature(self.unsigned(), self.signature)

    def to_bytes(self) -> bytes:
        """The file: canonical JSON."""
        return self._bytes

    @cached_property
    def _bytes(self) -> bytes:
        return canonical_bytes(self.document())


def _share_document(share: SealedShare) -> Document:
    return {
        "seat": share.seat,
        "place": share.place,
        "box": binary_text(share.box),
        "share_hash": share.share_hash,
    }


@dataclass(frozen=True)
class Withdrawal:
    """A leaf that takes back an envelope; the attributes are those of `Envelope`."""

    suite_name: str
    round_name: str
    manifest: str
    bidder: str
    version: int
    replaces: str
    bidder_key: bytes
    signature: bytes = b""

    @property
    def suite(self) -> Suite:
        """The suite itself."""
        return suite(self.suite_name)

    @property
    def is_bid(self) -> bool:
        """It is a withdrawal."""
        return False

    @cached_property
    def digest(self) -> str:
        """What receipt and log name it by."""
        return self.suite.hash(self._bytes).hex()

    def unsigned(self) -> Document:
        """The document that the bidder signs."""
        return {
            "type": WITHDRAWAL,
            "suite": self.suite_name,
            "round": self.round_name,
            "manifest": self.manifest,
            "bidder": self.bidder,
            "version": self.version,
            "replaces": self.replaces,
            "bidder_key": binary_text(self.bidder_key),
        }

    def document(self) -> Document:
        """The whole document."""
        return with_signature(self.unsigned(), self.signature)

    def to_bytes(self) -> bytes:
        """The file: canonical JSON."""
        return self._bytes

    @cached_property
    def _bytes(self) -> bytes:
        return canonical_bytes(self.document())


Submission = Envelope | Withdrawal


def associated_data(manifest: Manifest, *, bidder: str, version: int) -> bytes:
    """``round|bidder|version|manifest hash``: the cipher refuses an envelope moved elsewhere."""
    return f"{manifest.round_name}|{bidder}|{version}|{manifest.digest}".encode()


def share_context(manifest: Manifest, *, bidder: str, version: int, seat: int) -> bytes:
    """What is sealed in front of a share.

    Holders keep one key for rehearsals and rounds. Without the context a box copied from a running
    round into a rehearsal would be unsealed there, before the round's opening.
    """
    associated = associated_data(manifest, bidder=bidder, version=version)
    return manifest.suite.hash(b"jicai-share-1|%d|" % seat + associated)


def read_submission(text: bytes | str) -> Submission:
    """Read an envelope or a withdrawal from anybody, strictly.

    Raises:
        FormatError: Where it differs from the format, and what was expected there.
    """
    return submission_from(parse_json(text, where="envelope", size_max=ENVELOPE_SIZE_MAX))


def submission_from(document: Json) -> Submission:
    """The envelope or withdrawal in a larger document.

    Raises:
        FormatError: As `read_submission`.
    """
    fields = Fields(document, "envelope")
    if fields.peek("type") == WITHDRAWAL:
        return _withdrawal(fields)
    return _envelope(fields)


def _envelope(fields: Fields) -> Envelope:
    chosen = read_head(fields, ENVELOPE)
    return Envelope(
        suite_name=chosen.name,
        round_name=fields.text("round", pattern=_NAME, what=NAME_FORM),
        manifest=fields.digest("manifest"),
        bidder=fields.text("bidder", pattern=_NAME, what=NAME_FORM),
        version=fields.whole("version", 1, VERSION_MAX),
        replaces=fields.optional("replaces", fields.digest),
        nonce=fields.binary("nonce", size=chosen.nonce_size),
        ciphertext=_ciphertext(fields, chosen),
        plaintext_hash=fields.digest("plaintext_hash"),
        key_hash=fields.digest("key_hash"),
        shares=tuple(_share(one, chosen) for one in fields.objects("shares", most=HOLDERS_MAX)),
        bidder_key=fields.binary("bidder_key", size=chosen.signing_key_size),
        signature=take_signature(fields, chosen),
    )


def _ciphertext(fields: Fields, chosen: Suite) -> bytes:
    ciphertext = fields.binary("ciphertext", size_max=PLAINTEXT_SIZE_MAX + chosen.tag_size)
    padded = len(ciphertext) - chosen.tag_size
    if padded <= 0 or padded % PADDING_STEP:
        what = f"steps of {PADDING_STEP} bytes and a tag of {chosen.tag_size}"
        raise FormatError(fields.place("ciphertext"), what)
    return ciphertext


def _share(fields: Fields, chosen: Suite) -> SealedShare:
    size = chosen.box_overhead + context_size(chosen) + chosen.key_size + 1
    share = SealedShare(
        seat=fields.whole("seat", 1, HOLDERS_MAX),
        place=fields.whole("place", 1, PLACE_MAX),
        box=fields.binary("box", size=size),
        share_hash=fields.digest("share_hash"),
    )
    fields.done()
    return share


def context_size(chosen: Suite) -> int:
    """Bytes of a share's context."""
    return len(chosen.hash(b""))


def _withdrawal(fields: Fields) -> Withdrawal:
    chosen = read_head(fields, WITHDRAWAL)
    return Withdrawal(
        suite_name=chosen.name,
        round_name=fields.text("round", pattern=_NAME, what=NAME_FORM),
        manifest=fields.digest("manifest"),
        bidder=fields.text("bidder", pattern=_NAME, what=NAME_FORM),
        version=fields.whole("version", 2, VERSION_MAX),
        replaces=fields.digest("replaces"),
        bidder_key=fields.binary("bidder_key", size=chosen.signing_key_size),
        signature=take_signature(fields, chosen),
    )


def check_submission(
    submission: Submission, manifest: Manifest, *, bidder_key: bytes | None = None
) -> None:
    """Refuse an envelope or withdrawal that does not belong here or is not signed.

    This is all that a server can check before the opening: shape and signature, never content.

    Args:
        submission: As read.
        manifest: Of the round that it is submitted to.
        bidder_key: The key that the bidder is known to have; without it, only the key inside.

    Raises:
        MismatchError: Another round, manifest, suite or set of holders.
        SignatureError: Not signed by the bidder, or changed since.
    """
    expected = (manifest.suite_name, manifest.round_name, manifest.digest)
    if (submission.suite_name, submission.round_name, submission.manifest) != expected:
        raise MismatchError("envelope.manifest", "suite, round and digest of this manifest")
    if (submission.version == 1) != (submission.replaces is None):
        raise MismatchError("envelope.replaces", "nothing in version 1, a digest from version 2 on")
    if isinstance(submission, Envelope):
        _check_sealed(submission, manifest)
    check_signature(
        submission.unsigned(),
        public=submission.bidder_key if bidder_key is None else bidder_key,
        signature=submission.signature,
        whose="the bidder",
    )


def _check_sealed(envelope: Envelope, manifest: Manifest) -> None:
    seats = [share.seat for share in envelope.shares]
    if seats != [holder.seat for holder in manifest.holders]:
        raise MismatchError("envelope.shares", "one share for each holder, by seat")
    if len({share.place for share in envelope.shares}) != len(seats):
        raise FormatError("envelope.shares", "a place of its own for every share")
