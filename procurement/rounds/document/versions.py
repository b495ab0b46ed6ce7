"""The versions of a round's document: drafts, publication, and what is in force."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.china_days import day_in_china
from procurement.database import text_digest
from procurement.permissions import Action, Actor
from procurement.rounds.document.amended import RulesInForce, amend_rules
from procurement.rounds.document.as_json import read_json, write_json
from procurement.rounds.document.clause import Document
from procurement.rounds.document.comments import unanswered
from procurement.rounds.document.content import FINAL, write_document
from procurement.rounds.document.errors import (
    AlreadyPublishedError,
    OpenClausesError,
    UnansweredCommentsError,
)
from procurement.rounds.document.facts import plan_of
from procurement.rounds.document.figures import day
from procurement.rounds.document.files import store_files
from procurement.rounds.document.later import BaseVolumes
from procurement.rounds.document.plan import RoundPlan
from procurement.rounds.document.rulebook_text import frozen_rulebook, text_of
from procurement.rounds.document.tables import DocumentKind, RoundDocument
from procurement.rounds.options import read_options, write_options
from procurement.rounds.progress import lock_round, record_change
from procurement.rounds.tables import Round
from rulebooks import Bilingual, load_rulebook

IN_FORCE = (DocumentKind.PUBLISHED, DocumentKind.AMENDMENT)
"""Versions that bind; drafts do not."""

NOTHING_AMENDED = "{}"


def preview_document(
    session: Session, *, round_: Round, base_volumes: BaseVolumes | None = None
) -> Document:
    """Write the document as it would read now, storing nothing.

    Args:
        session: Any session.
        round_: A round that is not published yet.
        base_volumes: See `plan_of`.
    """
    plan = plan_of(session, round_, base_volumes=base_volumes)
    return write_document(plan, load_rulebook(round_.rulebook))


def make_draft(
    session: Session,
    *,
    round_: Round,
    actor: Actor,
    moment: datetime,
    base_volumes: BaseVolumes | None = None,
) -> RoundDocument:
    """Put a new draft on record, open for comments while the round is.

    A draft that reads as the newest one does is not stored again.

    Args:
        session: Session of the caller's transaction.
        round_: A round that is not published yet.
        actor: The officer.
        moment: When, aware.
        base_volumes: See `plan_of`.

    Raises:
        AlreadyPublishedError: The document is published.
    """
    lock_round(session, round_=round_)
    if published_document(session, round_=round_) is not None:
        raise AlreadyPublishedError
    newest = newest_version(session, round_=round_)
    number = 1 if newest is None else newest.number + 1
    plan = plan_of(session, round_, base_volumes=base_volumes)
    now = write_document(plan, load_rulebook(round_.rulebook), dated=_dated(moment))
    if newest is not None and _reads_the_same(now, content_of(newest)):
        return newest
    document = replace(now, kind=_draft_kind(number))
    written = _Written(DocumentKind.DRAFT, number, document, plan)
    stored = _store(session, round_, written, actor, moment)
    facts = {"draft": str(number), "digest": stored.content_digest}
    record_change(
        session,
        round_=round_,
        actor=actor,
        action=Action.CHANGE_ROUND,
        facts=facts,
        moment=moment,
    )
    return stored


def _draft_kind(number: int) -> Bilingual:
    return Bilingual(
        f"采购文件（征求意见稿，第 {number} 稿）",
        f"Procurement document (draft {number} for comments)",
    )


def _reads_the_same(one: Document, other: Document) -> bool:
    return one.sections == other.sections and one.title == other.title


def _dated(moment: datetime) -> Bilingual:
    return day(day_in_china(moment))


def publish_document(
    session: Session,
    *,
    round_: Round,
    moment: datetime,
    actor: Actor | None = None,
    base_volumes: BaseVolumes | None = None,
) -> RoundDocument:
    """Publish the document: freeze its words, its rules and its files.

    The round's status and the two officers are the caller's concern (`Step.PUBLISH`).

    Args:
        session: Session of the caller's transaction.
        round_: The round, whose digest of the rulebook becomes that of the document.
        moment: When, aware.
        actor: The officer who confirms; None where the caller keeps the record himself.
        base_volumes: See `plan_of`.

    Returns:
        The published version, with digests of content and rulebook.

    Raises:
        AlreadyPublishedError: It was published before.
        OpenClausesError: Something in it is not known yet.
        UnansweredCommentsError: Comments on drafts have no answer.
        BadOptionError: An option of the round is not one that its rulebook leaves open.
    """
    lock_round(session, round_=round_)
    if published_document(session, round_=round_) is not None:
        raise AlreadyPublishedError
    plan = plan_of(session, round_, base_volumes=base_volumes)
    rulebook = load_rulebook(round_.rulebook)
    document = write_document(plan, rulebook, kind=FINAL, dated=_dated(moment))
    if document.open_clauses:
        raise OpenClausesError(document.open_clauses)
    waiting = unanswered(session, round_id=round_.id)
    if waiting:
        raise UnansweredCommentsError(waiting)
    by = actor or Actor()
    written = _Written(DocumentKind.PUBLISHED, 1, document, plan)
    stored = _store(session, round_, written, by, moment)
    store_files(session, version=stored, document=document)
    round_.rulebook_digest = rulebook.digest
    session.flush()
    if actor is not None:
        record_change(
            session,
            round_=round_,
            actor=actor,
            action=Action.CONFIRM_STEP,
            facts={"document": stored.content_digest, "rulebook": rulebook.digest},
            moment=moment,
        )
    return stored


@dataclass(frozen=True, slots=True)
class _Written:
    """A version before it is stored."""

    kind: DocumentKind
    number: int
    document: Document
    plan: RoundPlan


def _store(
    session: Session, round_: Round, written: _Written, actor: Actor, moment: datetime
) -> RoundDocument:
    content = write_json(written.document)
    text = text_of(load_rulebook(round_.rulebook))
    stored = RoundDocument(
        round_id=round_.id,
        kind=written.kind,
        number=written.number,
        content=content,
        content_digest=text_digest(content),
        rulebook_text=text,
        rulebook_digest=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        options=write_options(written.plan.options),
        amended=NOTHING_AMENDED,
        reason="",
        made_by=actor.person_id,
        made_at=moment,
    )
    session.add(stored)
    session.flush()
    return stored


def content_of(version: RoundDocument) -> Document:
    """The document that a version holds."""
    return read_json(version.content)


def notice_of(version: RoundDocument) -> Document | None:
    """What an amendment prints by itself; None for other versions."""
    return None if version.notice is None else read_json(version.notice)


def versions_of(session: Session, *, round_: Round) -> Sequence[RoundDocument]:
    """All versions of a round's document, the oldest first."""
    own = select(RoundDocument).where(RoundDocument.round_id == round_.id)
    return session.scalars(own.order_by(RoundDocument.id)).all()


def newest_version(session: Session, *, round_: Round) -> RoundDocument | None:
    """The version that stands: the newest draft, or the document as last amended."""
    own = select(RoundDocument).where(RoundDocument.round_id == round_.id)
    return session.scalars(own.order_by(RoundDocument.id.desc()).limit(1)).one_or_none()


def published_document(session: Session, *, round_: Round) -> RoundDocument | None:
    """The document as it was published, before any amendment; None before its publication."""
    return find_version(session, round_=round_, kind=DocumentKind.PUBLISHED, number=1)


def find_version(
    session: Session, *, round_: Round, kind: DocumentKind, number: int
) -> RoundDocument | None:
    """One version by its kind and number."""
    wanted = select(RoundDocument).where(
        RoundDocument.round_id == round_.id,
        RoundDocument.kind == kind,
        RoundDocument.number == number,
    )
    return session.scalars(wanted).one_or_none()


def last_number(session: Session, *, round_: Round, kind: DocumentKind) -> int:
    """The highest number of a kind so far; 0 where there is none."""
    highest = select(func.max(RoundDocument.number)).where(
        RoundDocument.round_id == round_.id, RoundDocument.kind == kind
    )
    return session.scalar(highest) or 0


def rules_of(round_: Round, version: RoundDocument) -> RulesInForce:
    """The rules that a version was written from, amendments applied."""
    rulebook = frozen_rulebook(round_.rulebook, version.rulebook_text)
    changes = read_options(version.amended)
    return amend_rules(rulebook, read_options(version.options), changes)


def rules_in_force(session: Session, *, round_: Round) -> RulesInForce:
    """The rules that govern a round: evaluations of it take these and no others.

    From its publication on they are the frozen rulebook with all amendments, whatever the
    rulebook's file says by then; before it, the file with the round's options.

    Args:
        session: Any session.
        round_: The round.
    """
    newest = newest_version(session, round_=round_)
    if newest is None or newest.kind not in IN_FORCE:
        return RulesInForce(load_rulebook(round_.rulebook), read_options(round_.options))
    return rules_of(round_, newest)


def amended_keys(version: RoundDocument) -> tuple[str, ...]:
    """The rules that amendments have changed up to a version."""
    changes: dict[str, object] = json.loads(version.amended)
    return tuple(changes)
