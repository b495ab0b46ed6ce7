"""What this stage adds to a publication: keys and rehearsal before it, the manifest with it."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.bids.keyholders.keys import seats_of
from procurement.bids.keyholders.rehearsals import rehearsal_state
from procurement.jobs import enqueue
from procurement.rounds.proposals import StepDecision
from procurement.rounds.publication import PublicationPart
from procurement.rounds.readiness import Check
from procurement.rounds.tables import Round


def publication_checks(session: Session, round_: Round, moment: datetime) -> Iterator[Check]:
    """Look at keys and rehearsal, as a `procurement.rounds.readiness.CheckRound`."""
    yield _key_check(session, round_)
    yield _rehearsal_check(session, round_)


def _key_check(session: Session, round_: Round) -> Check:
    seats = seats_of(session, round_id=round_.id)
    missing = [seat for seat in seats if seat.key is None]
    names = [seat.organisation.short_name for seat in missing]
    is_met = bool(seats) and not missing
    if is_met:
        zh, en = f"{len(seats)} 方均已提交密钥", f"all {len(seats)} keyholders have made their keys"
    elif not seats:
        zh, en = "没有密钥持有人", "there is no keyholder"
    else:
        zh, en = "未提交密钥：" + "、".join(names), "keys are missing of: " + ", ".join(names)
    return Check(key="holder-keys", zh=zh, en=en, is_met=is_met, link=f"/rounds/{round_.name}/keys")


def _rehearsal_check(session: Session, round_: Round) -> Check:
    state = rehearsal_state(session, round_=round_)
    is_met = state.is_current and state.has_opened
    if is_met:
        zh, en = "演练信封已由密钥持有人共同开启", "the keyholders have opened a rehearsal envelope"
    elif state.rehearsal is None:
        zh, en = "尚未演练开启", "the opening has not been rehearsed"
    elif not state.is_current:
        zh, en = "演练之后密钥或人数有变，须重新演练", "keys or quorum changed after the rehearsal"
    else:
        zh, en = "演练信封尚未开启", "the rehearsal envelope is not open yet"
    return Check(
        key="rehearsal", zh=zh, en=en, is_met=is_met, link=f"/rounds/{round_.name}/rehearsal"
    )


def _contents(session: Session, round_: Round) -> Mapping[str, object]:
    """The keys that two officers confirm together with the rest."""
    return {
        "keys": [
            [seat.seat, seat.key and seat.key.public_key, seat.key and seat.key.signing_key]
            for seat in seats_of(session, round_id=round_.id)
        ]
    }


def _carry_out(session: Session, decision: StepDecision) -> None:
    # Signing needs the installation's key, which jobs have; the job exists exactly if the
    # publication does.
    enqueue(
        session,
        kind=SIGN_MANIFEST_JOB,
        payload={"round_id": decision.round_.id},
        moment=decision.moment,
        key=f"sign-manifest {decision.round_.id} published",
    )


SIGN_MANIFEST_JOB = "sign-manifest"

PUBLICATION = PublicationPart(
    name="bids", checks=publication_checks, contents=_contents, carry_out=_carry_out
)
"""To be installed with `procurement.rounds.hooks`."""
