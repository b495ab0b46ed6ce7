"""The public side of the log: signed checkpoints and the inclusion proof of one envelope."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bidding.sealing.canonical import Json, canonical_bytes, parse_json
from bidding.sealing.errors import FormatError, MismatchError
from bidding.sealing.manifest import Manifest
from bidding.sealing.merkle import MerkleTree, is_consistent, root_from_inclusion
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

CHECKPOINT = "checkpoint/1"
INCLUSION = "inclusion-proof/1"
CONSISTENCY = "consistency-proof/1"
LOG = "log/1"
SIZE_MAX = 10**6
PATH_MAX = 2 * SIZE_MAX.bit_length()
PROOF_SIZE_MAX = 20_000
LOG_SIZE_MAX = 100 * SIZE_MAX


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The server's signed statement of the log's size and root.

    Attributes:
        suite_name: As in the manifest.
        round_name: As in the manifest.
        manifest: The manifest's digest.
        size: Number of leaves.
        root: Root of the tree, 64 hexadecimal digits.
        issued_at: By the database's clock.
        is_final: Whether bidding has closed: no leaf may follow.
        signature: The server's.
    """

    suite_name: str
    round_name: str
    manifest: str
    size: int
    root: str
    issued_at: datetime
    is_final: bool
    signature: bytes = b""

    def unsigned(self) -> Document:
        """The document that the server signs."""
        return {
            "type": CHECKPOINT,
            "suite": self.suite_name,
            "round": self.round_name,
            "manifest": self.manifest,
            "size": self.size,
            "root": self.root,
            "issued_at": moment_text(self.issued_at),
            "final": self.is_final,
        }

    def document(self) -> Document:
        """The whole document."""
        return with_signature(self.unsigned(), self.signature)

    def to_bytes(self) -> bytes:
        """The file: canonical JSON."""
        return canonical_bytes(self.document())


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """The hashes that lead from an envelope's leaf to the root of a tree of a size."""

    suite_name: str
    envelope: str
    index: int
    size: int
    path: tuple[str, ...]

    def document(self) -> Document:
        """The whole document; it needs no signature."""
        return {
            "type": INCLUSION,
            "suite": self.suite_name,
            "envelope": self.envelope,
            "index": self.index,
            "size": self.size,
            "path": list(self.path),
        }

    def to_bytes(self) -> bytes:
        """The file: canonical JSON."""
        return canonical_bytes(self.document())


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """The hashes that show that the log only grew from one size to another."""

    suite_name: str
    old_size: int
    size: int
    path: tuple[str, ...]

    def document(self) -> Document:
        """The whole document; it needs no signature."""
        return {
            "type": CONSISTENCY,
            "suite": self.suite_name,
            "old_size": self.old_size,
            "size": self.size,
            "path": list(self.path),
        }

    def to_bytes(self) -> bytes:
        """The file: canonical JSON."""
        return canonical_bytes(self.document())


class Log:
    """The log of one round: digests of envelopes and withdrawals in the order of acceptance.

    Examples:
        >>> log = Log("intl-1", ["00" * 32, "11" * 32, "22" * 32])
        >>> log.size, log.inclusion_proof(2).size, len(log.inclusion_proof(2).path)
        (3, 3, 1)
    """

    def __init__(self, suite_name: str, leaves: Sequence[str]) -> None:
        """Build the tree over all leaves."""
        self.suite_name = suite_name
        self.leaves = tuple(leaves)
        entries = [bytes.fromhex(leaf) for leaf in leaves]
        self._tree = MerkleTree(entries, hash_function=suite(suite_name).hash)

    @property
    def size(self) -> int:
        """Number of leaves."""
        return self._tree.size

    def root(self, size: int | None = None) -> str:
        """Root over the first ``size`` leaves, over all unless given."""
        return self._tree.root(size).hex()

    def inclusion_proof(self, index: int) -> InclusionProof:
        """The proof of the leaf at an index from 0."""
        path = tuple(one.hex() for one in self._tree.inclusion_proof(index))
        return InclusionProof(self.suite_name, self.leaves[index], index, self.size, path)

    def consistency_proof(self, old_size: int) -> ConsistencyProof:
        """The proof that the first ``old_size`` leaves were only added to."""
        path = tuple(one.hex() for one in self._tree.consistency_proof(old_size))
        return ConsistencyProof(self.suite_name, old_size, self.size, path)


def issue_checkpoint(
    manifest: Manifest,
    *,
    log: Log,
    issued_at: datetime,
    is_final: bool,
    key: SigningKey,
    random_bytes: RandomBytes,
) -> Checkpoint:
    """Sign the log's size and root.

    Raises:
        MismatchError: The key is not the one that the manifest names, or the suites differ.
    """
    if key.public != manifest.server_key or log.suite_name != manifest.suite_name:
        raise MismatchError("server_key", "key and suite that the manifest names")
    checkpoint = Checkpoint(
        suite_name=manifest.suite_name,
        round_name=manifest.round_name,
        manifest=manifest.digest,
        size=log.size,
        root=log.root(),
        issued_at=issued_at,
        is_final=is_final,
    )
    signature = sign_document(checkpoint.unsigned(), key=key, random_bytes=random_bytes)
    return replace(checkpoint, signature=signature)


def check_checkpoint(checkpoint: Checkpoint, manifest: Manifest) -> None:
    """Refuse a checkpoint that is not of this round or not signed by its server.

    Raises:
        MismatchError: Another round or manifest.
        SignatureError: Not signed by the server that the manifest names.
    """
    expected = (manifest.suite_name, manifest.round_name, manifest.digest)
    if (checkpoint.suite_name, checkpoint.round_name, checkpoint.manifest) != expected:
        raise MismatchError("checkpoint.manifest", "suite, round and digest of this manifest")
    check_signature(
        checkpoint.unsigned(),
        public=manifest.server_key,
        signature=checkpoint.signature,
        whose="the server",
    )


def proves_inclusion(proof: InclusionProof, checkpoint: Checkpoint) -> bool:
    """Whether an inclusion proof leads to a checkpoint's root."""
    if (proof.suite_name, proof.size) != (checkpoint.suite_name, checkpoint.size):
        return False
    root = root_from_inclusion(
        bytes.fromhex(proof.envelope),
        index=proof.index,
        size=proof.size,
        path=[bytes.fromhex(one) for one in proof.path],
        hash_function=suite(proof.suite_name).hash,
    )
    return root is not None and root.hex() == checkpoint.root


def proves_consistency(proof: ConsistencyProof, old: Checkpoint, new: Checkpoint) -> bool:
    """Whether the log of one checkpoint only grew into that of another."""
    if {old.suite_name, new.suite_name} != {proof.suite_name}:
        return False
    if (proof.old_size, proof.size) != (old.size, new.size):
        return False
    return is_consistent(
        bytes.fromhex(old.root),
        bytes.fromhex(new.root),
        sizes=(old.size, new.size),
        path=[bytes.fromhex(one) for one in proof.path],
        hash_function=suite(proof.suite_name).hash,
    )


def log_document(checkpoint: Checkpoint, leaves: Sequence[str]) -> Document:
    """The final log as published: the checkpoint and all leaves."""
    return {"type": LOG, "checkpoint": checkpoint.document(), "leaves": list(leaves)}


def read_log(text: bytes | str) -> tuple[Checkpoint, tuple[str, ...]]:
    """Read a published log strictly: its checkpoint and its leaves.

    Raises:
        FormatError: Where it differs from the format, and what was expected there.
    """
    fields = Fields(parse_json(text, where="log", size_max=LOG_SIZE_MAX), "log")
    fields.word("type", [LOG])
    checkpoint = checkpoint_from(Fields(fields.take("checkpoint"), "log.checkpoint"))
    leaves = fields.digests("leaves", most=SIZE_MAX)
    fields.done()
    return checkpoint, leaves


def check_log(checkpoint: Checkpoint, leaves: Sequence[str], manifest: Manifest) -> None:
    """Refuse a log whose leaves do not give the root that the server signed.

    Raises:
        MismatchError: Another round, another number of leaves or another root.
        SignatureError: Not signed by the server that the manifest names.
    """
    check_checkpoint(checkpoint, manifest)
    if len(leaves) != checkpoint.size:
        raise MismatchError("log.leaves", "as many leaves as the checkpoint says")
    if Log(manifest.suite_name, leaves).root() != checkpoint.root:
        raise MismatchError("log.leaves", "leaves that give the checkpoint's root")


def read_checkpoint(text: bytes | str) -> Checkpoint:
    """Read a checkpoint strictly.

    Raises:
        FormatError: Where it differs from the format, and what was expected there.
    """
    document = parse_json(text, where="checkpoint", size_max=PROOF_SIZE_MAX)
    return checkpoint_from(Fields(document, "checkpoint"))


def checkpoint_from(fields: Fields) -> Checkpoint:
    """The checkpoint in an object of a larger document."""
    chosen = read_head(fields, CHECKPOINT)
    return Checkpoint(
        suite_name=chosen.name,
        round_name=fields.text("round"),
        manifest=fields.digest("manifest"),
        size=fields.whole("size", 0, SIZE_MAX),
        root=fields.digest("root"),
        issued_at=fields.moment("issued_at"),
        is_final=fields.flag("final"),
        signature=take_signature(fields, chosen),
    )


def read_proof(text: bytes | str) -> InclusionProof | ConsistencyProof:
    """Read an inclusion or a consistency proof strictly.

    Raises:
        FormatError: Where it differs from the format, and what was expected there.
    """
    document: Json = parse_json(text, where="proof", size_max=PROOF_SIZE_MAX)
    fields = Fields(document, "proof")
    return _consistency(fields) if fields.peek("type") == CONSISTENCY else _inclusion(fields)


def _inclusion(fields: Fields) -> InclusionProof:
    chosen = read_head(fields, INCLUSION)
    proof = InclusionProof(
        suite_name=chosen.name,
        envelope=fields.digest("envelope"),
        index=fields.whole("index", 0, SIZE_MAX - 1),
        size=fields.whole("size", 1, SIZE_MAX),
        path=fields.digests("path", most=PATH_MAX),
    )
    fields.done()
    if proof.index >= proof.size:
        raise FormatError("proof.index", "a number below the size")
    return proof


def _consistency(fields: Fields) -> ConsistencyProof:
    chosen = read_head(fields, CONSISTENCY)
    proof = ConsistencyProof(
        suite_name=chosen.name,
        old_size=fields.whole("old_size", 0, SIZE_MAX),
        size=fields.whole("size", 0, SIZE_MAX),
        path=fields.digests("path", most=PATH_MAX),
    )
    fields.done()
    return proof
