"""The list of a bundle's files with their hashes, signed by the server: who changed what since.

Without it a changed file would show that it was changed, and not by whom. With it every accusation
of the server rests on the server's own signature: what does not have the listed hash was changed
after the server signed the list, by whoever passed the bundle on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bidding.sealing.canonical import canonical_bytes, parse_json
from bidding.sealing.errors import FormatError, MismatchError
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
from bidding.sealing.suites import RandomBytes, suite

KIND = "evidence/1"
NAME = "evidence.json"
"""How the list itself is called in a bundle."""

FILES_MAX = 100_000
INDEX_SIZE_MAX = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class EvidenceIndex:
    """What a bundle holds.

    Attributes:
        suite_name: As in the manifest.
        round_name: As in the manifest.
        manifest: Digest of the manifest whose server key signs.
        issued_at: When the bundle was made, by the database's clock.
        code_version: Version of the code that evaluated and made the bundle.
        scope: ``whole``, or ``part`` for what its reader may see of it.
        files: Hash of each file by its name, the list itself not among them.
        signature: The server's.
    """

    suite_name: str
    round_name: str
    manifest: str
    issued_at: datetime
    code_version: str
    scope: str
    files: Mapping[str, str] = field(default_factory=dict)
    signature: bytes = b""

    def unsigned(self) -> Document:
        """The document that the server signs."""
        return {
            "type": KIND,
            "suite": self.suite_name,
            "round": self.round_name,
            "manifest": self.manifest,
            "issued_at": moment_text(self.issued_at),
            "code_version": self.code_version,
            "scope": self.scope,
            "files": [{"name": one, "hash": self.files[one]} for one in sorted(self.files)],
        }

    def document(self) -> Document:
        """The whole document."""
        return with_signature(self.unsigned(), self.signature)

    def to_bytes(self) -> bytes:
        """The file: canonical JSON."""
        return canonical_bytes(self.document())


WHOLE, PART = "whole", "part"
SCOPES = (WHOLE, PART)


def issue_index(
    manifest: Manifest,
    *,
    files: Iterable[tuple[str, bytes]],
    code_version: str,
    scope: str,
    issued_at: datetime,
    key: SigningKey,
    random_bytes: RandomBytes,
) -> EvidenceIndex:
    """Sign the list of a bundle's files.

    Raises:
        MismatchError: The key is not the one that the manifest names.
    """
    if key.public != manifest.server_key:
        raise MismatchError("server_key", "the key that the manifest names")
    index = EvidenceIndex(
        suite_name=manifest.suite_name,
        round_name=manifest.round_name,
        manifest=manifest.digest,
        issued_at=issued_at,
        code_version=code_version,
        scope=scope,
        files={name: manifest.suite.hash(content).hex() for name, content in files},
    )
    signature = sign_document(index.unsigned(), key=key, random_bytes=random_bytes)
    return replace(index, signature=signature)


def read_index(text: bytes | str) -> EvidenceIndex:
    """Read the list of a bundle strictly; `check_index` then checks its signature.

    Raises:
        FormatError: Where it differs from the format, and what was expected there.
    """
    fields = Fields(parse_json(text, where="evidence", size_max=INDEX_SIZE_MAX), "evidence")
    chosen = read_head(fields, KIND)
    listed = [_entry(one) for one in fields.objects("files", most=FILES_MAX)]
    files = dict(listed)
    names = [name for name, _ in listed]
    if names != sorted(files):
        raise FormatError("evidence.files", "each file once, in the order of their names")
    return EvidenceIndex(
        suite_name=chosen.name,
        round_name=fields.text("round"),
        manifest=fields.digest("manifest"),
        issued_at=fields.moment("issued_at"),
        code_version=fields.text("code_version"),
        scope=fields.word("scope", SCOPES),
        files=files,
        signature=take_signature(fields, chosen),
    )


def _entry(fields: Fields) -> tuple[str, str]:
    entry = fields.text("name"), fields.digest("hash")
    fields.done()
    return entry


def check_index(index: EvidenceIndex, manifest: Manifest) -> None:
    """Refuse a list that is not of this round or not signed by its server.

    Raises:
        MismatchError: Another round or manifest.
        SignatureError: Not signed by the server that the manifest names.
    """
    expected = (manifest.suite_name, manifest.round_name, manifest.digest)
    if (index.suite_name, index.round_name, index.manifest) != expected:
        raise MismatchError("evidence.manifest", "suite, round and digest of this manifest")
    check_signature(
        index.unsigned(),
        public=manifest.server_key,
        signature=index.signature,
        whose="the server",
    )


def file_hash(index: EvidenceIndex, content: bytes) -> str:
    """The hash of a file as the list has it."""
    return suite(index.suite_name).hash(content).hex()
