"""Comments on the clauses of drafts, and the answers that stay on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.errors import FieldFault, InvalidInputError
from procurement.notices import notify
from procurement.permissions import Action, Actor, NotFoundForActorError
from procurement.rounds.document.as_json import read_json
from procurement.rounds.document.errors import CommentsClosedError, SupersededError
from procurement.rounds.document.tables import (
    COMMENT_LENGTH_MAX,
    CommentAnswer,
    DocumentComment,
    DocumentKind,
    RoundDocument,
)
from procurement.rounds.progress import record_change
from procurement.rounds.tables import Round, RoundStatus


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with its answers.

    Attributes:
        comment: The comment.
        draft: Number of the draft that it is about.
        organisation: Whose it is.
        answers: The oldest first; the last one counts.
    """

    comment: DocumentComment
    draft: int
    organisation: str
    answers: tuple[CommentAnswer, ...]

    @property
    def answer(self) -> CommentAnswer | None:
        """The answer that counts, if there is one."""
        return self.answers[-1] if self.answers else None


def takes_comments(round_: Round, *, moment: datetime) -> bool:
    """Tell whether the draft is open for comments."""
    closes = round_.comments_close_at
    return round_.status == RoundStatus.COMMENTS and (closes is None or moment < closes)


def comment(
    session: Session,
    *,
    round_: Round,
    version: RoundDocument,
    clause: str,
    text: str,
    actor: Actor,
    moment: datetime,
) -> DocumentComment:
    """Comment on a clause of the newest draft.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        version: The draft that was read.
        clause: Id of the clause; empty for the document as a whole.
        text: The comment.
        actor: Who comments, for an organisation.
        moment: When, by the database's clock.

    Raises:
        CommentsClosedError: It is not the time for comments.
        SupersededError: There is a newer draft.
        InvalidInputError: No such clause, no text, or too much of it.
    """
    if version.kind != DocumentKind.DRAFT or not takes_comments(round_, moment=moment):
        raise CommentsClosedError
    _check_newest(session, version)
    if clause and read_json(version.content).find(clause) is None:
        raise InvalidInputError([FieldFault("clause", "没有这一条款。", "No such clause.")])
    if actor.organisation_id is None or actor.person_id is None:
        raise NotFoundForActorError
    made = DocumentComment(
        document_id=version.id,
        clause=clause,
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        text=_checked(text),
        made_at=moment,
    )
    session.add(made)
    session.flush()
    facts = {"clause": clause, "comment": str(made.id)}
    record_change(
        session,
        round_=round_,
        actor=actor,
        action=Action.COMMENT_DOCUMENT,
        facts=facts,
        moment=moment,
    )
    return made


def _check_newest(session: Session, version: RoundDocument) -> None:
    newer = select(RoundDocument.id).where(
        RoundDocument.round_id == version.round_id, RoundDocument.id > version.id
    )
    if session.scalars(newer.limit(1)).first() is not None:
        raise SupersededError


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise InvalidInputError([FieldFault("text", "请填写内容。", "Expected some words.")])
    if len(text) > COMMENT_LENGTH_MAX:
        most = COMMENT_LENGTH_MAX
        fault = FieldFault("text", f"最多 {most} 字。", f"At most {most} characters.")
        raise InvalidInputError([fault])
    return text


def answer_comment(
    session: Session,
    *,
    round_: Round,
    comment_id: int,
    is_adopted: bool,
    text: str,
    actor: Actor,
    moment: datetime,
) -> CommentAnswer:
    """Answer a comment for the bureau; answering again corrects the earlier answer.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        comment_id: The comment.
        is_adopted: Whether the next version follows it.
        text: The answer, with its reason.
        actor: The officer.
        moment: When, aware.

    Raises:
        NotFoundForActorError: The round has no such comment.
        InvalidInputError: No text, or too much of it.
    """
    asked = session.get(DocumentComment, comment_id)
    version = None if asked is None else session.get(RoundDocument, asked.document_id)
    if asked is None or version is None or version.round_id != round_.id:
        raise NotFoundForActorError
    if actor.person_id is None:
        raise NotFoundForActorError
    answer = CommentAnswer(
        comment_id=asked.id,
        is_adopted=is_adopted,
        text=_checked(text),
        person_id=actor.person_id,
        answered_at=moment,
    )
    session.add(answer)
    session.flush()
    notify(
        session,
        organisation_id=asked.organisation_id,
        zh=f"对“{round_.title}”采购文件意见的答复已公布。",
        en=f"Your comment on the document of “{round_.title}” has been answered.",
        link=f"/rounds/{round_.name}/document#comment-{asked.id}",
        moment=moment,
    )
    record_change(
        session,
        round_=round_,
        actor=actor,
        action=Action.ANSWER_COMMENT,
        facts={"comment": str(asked.id), "adopted": str(is_adopted).lower()},
        moment=moment,
    )
    return answer


def threads_of(session: Session, *, round_id: int) -> Sequence[Thread]:
    """All comments on a round's drafts with their answers, the oldest first."""
    comments = session.execute(
        select(DocumentComment, RoundDocument.number, Organisation.name)
        .join(RoundDocument, RoundDocument.id == DocumentComment.document_id)
        .join(Organisation, Organisation.id == DocumentComment.organisation_id)
        .where(RoundDocument.round_id == round_id)
        .order_by(DocumentComment.id)
    ).all()
    answers: dict[int, list[CommentAnswer]] = {}
    given = (
        select(CommentAnswer)
        .join(DocumentComment, DocumentComment.id == CommentAnswer.comment_id)
        .join(RoundDocument, RoundDocument.id == DocumentComment.document_id)
        .where(RoundDocument.round_id == round_id)
        .order_by(CommentAnswer.id)
    )
    for answer in session.scalars(given):
        answers.setdefault(answer.comment_id, []).append(answer)
    return [
        Thread(made, draft, name, tuple(answers.get(made.id, ()))) for made, draft, name in comments
    ]


def unanswered(session: Session, *, round_id: int) -> int:
    """How many comments on a round's drafts have no answer."""
    waiting = (
        select(func.count())
        .select_from(DocumentComment)
        .join(RoundDocument, RoundDocument.id == DocumentComment.document_id)
        .where(RoundDocument.round_id == round_id)
        .where(~exists().where(CommentAnswer.comment_id == DocumentComment.id))
    )
    return session.scalar(waiting) or 0
