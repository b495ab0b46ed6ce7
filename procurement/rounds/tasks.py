"""What waits for somebody in rounds, for the home page."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.notices import Task
from procurement.permissions import Actor, Role
from procurement.rounds.status import STEP_NAMES
from procurement.rounds.tables import ProposalStatus, Round, RoundStatus, Step, StepProposal


def waiting_for(session: Session, *, actor: Actor, moment: datetime) -> list[Task]:
    """Return what waits for an officer: steps to confirm, drafts to go on with, dates that passed.

    Args:
        session: Any session.
        actor: For whom.
        moment: Now, aware.
    """
    if Role.OFFICER not in actor.roles or actor.organisation_id is None:
        return []
    return [
        *_to_confirm(session, actor),
        *_to_go_on(session, actor, moment),
    ]


def _to_confirm(session: Session, actor: Actor) -> Iterator[Task]:
    waiting = session.execute(
        select(StepProposal, Round)
        .join(Round, Round.id == StepProposal.round_id)
        .where(
            StepProposal.status == ProposalStatus.OPEN,
            StepProposal.proposed_by != actor.person_id,
            Round.bureau_id == actor.organisation_id,
        )
        .order_by(StepProposal.id)
    )
    for proposal, round_ in waiting:
        zh, en = STEP_NAMES[Step(proposal.step)]
        yield Task(
            zh=f"复核“{round_.title}”：{zh}",
            en=f"Confirm for “{round_.title}”: {en}",
            link=f"/rounds/{round_.name}/proposals/{proposal.id}",
            urgent=True,
        )


_GO_ON = {
    RoundStatus.DRAFT: ("继续起草“{}”", "Go on drafting “{}”", "draft", None),
    RoundStatus.VOLUME_REPORTING: (
        "“{}”报量已截止：核对报量，公开征求意见",
        "Volume reporting of “{}” is closed: review it and open the comments",
        "",
        "volume_closes_at",
    ),
    RoundStatus.COMMENTS: (
        "“{}”征求意见已截止：答复意见，准备发布",
        "Comments on “{}” are closed: answer them and prepare the publication",
        "draft",
        "comments_close_at",
    ),
}


def _to_go_on(session: Session, actor: Actor, moment: datetime) -> Iterator[Task]:
    own = (
        select(Round)
        .where(Round.bureau_id == actor.organisation_id, Round.status.in_(sorted(_GO_ON)))
        .order_by(Round.id)
    )
    for round_ in session.scalars(own):
        zh, en, page, date = _GO_ON[RoundStatus(round_.status)]
        over_at = None if date is None else getattr(round_, date)
        if date is not None and (over_at is None or over_at > moment):
            continue
        link = f"/rounds/{round_.name}/{page}".rstrip("/")
        yield Task(zh=zh.format(round_.title), en=en.format(round_.title), link=link)
