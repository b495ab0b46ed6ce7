"""Retained savings: reports to the bureau above, publication, payments, inner distribution."""

from alembic import op

from procurement.database.making_tables import (
    day,
    integer,
    long_text,
    make_append_only,
    make_table,
    moment,
    money,
    short,
)

revision = "0018b"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLES = (
    "savings_report",
    "savings_publication",
    "savings_payment",
    "savings_distribution_plan",
    "savings_distribution_part",
)
APPEND_ONLY = ("savings_distribution_plan", "savings_distribution_part")


def upgrade() -> None:
    """Make the tables."""
    _reports()
    _payments()
    make_append_only(*APPEND_ONLY)


def downgrade() -> None:
    """Drop them."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _reports() -> None:
    make_table(
        "savings_report",
        integer("settlement_id"),
        integer("number"),
        integer("to_bureau_id", nullable=True),
        integer("hospitals"),
        integer("unanswered"),
        *money("savings_report", "amount"),
        *money("savings_report", "employee"),
        *money("savings_report", "resident"),
        short("digest", 64),
        short("note", 500),
        integer("reported_by", nullable=True),
        moment("reported_at"),
        short("returned_because", 500, nullable=True),
        integer("answered_by", nullable=True),
        moment("answered_at", nullable=True),
        references=[
            "settlement_id > savings_settlement",
            "to_bureau_id > organisation",
            "reported_by > person",
            "answered_by > person",
        ],
        unique=[("settlement_id", "number")],
        indexed=["to_bureau_id"],
    )
    make_table(
        "savings_publication",
        integer("settlement_id"),
        integer("number"),
        integer("report_id"),
        long_text("content"),
        short("digest", 64),
        day("starts_on"),
        day("until"),
        short("basis", 500),
        integer("published_by", nullable=True),
        moment("published_at"),
        short("withdrawn_because", 500, nullable=True),
        moment("withdrawn_at", nullable=True),
        references=[
            "settlement_id > savings_settlement",
            "report_id > savings_report",
            "published_by > person",
        ],
        unique=[("settlement_id", "number")],
    )


def _payments() -> None:
    make_table(
        "savings_payment",
        integer("settlement_id"),
        integer("statement_id"),
        integer("hospital_id"),
        short("key", 100),
        *money("savings_payment", "employee"),
        *money("savings_payment", "resident"),
        short("status", 20),
        integer("instruction_id", nullable=True),
        moment("instructed_at", nullable=True),
        references=[
            "settlement_id > savings_settlement",
            "statement_id > savings_statement",
            "hospital_id > organisation",
        ],
        unique=[("settlement_id", "hospital_id"), ("statement_id",), ("key",)],
        indexed=["hospital_id", "instruction_id"],
    )
    make_table(
        "savings_distribution_plan",
        integer("statement_id"),
        integer("number"),
        short("basis", 500),
        *money("savings_distribution_plan", "amount"),
        integer("written_by", nullable=True),
        moment("written_at"),
        references=["statement_id > savings_statement", "written_by > person"],
        unique=[("statement_id", "number")],
    )
    make_table(
        "savings_distribution_part",
        integer("plan_id"),
        integer("number"),
        short("name", 200),
        short("note", 500),
        integer("weight", nullable=True),
        *money("savings_distribution_part", "amount"),
        references=["plan_id > savings_distribution_plan"],
        unique=[("plan_id", "number")],
    )
