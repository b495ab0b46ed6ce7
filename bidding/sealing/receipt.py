"""Receipts: the server's signed promise to include an envelope, or its signed refusal."""

from dataclasses import dataclass, replace
from datetime import datetime

from bidding.sealing.canonical import canonical_bytes, parse_json
from bidding.sealing.errors import MismatchError
from bidding.sealing.manifest import Manifest
from bidding.sealing.reading import Fields, binary_text, moment_text
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

RECEIPT = "receipt/1"
REFUSAL = "refusal/1"
RECEIPT_SIZE_MAX = 10_000
RECEIPT_ID_SIZE = 16

REASONS = ("late", "withdrawn-round", "stale-manifest")
"""Why a submission is refused: after closing, the round is cancelled, an amendment replaced the
manifest."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A promise, signed by the server, that an envelope will stand in the final log.

    It names no position and no size of the log: who knows the number of bids before closing has an
    advantage.

    Attributes:
        suite_name: As in the manifest.
        round_name: As in the manifest.
        manifest: The manifest's digest.
        envelope: Digest of the envelope or withdrawal.
        receipt_id: 16 random bytes.
        received_at: By the database's clock, before closing.
        signature: The server's.
    """

    suite_name: str
    round_name: str
    manifest: str
    envelope: str
    receipt_id: bytes
    received_at: datetime
    signature: bytes = b""

    def unsigned(self) -> Document:
        """The document that the server signs."""
        return {
            "type": RECEIPT,
            "suite": self.suite_name,
            "round": self.round_name,
            "manifest": self.manifest,
            "envelope": self.envelope,
            "receipt_id": binary_text(self.receipt_id),
            "received_at": moment_text(self.received_at),
        }

    def document(self) -> Document:
        """The whole document."""
        return with_signature(self.unsigned(), self.signature)

    def to_bytes(self) -> bytes:
        """The file: canonical JSON."""
        return canonical_bytes(self.document())


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal, signed by the server: what was not accepted, when and why."""

    suite_name: str
    round_name: str
    manifest: str
    envelope: str
    reason: str
    refused_at: datetime
    signature: bytes = b""

    def unsigned(self) -> Document:
        """The document that the server signs."""
        return {
            "type": REFUSAL,
            "suite": self.suite_name,
            "round": self.round_name,
            "manifest": self.manifest,
            "envelope": self.envelope,
            "reason": self.reason,
            "refused_at": moment_text(self.refused_at),
        }

    def document(self) -> Document:
        """The whole document."""
        return with_signature(self.unsigned(), self.signature)

    def to_bytes(self) -> bytes:
        """The file: canonical JSON."""
        return canonical_bytes(self.document())


def issue_receipt(
    manifest: Manifest,
    *,
    envelope: str,
    received_at: datetime,
    key: SigningKey,
    random_bytes: RandomBytes,
) -> Receipt:
    """Promise to include an envelope.

    Args:
        manifest: Of the round.
        envelope: The envelope's digest.
        received_at: By the database's clock; the caller has checked that bidding is open.
        key: The server's.
        random_bytes: `secrets.token_bytes`.
    """
    _check_server_key(manifest, key)
    receipt = Receipt(
        suite_name=manifest.suite_name,
        round_name=manifest.round_name,
        manifest=manifest.digest,
        envelope=envelope,
        receipt_id=random_bytes(RECEIPT_ID_SIZE),
        received_at=received_at,
    )
    signature = sign_document(receipt.unsigned(), key=key, random_bytes=random_bytes)
    return replace(receipt, signature=signature)


def issue_refusal(
    manifest: Manifest,
    *,
    envelope: str,
    reason: str,
    refused_at: datetime,
    key: SigningKey,
    random_bytes: RandomBytes,
) -> Refusal:
    """Refuse an envelope, in writing.

    Raises:
        MismatchError: The reason is not one of `REASONS`.
    """
    _check_server_key(manifest, key)
    if reason not in REASONS:
        raise MismatchError("refusal.reason", f"one of {', '.join(REASONS)}")
    refusal = Refusal(
        suite_name=manifest.suite_name,
        round_name=manifest.round_name,
        manifest=manifest.digest,
        envelope=envelope,
        reason=reason,
        refused_at=refused_at,
    )
    signature = sign_document(refusal.unsigned(), key=key, random_bytes=random_bytes)
    return replace(refusal, signature=signature)


def _check_server_key(manifest: Manifest, key: SigningKey) -> None:
    if key.public != manifest.server_key:
        raise MismatchError("server_key", "the key that the manifest names")


def read_receipt(text: bytes | str) -> Receipt | Refusal:
    """Read a receipt or a refusal strictly; `check_receipt` then checks its signature.

    Raises:
        FormatError: Where it differs from the format, and what was expected there.
    """
    fields = Fields(parse_json(text, where="receipt", size_max=RECEIPT_SIZE_MAX), "receipt")
    return _refusal(fields) if fields.peek("type") == REFUSAL else _receipt(fields)


def _receipt(fields: Fields) -> Receipt:
    chosen = read_head(fields, RECEIPT)
    return Receipt(
        suite_name=chosen.name,
        round_name=fields.text("round"),
        manifest=fields.digest("manifest"),
        envelope=fields.digest("envelope"),
        receipt_id=fields.binary("receipt_id", size=RECEIPT_ID_SIZE),
        received_at=fields.moment("received_at"),
        signature=take_signature(fields, chosen),
    )


def _refusal(fields: Fields) -> Refusal:
    chosen = read_head(fields, REFUSAL)
    return Refusal(
        suite_name=chosen.name,
        round_name=fields.text("round"),
        manifest=fields.digest("manifest"),
        envelope=fields.digest("envelope"),
        reason=fields.word("reason", REASONS),
        refused_at=fields.moment("refused_at"),
        signature=take_signature(fields, chosen),
    )


def check_receipt(receipt: Receipt | Refusal, manifest: Manifest) -> None:
    """Refuse a receipt (or refusal) that is not of this round or not signed by its server.

    Raises:
        MismatchError: Another round or manifest.
        SignatureError: Not signed by the server that the manifest names.
    """
    expected = (manifest.suite_name, manifest.round_name, manifest.digest)
    if (receipt.suite_name, receipt.round_name, receipt.manifest) != expected:
        raise MismatchError("receipt.manifest", "suite, round and digest of this manifest")
    check_signature(
        receipt.unsigned(),
        public=manifest.server_key,
        signature=receipt.signature,
        whose="the server",
    )
