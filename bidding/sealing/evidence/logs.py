"""Checkpoints and proofs: did the log only grow, and is it one log?"""

from itertools import combinations

from bidding.sealing.evidence.finding import (
    Blame,
    Finding,
    Findings,
    fails,
    holds,
    short,
    unchecked,
)
from bidding.sealing.evidence.ground import Ground, checkpoint_name
from bidding.sealing.log import Checkpoint, Log, proves_consistency, proves_inclusion


def growth_findings(ground: Ground) -> Findings:
    """Of every two signed checkpoints of a log: whether the one grew into the other."""
    for one, other in combinations(ground.checkpoints, 2):
        if ground.log_key(one.manifest) == ground.log_key(other.manifest):
            old, new = sorted((one, other), key=lambda each: (each.size, each.issued_at))
            yield _grew(ground, old, new)


def _grew(ground: Ground, old: Checkpoint, new: Checkpoint) -> Finding:
    about = f"{checkpoint_name(old)} → {checkpoint_name(new)}"
    if old.size == new.size:
        return _one_log(about, same=old.root == new.root)
    if old.is_final:
        return fails(
            about,
            "最终检查点之后日志又增加了叶子。",
            "Leaves were added after the final checkpoint.",
            Blame.SERVER,
        )
    for checkpoint, leaves in ground.logs:
        if checkpoint == new:
            return _one_log(about, same=Log(new.suite_name, leaves).root(old.size) == old.root)
    proofs = [
        proof
        for proof in ground.bundle.consistencies
        if (proof.old_size, proof.size) == (old.size, new.size)
    ]
    if any(proves_consistency(proof, old, new) for proof in proofs):
        return _one_log(about, same=True)
    return _unproven(about, given=bool(proofs))


def _one_log(about: str, *, same: bool) -> Finding:
    if same:
        return holds(about, "日志只增不改。", "The log was only added to.")
    return fails(
        about,
        "两个由平台签名的检查点互不相容：日志被改写。",
        "Two checkpoints signed by the server contradict each other: the log was rewritten.",
        Blame.SERVER,
    )


def _unproven(about: str, *, given: bool) -> Finding:
    if given:
        # A bad proof may have been made by anybody: the leaves decide.
        return fails(
            about,
            "一致性证明不成立：请索取全部叶子再核对；平台交不出，即为改写。",
            "The consistency proof fails: ask for all leaves; if the server has none that fit, the "
            "log was rewritten.",
        )
    return unchecked(
        about,
        "未核对：需要一致性证明或全部叶子。",
        "Not checked: needs a consistency proof or all leaves.",
    )


def proof_findings(ground: Ground) -> Findings:
    """Of each inclusion proof: whether it leads to one of the signed checkpoints."""
    for proof in ground.bundle.inclusions:
        about = f"inclusion proof {short(proof.envelope)}"
        sized = [one for one in ground.checkpoints if one.size == proof.size]
        if not sized:
            yield unchecked(
                about,
                "未核对：没有相同大小、签名成立的检查点。",
                "Not checked: there is no checkpoint of its size whose signature holds.",
                is_lacking=True,
            )
        elif any(proves_inclusion(proof, one) for one in sized):
            yield holds(about, "通向平台签名的根。", "It leads to the root that the server signed.")
        else:
            yield fails(
                about,
                "不通向平台签名的根：请索取最终日志的全部叶子再核对。",
                "It does not lead to the root that the server signed: ask for all leaves of the "
                "final log.",
            )
