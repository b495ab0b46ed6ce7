"""What waits for officers and supervisors between the opening and the award."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.awards.announcing import current_notice
from procurement.awards.answering import unanswered
from procurement.awards.evaluation import current_report
from procurement.awards.objections import answer_of
from procurement.awards.states import Instance
from procurement.awards.tables import Objection
from procurement.notices import Task
from procurement.permissions import Actor, Role
from procurement.rounds.tables import (
    ProposalStatus,
    Round,
    RoundStatus,
    Step,
    StepProposal,
)

UNDER_WAY = (RoundStatus.EVALUATED, RoundStatus.SECOND_ANSWERS, RoundStatus.ANNOUNCED)


def waiting_for(session: Session, *, actor: Actor, moment: datetime) -> list[Task]:
    """Return what waits for somebody of the lead bureau.

    Args:
        session: Any session.
        actor: For whom.
        moment: Now, aware.
    """
    is_officer, is_supervisor = Role.OFFICER in actor.roles, Role.SUPERVISOR in actor.roles
    tasks: list[Task] = []
    for round_ in _led(session, actor) if is_officer or is_supervisor else ():
        waiting = unanswered(session, round_id=round_.id)
        first, appeals = _parted(session, waiting)
        if is_officer:
            tasks += _questions(session, round_)
            tasks += _objections(round_, first)
            tasks += _award(session, round_, waiting, moment)
        if is_supervisor:
            tasks += _appeals(round_, appeals, actor, session)
    return tasks


def _led(session: Session, actor: Actor) -> Sequence[Round]:
    led = select(Round).where(Round.bureau_id == actor.organisation_id, Round.status.in_(UNDER_WAY))
    return session.scalars(led.order_by(Round.id)).all()


def _parted(
    session: Session, waiting: Sequence[Objection]
) -> tuple[list[Objection], list[Objection]]:
    """Objections that wait for their first answer, and those whose appeal does."""
    answered = {
        one.id
        for one in waiting
        if answer_of(session, objection_id=one.id, instance=Instance.OBJECTION) is not None
    }
    first = [one for one in waiting if one.id not in answered]
    return first, [one for one in waiting if one.id in answered]


def _questions(session: Session, round_: Round) -> Iterator[Task]:
    """What an evaluated round waits for: the bureau, the bidders, or the notice."""
    report = current_report(session, round_id=round_.id)
    if round_.status != RoundStatus.EVALUATED or report is None:
        return
    of_bureau = [one for one in report.pending if one["by"] == "bureau"]
    of_bidders = [one for one in report.pending if one["by"] == "bidder"]
    link = f"/rounds/{round_.name}/evaluation"
    if of_bureau and not _is_proposed(session, round_):
        yield Task(
            zh=f"裁定“{round_.title}”的同价：{len(of_bureau)} 项",
            en=f"Settle ties of “{round_.title}”: {len(of_bureau)}",
            link=link,
            urgent=True,
        )
    if of_bidders and not of_bureau:
        yield Task(
            zh=f"就“{round_.title}”发起二次答复：{len(of_bidders)} 项",
            en=f"Call for second answers in “{round_.title}”: {len(of_bidders)}",
            link=link,
            urgent=True,
        )
    if not report.pending:
        yield Task(
            zh=f"公示“{round_.title}”的拟中选结果",
            en=f"Put the selection of “{round_.title}” on notice",
            link=link,
            urgent=True,
        )


def _is_proposed(session: Session, round_: Round) -> bool:
    """Whether an answer of the bureau waits for its second officer already."""
    proposed = (
        select(StepProposal.id)
        .where(StepProposal.round_id == round_.id)
        .where(StepProposal.step == Step.ANSWER_QUESTION)
        .where(StepProposal.status == ProposalStatus.OPEN)
    )
    return session.scalars(proposed.limit(1)).first() is not None


def _objections(round_: Round, waiting: Sequence[Objection]) -> Iterator[Task]:
    if waiting:
        yield Task(
            zh=f"答复“{round_.title}”的质疑：{len(waiting)} 件",
            en=f"Answer objections to “{round_.title}”: {len(waiting)}",
            link=f"/rounds/{round_.name}/objections",
            urgent=True,
        )


def _appeals(
    round_: Round, waiting: Sequence[Objection], actor: Actor, session: Session
) -> Iterator[Task]:
    own = [
        one
        for one in waiting
        if (given := answer_of(session, objection_id=one.id, instance=Instance.OBJECTION))
        and given.person_id != actor.person_id
    ]
    if own:
        yield Task(
            zh=f"复核“{round_.title}”的质疑答复：{len(own)} 件",
            en=f"Decide appeals in “{round_.title}”: {len(own)}",
            link=f"/rounds/{round_.name}/objections",
            urgent=True,
        )


def _award(
    session: Session, round_: Round, waiting: Sequence[Objection], moment: datetime
) -> Iterator[Task]:
    notice = current_notice(session, round_id=round_.id)
    if round_.status != RoundStatus.ANNOUNCED or notice is None or waiting:
        return
    if moment < notice.closes_at:
        return
    link = f"/rounds/{round_.name}/proposals/new/fix-award"
    if find_open_award(session, round_id=round_.id) is None:
        yield Task(
            zh=f"确定“{round_.title}”的中选结果",
            en=f"Fix the award of “{round_.title}”",
            link=link,
            urgent=True,
        )


def find_open_award(session: Session, *, round_id: int) -> StepProposal | None:
    """Return the award that is proposed and waits for the second officer, if any."""
    proposed = select(StepProposal).where(
        StepProposal.round_id == round_id,
        StepProposal.step == Step.FIX_AWARD,
        StepProposal.status == ProposalStatus.OPEN,
    )
    return session.scalars(proposed.limit(1)).first()
