"""What waits for somebody in procurement documents, for the home page."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from procurement.notices import Task
from procurement.permissions import Actor, Role
from procurement.rounds.document.acknowledge import has_acknowledged
from procurement.rounds.document.amend import OPEN_TO_AMENDMENT
from procurement.rounds.document.comments import takes_comments
from procurement.rounds.document.tables import (
    CommentAnswer,
    DocumentAcknowledgement,
    DocumentComment,
    RoundDocument,
)
from procurement.rounds.tables import Round, RoundStatus


def waiting_for(session: Session, *, actor: Actor, moment: datetime) -> list[Task]:
    """Return what waits: comments to answer, drafts to comment on, amendments to acknowledge.

    Args:
        session: Any session.
        actor: For whom.
        moment: Now, aware.
    """
    tasks: list[Task] = []
    if Role.OFFICER in actor.roles:
        tasks += _to_answer(session, actor)
    if Role.MANUFACTURER in actor.roles:
        tasks += _to_acknowledge(session, actor)
        tasks += _to_comment(session, actor, moment)
    return tasks


def _to_answer(session: Session, actor: Actor) -> Iterator[Task]:
    waiting = session.execute(
        select(Round, func.count())
        .join(RoundDocument, RoundDocument.round_id == Round.id)
        .join(DocumentComment, DocumentComment.document_id == RoundDocument.id)
        .where(Round.bureau_id == actor.organisation_id, Round.status == RoundStatus.COMMENTS)
        .where(~exists().where(CommentAnswer.comment_id == DocumentComment.id))
        .group_by(Round.id)
        .order_by(Round.id)
    )
    for round_, number in waiting:
        yield Task(
            zh=f"答复对“{round_.title}”采购文件的 {number} 条意见",
            en=f"Answer {number} comments on the document of “{round_.title}”",
            link=f"/rounds/{round_.name}/document",
            urgent=True,
        )


def _to_acknowledge(session: Session, actor: Actor) -> Iterator[Task]:
    """Amendments of documents that the own organisation acknowledged before."""
    rounds = session.scalars(
        select(Round)
        .where(Round.status.in_(OPEN_TO_AMENDMENT))
        .where(
            exists()
            .where(RoundDocument.round_id == Round.id)
            .where(DocumentAcknowledgement.document_id == RoundDocument.id)
            .where(DocumentAcknowledgement.organisation_id == actor.organisation_id)
        )
        .order_by(Round.id)
    )
    for round_ in rounds:
        own = actor.organisation_id
        if own is None or has_acknowledged(session, round_=round_, organisation_id=own):
            continue
        yield Task(
            zh=f"阅读并确认“{round_.title}”的补充文件",
            en=f"Read and acknowledge the amendment of “{round_.title}”",
            link=f"/rounds/{round_.name}/document",
            due_at=round_.closes_at,
            urgent=True,
        )


def _to_comment(session: Session, actor: Actor, moment: datetime) -> Iterator[Task]:
    """Drafts that are open for comments and that the own organisation has not commented on."""
    rounds = session.scalars(
        select(Round)
        .where(Round.status == RoundStatus.COMMENTS)
        .where(
            ~exists()
            .where(RoundDocument.round_id == Round.id)
            .where(DocumentComment.document_id == RoundDocument.id)
            .where(DocumentComment.organisation_id == actor.organisation_id)
        )
        .order_by(Round.id)
    )
    for round_ in rounds:
        if takes_comments(round_, moment=moment):
            yield Task(
                zh=f"对“{round_.title}”采购文件征求意见稿提出意见",
                en=f"Comment on the draft document of “{round_.title}”",
                link=f"/rounds/{round_.name}/document",
                due_at=round_.comments_close_at,
            )
