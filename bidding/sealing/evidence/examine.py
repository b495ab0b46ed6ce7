"""Examine a bundle: every check that its documents allow, in a fixed order."""

from functools import partial

from bidding.sealing.envelope import check_submission
from bidding.sealing.evidence.bundle import Bundle
from bidding.sealing.evidence.decisions import decision_findings
from bidding.sealing.evidence.evaluation import EvaluateAgain, repeat_evaluation
from bidding.sealing.evidence.finding import Finding, Findings, short, trial, unchecked
from bidding.sealing.evidence.ground import Ground, find_ground, without_manifest
from bidding.sealing.evidence.logs import growth_findings, proof_findings
from bidding.sealing.evidence.openings import opening_findings, repeat_openings
from bidding.sealing.evidence.promises import receipt_findings, refusal_findings, secret_findings
from bidding.sealing.shares import check_posting


def examine(
    bundle: Bundle,
    *,
    bureau_key: bytes | None = None,
    evaluate_again: EvaluateAgain | None = None,
) -> tuple[Finding, ...]:
    """Check all that a bundle allows to check, offline.

    Args:
        bundle: The documents.
        bureau_key: The bureau's public key, known from elsewhere. Without it the manifests are
            taken as they are, and a finding says so.
        evaluate_again: Repeats the evaluation and compares it with the report; without it a
            finding says that this was not done.

    Returns:
        Findings: what holds, what fails and by whose fault, what could not be checked.
    """
    findings, ground = find_ground(bundle, bureau_key)
    openings = repeat_openings(ground)
    return (
        *findings,
        *growth_findings(ground),
        *_submission_findings(ground),
        *receipt_findings(ground),
        *refusal_findings(ground),
        *secret_findings(ground),
        *proof_findings(ground),
        *_posting_findings(ground),
        *opening_findings(openings),
        *decision_findings(ground, openings),
        *repeat_evaluation(ground, evaluate_again),
    )


def _submission_findings(ground: Ground) -> Findings:
    if ground.bundle.submissions:
        yield unchecked(
            "envelopes",
            "信封以其自带的公钥核对签名；该公钥属于哪家企业，须以证书核对。",
            "Envelopes are checked with the key inside them; whose key it is, a certificate says.",
        )
    for submission in ground.bundle.submissions:
        about = f"envelope {short(submission.digest)}"
        manifest = ground.manifest(submission.manifest)
        if manifest is None:
            yield without_manifest(about)
        else:
            yield trial(
                about,
                partial(check_submission, submission, manifest),
                zh="签名成立，属于该清单。",
                en="Its signature holds, and it belongs to the manifest.",
            )


def _posting_findings(ground: Ground) -> Findings:
    for posting in ground.bundle.postings:
        about = f"shares of seat {posting.seat}"
        manifest = ground.manifest(posting.manifest)
        if manifest is None:
            yield without_manifest(about)
        else:
            yield trial(
                about,
                partial(check_posting, posting, manifest),
                zh="由该席持有人签名。",
                en="Signed by the holder of that seat.",
            )
