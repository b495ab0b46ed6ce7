"""Receipts and refusals: did the server keep what it signed?"""

from functools import partial

from bidding.sealing.envelope import Envelope
from bidding.sealing.evidence.finding import (
    Blame,
    Finding,
    Findings,
    fails,
    holds,
    short,
    trial,
    unchecked,
)
from bidding.sealing.evidence.ground import Ground, without_manifest
from bidding.sealing.log import proves_inclusion
from bidding.sealing.manifest import Manifest
from bidding.sealing.opening import KeyReveal, check_reveal
from bidding.sealing.receipt import Receipt, Refusal, check_receipt

LATE = "late"


def receipt_findings(ground: Ground) -> Findings:
    """Of each receipt: signature, time, envelope, and whether the promise was kept."""
    for receipt in ground.bundle.receipts:
        about = f"receipt {short(receipt.envelope)}"
        manifest = ground.manifest(receipt.manifest)
        if manifest is None:
            yield without_manifest(about)
            continue
        signed = _signed(receipt, manifest, about)
        yield signed
        if signed.blame is None:
            yield _in_time(ground, receipt, about)
            yield _same_envelope(ground, receipt, about)
            yield from _kept(ground, receipt, about)


def _signed(receipt: Receipt | Refusal, manifest: Manifest, about: str) -> Finding:
    return trial(
        about,
        partial(check_receipt, receipt, manifest),
        zh="由清单所载平台密钥签名，未被改动。",
        en="Signed with the server's key that the manifest names, and not changed since.",
    )


def _in_time(ground: Ground, receipt: Receipt, about: str) -> Finding:
    if receipt.received_at < ground.closings[receipt.manifest]:
        return holds(about, "收到时间早于截止时间。", "Received before the closing time.")
    return fails(
        about,
        "收到时间不早于截止时间，平台仍出具了回执。",
        "The server gave a receipt although the closing time had come.",
        Blame.SERVER,
    )


def _same_envelope(ground: Ground, receipt: Receipt, about: str) -> Finding:
    if ground.bundle.submission(receipt.envelope) is not None:
        return holds(about, "信封与回执的哈希一致。", "The envelope has the hash of the receipt.")
    return unchecked(
        about,
        "未核对信封：材料中没有哈希与回执一致的信封。",
        "The envelope is not checked: none in the bundle has the receipt's hash.",
    )


def _kept(ground: Ground, receipt: Receipt, about: str) -> Findings:
    logs = ground.final_logs(receipt.manifest)
    yield from (_in_leaves(receipt, leaves, about) for leaves in logs)
    proven = any(
        proof.envelope == receipt.envelope and proves_inclusion(proof, final)
        for proof in ground.bundle.inclusions
        for final in ground.final_checkpoints(receipt.manifest)
    )
    if proven:
        yield holds(
            about,
            "包含证明通向最终检查点：承诺已兑现。",
            "The inclusion proof leads to the final checkpoint: the promise was kept.",
        )
    elif not logs:
        yield unchecked(
            about,
            "未核对是否入册：材料中没有最终日志，也没有通向最终检查点的包含证明。",
            "Not checked whether the promise was kept: the bundle has neither the final log nor an "
            "inclusion proof to the final checkpoint.",
        )


def _in_leaves(receipt: Receipt, leaves: tuple[str, ...], about: str) -> Finding:
    if receipt.envelope in leaves:
        return holds(about, "信封在最终日志中。", "The envelope stands in the final log.")
    return fails(
        about,
        "平台签名承诺收录，最终日志中却没有：平台自己的签名证明其遗漏。",
        "The server promised to include it, and the final log lacks it: the server's own signature "
        "convicts it.",
        Blame.SERVER,
    )


def refusal_findings(ground: Ground) -> Findings:
    """Of each refusal: signature, and whether it was right."""
    for refusal in ground.bundle.refusals:
        about = f"refusal {short(refusal.envelope)}"
        manifest = ground.manifest(refusal.manifest)
        if manifest is None:
            yield without_manifest(about)
            continue
        signed = _signed(refusal, manifest, about)
        yield signed
        if signed.blame is None:
            yield from _refused_rightly(ground, refusal, about)


def _refused_rightly(ground: Ground, refusal: Refusal, about: str) -> Findings:
    if refusal.reason == LATE and refusal.refused_at < ground.closings[refusal.manifest]:
        yield fails(
            about,
            "以“迟到”为由拒收，但时间早于截止时间。",
            "Refused as late, before the closing time.",
            Blame.SERVER,
        )
    elif refusal.reason == LATE:
        yield holds(about, "拒收时已到截止时间。", "Refused when the closing time had come.")
    for leaves in ground.final_logs(refusal.manifest):
        if refusal.envelope in leaves:
            yield fails(
                about,
                "已拒收的信封却出现在最终日志中。",
                "It was refused, and yet stands in the final log.",
                Blame.SERVER,
            )
        else:
            yield holds(about, "不在最终日志中。", "It is outside of the final log.")


def secret_findings(ground: Ground) -> Findings:
    """Of each receipt secret and revealed key: whether it is that of its envelope."""
    for secret in ground.bundle.secrets:
        about = f"receipt secret {short(secret.envelope)}"
        envelope = ground.bundle.submission(secret.envelope)
        if not isinstance(envelope, Envelope):
            yield _without_envelope(about)
        elif envelope.suite.hash(secret.content_key).hex() == envelope.key_hash:
            yield holds(about, "内容密钥与信封一致。", "The content key is that of the envelope.")
        else:
            yield fails(about, "内容密钥与信封不一致。", "The content key is of another envelope.")
    for reveal in ground.bundle.reveals:
        yield _reveal_finding(ground, reveal)


def _reveal_finding(ground: Ground, reveal: KeyReveal) -> Finding:
    about = f"key reveal {short(reveal.envelope)}"
    envelope = ground.bundle.submission(reveal.envelope)
    if not isinstance(envelope, Envelope):
        return _without_envelope(about)
    return trial(
        about,
        partial(check_reveal, reveal, envelope),
        zh="由申报企业签名，密钥与信封一致。",
        en="Signed by the bidder, and the key is that of the envelope.",
    )


def _without_envelope(about: str) -> Finding:
    return unchecked(
        about,
        "未核对：材料中没有它的信封。",
        "Not checked: its envelope is not in the bundle.",
        is_lacking=True,
    )
