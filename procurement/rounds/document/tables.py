"""The tables of procurement documents: versions, files, comments, answers, acknowledgements.

All of them only grow: what was issued, asked and answered stays as it was.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, Moment

COMMENT_LENGTH_MAX = 4000
REASON_LENGTH_MAX = 2000


class DocumentKind(StrEnum):
    """What a version of a document is."""

    DRAFT = "draft"
    """Open for comments; the next draft replaces it."""
    PUBLISHED = "published"
    """The document, from its publication on; there is one in a round."""
    AMENDMENT = "amendment"
    """The whole document as a numbered amendment changed it."""


class RoundDocument(Base):
    """One version of a round's procurement document, with the rules that it was written from."""

    __tablename__ = "round_document"
    __table_args__ = (
        UniqueConstraint("round_id", "kind", "number"),
        CheckConstraint("number > 0", name="number_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[DocumentKind] = mapped_column(String(20))
    number: Mapped[int]
    """Of its kind, from 1: third draft, 第1号补充文件."""

    content: Mapped[str] = mapped_column(Text)
    """Canonical JSON of the whole document, see `as_json`."""
    content_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of ``content``."""
    notice: Mapped[str | None] = mapped_column(Text)
    """Canonical JSON of what an amendment prints: the clauses changed, old and new."""

    rulebook_text: Mapped[str] = mapped_column(Text)
    """The rulebook's file as it was read: later edits of it do not reach this round."""
    rulebook_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of that file."""
    options: Mapped[str] = mapped_column(Text)
    """JSON of the options that the round supplied, see `procurement.rounds.options`."""
    amended: Mapped[str] = mapped_column(Text)
    """JSON: raw values of the rules that amendments changed so far, by key."""

    reason: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX))
    """Why it was amended; empty for drafts and the publication."""
    effect: Mapped[str | None] = mapped_column(Text)
    """JSON: what the amendment does to real fields of bids, see `effect`."""

    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Moment)


class DocumentFile(Base):
    """A file as it was issued: Word or PDF of the document, or of an amendment's notice."""

    __tablename__ = "document_file"
    __table_args__ = (UniqueConstraint("document_id", "format"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("round_document.id"))
    format: Mapped[str] = mapped_column(String(10))
    """``docx`` or ``pdf``."""
    body: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of ``body``."""


class DocumentComment(Base):
    """What an organisation says about a clause of a draft."""

    __tablename__ = "document_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("round_document.id"), index=True)
    clause: Mapped[str] = mapped_column(String(60))
    """Id of the clause; empty for the document as a whole."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(String(COMMENT_LENGTH_MAX))
    made_at: Mapped[datetime] = mapped_column(Moment)


class CommentAnswer(Base):
    """What the bureau answers to a comment; a later answer corrects an earlier one."""

    __tablename__ = "document_comment_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("document_comment.id"), index=True)
    is_adopted: Mapped[bool]
    """The next version follows the comment."""
    text: Mapped[str] = mapped_column(String(COMMENT_LENGTH_MAX))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime] = mapped_column(Moment)


class DocumentAcknowledgement(Base):
    """A manufacturer's word that it has the published document, or an amendment."""

    __tablename__ = "document_acknowledgement"
    __table_args__ = (UniqueConstraint("document_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("round_document.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    acknowledged_at: Mapped[datetime] = mapped_column(Moment)


class AmendmentDraft(Base):
    """An amendment as one officer wrote it, for another to confirm."""

    __tablename__ = "document_amendment_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    amendment: Mapped[str] = mapped_column(Text)
    """Canonical JSON, see `amendment.write_amendment`."""
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(Moment)
