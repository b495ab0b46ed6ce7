"""Opening: from the holders' shares to the bid, or to the one whose fault it is that there is none.

Any k right shares determine the polynomials, and with them the shares of *all* places. So whether a
bidder sealed consistent shares does not depend on which holders turn up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bidding.sealing.bid import Bid, SealedContent, check_bid, read_plaintext
from bidding.sealing.canonical import canonical_bytes, parse_json
from bidding.sealing.envelope import Envelope, associated_data
from bidding.sealing.errors import FormatError, MismatchError
from bidding.sealing.manifest import Manifest
from bidding.sealing.reading import Fields, binary_text
from bidding.sealing.sealing import ReceiptSecret
from bidding.sealing.shamir import combine, share_at
from bidding.sealing.shares import SharePosting
from bidding.sealing.signing import (
    Document,
    SigningKey,
    check_signature,
    read_head,
    sign_document,
    take_signature,
    with_signature,
)
from bidding.sealing.suites import RandomBytes

REVEAL = "key-reveal/1"
REVEAL_SIZE_MAX = 10_000


class Verdict(StrEnum):
    """How the opening of one envelope ended."""

    OPENED = "opened"
    BIDDER_FAULT = "bidder-fault"
    """What the bidder sealed does not fit what the bidder signed; nobody else can cause this."""
    QUORUM_MISSING = "quorum-missing"
    """Fewer than k right shares: more holders, or the fallback."""


class Fault(StrEnum):
    """What a bidder sealed wrongly."""

    SHARES = "shares-inconsistent"
    """The shares fit their hashes, but do not lie on one polynomial."""
    KEY = "key-hash"
    """The shares give a key with another hash than the envelope says."""
    CIPHER = "cipher"
    """The key fits, but the ciphertext is not made with it for this round, bidder and version."""
    PLAINTEXT = "plaintext-hash"
    """The plaintext has another hash than the envelope says."""
    CONTENT = "content"
    """The plaintext is no bid for this round."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The result for one envelope.

    Attributes:
        envelope: Its digest.
        bidder: Whose it is.
        version: Which of the bidder's.
        verdict: How it ended.
        bid: The bid where it was opened.
        fault: What the bidder did wrong, where it is the bidder's fault.
        wrong_seats: Holders who posted another share than was sealed to them: their fault.
        missing_seats: Holders without a share for it.
        content_key: Opens it again, for who is entitled.
    """

    envelope: str
    bidder: str
    version: int
    verdict: Verdict
    bid: Bid | None = None
    fault: Fault | None = None
    wrong_seats: tuple[int, ...] = ()
    missing_seats: tuple[int, ...] = ()
    content_key: bytes | None = None

    def __repr__(self) -> str:
        """Without bid and key, so that no log can hold them."""
        return f"Opened(envelope={self.envelope!r}, verdict={self.verdict.value!r})"


def shares_of(envelope: Envelope, postings: Sequence[SharePosting]) -> dict[int, bytes]:
    """The shares for one envelope by seat, from postings that `check_posting` accepted."""
    return {
        posting.seat: posting.shares[envelope.digest]
        for posting in postings
        if envelope.digest in posting.shares
    }


def open_envelope(manifest: Manifest, envelope: Envelope, *, shares: Mapping[int, bytes]) -> Opened:
    """Open an envelope with the shares that the holders posted.

    Args:
        manifest: The one that the envelope names.
        envelope: Accepted by `check_submission`.
        shares: By seat, in any order, right or wrong.

    Returns:
        The bid, or whose fault it is that there is none.

    Raises:
        MismatchError: The envelope names another manifest.
    """
    unopened = _unopened(manifest, envelope)
    hashes = {share.seat: share.share_hash for share in envelope.shares}
    right = {
        seat: shares[seat]
        for seat in sorted(shares)
        if manifest.suite.hash(shares[seat]).hex() == hashes.get(seat)
    }
    result = replace(
        unopened,
        wrong_seats=tuple(sorted(set(shares) - set(right))),
        missing_seats=tuple(sorted(set(hashes) - set(shares))),
    )
    if len(right) < manifest.threshold:
        return result
    quorum = list(right.values())[: manifest.threshold]
    if not _are_consistent(manifest, envelope, quorum):
        return replace(result, verdict=Verdict.BIDDER_FAULT, fault=Fault.SHARES)
    return _decrypt(manifest, envelope, combine(quorum), result)


def _unopened(manifest: Manifest, envelope: Envelope) -> Opened:
    # Under another manifest nothing would decrypt, and the bidder would be blamed for it.
    if envelope.manifest != manifest.digest:
        raise MismatchError(
            "envelope.manifest", "the digest of the manifest that it is opened under"
        )
    return Opened(
        envelope=envelope.digest,
        bidder=envelope.bidder,
        version=envelope.version,
        verdict=Verdict.QUORUM_MISSING,
    )


def _are_consistent(manifest: Manifest, envelope: Envelope, quorum: Sequence[bytes]) -> bool:
    try:
        computed = {
            one.seat: manifest.suite.hash(share_at(quorum, place=one.place)).hex()
            for one in envelope.shares
        }
    except FormatError:
        # One place twice, although the shares fit their hashes.
        return False
    return all(computed[one.seat] == one.share_hash for one in envelope.shares)


def open_with_key(manifest: Manifest, envelope: Envelope, *, content_key: bytes) -> Opened:
    """Open an envelope with the content key that its bidder revealed.

    Raises:
        MismatchError: The envelope names another manifest, or the key has another hash than the
            envelope says; that is nobody's fault in particular, since anybody can send a wrong key.
    """
    unopened = _unopened(manifest, envelope)
    if manifest.suite.hash(content_key).hex() != envelope.key_hash:
        raise MismatchError("content_key", "the key whose hash the envelope carries")
    return _decrypt(manifest, envelope, content_key, unopened)


def _decrypt(manifest: Manifest, envelope: Envelope, content_key: bytes, result: Opened) -> Opened:
    chosen = manifest.suite
    if chosen.hash(content_key).hex() != envelope.key_hash:
        return replace(result, verdict=Verdict.BIDDER_FAULT, fault=Fault.KEY)
    plaintext = chosen.decrypt(
        content_key,
        nonce=envelope.nonce,
        ciphertext=envelope.ciphertext,
        associated=associated_data(manifest, bidder=envelope.bidder, version=envelope.version),
    )
    found = replace(result, content_key=content_key, verdict=Verdict.BIDDER_FAULT)
    if plaintext is None:
        return replace(found, fault=Fault.CIPHER)
    if chosen.hash(plaintext).hex() != envelope.plaintext_hash:
        return replace(found, fault=Fault.PLAINTEXT)
    try:
        content = read_plaintext(plaintext)
        _check_content(content, manifest, envelope)
    except (FormatError, MismatchError):
        return replace(found, fault=Fault.CONTENT)
    return replace(found, verdict=Verdict.OPENED, bid=content.bid)


def _check_content(content: SealedContent, manifest: Manifest, envelope: Envelope) -> None:
    expected = (envelope.round_name, envelope.bidder, envelope.version)
    if (content.round_name, content.bidder, content.version) != expected:
        raise MismatchError("bid", "round, bidder and version of the envelope")
    check_bid(content.bid, manifest)


@dataclass(frozen=True, slots=True)
class KeyReveal:
    """The fallback: a bidder reveals the content key of its envelope, signed."""

    suite_name: str
    manifest: str
    envelope: str
    content_key: bytes
    signature: bytes = b""

    def __repr__(self) -> str:
        """Without the key, so that no log can hold it."""
        return f"KeyReveal(envelope={self.envelope!r})"

    def unsigned(self) -> Document:
        """The document that the bidder signs."""
        return {
            "type": REVEAL,
            "suite": self.suite_name,
            "manifest": self.manifest,
            "envelope": self.envelope,
            "content_key": binary_text(self.content_key),
        }

    def document(self) -> Document:
        """The whole document."""
        return with_signature(self.unsigned(), self.signature)

    def to_bytes(self) -> bytes:
        """The file: canonical JSON."""
        return canonical_bytes(self.document())


def reveal_key(
    secret: ReceiptSecret, *, signing_key: SigningKey, random_bytes: RandomBytes
) -> KeyReveal:
    """Reveal the content key, where the holders did not reach a quorum."""
    reveal = KeyReveal(secret.suite_name, secret.manifest, secret.envelope, secret.content_key)
    signature = sign_document(reveal.unsigned(), key=signing_key, random_bytes=random_bytes)
    return replace(reveal, signature=signature)


def read_reveal(text: bytes | str) -> KeyReveal:
    """Read a reveal strictly; `check_reveal` then checks it.

    Raises:
        FormatError: Where it differs from the format, and what was expected there.
    """
    return reveal_from(Fields(parse_json(text, where="reveal", size_max=REVEAL_SIZE_MAX), "reveal"))


def reveal_from(fields: Fields) -> KeyReveal:
    """The reveal in an object of a larger document."""
    chosen = read_head(fields, REVEAL)
    return KeyReveal(
        suite_name=chosen.name,
        manifest=fields.digest("manifest"),
        envelope=fields.digest("envelope"),
        content_key=fields.binary("content_key", size=chosen.key_size),
        signature=take_signature(fields, chosen),
    )


def check_reveal(reveal: KeyReveal, envelope: Envelope) -> None:
    """Refuse a reveal that is not by the bidder, or of a key with another hash.

    The hash leaves no room for change: there is one key that the bidder can reveal.

    Raises:
        MismatchError: Another envelope, or not the key that was sealed.
        SignatureError: Not signed by the bidder.
    """
    expected = (envelope.suite_name, envelope.manifest, envelope.digest)
    if (reveal.suite_name, reveal.manifest, reveal.envelope) != expected:
        raise MismatchError("reveal.envelope", "suite, manifest and digest of the envelope")
    if envelope.suite.hash(reveal.content_key).hex() != envelope.key_hash:
        raise MismatchError("reveal.content_key", "the key whose hash the envelope carries")
    check_signature(
        reveal.unsigned(),
        public=envelope.bidder_key,
        signature=reveal.signature,
        whose="the bidder",
    )
