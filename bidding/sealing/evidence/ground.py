"""What the other checks stand on: manifests, checkpoints and logs whose signatures hold."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bidding.sealing.errors import SealingError
from bidding.sealing.evidence.bundle import Bundle
from bidding.sealing.evidence.decision import Statement, check_statement
from bidding.sealing.evidence.finding import Finding, short, trial, unchecked
from bidding.sealing.log import Checkpoint, check_checkpoint, check_log
from bidding.sealing.manifest import Manifest, Purpose, check_manifest
from bidding.sealing.postponement import check_postponement, closing_and_opening

Leaves = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """The documents of a bundle that may be relied on.

    Attributes:
        bundle: All documents.
        manifests: Those signed by the bureau.
        closings: The closing time by manifest, moved where a notice of that holds.
        checkpoints: Those signed by the server.
        logs: Checkpoints among them with the leaves that give their root.
    """

    bundle: Bundle
    manifests: tuple[Manifest, ...]
    closings: dict[str, datetime]
    checkpoints: tuple[Checkpoint, ...]
    logs: tuple[tuple[Checkpoint, Leaves], ...]

    def manifest(self, digest: str) -> Manifest | None:
        """The manifest with a digest, if it holds."""
        return next((one for one in self.manifests if one.digest == digest), None)

    def log_key(self, manifest: str) -> tuple[str, ...]:
        """Name the log that a manifest's leaves stand in, the same for all its amendments.

        The bids of a round have one log; each sitting of second answers has another, although it
        bears the round's name.
        """
        found = self.manifest(manifest)
        if found is None or found.purpose is Purpose.ANSWERS:
            return (manifest,)
        return (found.suite_name, found.round_name, found.purpose)

    def final_logs(self, manifest: str) -> tuple[Leaves, ...]:
        """The leaves of the final logs that a manifest's leaves stand in; there should be one."""
        key = self.log_key(manifest)
        return tuple(
            leaves
            for one, leaves in self.logs
            if one.is_final and self.log_key(one.manifest) == key
        )

    def final_checkpoints(self, manifest: str) -> tuple[Checkpoint, ...]:
        """The final checkpoints of the log of a manifest; there should be one."""
        key = self.log_key(manifest)
        return tuple(
            one for one in self.checkpoints if one.is_final and self.log_key(one.manifest) == key
        )

    def holds(self, statement: Statement) -> bool:
        """Whether a statement is the server's: nobody is accused on account of another one."""
        manifest = self.manifest(statement.manifest)
        if manifest is None:
            return False
        try:
            check_statement(statement, manifest)
        except SealingError:
            return False
        return True


def without_manifest(about: str) -> Finding:
    """The finding of a document whose manifest is missing or does not hold."""
    return unchecked(
        about,
        "未核对：材料中没有它的清单（manifest），或该清单不成立。",
        "Not checked: its manifest is not in the bundle, or does not hold.",
        is_lacking=True,
    )


def find_ground(bundle: Bundle, bureau_key: bytes | None) -> tuple[list[Finding], Ground]:
    """Check manifests, notices, checkpoints and logs, and keep those that hold."""
    findings, manifests = _manifests(bundle, bureau_key)
    moved, closings = _closings(bundle, manifests)
    signed, checkpoints = _checkpoints(bundle, manifests)
    rooted, logs = _logs(bundle, manifests, checkpoints)
    ground = Ground(bundle, tuple(manifests.values()), closings, tuple(checkpoints), tuple(logs))
    return [*findings, *moved, *signed, *rooted], ground


def _manifests(
    bundle: Bundle, bureau_key: bytes | None
) -> tuple[list[Finding], dict[str, Manifest]]:
    findings, kept = [], {}
    if bundle.manifests and bureau_key is None:
        findings.append(
            unchecked(
                "manifest",
                "未给出联合采购办公室的公钥：只能核对清单自带的公钥，而任何人都可自造一份清单。",
                "The bureau's key was not given: a manifest is checked with the key inside it, "
                "which anybody could have put there.",
            )
        )
    for manifest in bundle.manifests:
        count, needed = len(manifest.holders), manifest.threshold
        finding = trial(
            f"manifest {short(manifest.digest)}",
            partial(check_manifest, manifest, bureau_key=bureau_key),
            zh=f"由联合采购办公室签名；{count} 名持有人，须 {needed} 名共同开启。",
            en=f"Signed by the bureau; {needed} of its {count} holders open together.",
        )
        findings.append(finding)
        if finding.blame is None:
            kept[manifest.digest] = manifest
    return findings, kept


def _closings(
    bundle: Bundle, manifests: dict[str, Manifest]
) -> tuple[list[Finding], dict[str, datetime]]:
    findings = []
    closings = {digest: manifest.closes_at for digest, manifest in manifests.items()}
    for notice in bundle.postponements:
        about = f"postponement {short(notice.manifest)}"
        manifest = manifests.get(notice.manifest)
        if manifest is None:
            findings.append(without_manifest(about))
            continue
        finding = trial(
            about,
            partial(check_postponement, notice, manifest),
            zh="按清单公布的间隔顺延，由平台签名。",
            en="Moved by the interval that the manifest publishes, signed by the server.",
        )
        findings.append(finding)
        if finding.blame is None:
            closings[manifest.digest] = closing_and_opening(manifest, notice)[0]
    return findings, closings


def _checkpoints(
    bundle: Bundle, manifests: dict[str, Manifest]
) -> tuple[list[Finding], list[Checkpoint]]:
    findings, kept = [], []
    for checkpoint in bundle.checkpoints:
        manifest = manifests.get(checkpoint.manifest)
        if manifest is None:
            findings.append(without_manifest(checkpoint_name(checkpoint)))
            continue
        finding = trial(
            checkpoint_name(checkpoint),
            partial(check_checkpoint, checkpoint, manifest),
            zh="由平台签名。",
            en="Signed by the server.",
        )
        findings.append(finding)
        if finding.blame is None:
            kept.append(checkpoint)
    return findings, kept


def checkpoint_name(checkpoint: Checkpoint) -> str:
    """How findings name a checkpoint."""
    kind = "final checkpoint" if checkpoint.is_final else "checkpoint"
    return f"{kind} {short(checkpoint.root)} (size {checkpoint.size})"


def _logs(
    bundle: Bundle, manifests: dict[str, Manifest], checkpoints: list[Checkpoint]
) -> tuple[list[Finding], list[tuple[Checkpoint, Leaves]]]:
    findings, kept = [], []
    for checkpoint, leaves in bundle.logs:
        if checkpoint not in checkpoints:
            continue
        finding = trial(
            f"log {short(checkpoint.root)}",
            partial(check_log, checkpoint, leaves, manifests[checkpoint.manifest]),
            zh=f"{len(leaves)} 个叶子得出平台签名的根。",
            en=f"Its {len(leaves)} leaves give the root that the server signed.",
        )
        findings.append(finding)
        if finding.blame is None:
            kept.append((checkpoint, leaves))
    return findings, kept
