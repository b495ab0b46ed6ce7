"""A holder's part of the opening: unseal its own shares, post them signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bidding.sealing.canonical import canonical_bytes, parse_json
from bidding.sealing.envelope import Envelope, context_size, share_context
from bidding.sealing.errors import MismatchError, TooEarlyError, UnsealError
from bidding.sealing.keys import HolderKey
from bidding.sealing.manifest import HOLDERS_MAX, Manifest, Purpose
from bidding.sealing.reading import Fields, binary_text
from bidding.sealing.signing import (
    Document,
    check_signature,
    read_head,
    sign_document,
    take_signature,
    with_signature,
)
from bidding.sealing.suites import RandomBytes

KIND = "share-posting/1"
POSTING_SIZE_MAX = 64 * 1024 * 1024
ENVELOPES_MAX = 10**5


@dataclass(frozen=True, slots=True)
class SharePosting:
    """The shares that one holder unsealed.

    The signature covers the hash of each share; the shares themselves stand beside it, so that a
    part of them can be shown to who is entitled to that part only.

    Attributes:
        suite_name: As in the manifest.
        manifest: The manifest's digest.
        seat: The holder's.
        hashes: Hash of each share by the envelope's digest.
        failed: Digests of envelopes whose box did not open.
        signature: The holder's.
        shares: The shares by the envelope's digest.
    """

    suite_name: str
    manifest: str
    seat: int
    hashes: Mapping[str, str]
    failed: tuple[str, ...] = ()
    signature: bytes = b""
    shares: Mapping[str, bytes] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Without the shares, so that no log can hold them."""
        return f"SharePosting(seat={self.seat}, envelopes={len(self.hashes)})"

    def unsigned(self) -> Document:
        """The document that the holder signs."""
        return {
            "type": KIND,
            "suite": self.suite_name,
            "manifest": self.manifest,
            "seat": self.seat,
            "hashes": dict(self.hashes),
            "failed": list(self.failed),
        }

    def document(self) -> Document:
        """The whole document."""
        shares = {envelope: binary_text(share) for envelope, share in self.shares.items()}
        return {**with_signature(self.unsigned(), self.signature), "shares": shares}

    def to_bytes(self) -> bytes:
        """The file: canonical JSON."""
        return canonical_bytes(self.document())

    def only(self, envelopes: Sequence[str]) -> "SharePosting":
        """The same signed statement with the shares of some envelopes only."""
        return replace(
            self, shares={one: self.shares[one] for one in envelopes if one in self.shares}
        )


def unseal_share(manifest: Manifest, envelope: Envelope, *, seat: int, key: HolderKey) -> bytes:
    """The share of one holder, if its box was made for this envelope of this manifest.

    Raises:
        UnsealError: The box does not open, or was copied from another envelope or round.
    """
    sealed = next((share for share in envelope.shares if share.seat == seat), None)
    if sealed is None:
        raise UnsealError(seat, "the envelope has none for it")
    message = manifest.suite.unseal(key.sealing_pair, box=sealed.box)
    if message is None:
        raise UnsealError(seat, "it is not sealed to this key, or was changed")
    size = context_size(manifest.suite)
    context = share_context(manifest, bidder=envelope.bidder, version=envelope.version, seat=seat)
    if message[:size] != context:
        raise UnsealError(seat, "it was made for another envelope")
    return message[size:]


def post_shares(
    manifest: Manifest,
    *,
    envelopes: Sequence[Envelope],
    seat: int,
    key: HolderKey,
    moment: datetime,
    random_bytes: RandomBytes,
) -> SharePosting:
    """Unseal all shares of one holder and sign them.

    Args:
        manifest: Checked by the caller, with the bureau's key.
        envelopes: Those that stand at closing.
        seat: The holder's.
        key: The holder's.
        moment: Now, by a clock that the holder trusts.
        random_bytes: `secrets.token_bytes`.

    Raises:
        TooEarlyError: The opening time has not come; a rehearsal has none.
        MismatchError: The key is not the one of this seat.
    """
    if moment < manifest.opens_at and manifest.purpose is not Purpose.REHEARSAL:
        raise TooEarlyError(manifest.opens_at)
    holder = manifest.holder(seat)
    if key.as_holder(seat=seat, organisation=holder.organisation) != holder:
        raise MismatchError("key", f"the key of seat {seat} in the manifest")
    shares: dict[str, bytes] = {}
    failed = []
    for envelope in envelopes:
        try:
            shares[envelope.digest] = unseal_share(manifest, envelope, seat=seat, key=key)
        except UnsealError:
            failed.append(envelope.digest)
    hashes = {one: manifest.suite.hash(share).hex() for one, share in shares.items()}
    posting = SharePosting(
        manifest.suite_name, manifest.digest, seat, hashes, tuple(failed), shares=shares
    )
    signature = sign_document(posting.unsigned(), key=key.signing_key, random_bytes=random_bytes)
    return replace(posting, signature=signature)


def read_posting(text: bytes | str) -> SharePosting:
    """Read a holder's posting strictly; `check_posting` then checks its signature.

    Raises:
        FormatError: Where it differs from the format, and what was expected there.
    """
    document = parse_json(text, where="posting", size_max=POSTING_SIZE_MAX)
    return posting_from(Fields(document, "posting"))


def posting_from(fields: Fields) -> SharePosting:
    """The posting in an object of a larger document."""
    chosen = read_head(fields, KIND)
    hashes = fields.mapping("hashes", most=ENVELOPES_MAX)
    shares = fields.mapping("shares", most=ENVELOPES_MAX)
    return SharePosting(
        suite_name=chosen.name,
        manifest=fields.digest("manifest"),
        seat=fields.whole("seat", 1, HOLDERS_MAX),
        hashes={name: hashes.digest(name) for name in hashes.names()},
        failed=fields.digests("failed", most=ENVELOPES_MAX),
        shares={name: shares.binary(name, size=chosen.key_size + 1) for name in shares.names()},
        signature=take_signature(fields, chosen),
    )


def check_posting(posting: SharePosting, manifest: Manifest) -> None:
    """Refuse a posting that is not by the holder of its seat, or whose shares it did not sign.

    Whether a share is the right one is another question: `open_envelope` answers it.

    Raises:
        MismatchError: Another manifest, or a share that is not the one signed.
        SignatureError: Not signed by that holder.
    """
    if (posting.suite_name, posting.manifest) != (manifest.suite_name, manifest.digest):
        raise MismatchError("posting.manifest", "suite and digest of this manifest")
    check_signature(
        posting.unsigned(),
        public=manifest.holder(posting.seat).signing_key,
        signature=posting.signature,
        whose=f"the holder of seat {posting.seat}",
    )
    for envelope, share in posting.shares.items():
        if posting.hashes.get(envelope) != manifest.suite.hash(share).hex():
            raise MismatchError("posting.shares", "the shares that were signed")
