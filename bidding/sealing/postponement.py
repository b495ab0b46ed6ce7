"""The outage rule's notice: closing and opening move once, by the interval published before."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bidding.sealing.canonical import canonical_bytes, parse_json
from bidding.sealing.errors import MismatchError
from bidding.sealing.manifest import Manifest
from bidding.sealing.reading import Fields, moment_text
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

KIND = "postponement/1"
SIZE_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Postponement:
    """The server's signed notice that closing and opening moved.

    The manifest stays as it is, and with it every envelope sealed under it.

    Attributes:
        suite_name: As in the manifest.
        round_name: As in the manifest.
        manifest: The manifest's digest.
        closes_at: The new closing time.
        opens_at: The new opening time.
        issued_at: By the database's clock.
        signature: The server's.
    """

    suite_name: str
    round_name: str
    manifest: str
    closes_at: datetime
    opens_at: datetime
    issued_at: datetime
    signature: bytes = b""

    def unsigned(self) -> Document:
        """The document that the server signs."""
        return {
            "type": KIND,
            "suite": self.suite_name,
            "round": self.round_name,
            "manifest": self.manifest,
            "closes_at": moment_text(self.closes_at),
            "opens_at": moment_text(self.opens_at),
            "issued_at": moment_text(self.issued_at),
        }

    def document(self) -> Document:
        """The whole document."""
        return with_signature(self.unsigned(), self.signature)

    def to_bytes(self) -> bytes:
        """The file: canonical JSON."""
        return canonical_bytes(self.document())


def issue_postponement(
    manifest: Manifest, *, issued_at: datetime, key: SigningKey, random_bytes: RandomBytes
) -> Postponement:
    """Move closing and opening by the manifest's interval.

    Raises:
        MismatchError: The manifest has no outage rule, or names another key.
    """
    if key.public != manifest.server_key:
        raise MismatchError("server_key", "the key that the manifest names")
    closes_at, opens_at = _moved(manifest)
    notice = Postponement(
        suite_name=manifest.suite_name,
        round_name=manifest.round_name,
        manifest=manifest.digest,
        closes_at=closes_at,
        opens_at=opens_at,
        issued_at=issued_at,
    )
    signature = sign_document(notice.unsigned(), key=key, random_bytes=random_bytes)
    return replace(notice, signature=signature)


def _moved(manifest: Manifest) -> tuple[datetime, datetime]:
    if manifest.outage_shift_minutes is None:
        raise MismatchError("postponement", "a manifest with an outage rule")
    shift = timedelta(minutes=manifest.outage_shift_minutes)
    return manifest.closes_at + shift, manifest.opens_at + shift


def read_postponement(text: bytes | str) -> Postponement:
    """Read a notice strictly; `check_postponement` then checks it.

    Raises:
        FormatError: Where it differs from the format, and what was expected there.
    """
    document = parse_json(text, where="postponement", size_max=SIZE_MAX)
    return postponement_from(Fields(document, "postponement"))


def postponement_from(fields: Fields) -> Postponement:
    """The notice in an object of a larger document."""
    chosen = read_head(fields, KIND)
    return Postponement(
        suite_name=chosen.name,
        round_name=fields.text("round"),
        manifest=fields.digest("manifest"),
        closes_at=fields.moment("closes_at"),
        opens_at=fields.moment("opens_at"),
        issued_at=fields.moment("issued_at"),
        signature=take_signature(fields, chosen),
    )


def check_postponement(notice: Postponement, manifest: Manifest) -> None:
    """Refuse a notice that moves otherwise than the manifest says, too late, or is not signed.

    Raises:
        MismatchError: Another round, other times, or issued when the moved closing was over too.
        SignatureError: Not signed by the server that the manifest names.
    """
    expected = (manifest.suite_name, manifest.round_name, manifest.digest)
    if (notice.suite_name, notice.round_name, notice.manifest) != expected:
        raise MismatchError("postponement.manifest", "suite, round and digest of this manifest")
    if (notice.closes_at, notice.opens_at) != _moved(manifest):
        raise MismatchError("postponement.closes_at", "times moved by the manifest's interval")
    # Not before the old closing: an outage that lasts beyond it is noticed when it is over.
    if notice.issued_at >= notice.closes_at:
        raise MismatchError("postponement.issued_at", "a moment before the moved closing")
    check_signature(
        notice.unsigned(),
        public=manifest.server_key,
        signature=notice.signature,
        whose="the server",
    )


def closing_and_opening(
    manifest: Manifest, notice: Postponement | None
) -> tuple[datetime, datetime]:
    """The times that hold, given a checked notice or none."""
    if notice is None:
        return manifest.closes_at, manifest.opens_at
    return notice.closes_at, notice.opens_at
