"""What of a submission can be checked without a lock: shape, signature, owner, eligibility."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bidding.sealing import (
    Manifest,
    SealingError,
    Submission,
    check_submission,
    read_submission,
)
from procurement.accounts.certificates.service import signing_key_of
from procurement.bids.keyholders.manifests import NoManifestError
from procurement.bids.papers.eligibility import NotEligibleError, credit_obstacles, paper_obstacles
from procurement.bids.periods import BIDS
from procurement.bids.rules import PaperStanding
from procurement.bids.submission.errors import NotAskedError
from procurement.bids.submission.gate import Gate, manifest_named
from procurement.errors import FieldFault, InvalidInputError


@dataclass(frozen=True, slots=True)
class Checked:
    """A submission whose shape and signature are right.

    Attributes:
        submission: As read.
        current: The manifest in force.
        is_stale: It was sealed under an earlier manifest of the round.
    """

    submission: Submission
    current: Manifest
    is_stale: bool


def read_body(body: bytes) -> Submission:
    """Read what was sent.

    Raises:
        InvalidInputError: It is neither an envelope nor a withdrawal.
    """
    try:
        return read_submission(body)
    except SealingError as refusal:
        raise malformed(str(refusal)) from refusal


def check(session: Session, *, gate: Gate, submission: Submission) -> Checked:
    """Check all of a submission that needs no lock.

    Args:
        session: Any session.
        gate: What decides, as read before.
        submission: As read.

    Raises:
        InvalidInputError: Badly signed, of another round, or in somebody else's name.
        NotEligibleError: Papers or credit rating stand in the way of a bid.
        NotAskedError: The sitting has no question for the bidder.
    """
    current = manifest_named(session, round_id=gate.round_id, digest=gate.manifest)
    if current is None:
        raise NoManifestError
    manifest = current
    # A sitting of answers has one manifest; what was sealed for another is none of its envelopes.
    if submission.manifest != current.digest and gate.sitting == BIDS:
        named = manifest_named(session, round_id=gate.round_id, digest=submission.manifest)
        of_bids = named is not None and named.purpose is current.purpose
        if named is not None and of_bids and named.round_name == current.round_name:
            manifest = named
    try:
        check_submission(submission, manifest)
    except SealingError as refusal:
        raise malformed(str(refusal)) from refusal
    _require_own(session, gate, submission)
    if gate.sitting == BIDS:
        _require_eligible(session, gate)
    elif not gate.window.is_asked:
        raise NotAskedError
    return Checked(submission, current, manifest is not current)


def _require_own(session: Session, gate: Gate, submission: Submission) -> None:
    if submission.bidder != gate.bidder:
        raise malformed("envelope.bidder: expected the code of your own organisation")
    bound = signing_key_of(
        session,
        organisation_id=gate.organisation_id,
        on=gate.moment,
        suite=submission.suite_name,
    )
    if bound is None or bound.public_key != submission.bidder_key:
        raise malformed("envelope.bidder_key: expected the key that is bound to your organisation")


def _require_eligible(session: Session, gate: Gate) -> None:
    obstacles = paper_obstacles(PaperStanding(gate.papers))
    if gate.has_credit_matters:
        obstacles += credit_obstacles(
            session,
            round_id=gate.round_id,
            organisation_id=gate.organisation_id,
            moment=gate.moment,
        )
    if obstacles:
        raise NotEligibleError(obstacles)


def malformed(cause: str) -> InvalidInputError:
    """Say that a body was not accepted; the cause names a place in it, never a value."""
    return InvalidInputError(
        [
            FieldFault(
                "envelope",
                f"信封未被接受：格式、签名或归属不符（{cause}）。",
                f"The envelope was not accepted: {cause}.",
            )
        ]
    )
