"""Evaluation of a round: answers, notices, objections, awards."""

import sqlalchemy as sa
from alembic import op

from procurement.database import Money, append_only_ddl, money_range
from procurement.database.making_tables import integer, long_text, make_table, moment, short

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Each with the tables that its foreign keys name, in the order of creation.
APPEND_ONLY = (
    "evaluated_sheet",
    "answer_draft",
    "award_answer",
    "award_notice",
    "objection",
    "objection_file",
    "objection_appeal",
    "objection_answer",
    "objection_service",
    "award",
    "awarded_bid",
    "awarded_price",
)


def upgrade() -> None:
    _evaluations()
    _notices()
    _objections()
    _awards()
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, dialect=op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)


def _evaluations() -> None:
    make_table(
        "evaluated_sheet",
        integer("report_id"),
        long_text("facts"),
        short("facts_digest", 64),
        long_text("owners"),
        long_text("left_out"),
        references=["report_id > evaluation_report"],
        unique=[("report_id",)],
    )
    make_table(
        "answer_draft",
        integer("round_id"),
        integer("lot_id"),
        short("question", 20),
        long_text("answers"),
        long_text("reason"),
        integer("written_by"),
        moment("written_at"),
        references=["round_id > round", "lot_id > lot", "written_by > person"],
        indexed=["round_id"],
    )
    make_table(
        "award_answer",
        integer("round_id"),
        integer("draft_id"),
        integer("lot_id"),
        integer("organisation_id"),
        short("bid", 500),
        short("question", 20),
        sa.Column("answer", sa.Boolean, nullable=False),
        integer("proposed_by"),
        integer("decided_by"),
        moment("decided_at"),
        references=[
            "round_id > round",
            "draft_id > answer_draft",
            "lot_id > lot",
            "organisation_id > organisation",
            "proposed_by > person",
            "decided_by > person",
        ],
        indexed=["round_id"],
    )


def _notices() -> None:
    make_table(
        "award_notice",
        integer("round_id"),
        integer("number"),
        integer("report_id"),
        moment("announced_at"),
        moment("closes_at"),
        integer("announced_by"),
        references=[
            "round_id > round",
            "report_id > evaluation_report",
            "announced_by > person",
        ],
        unique=[("round_id", "number")],
    )


def _objections() -> None:
    make_table(
        "objection",
        integer("round_id"),
        integer("notice_id"),
        integer("lot_id", nullable=True),
        integer("organisation_id"),
        short("organisation_name", 200),
        integer("person_id"),
        short("person_name", 100),
        long_text("text"),
        moment("filed_at"),
        references=[
            "round_id > round",
            "notice_id > award_notice",
            "lot_id > lot",
            "organisation_id > organisation",
            "person_id > person",
        ],
        indexed=["round_id", "organisation_id"],
    )
    make_table(
        "objection_file",
        integer("objection_id"),
        short("file_name", 200),
        short("file_digest", 64),
        integer("file_bytes"),
        short("media_type", 100),
        references=["objection_id > objection"],
        indexed=["objection_id"],
    )
    make_table(
        "objection_appeal",
        integer("objection_id"),
        integer("person_id"),
        short("person_name", 100),
        long_text("text"),
        moment("filed_at"),
        references=["objection_id > objection", "person_id > person"],
        unique=[("objection_id",)],
    )
    make_table(
        "objection_answer",
        integer("objection_id"),
        short("instance", 20),
        short("verdict", 20),
        long_text("text"),
        integer("person_id"),
        moment("answered_at"),
        references=["objection_id > objection", "person_id > person"],
        unique=[("objection_id", "instance")],
    )
    make_table(
        "objection_service",
        integer("objection_id"),
        short("paper", 20),
        short("way", 20),
        moment("served_at"),
        integer("recorded_by", nullable=True),
        moment("recorded_at"),
        references=["objection_id > objection", "recorded_by > person"],
        indexed=["objection_id"],
    )


def _awards() -> None:
    make_table(
        "award",
        integer("round_id"),
        integer("notice_id"),
        integer("report_id"),
        short("report_digest", 64),
        sa.Column("starts_on", sa.Date, nullable=False),
        integer("proposed_by"),
        integer("decided_by"),
        moment("awarded_at"),
        references=[
            "round_id > round",
            "notice_id > award_notice",
            "report_id > evaluation_report",
            "proposed_by > person",
            "decided_by > person",
        ],
        unique=[("round_id",)],
    )
    make_table(
        "awarded_bid",
        integer("award_id"),
        integer("lot_id"),
        integer("organisation_id"),
        short("bid", 500),
        short("strength", 60),
        integer("pack_units"),
        sa.Column("pack_price", Money, nullable=False),
        short("unit_price", 60),
        sa.Column("agreed_volume", sa.BigInteger, nullable=True),
        integer("regions", nullable=True),
        integer("rank", nullable=True),
        short("status", 30),
        sa.Column("ends_on", sa.Date, nullable=True),
        money_range("pack_price"),
        sa.CheckConstraint("pack_units > 0", name="pack_units_positive"),
        references=[
            "award_id > award",
            "lot_id > lot",
            "organisation_id > organisation",
        ],
        unique=[("award_id", "lot_id", "bid")],
        indexed=["organisation_id"],
    )
    make_table(
        "awarded_price",
        integer("awarded_bid_id"),
        integer("lot_strength_id"),
        short("strength", 60),
        integer("pack_units"),
        sa.Column("pack_price", Money, nullable=False),
        short("unit_price", 60),
        short("source", 20),
        money_range("pack_price"),
        sa.CheckConstraint("pack_units > 0", name="pack_units_positive"),
        references=["awarded_bid_id > awarded_bid", "lot_strength_id > lot_strength"],
        unique=[("awarded_bid_id", "lot_strength_id", "pack_units")],
    )
