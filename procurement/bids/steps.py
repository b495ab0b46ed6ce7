"""Steps that two officers take together: to open the bids, and what an amendment does to them."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy.orm import Session

from bidding.sealing import canonical_bytes
from procurement.bids.keyholders.checks import SIGN_MANIFEST_JOB
from procurement.bids.opening.shares import OPEN_BIDS_JOB
from procurement.bids.submission.close import find_final_log
from procurement.database import database_moment
from procurement.jobs import enqueue
from procurement.rounds.proposals import StepDecision, StepKind, StepRequest
from procurement.rounds.readiness import Check
from procurement.rounds.tables import Step
from rulebooks import Bilingual


def _sentence(session: Session, request: StepRequest) -> Bilingual:
    log = find_final_log(session, round_id=request.round_.id)
    bids = 0 if log is None else len(log.standing)
    return Bilingual(
        f"确认后，只要密钥份额足够，全部 {bids} 份报价将同时解密并记录；此前任何人看不到任何价格。",
        f"Once confirmed, and as soon as enough key shares are there, all {bids} bids are "
        "decrypted and recorded together; before that nobody sees any price.",
    )


def _content(session: Session, request: StepRequest) -> str:
    log = find_final_log(session, round_id=request.round_.id)
    return canonical_bytes(
        {
            "step": Step.OPEN_BIDS.value,
            "round": request.round_.name,
            "root": None if log is None else log.checkpoint.root,
            "bids": 0 if log is None else len(log.standing),
        }
    ).decode()


def _checks(session: Session, request: StepRequest) -> Iterator[Check]:
    round_ = request.round_
    link = f"/rounds/{round_.name}/opening"
    closed = find_final_log(session, round_id=round_.id) is not None
    yield Check(
        key="closed",
        zh="申报已截止，日志已封存" if closed else "申报尚未截止",
        en="bidding is closed and the log is final" if closed else "bidding is not closed",
        is_met=closed,
        link=link,
    )
    is_time = round_.opens_at is not None and database_moment(session) >= round_.opens_at
    yield Check(
        key="opening-time",
        zh="已到开标时间" if is_time else "未到开标时间",
        en="the opening time has come" if is_time else "the opening time has not come",
        is_met=is_time,
        link=link,
    )


def _carry_out(session: Session, decision: StepDecision) -> None:
    # The shares may still be on their way: the job opens once they suffice, and each posting
    # queues it again.
    enqueue(
        session,
        kind=OPEN_BIDS_JOB,
        payload={"round_id": decision.round_.id},
        moment=decision.moment,
        key=f"open-bids {decision.round_.id} decided {decision.proposal.id}",
    )


OPEN_BIDS = StepKind(
    step=Step.OPEN_BIDS,
    sentence=_sentence,
    content=_content,
    checks=_checks,
    carry_out=_carry_out,
)
"""How the opening is proposed, confirmed and begun."""


def with_new_manifest(kind: StepKind) -> StepKind:
    """Let a step that changes a published round also have its manifest signed anew.

    Args:
        kind: The amendment of the document.
    """

    def carry_out(session: Session, decision: StepDecision) -> None:
        kind.carry_out(session, decision)
        enqueue(
            session,
            kind=SIGN_MANIFEST_JOB,
            payload={"round_id": decision.round_.id},
            moment=decision.moment,
            key=f"sign-manifest {decision.round_.id} decided {decision.proposal.id}",
        )

    return replace(kind, carry_out=carry_out)
