"""Procurement documents: versions, files, comments, answers, acknowledgements; all only grow."""

import sqlalchemy as sa
from alembic import op

from procurement.database import Moment, append_only_ddl

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = (
    "round_document",
    "document_file",
    "document_comment",
    "document_comment_answer",
    "document_acknowledgement",
    "document_amendment_draft",
)


def upgrade() -> None:
    _create_versions()
    _create_comments()
    _create_acknowledgements()
    _create_amendment_drafts()
    for table in TABLES:
        for statement in append_only_ddl(table, dialect=op.get_bind().dialect.name):
            op.execute(statement)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target}"
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name)


def _create_versions() -> None:
    op.create_table(
        "round_document",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("round_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("content_digest", sa.String(64), nullable=False),
        sa.Column("notice", sa.Text, nullable=True),
        sa.Column("rulebook_text", sa.Text, nullable=False),
        sa.Column("rulebook_digest", sa.String(64), nullable=False),
        sa.Column("options", sa.Text, nullable=False),
        sa.Column("amended", sa.Text, nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("effect", sa.Text, nullable=True),
        sa.Column("made_by", sa.Integer, nullable=True),
        sa.Column("made_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_round_document"),
        _key("round_document", "round_id", "round"),
        _key("round_document", "made_by", "person"),
        sa.UniqueConstraint(
            "round_id", "kind", "number", name="uq_round_document_round_id_kind_number"
        ),
        sa.CheckConstraint("number > 0", name="number_positive"),
    )
    op.create_table(
        "document_file",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("document_id", sa.Integer, nullable=False),
        sa.Column("format", sa.String(10), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_document_file"),
        _key("document_file", "document_id", "round_document"),
        sa.UniqueConstraint("document_id", "format", name="uq_document_file_document_id_format"),
    )


def _create_comments() -> None:
    op.create_table(
        "document_comment",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("document_id", sa.Integer, nullable=False),
        sa.Column("clause", sa.String(60), nullable=False),
        sa.Column("organisation_id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("text", sa.String(4000), nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_document_comment"),
        _key("document_comment", "document_id", "round_document"),
        _key("document_comment", "organisation_id", "organisation"),
        _key("document_comment", "person_id", "person"),
    )
    op.create_index("ix_document_comment_document_id", "document_comment", ["document_id"])
    op.create_table(
        "document_comment_answer",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("comment_id", sa.Integer, nullable=False),
        sa.Column("is_adopted", sa.Boolean, nullable=False),
        sa.Column("text", sa.String(4000), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("answered_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_document_comment_answer"),
        _key("document_comment_answer", "comment_id", "document_comment"),
        _key("document_comment_answer", "person_id", "person"),
    )
    op.create_index(
        "ix_document_comment_answer_comment_id", "document_comment_answer", ["comment_id"]
    )


def _create_acknowledgements() -> None:
    op.create_table(
        "document_acknowledgement",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("document_id", sa.Integer, nullable=False),
        sa.Column("organisation_id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("acknowledged_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_document_acknowledgement"),
        _key("document_acknowledgement", "document_id", "round_document"),
        _key("document_acknowledgement", "organisation_id", "organisation"),
        _key("document_acknowledgement", "person_id", "person"),
        sa.UniqueConstraint(
            "document_id",
            "organisation_id",
            name="uq_document_acknowledgement_document_id_organisation_id",
        ),
    )
    op.create_index(
        "ix_document_acknowledgement_organisation_id",
        "document_acknowledgement",
        ["organisation_id"],
    )


def _create_amendment_drafts() -> None:
    op.create_table(
        "document_amendment_draft",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("round_id", sa.Integer, nullable=False),
        sa.Column("amendment", sa.Text, nullable=False),
        sa.Column("written_by", sa.Integer, nullable=False),
        sa.Column("written_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_document_amendment_draft"),
        _key("document_amendment_draft", "round_id", "round"),
        _key("document_amendment_draft", "written_by", "person"),
    )
    op.create_index(
        "ix_document_amendment_draft_round_id", "document_amendment_draft", ["round_id"]
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
