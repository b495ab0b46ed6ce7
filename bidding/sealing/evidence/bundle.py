"""A bundle of evidence: documents of any kinds, told apart by their field ``type``."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bidding.sealing import (
    envelope,
    key_file,
    log,
    manifest,
    opening,
    postponement,
    receipt,
    record,
    sealing,
    shares,
)
from bidding.sealing.canonical import parse_json
from bidding.sealing.errors import FormatError
from bidding.sealing.evidence import decision
from bidding.sealing.evidence import index as evidence_index

SIZE_MAX = record.RECORD_SIZE_MAX


@dataclass(frozen=True, slots=True)
class Bundle:
    """The documents of a bundle by kind, without repetitions."""

    manifests: list[manifest.Manifest] = field(default_factory=list)
    by_digest: dict[str, envelope.Submission] = field(default_factory=dict)
    receipts: list[receipt.Receipt] = field(default_factory=list)
    refusals: list[receipt.Refusal] = field(default_factory=list)
    secrets: list[sealing.ReceiptSecret] = field(default_factory=list)
    checkpoints: list[log.Checkpoint] = field(default_factory=list)
    logs: list[tuple[log.Checkpoint, tuple[str, ...]]] = field(default_factory=list)
    inclusions: list[log.InclusionProof] = field(default_factory=list)
    consistencies: list[log.ConsistencyProof] = field(default_factory=list)
    postponements: list[postponement.Postponement] = field(default_factory=list)
    postings: list[shares.SharePosting] = field(default_factory=list)
    reveals: list[opening.KeyReveal] = field(default_factory=list)
    openings: list[record.OpeningRecord] = field(default_factory=list)
    indices: list[evidence_index.EvidenceIndex] = field(default_factory=list)
    rulebooks: list[decision.RulebookText] = field(default_factory=list)
    sheets: list[decision.Statement] = field(default_factory=list)
    reports: list[decision.Statement] = field(default_factory=list)
    letters: list[decision.Statement] = field(default_factory=list)

    def __repr__(self) -> str:
        """How many documents; some hold keys and prices."""
        return f"Bundle(documents={self.size})"

    @property
    def size(self) -> int:
        """How many documents it holds."""
        return sum(len(getattr(self, name)) for name in self.__slots__)

    @property
    def submissions(self) -> tuple[envelope.Submission, ...]:
        """Envelopes and withdrawals, in the order of their files."""
        return tuple(self.by_digest.values())

    def manifest(self, digest: str) -> manifest.Manifest | None:
        """The manifest with a digest, if it is in the bundle."""
        return next((one for one in self.manifests if one.digest == digest), None)

    def submission(self, digest: str) -> envelope.Submission | None:
        """The envelope or withdrawal with a digest, if it is in the bundle."""
        return self.by_digest.get(digest)


def read_bundle(files: Iterable[tuple[str, bytes]]) -> Bundle:
    """Read documents of any kinds; what an opening or a log contains is taken out as well.

    Args:
        files: Name and content of each.

    Raises:
        FormatError: Which file has another form, where, and what was expected there.
    """
    bundle = Bundle()
    for name, content in files:
        try:
            add_document(bundle, content)
        except FormatError as refusal:
            raise FormatError(f"{name}: {refusal.where}", refusal.expected) from None
    return bundle


def add_document(bundle: Bundle, content: bytes) -> None:
    """Read one document into a bundle.

    Raises:
        FormatError: It is of no known kind, or has another form than its kind.
    """
    document = parse_json(content, where="document", size_max=SIZE_MAX)
    kind = document.get("type") if isinstance(document, Mapping) else None
    read = _READERS.get(kind) if isinstance(kind, str) else None
    if read is None:
        raise FormatError("type", f"one of {', '.join(_READERS)}")
    read(bundle, content)


def _once(kept: list, item: object) -> None:  # type: ignore[type-arg]  # a list of any kind
    if item not in kept:
        kept.append(item)


def _submission(bundle: Bundle, content: bytes) -> None:
    found = envelope.read_submission(content)
    bundle.by_digest.setdefault(found.digest, found)


def _receipt(bundle: Bundle, content: bytes) -> None:
    found = receipt.read_receipt(content)
    _once(bundle.receipts if isinstance(found, receipt.Receipt) else bundle.refusals, found)


def _proof(bundle: Bundle, content: bytes) -> None:
    found = log.read_proof(content)
    is_inclusion = isinstance(found, log.InclusionProof)
    _once(bundle.inclusions if is_inclusion else bundle.consistencies, found)


def _log(bundle: Bundle, content: bytes) -> None:
    found = log.read_log(content)
    _once(bundle.logs, found)
    _once(bundle.checkpoints, found[0])


def _opening(bundle: Bundle, content: bytes) -> None:
    found = record.read_record(content)
    _once(bundle.openings, found)
    _once(bundle.checkpoints, found.checkpoint)
    _once(bundle.logs, (found.checkpoint, found.leaves))
    for one in found.manifests:
        _once(bundle.manifests, one)
    for submission in found.submissions:
        bundle.by_digest.setdefault(submission.digest, submission)


def _statement(bundle: Bundle, content: bytes) -> None:
    found = decision.read_statement(content)
    kept = {
        decision.SHEET: bundle.sheets,
        decision.REPORT: bundle.reports,
        decision.LETTER: bundle.letters,
    }
    _once(kept[found.kind], found)


def _key_file(bundle: Bundle, content: bytes) -> None:
    key_file.read_key_file(content)
    raise FormatError("type", "no key file: it belongs into no bundle")


Reader = Callable[[Bundle, bytes], None]

_READERS: Mapping[str, Reader] = MappingProxyType(
    {
        manifest.KIND: lambda bundle, text: _once(bundle.manifests, manifest.read_manifest(text)),
        envelope.ENVELOPE: _submission,
        envelope.WITHDRAWAL: _submission,
        receipt.RECEIPT: _receipt,
        receipt.REFUSAL: _receipt,
        sealing.KIND: lambda bundle, text: _once(bundle.secrets, sealing.read_receipt_secret(text)),
        log.CHECKPOINT: lambda bundle, text: _once(bundle.checkpoints, log.read_checkpoint(text)),
        log.LOG: _log,
        log.INCLUSION: _proof,
        log.CONSISTENCY: _proof,
        postponement.KIND: lambda bundle, text: _once(
            bundle.postponements, postponement.read_postponement(text)
        ),
        shares.KIND: lambda bundle, text: _once(bundle.postings, shares.read_posting(text)),
        opening.REVEAL: lambda bundle, text: _once(bundle.reveals, opening.read_reveal(text)),
        record.KIND: _opening,
        evidence_index.KIND: lambda bundle, text: _once(
            bundle.indices, evidence_index.read_index(text)
        ),
        decision.RULEBOOK: lambda bundle, text: _once(
            bundle.rulebooks, decision.read_rulebook_text(text)
        ),
        decision.SHEET: _statement,
        decision.REPORT: _statement,
        decision.LETTER: _statement,
        key_file.KIND: _key_file,
    }
)

KINDS = tuple(_READERS)
"""The kinds of documents that a bundle tells apart."""
