"""Sealing a bid: what a bidder's browser or command line does, and nobody else can undo early."""

from dataclasses import dataclass, replace

from bidding.sealing.bid import NONCE_SIZE, Bid, SealedContent, check_bid
from bidding.sealing.canonical import canonical_bytes, parse_json
from bidding.sealing.envelope import (
    Envelope,
    SealedShare,
    Withdrawal,
    associated_data,
    check_submission,
    share_context,
)
from bidding.sealing.errors import MismatchError
from bidding.sealing.manifest import Manifest
from bidding.sealing.reading import Fields, binary_text
from bidding.sealing.shamir import split
from bidding.sealing.signing import Document, SigningKey, read_head, sign_document
from bidding.sealing.suites import RandomBytes

KIND = "receipt-secret/1"
SECRET_SIZE_MAX = 10_000


@dataclass(frozen=True, slots=True)
class ReceiptSecret:
    """What the bidder keeps, and nobody else has: with it a failed quorum cannot lose the bid.

    Attributes:
        suite_name: As in the envelope.
        round_name: As in the envelope.
        manifest: As in the envelope.
        bidder: As in the envelope.
        version: As in the envelope.
        envelope: The envelope's digest.
        content_key: Opens the envelope.
    """

    suite_name: str
    round_name: str
    manifest: str
    bidder: str
    version: int
    envelope: str
    content_key: bytes

    def __repr__(self) -> str:
        """Without the key, so that no log can hold it."""
        return f"ReceiptSecret(envelope={self.envelope!r})"

    def document(self) -> Document:
        """The whole document."""
        return {
            "type": KIND,
            "suite": self.suite_name,
            "round": self.round_name,
            "manifest": self.manifest,
            "bidder": self.bidder,
            "version": self.version,
            "envelope": self.envelope,
            "content_key": binary_text(self.content_key),
        }

    def to_bytes(self) -> bytes:
        """The file: canonical JSON."""
        return canonical_bytes(self.document())


def read_receipt_secret(text: bytes | str) -> ReceiptSecret:
    """Read the bidder's own file.

    Raises:
        FormatError: Where it differs from the format, and what was expected there.
    """
    fields = Fields(
        parse_json(text, where="receipt secret", size_max=SECRET_SIZE_MAX), "receipt secret"
    )
    chosen = read_head(fields, KIND)
    secret = ReceiptSecret(
        suite_name=chosen.name,
        round_name=fields.text("round"),
        manifest=fields.digest("manifest"),
        bidder=fields.text("bidder"),
        version=fields.whole("version", 1, 10**6),
        envelope=fields.digest("envelope"),
        content_key=fields.binary("content_key", size=chosen.key_size),
    )
    fields.done()
    return secret


def seal_bid(
    manifest: Manifest,
    *,
    bid: Bid,
    bidder: str,
    version: int,
    replaces: str | None,
    signing_key: SigningKey,
    random_bytes: RandomBytes,
) -> tuple[Envelope, ReceiptSecret]:
    """Seal a bid so that any k of the n holders open it together, and fewer read nothing.

    Args:
        manifest: Checked by the caller with `check_manifest`.
        bid: The content.
        bidder: Who bids: the unified social credit code, or what the platform agreed on.
        version: From 1, one more for each replacement or withdrawal.
        replaces: Digest of the leaf that it replaces; None for version 1.
        signing_key: The bidder's.
        random_bytes: `secrets.token_bytes`.

    Returns:
        The envelope to submit, and the secret to keep.

    Raises:
        MismatchError: The bid does not fit the manifest, or the version its predecessor.
        FormatError: A name or number that no document may hold.
    """
    check_bid(bid, manifest)
    content = SealedContent(bid, manifest.round_name, bidder, version, random_bytes(NONCE_SIZE))
    return _seal(
        manifest,
        content=content,
        replaces=replaces,
        signing_key=signing_key,
        random_bytes=random_bytes,
    )


def _seal(
    manifest: Manifest,
    *,
    content: SealedContent,
    replaces: str | None,
    signing_key: SigningKey,
    random_bytes: RandomBytes,
) -> tuple[Envelope, ReceiptSecret]:
    chosen = manifest.suite
    plaintext = content.to_plaintext()
    content_key = random_bytes(chosen.key_size)
    nonce = random_bytes(chosen.nonce_size)
    envelope = Envelope(
        suite_name=manifest.suite_name,
        round_name=manifest.round_name,
        manifest=manifest.digest,
        bidder=content.bidder,
        version=content.version,
        replaces=replaces,
        nonce=nonce,
        ciphertext=chosen.encrypt(
            content_key,
            nonce=nonce,
            plaintext=plaintext,
            associated=associated_data(manifest, bidder=content.bidder, version=content.version),
        ),
        plaintext_hash=chosen.hash(plaintext).hex(),
        key_hash=chosen.hash(content_key).hex(),
        shares=_seal_shares(manifest, content_key, content, random_bytes),
        bidder_key=signing_key.public,
    )
    signature = sign_document(envelope.unsigned(), key=signing_key, random_bytes=random_bytes)
    sealed = replace(envelope, signature=signature)
    check_submission(sealed, manifest)
    return sealed, _secret(sealed, content_key)


def _seal_shares(
    manifest: Manifest, content_key: bytes, content: SealedContent, random_bytes: RandomBytes
) -> tuple[SealedShare, ...]:
    chosen = manifest.suite
    shares = split(
        content_key,
        places=[holder.seat for holder in manifest.holders],
        threshold=manifest.threshold,
        random_bytes=random_bytes,
    )
    sealed = []
    for holder in manifest.holders:
        share = shares[holder.seat]
        context = share_context(
            manifest, bidder=content.bidder, version=content.version, seat=holder.seat
        )
        box = chosen.seal_to(holder.sealing_key, message=context + share, random_bytes=random_bytes)
        sealed.append(SealedShare(holder.seat, holder.seat, box, chosen.hash(share).hex()))
    return tuple(sealed)


def _secret(envelope: Envelope, content_key: bytes) -> ReceiptSecret:
    return ReceiptSecret(
        suite_name=envelope.suite_name,
        round_name=envelope.round_name,
        manifest=envelope.manifest,
        bidder=envelope.bidder,
        version=envelope.version,
        envelope=envelope.digest,
        content_key=content_key,
    )


def seal_withdrawal(
    manifest: Manifest,
    *,
    bidder: str,
    version: int,
    replaces: str,
    signing_key: SigningKey,
    random_bytes: RandomBytes,
) -> Withdrawal:
    """Take a bid back: a signed leaf that names the one withdrawn.

    Args:
        manifest: Of the round.
        bidder: As in the envelope withdrawn.
        version: One more than that of the envelope withdrawn.
        replaces: Digest of the envelope withdrawn.
        signing_key: The bidder's.
        random_bytes: `secrets.token_bytes`.

    Raises:
        MismatchError: Version 1 has nothing to withdraw.
    """
    if version < 2:
        raise MismatchError("withdrawal.version", "2 or more")
    withdrawal = Withdrawal(
        suite_name=manifest.suite_name,
        round_name=manifest.round_name,
        manifest=manifest.digest,
        bidder=bidder,
        version=version,
        replaces=replaces,
        bidder_key=signing_key.public,
    )
    signature = sign_document(withdrawal.unsigned(), key=signing_key, random_bytes=random_bytes)
    return replace(withdrawal, signature=signature)
