"""What the document adds to the steps of a round: to its comments, publication and amendments.

`procurement.app` hands these to `procurement.rounds.hooks.install`.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bidding.errors import BadOptionError
from procurement.database import text_digest
from procurement.errors import RefusedError
from procurement.permissions import Actor, NotFoundForActorError
from procurement.rounds.document.amend import amend, preview_amendment
from procurement.rounds.document.amendment import Amendment, read_amendment, write_amendment
from procurement.rounds.document.as_json import as_fields
from procurement.rounds.document.comments import unanswered
from procurement.rounds.document.errors import OpenClausesError
from procurement.rounds.document.notice import notice_kind
from procurement.rounds.document.tables import AmendmentDraft
from procurement.rounds.document.versions import (
    newest_version,
    preview_document,
    publish_document,
)
from procurement.rounds.proposals import StepDecision, StepKind, StepRequest
from procurement.rounds.publication import PublicationPart
from procurement.rounds.readiness import Check
from procurement.rounds.tables import Round, Step
from rulebooks import Bilingual


def comment_checks(session: Session, round_: Round, moment: datetime) -> Iterator[Check]:
    """Look at what the comments need: a draft of the document on record."""
    newest = newest_version(session, round_=round_)
    yield Check(
        key="document-draft",
        zh="采购文件征求意见稿已生成" if newest else "尚未生成采购文件征求意见稿",
        en="a draft of the document is on record" if newest else "there is no draft yet",
        is_met=newest is not None,
        link=f"/rounds/{round_.name}/document",
    )


def publication_part() -> PublicationPart:
    """Make the document's part of the publication of a round."""
    return PublicationPart(
        name="document", checks=document_checks, contents=_contents, carry_out=_publish
    )


def document_checks(session: Session, round_: Round, moment: datetime) -> Iterator[Check]:
    """Look at what the document needs before it is published."""
    link = f"/rounds/{round_.name}/document"
    try:
        refusal = OpenClausesError(preview_document(session, round_=round_).open_clauses)
    except BadOptionError as fault:
        said = Bilingual(f"规则选项有误：{fault}", str(fault))
        yield Check(key="document", zh=said.zh, en=said.en, is_met=False, link=link)
        return
    is_whole = not refusal.clauses
    yield Check(
        key="document",
        zh="采购文件没有待定条款" if is_whole else refusal.zh,
        en="no clause of the document is open" if is_whole else refusal.en,
        is_met=is_whole,
        link=link,
    )
    waiting = unanswered(session, round_id=round_.id)
    yield Check(
        key="comments-answered",
        zh=f"还有 {waiting} 条意见没有答复" if waiting else "对征求意见稿的意见均已答复",
        en=f"{waiting} comments have no answer" if waiting else "all comments are answered",
        is_met=not waiting,
        link=link,
    )


def _contents(session: Session, round_: Round) -> Mapping[str, object]:
    # Without the day of issue: the officers may confirm on the next day what reads the same.
    fields = as_fields(preview_document(session, round_=round_))
    return {"document": text_digest(_canonical(fields))}


def _publish(session: Session, decision: StepDecision) -> None:
    publish_document(session, round_=decision.round_, moment=decision.moment, actor=decision.actor)


def write_amendment_draft(
    session: Session, *, round_: Round, amendment: Amendment, actor: Actor, moment: datetime
) -> AmendmentDraft:
    """Put an amendment on record, to be proposed with the draft's id as what it is about.

    Args:
        session: Session of the caller's transaction.
        round_: A published round.
        amendment: What is to change.
        actor: The officer who writes it.
        moment: When, by the database's clock.

    Raises:
        RefusedError: As `preview_amendment`: what could not be issued is not written.
    """
    preview_amendment(session, round_=round_, amendment=amendment, moment=moment)
    draft = AmendmentDraft(
        round_id=round_.id,
        amendment=write_amendment(amendment),
        written_by=actor.person_id,
        written_at=moment,
    )
    session.add(draft)
    session.flush()
    return draft


def find_amendment_draft(session: Session, *, round_: Round, about: str) -> Amendment:
    """The amendment that a proposal is about.

    Raises:
        NotFoundForActorError: The round has no such draft.
    """
    is_id = about.isascii() and about.isdigit() and len(about) < 10
    draft = session.get(AmendmentDraft, int(about)) if is_id else None
    if draft is None or draft.round_id != round_.id:
        raise NotFoundForActorError
    return read_amendment(draft.amendment)


def amend_step() -> StepKind:
    """Make the step that amends a published document."""
    return StepKind(
        step=Step.AMEND,
        sentence=_sentence,
        content=_amendment_content,
        carry_out=_amend,
        checks=_amendment_checks,
        is_about=True,
    )


def _sentence(session: Session, request: StepRequest) -> Bilingual:
    amendment = find_amendment_draft(session, round_=request.round_, about=request.about)
    preview = preview_amendment(
        session, round_=request.round_, amendment=amendment, moment=request.moment
    )
    name, number = notice_kind(preview.number), len(preview.changes)
    title = request.round_.title
    return Bilingual(
        f"“{title}”将发布{name.zh}，修改 {number} 条，自发布之日起生效，并通知已确认采购文件的企"
        "业重新"
        "确认。",
        f"“{title}” gets {name.en}, which changes {number} clauses and is in force at once; those "
        "who acknowledged the document are asked to do so again.",
    )


def _amendment_content(session: Session, request: StepRequest) -> str:
    """The amendment, what it changes, and the text that would be issued, without its day."""
    amendment = find_amendment_draft(session, round_=request.round_, about=request.about)
    try:
        preview = preview_amendment(
            session, round_=request.round_, amendment=amendment, moment=request.moment
        )
    except RefusedError as refusal:
        # What cannot be issued any more is not what was proposed: the proposal lapses.
        return _canonical({"refused": refusal.en})
    notice = as_fields(preview.notice)
    del notice["dated"]
    return _canonical(
        {
            "amendment": write_amendment(amendment),
            "base": preview.base.content_digest,
            "number": preview.number,
            "notice": notice,
        }
    )


def _amendment_checks(session: Session, request: StepRequest) -> Iterator[Check]:
    amendment = find_amendment_draft(session, round_=request.round_, about=request.about)
    zh, en, is_met = "补充文件可以发布", "the amendment can be issued", True
    try:
        preview_amendment(
            session, round_=request.round_, amendment=amendment, moment=request.moment
        )
    except RefusedError as refusal:
        zh, en, is_met = refusal.zh, refusal.en, False
    yield Check(key="amendment", zh=zh, en=en, is_met=is_met)


def _amend(session: Session, decision: StepDecision) -> None:
    amend(
        session,
        round_=decision.round_,
        amendment=find_amendment_draft(
            session, round_=decision.round_, about=decision.proposal.about
        ),
        actor=decision.actor,
        second_person_id=decision.proposal.proposed_by,
        moment=decision.moment,
    )


def _canonical(fields: object) -> str:
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
