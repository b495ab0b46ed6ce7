"""What waits for keyholders, manufacturers, evaluators and officers in this stage."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from procurement.bids.keyholders.keys import MADE_IN
from procurement.bids.keyholders.rehearsals import rehearsal_state
from procurement.bids.kinds import PaperStatus
from procurement.bids.opening.service import confirmed_proposal
from procurement.bids.papers.service import TAKEN_IN
from procurement.bids.periods import BIDS, address_of, is_opening_time
from procurement.bids.sittings import sittings_of
from procurement.bids.tables import (
    Checkpoint,
    KeyholderKey,
    PaperStep,
    RevealCall,
    RevealedKey,
    SharePost,
    Sitting,
    SittingQuestion,
)
from procurement.notices import Task
from procurement.permissions import Actor, Role
from procurement.rounds.tables import ParticipantPart, Round, RoundParticipant, RoundStatus


def waiting_for(session: Session, *, actor: Actor, moment: datetime) -> list[Task]:
    """Return what waits for somebody.

    Whether a rival has bid shows nowhere here, and whether the own organisation has only to itself.

    Args:
        session: Any session.
        actor: For whom.
        moment: Now, aware.
    """
    tasks: list[Task] = []
    if Role.KEYHOLDER in actor.roles:
        tasks += _of_keyholder(session, actor, moment)
    if Role.MANUFACTURER in actor.roles:
        tasks += _of_manufacturer(session, actor, moment)
    if Role.EVALUATOR in actor.roles:
        tasks += _of_evaluator(session, actor)
    if Role.OFFICER in actor.roles:
        tasks += _of_officer(session, actor, moment)
    return tasks


def _of_keyholder(session: Session, actor: Actor, moment: datetime) -> Iterator[Task]:
    seated = session.execute(
        select(Round, RoundParticipant.seat)
        .join(RoundParticipant, RoundParticipant.round_id == Round.id)
        .where(RoundParticipant.organisation_id == actor.organisation_id)
        .where(RoundParticipant.part == ParticipantPart.KEYHOLDER)
        .where(Round.status.in_((*MADE_IN, RoundStatus.CLOSED, RoundStatus.SECOND_ANSWERS)))
        .order_by(Round.id)
    ).all()
    for round_, seat in seated:
        if round_.status == RoundStatus.CLOSED:
            yield from _share_task(session, round_, seat, moment, sitting=BIDS)
        elif round_.status == RoundStatus.SECOND_ANSWERS:
            for called in sittings_of(session, round_id=round_.id):
                yield from _share_task(session, round_, seat, moment, sitting=called.number)
        else:
            yield from _key_task(session, round_, seat, actor)


def _key_task(session: Session, round_: Round, seat: int, actor: Actor) -> Iterator[Task]:
    own = select(KeyholderKey.id).where(
        KeyholderKey.round_id == round_.id,
        KeyholderKey.seat == seat,
        KeyholderKey.organisation_id == actor.organisation_id,
    )
    if session.scalar(own.limit(1)) is None:
        yield Task(
            zh=f"制作“{round_.title}”的密钥",
            en=f"Make your key for “{round_.title}”",
            link=f"/rounds/{round_.name}/keys",
        )
        return
    state = rehearsal_state(session, round_=round_)
    if state.rehearsal is not None and state.is_current and seat not in state.fitting:
        yield Task(
            zh=f"演练开启“{round_.title}”",
            en=f"Rehearse the opening of “{round_.title}”",
            link=f"/rounds/{round_.name}/rehearsal",
            urgent=True,
        )


def _share_task(
    session: Session, round_: Round, seat: int, moment: datetime, *, sitting: int
) -> Iterator[Task]:
    if not is_opening_time(session, round_=round_, sitting=sitting, moment=moment):
        return
    posted = select(func.coalesce(func.sum(SharePost.shares), 0)).where(
        SharePost.round_id == round_.id, SharePost.sitting == sitting, SharePost.seat == seat
    )
    standing = session.scalar(
        select(Checkpoint.standing).where(
            Checkpoint.round_id == round_.id, Checkpoint.sitting == sitting
        )
    )
    if (session.scalar(posted) or 0) < len((standing or "").split()):
        yield Task(
            zh=f"提交“{round_.title}”的密钥份额",
            en=f"Post your key shares for “{round_.title}”",
            link=f"{address_of(round_, sitting)}/opening",
            urgent=True,
        )


def _newest_steps(
    session: Session, rounds: Sequence[Round], *, organisation_id: int | None = None
) -> Sequence[PaperStep]:
    newest = (
        select(func.max(PaperStep.id))
        .where(PaperStep.round_id.in_([round_.id for round_ in rounds]))
        .group_by(PaperStep.round_id, PaperStep.organisation_id)
    )
    if organisation_id is not None:
        newest = newest.where(PaperStep.organisation_id == organisation_id)
    return session.scalars(select(PaperStep).where(PaperStep.id.in_(newest))).all()


def _of_manufacturer(session: Session, actor: Actor, moment: datetime) -> Iterator[Task]:
    rounds = {
        round_.id: round_
        for round_ in session.scalars(select(Round).where(Round.status.in_(TAKEN_IN)))
    }
    own = _newest_steps(session, list(rounds.values()), organisation_id=actor.organisation_id)
    for step in own:
        round_ = rounds[step.round_id]
        if step.due_at is not None and step.due_at > moment:
            yield Task(
                zh=f"补正“{round_.title}”的申报材料",
                en=f"Complete your papers for “{round_.title}”",
                link=f"/rounds/{round_.name}/papers",
                due_at=step.due_at,
                urgent=True,
            )
    yield from _reveal_tasks(session, actor, moment)
    yield from _question_tasks(session, actor, moment)


def _question_tasks(session: Session, actor: Actor, moment: datetime) -> Iterator[Task]:
    # Whether it has answered shows nowhere, not even to itself: a better answer may still come.
    asked = exists().where(
        SittingQuestion.sitting_id == Sitting.id,
        SittingQuestion.organisation_id == actor.organisation_id,
    )
    running = session.execute(
        select(Round, Sitting)
        .join(Sitting, Sitting.round_id == Round.id)
        .where(Round.status == RoundStatus.SECOND_ANSWERS, Sitting.closes_at > moment, asked)
        .order_by(Sitting.id)
    )
    for round_, sitting in running:
        yield Task(
            zh=f"密封答复“{round_.title}”，逾期视为不接受",
            en=f"Answer under seal for “{round_.title}”; silence counts as not accepted",
            link=address_of(round_, sitting.number),
            due_at=sitting.closes_at,
            urgent=True,
        )


def _reveal_tasks(session: Session, actor: Actor, moment: datetime) -> Iterator[Task]:
    # Everybody whose papers were admitted is asked: the list does not tell who has bid.
    admitted = exists().where(
        PaperStep.round_id == RevealCall.round_id,
        PaperStep.organisation_id == actor.organisation_id,
        PaperStep.status == PaperStatus.ADMITTED,
    )
    revealed = exists().where(
        RevealedKey.round_id == RevealCall.round_id,
        RevealedKey.sitting == RevealCall.sitting,
        RevealedKey.person_id == actor.person_id,
    )
    calls = session.execute(
        select(Round, RevealCall)
        .join(RevealCall, RevealCall.round_id == Round.id)
        .where(RevealCall.due_at > moment, admitted, ~revealed)
    )
    for round_, call in calls:
        yield Task(
            zh=f"公开“{round_.title}”的内容密钥，逾期视为撤回",
            en=f"Reveal your content key for “{round_.title}”, or your bid counts as withdrawn",
            link=f"{address_of(round_, call.sitting)}/reveal",
            due_at=call.due_at,
            urgent=True,
        )


def _of_evaluator(session: Session, actor: Actor) -> Iterator[Task]:
    led = session.scalars(
        select(Round)
        .where(Round.bureau_id == actor.organisation_id)
        .where(Round.status.in_((*TAKEN_IN, RoundStatus.CLOSED)))
        .order_by(Round.id)
    ).all()
    waiting = [
        step.round_id
        for step in _newest_steps(session, led)
        if step.status == PaperStatus.SUBMITTED
    ]
    for round_ in led:
        count = waiting.count(round_.id)
        if count:
            yield Task(
                zh=f"审核“{round_.title}”的申报材料：{count} 家",
                en=f"Check eligibility papers for “{round_.title}”: {count}",
                link=f"/rounds/{round_.name}/papers",
                due_at=round_.closes_at,
                urgent=True,
            )


def _of_officer(session: Session, actor: Actor, moment: datetime) -> Iterator[Task]:
    due = session.scalars(
        select(Round)
        .where(Round.bureau_id == actor.organisation_id)
        .where(Round.status == RoundStatus.CLOSED, Round.opens_at <= moment)
        .order_by(Round.id)
    )
    for round_ in due:
        if confirmed_proposal(session, round_id=round_.id) is None:
            yield Task(
                zh=f"开标：“{round_.title}”",
                en=f"Open the bids of “{round_.title}”",
                link=f"/rounds/{round_.name}/opening",
                urgent=True,
            )
