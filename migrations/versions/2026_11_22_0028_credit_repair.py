"""Objections of rated firms, their applications for repair, and public notices."""

from alembic import op

from procurement.database.making_tables import (
    check,
    day,
    flag,
    integer,
    long_text,
    make_append_only,
    make_table,
    moment,
    short,
)

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLES = ("credit_application", "credit_evidence", "credit_answer", "credit_notice")


def upgrade() -> None:
    make_table(
        "credit_application",
        integer("matter_id"),
        short("kind", 20),
        long_text("text"),
        short("measures", 60),
        short("signed_by", 100),
        integer("filed_by"),
        moment("filed_at"),
        references=("matter_id > credit_matter", "filed_by > person"),
        indexed=("matter_id",),
    )
    make_table(
        "credit_evidence",
        integer("application_id"),
        short("file_name", 200),
        short("file_digest", 64),
        short("media_type", 60),
        references=("application_id > credit_application",),
        indexed=("application_id",),
    )
    make_table(
        "credit_answer",
        integer("application_id"),
        flag("is_upheld"),
        long_text("text"),
        integer("answered_by", nullable=True),
        moment("answered_at"),
        references=("application_id > credit_application", "answered_by > person"),
        unique=(("application_id",),),
    )
    make_table(
        "credit_notice",
        integer("matter_id"),
        long_text("text"),
        day("published_on"),
        day("served_on", nullable=True),
        short("basis", 300),
        integer("recorded_by", nullable=True),
        moment("recorded_at"),
        check("credit_notice", "days_in_order", "served_on IS NULL OR served_on >= published_on"),
        references=("matter_id > credit_matter", "recorded_by > person"),
        indexed=("matter_id",),
    )
    make_append_only(*TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
