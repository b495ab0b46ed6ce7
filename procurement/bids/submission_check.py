"""What of a submission can be checked without a lock: shape, signature, owner, eligibility."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.sealing import (
    Manifest,
    SealingError,
    Submission,
    check_submission,
    read_submission,
)
from procurement.accounts.tables import Organisation, SigningKey
from procurement.bids.at_rest import AtRest
from procurement.bids.eligibility import require_eligible
from procurement.bids.manifests import manifest_by_digest, require_manifest
from procurement.database import database_moment
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.rounds.tables import Round


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a submission is handled: for whom, in which round, with which keys."""

    session: Session
    round_: Round
    organisation_id: int
    person_id: int
    at_rest: AtRest
    secret_key: bytes


@dataclass(frozen=True, slots=True)
class Checked:
    """A submission whose shape and signature are right, and the manifest it was sealed under."""

    submission: Submission
    manifest: Manifest
    current: Manifest


def bidder_name(organisation: Organisation) -> str:
    """Return how envelopes name a bidder: its unified social credit code, if it has one."""
    return organisation.credit_code or f"jicai-{organisation.id}"


def check(desk: Desk, body: bytes) -> Checked | RefusedError:
    """Check what needs no lock; a refusal is kept back until it is known that nothing came before.

    A request that was answered once is answered so again, whatever has changed since.
    """
    try:
        checked = _read(desk, body)
        require_eligible(
            desk.session,
            round_=desk.round_,
            organisation_id=desk.organisation_id,
            moment=database_moment(desk.session),
        )
    except RefusedError as refusal:
        return refusal
    return checked


def _read(desk: Desk, body: bytes) -> Checked:
    current = require_manifest(desk.session, round_id=desk.round_.id)
    try:
        submission = read_submission(body)
        manifest = current
        if submission.manifest != current.digest:
            known = manifest_by_digest(desk.session, round_id=desk.round_.id)
            manifest = known.get(submission.manifest, current)
        check_submission(submission, manifest)
    except SealingError as refusal:
        raise _malformed(str(refusal)) from refusal
    _require_own(desk, submission)
    return Checked(submission, manifest, current)


def _require_own(desk: Desk, submission: Submission) -> None:
    organisation = desk.session.get_one(Organisation, desk.organisation_id)
    if submission.bidder != bidder_name(organisation):
        raise _malformed("envelope.bidder: expected the code of your own organisation")
    bound = (
        select(SigningKey.id)
        .where(SigningKey.organisation_id == desk.organisation_id)
        .where(SigningKey.suite == submission.suite_name)
        .where(SigningKey.public_key == submission.bidder_key.hex())
        .where(SigningKey.revoked_at.is_(None))
        .limit(1)
    )
    if desk.session.scalar(bound) is None:
        raise _malformed("envelope.bidder_key: expected a key that is bound to your organisation")


def _malformed(cause: str) -> InvalidInputError:
    # The cause names a place in the document and what was expected there, never a value.
    return InvalidInputError(
        [
            FieldFault(
                "envelope",
                f"信封未被接受：格式、签名或归属不符（{cause}）。",
                f"The envelope was not accepted: {cause}.",
            )
        ]
    )
