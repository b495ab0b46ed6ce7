"""The manifest: all that a bidder must know to seal, signed by the bureau and logged."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from bidding.sealing.canonical import canonical_bytes, decimal_text, parse_json
from bidding.sealing.errors import FormatError, MismatchError
from bidding.sealing.reading import Fields, binary_text, moment_text
from bidding.sealing.signing import (
    Document,
    SigningKey,
    check_signature,
    document_digest,
    read_head,
    sign_document,
    take_signature,
    with_signature,
)
from bidding.sealing.suites import RandomBytes, Suite, suite

KIND = "manifest/1"
MANIFEST_SIZE_MAX = 4 * 1024 * 1024
HOLDERS_MAX = 20
LOTS_MAX = 2000
STRENGTHS_MAX = 200

REHEARSAL_PREFIX = "rehearsal:"
"""The round's name in a rehearsal begins so, and in no other manifest."""

# Associated data joins names by "|".
_NAME = re.compile(r"[^|\x00-\x1f\x7f]{1,100}")
NAME_FORM = "a name of 1 to 100 characters without |"


class Purpose(StrEnum):
    """What is sealed under a manifest."""

    BIDS = "bids"
    """Bids of a round: declared prices."""
    ANSWERS = "answers"
    """Second answers: revival, second quotes, ties."""
    REHEARSAL = "rehearsal"
    """Random content without prices, to try the holders' keys before a round goes live."""


@dataclass(frozen=True, slots=True)
class ManifestStrength:
    """A strength that may be bid for, with its price ceiling in yuan per minimal unit."""

    strength: str
    price_ceiling: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ManifestLot:
    """A lot and its strengths."""

    lot: str
    product: str
    strengths: tuple[ManifestStrength, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """A keyholder: seat (from 1), organisation, and the two public keys of its key file."""

    seat: int
    organisation: str
    sealing_key: bytes
    signing_key: bytes


@dataclass(frozen=True)
class Manifest:
    """What is sealed, until when, and to whom.

    Attributes:
        suite_name: The suite of every document under this manifest.
        round_name: The round's short name.
        purpose: What is sealed.
        rulebook: Id of the rulebook.
        rulebook_digest: SHA-256 of its text.
        document_digest: SHA-256 of the procurement document.
        lots: What may be bid for.
        closes_at: Bids are acknowledged before this moment, by the database's clock.
        opens_at: Shares are unsealed from this moment on.
        outage_shift_minutes: By how much the outage rule moves both; None = no such rule.
        threshold: k, how many holders open together.
        holders: The n holders by seat.
        bureau_key: Public key of the bureau, which signs the manifest.
        server_key: Public key of the server, which signs receipts and checkpoints.
        supersedes: Digest of the manifest that this one replaces after an amendment.
        signature: The bureau's; empty until signed.
    """

    suite_name: str
    round_name: str
    purpose: Purpose
    rulebook: str
    rulebook_digest: str
    document_digest: str
    lots: tuple[ManifestLot, ...]
    closes_at: datetime
    opens_at: datetime
    outage_shift_minutes: int | None
    threshold: int
    holders: tuple[Holder, ...]
    bureau_key: bytes
    server_key: bytes
    supersedes: str | None = None
    signature: bytes = b""

    @property
    def suite(self) -> Suite:
        """The suite itself."""
        return suite(self.suite_name)

    @cached_property
    def digest(self) -> str:
        """The manifest's name in all other documents: the hash of it without the signature."""
        return document_digest(self.unsigned())

    def holder(self, seat: int) -> Holder:
        """The holder on a seat.

        Raises:
            MismatchError: Nobody sits there.
        """
        for holder in self.holders:
            if holder.seat == seat:
                return holder
        raise MismatchError("seat", "one of the manifest's seats")

    def unsigned(self) -> Document:
        """The document that the bureau signs."""
        return {
            "type": KIND,
            "suite": self.suite_name,
            "round": self.round_name,
            "purpose": self.purpose.value,
            "rulebook": self.rulebook,
            "rulebook_digest": self.rulebook_digest,
            "document_digest": self.document_digest,
            "lots": [_lot_document(lot) for lot in self.lots],
            "closes_at": moment_text(self.closes_at),
            "opens_at": moment_text(self.opens_at),
            "outage_shift_minutes": self.outage_shift_minutes,
            "threshold": self.threshold,
            "holders": [_holder_document(holder) for holder in self.holders],
            "bureau_key": binary_text(self.bureau_key),
            "server_key": binary_text(self.server_key),
            "supersedes": self.supersedes,
        }

    def document(self) -> Document:
        """The whole document."""
        return with_signature(self.unsigned(), self.signature)

    def to_bytes(self) -> bytes:
        """The file: canonical JSON."""
        return canonical_bytes(self.document())


def _lot_document(lot: ManifestLot) -> Document:
    strengths: list[Document] = [
        {
            "strength": one.strength,
            "price_ceiling": None if one.price_ceiling is None else decimal_text(one.price_ceiling),
        }
        for one in lot.strengths
    ]
    return {"lot": lot.lot, "product": lot.product, "strengths": strengths}


def _holder_document(holder: Holder) -> Document:
    return {
        "seat": holder.seat,
        "organisation": holder.organisation,
        "sealing_key": binary_text(holder.sealing_key),
        "signing_key": binary_text(holder.signing_key),
    }


def sign_manifest(manifest: Manifest, *, key: SigningKey, random_bytes: RandomBytes) -> Manifest:
    """The same manifest with the bureau's signature.

    Raises:
        MismatchError: The key is not the one that the manifest names.
        FormatError: The manifest is not valid, see `check_manifest`.
    """
    if key.public != manifest.bureau_key:
        raise MismatchError("bureau_key", "the public half of the key that signs")
    check_shape(manifest)
    signature = sign_document(manifest.unsigned(), key=key, random_bytes=random_bytes)
    return replace(manifest, signature=signature)


def check_manifest(manifest: Manifest, *, bureau_key: bytes | None = None) -> None:
    """Refuse a manifest that is not valid or not signed by the bureau.

    Args:
        manifest: As read.
        bureau_key: The key that the bureau is known to have, from elsewhere; without it, only the
            key inside the manifest is checked, which anybody could have put there.

    Raises:
        FormatError: Too few holders, a threshold below 2, a weak key, times in the wrong order.
        SignatureError: Signed by somebody else, or changed since.
    """
    check_shape(manifest)
    check_signature(
        manifest.unsigned(),
        public=manifest.bureau_key if bureau_key is None else bureau_key,
        signature=manifest.signature,
        whose="the bureau",
    )


def check_shape(manifest: Manifest) -> None:
    """Refuse what no round may be published with.

    Raises:
        FormatError: Says what was expected.
    """
    count = len(manifest.holders)
    if not 2 <= manifest.threshold <= count - 1:
        raise FormatError("manifest.threshold", "2 or more, and at least one holder more than that")
    if [holder.seat for holder in manifest.holders] != list(range(1, count + 1)):
        raise FormatError("manifest.holders", "seats 1, 2, 3 … in order")
    is_rehearsal = manifest.purpose is Purpose.REHEARSAL
    if manifest.round_name.startswith(REHEARSAL_PREFIX) != is_rehearsal:
        raise FormatError("manifest.round", f"{REHEARSAL_PREFIX} before the name of a rehearsal")
    if manifest.closes_at > manifest.opens_at:
        raise FormatError("manifest.opens_at", "a moment not before closes_at")
    _check_keys(manifest)
    _check_lots(manifest)


def _check_keys(manifest: Manifest) -> None:
    for kind in ("sealing_key", "signing_key"):
        keys = [getattr(holder, kind) for holder in manifest.holders]
        # One holder on two seats would open with fewer people than the manifest says.
        if len(set(keys)) != len(keys):
            raise FormatError("manifest.holders", f"a {kind} of its own for every holder")
    for index, holder in enumerate(manifest.holders):
        if not manifest.suite.is_sealing_key(holder.sealing_key):
            raise FormatError(f"manifest.holders[{index}].sealing_key", "a sound public key")


def _check_lots(manifest: Manifest) -> None:
    if (not manifest.lots) != (manifest.purpose is Purpose.REHEARSAL):
        raise FormatError("manifest.lots", "one lot or more, and none in a rehearsal")
    names = sorted(lot.lot for lot in manifest.lots)
    if any(left == right for left, right in pairwise(names)):
        raise FormatError("manifest.lots", "every lot once")
    for index, lot in enumerate(manifest.lots):
        strengths = [one.strength for one in lot.strengths]
        if not strengths or len(set(strengths)) != len(strengths):
            raise FormatError(f"manifest.lots[{index}].strengths", "each strength once")


def read_manifest(text: bytes | str) -> Manifest:
    """Read a manifest file strictly; `check_manifest` then checks what it says.

    Raises:
        FormatError: Where it differs from the format, and what was expected there.
    """
    document = parse_json(text, where="manifest", size_max=MANIFEST_SIZE_MAX)
    return manifest_from(Fields(document, "manifest"))


def manifest_from(fields: Fields) -> Manifest:
    """The manifest in an object of a larger document.

    Raises:
        FormatError: As `read_manifest`.
    """
    chosen = read_head(fields, KIND)
    return Manifest(
        suite_name=chosen.name,
        round_name=fields.text("round", pattern=_NAME, what=NAME_FORM),
        purpose=Purpose(fields.word("purpose", [one.value for one in Purpose])),
        rulebook=fields.text("rulebook"),
        rulebook_digest=fields.digest("rulebook_digest"),
        document_digest=fields.digest("document_digest"),
        lots=tuple(_lot(one) for one in fields.objects("lots", most=LOTS_MAX)),
        closes_at=fields.moment("closes_at"),
        opens_at=fields.moment("opens_at"),
        outage_shift_minutes=fields.optional(
            "outage_shift_minutes", lambda name: fields.whole(name, 1, 7 * 24 * 60)
        ),
        threshold=fields.whole("threshold", 2, HOLDERS_MAX),
        holders=tuple(_holder(one, chosen) for one in fields.objects("holders", most=HOLDERS_MAX)),
        bureau_key=fields.binary("bureau_key", size=chosen.signing_key_size),
        server_key=fields.binary("server_key", size=chosen.signing_key_size),
        supersedes=fields.optional("supersedes", fields.digest),
        signature=take_signature(fields, chosen),
    )


def _lot(fields: Fields) -> ManifestLot:
    strengths = tuple(_strength(one) for one in fields.objects("strengths", most=STRENGTHS_MAX))
    lot = ManifestLot(fields.text("lot"), fields.text("product"), strengths)
    fields.done()
    return lot


def _strength(fields: Fields) -> ManifestStrength:
    ceiling = fields.optional("price_ceiling", fields.price)
    strength = ManifestStrength(fields.text("strength"), ceiling)
    fields.done()
    return strength


def _holder(fields: Fields, chosen: Suite) -> Holder:
    holder = Holder(
        seat=fields.whole("seat", 1, HOLDERS_MAX),
        organisation=fields.text("organisation"),
        sealing_key=fields.binary("sealing_key", size=chosen.sealing_key_size),
        signing_key=fields.binary("signing_key", size=chosen.signing_key_size),
    )
    fields.done()
    return holder
