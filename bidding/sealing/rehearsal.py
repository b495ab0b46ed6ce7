"""Rehearsal: before a round goes live, its holders open an envelope that holds no price."""

from dataclasses import replace

from bidding.sealing.bid import Bid
from bidding.sealing.envelope import Envelope
from bidding.sealing.manifest import REHEARSAL_PREFIX, Manifest, Purpose
from bidding.sealing.sealing import ReceiptSecret, seal_bid
from bidding.sealing.signing import SigningKey
from bidding.sealing.suites import RandomBytes

REHEARSAL_BIDDER = "rehearsal"


def as_rehearsal(manifest: Manifest) -> Manifest:
    """The rehearsal of a manifest, still to be signed: same holders and quorum, no lots.

    It is marked twice, by its purpose and by its round's name.
    """
    return replace(
        manifest,
        round_name=REHEARSAL_PREFIX + manifest.round_name,
        purpose=Purpose.REHEARSAL,
        lots=(),
        supersedes=None,
        signature=b"",
    )


def seal_rehearsal(
    manifest: Manifest, *, signing_key: SigningKey, random_bytes: RandomBytes
) -> tuple[Envelope, ReceiptSecret]:
    """Seal what has no price: the content is the random nonce alone.

    Args:
        manifest: Of `as_rehearsal`, signed.
        signing_key: Of whoever holds the rehearsal, such as the bureau.
        random_bytes: `secrets.token_bytes`.

    Raises:
        MismatchError: The manifest is not that of a rehearsal.
    """
    return seal_bid(
        manifest,
        bid=Bid(),
        bidder=REHEARSAL_BIDDER,
        version=1,
        replaces=None,
        signing_key=signing_key,
        random_bytes=random_bytes,
    )
