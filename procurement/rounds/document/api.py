"""The document over the API: read, download, comment, acknowledge."""

import json
from datetime import datetime
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from procurement.permissions import Action
from procurement.rounds.at_edge import round_for
from procurement.rounds.document.as_json import as_fields
from procurement.rounds.document.pages import send_file
from procurement.rounds.document.reading import version_name, version_named
from procurement.rounds.document.service import (
    acknowledge,
    answer_comment,
    comment,
    content_of,
    issued_digests,
    make_draft,
    notice_of,
    threads_of,
    versions_of,
)
from procurement.rounds.document.tables import RoundDocument
from procurement.web import RowId, Visit, reads, writes


class VersionSummary(msgspec.Struct):
    """One version of a document."""

    version: str
    """Its name: ``draft-2``, ``published-1``, ``amendment-1``."""
    content_digest: str
    """SHA-256 of the canonical JSON of its content."""
    rulebook_digest: str
    reason: str
    made_at: datetime


class DocumentAnswer(msgspec.Struct):
    """A version with all that it says."""

    version: VersionSummary
    files: dict[str, str]
    """SHA-256 of the files as issued, by format."""
    document: dict[str, Any]
    notice: dict[str, Any] | None
    """Of an amendment: the clauses changed, before and after."""
    effect: list[dict[str, Any]]
    """Of an amendment: what the changed rules do to past rounds."""


class CommentBody(msgspec.Struct):
    """A comment on a clause."""

    version: str
    """The draft that was read."""
    text: str
    clause: str = ""
    """Id of the clause; empty for the document as a whole."""


class AnswerItem(msgspec.Struct):
    """An answer of the bureau."""

    text: str
    is_adopted: bool
    answered_at: datetime


class CommentItem(msgspec.Struct):
    """A comment with its answers."""

    id: int
    version: str
    clause: str
    organisation: str
    text: str
    made_at: datetime
    answers: list[AnswerItem]


class CommentList(msgspec.Struct):
    """All comments on a round's drafts, the oldest first."""

    items: list[CommentItem]
    next_cursor: str | None = None


class VersionList(msgspec.Struct):
    """All versions of a document, the oldest first."""

    items: list[VersionSummary]
    next_cursor: str | None = None


class AnswerBody(msgspec.Struct):
    """The bureau's answer to a comment."""

    text: str
    is_adopted: bool
    """Whether the next version follows it."""


class AcknowledgementBody(msgspec.Struct):
    """Which version is acknowledged."""

    version: str


class AcknowledgementAnswer(msgspec.Struct):
    """An acknowledgement on record."""

    version: str
    acknowledged_at: datetime


def _summary(version: RoundDocument) -> VersionSummary:
    return VersionSummary(
        version=version_name(version),
        content_digest=version.content_digest,
        rulebook_digest=version.rulebook_digest,
        reason=version.reason,
        made_at=version.made_at,
    )


@get("/api/v1/rounds/{name:str}/document", tags=["documents"])
@reads
def read_document(
    visit: Visit, name: FromPath[str], version: FromQuery[str] = ""
) -> DocumentAnswer:
    """Read a version of the document; the newest unless another is named."""
    round_, subject = round_for(visit, name, Action.READ_DOCUMENT)
    found = version_named(visit.session, round_=round_, name=version)
    marks = visit.may(Action.AMEND_DOCUMENT, subject)
    notice = notice_of(found)
    return DocumentAnswer(
        version=_summary(found),
        files=issued_digests(visit.session, version=found),
        document=as_fields(content_of(found), marks=marks),
        notice=None if notice is None else as_fields(notice, marks=False),
        effect=json.loads(found.effect or "[]"),
    )


@get("/api/v1/rounds/{name:str}/document/versions", tags=["documents"])
@reads
def list_versions(visit: Visit, name: FromPath[str]) -> VersionList:
    """List the versions of the document."""
    round_, _subject = round_for(visit, name, Action.READ_DOCUMENT)
    versions = versions_of(visit.session, round_=round_)
    return VersionList([_summary(version) for version in versions])


@get("/api/v1/rounds/{name:str}/document/files/{file_name:str}", tags=["documents"])
@reads
def read_file(visit: Visit, name: FromPath[str], file_name: FromPath[str]) -> Response[bytes]:
    """Download ``draft-1.docx``, ``published-1.pdf``, ``amendment-1-whole.docx`` and the like."""
    round_, _subject = round_for(visit, name, Action.READ_DOCUMENT)
    return send_file(visit, round_, file_name, language=visit.query.get("in") or "zh")


@get("/api/v1/rounds/{name:str}/document/comments", tags=["documents"])
@reads
def list_comments(visit: Visit, name: FromPath[str]) -> CommentList:
    """List the comments on drafts with their answers on record."""
    round_, _subject = round_for(visit, name, Action.READ_DOCUMENT)
    threads = threads_of(visit.session, round_id=round_.id)
    return CommentList(
        [
            CommentItem(
                id=thread.comment.id,
                version=f"draft-{thread.draft}",
                clause=thread.comment.clause,
                organisation=thread.organisation,
                text=thread.comment.text,
                made_at=thread.comment.made_at,
                answers=[
                    AnswerItem(one.text, one.is_adopted, one.answered_at) for one in thread.answers
                ],
            )
            for thread in threads
        ]
    )


@post("/api/v1/rounds/{name:str}/document/comments", tags=["documents"])
@writes
def add_comment(visit: Visit, name: FromPath[str], data: JSONBody[CommentBody]) -> CommentItem:
    """Comment on a clause of the newest draft."""
    round_, _subject = round_for(visit, name, Action.COMMENT_DOCUMENT)
    made = comment(
        visit.session,
        round_=round_,
        version=version_named(visit.session, round_=round_, name=data.version),
        clause=data.clause,
        text=data.text,
        actor=visit.actor,
        moment=visit.moment,
    )
    return CommentItem(
        id=made.id,
        version=data.version,
        clause=made.clause,
        organisation=visit.actor.organisation,
        text=made.text,
        made_at=made.made_at,
        answers=[],
    )


@post("/api/v1/rounds/{name:str}/document/drafts", tags=["documents"])
@writes
def add_draft(visit: Visit, name: FromPath[str]) -> VersionSummary:
    """Put a new draft of the document on record, as the round stands."""
    round_, _subject = round_for(visit, name, Action.AMEND_DOCUMENT)
    made = make_draft(visit.session, round_=round_, actor=visit.actor, moment=visit.moment)
    return _summary(made)


@post("/api/v1/rounds/{name:str}/document/comments/{comment_id:int}/answers", tags=["documents"])
@writes
def add_answer(
    visit: Visit, name: FromPath[str], comment_id: RowId, data: JSONBody[AnswerBody]
) -> AnswerItem:
    """Answer a comment for the bureau; answering again corrects the earlier answer."""
    round_, _subject = round_for(visit, name, Action.ANSWER_COMMENT)
    made = answer_comment(
        visit.session,
        round_=round_,
        comment_id=comment_id,
        is_adopted=data.is_adopted,
        text=data.text,
        actor=visit.actor,
        moment=visit.moment,
    )
    return AnswerItem(made.text, made.is_adopted, made.answered_at)


@post("/api/v1/rounds/{name:str}/document/acknowledgements", tags=["documents"])
@writes
def add_acknowledgement(
    visit: Visit, name: FromPath[str], data: JSONBody[AcknowledgementBody]
) -> AcknowledgementAnswer:
    """Acknowledge the document as it stands."""
    round_, _subject = round_for(visit, name, Action.ACKNOWLEDGE_DOCUMENT)
    version = version_named(visit.session, round_=round_, name=data.version)
    made = acknowledge(
        visit.session, round_=round_, version=version, actor=visit.actor, moment=visit.moment
    )
    return AcknowledgementAnswer(version_name(version), made.acknowledged_at)


ROUTES = (
    read_document,
    list_versions,
    read_file,
    list_comments,
    add_draft,
    add_comment,
    add_answer,
    add_acknowledgement,
)
