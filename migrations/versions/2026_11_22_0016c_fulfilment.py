"""Fulfilment: warnings, talks, breaches, suppliers that take over."""

import sqlalchemy as sa
from alembic import op

from procurement.database.making_tables import (
    day,
    flag,
    integer,
    long_text,
    make_append_only,
    make_table,
    moment,
    short,
)

revision = "0016c"
down_revision = "0016b"
branch_labels = None
depends_on = None

TABLES = (
    "fulfilment_notice",
    "fulfilment_answer",
    "fulfilment_exemption",
    "fulfilment_parameter",
    "supply_replacement",
    "consortium_member",
)
APPEND_ONLY = ("fulfilment_answer", "fulfilment_parameter", "consortium_member")


def upgrade() -> None:
    """Make the tables."""
    _notices()
    _apart()
    _replacements()
    make_append_only(*APPEND_ONLY)


def downgrade() -> None:
    """Drop them."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _ends_after_start(table: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_ends_after_start"))


def _notices() -> None:
    make_table(
        "fulfilment_notice",
        short("kind", 20),
        short("about", 20),
        integer("organisation_id"),
        short("region", 6),
        integer("round_id", nullable=True),
        integer("term_id", nullable=True),
        integer("supply_id", nullable=True),
        integer("lot_id", nullable=True),
        short("measure", 40),
        short("measured", 40, nullable=True),
        short("threshold", 40, nullable=True),
        day("measured_on"),
        short("rulebook", 100),
        short("clause", 120),
        flag("is_verified"),
        long_text("zh"),
        long_text("en"),
        short("key", 120),
        short("status", 20),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        integer("follows_id", nullable=True),
        moment("found_at"),
        integer("bureau_id", nullable=True),
        integer("issued_by", nullable=True),
        moment("issued_at", nullable=True),
        short("demand", 1000),
        day("due_on", nullable=True),
        short("decision", 1000),
        integer("decided_by", nullable=True),
        moment("decided_at", nullable=True),
        integer("matter_id", nullable=True),
        references=[
            "organisation_id > organisation",
            "round_id > round",
            "term_id > agreement_term",
            "supply_id > agreed_supply",
            "lot_id > lot",
            "follows_id > fulfilment_notice",
            "bureau_id > organisation",
            "issued_by > person",
            "decided_by > person",
            "matter_id > credit_matter",
        ],
        unique=[("key",), ("follows_id",)],
        indexed=["organisation_id", "term_id"],
    )
    op.create_index("ix_fulfilment_notice_region_status", "fulfilment_notice", ["region", "status"])
    make_table(
        "fulfilment_answer",
        integer("notice_id"),
        short("text", 1000),
        short("document", 300),
        integer("answered_by", nullable=True),
        moment("answered_at"),
        references=["notice_id > fulfilment_notice", "answered_by > person"],
        indexed=["notice_id"],
    )


def _apart() -> None:
    make_table(
        "fulfilment_exemption",
        integer("lot_id"),
        short("region", 6),
        integer("hospital_id", nullable=True),
        short("reason", 20),
        short("text", 1000),
        short("document", 300),
        day("starts_on"),
        day("ends_on"),
        integer("granted_by", nullable=True),
        moment("granted_at"),
        integer("revoked_by", nullable=True),
        moment("revoked_at", nullable=True),
        _ends_after_start("fulfilment_exemption", "ends_on >= starts_on"),
        references=[
            "lot_id > lot",
            "hospital_id > organisation",
            "granted_by > person",
            "revoked_by > person",
        ],
        indexed=["lot_id"],
    )
    make_table(
        "fulfilment_parameter",
        short("region", 6),
        short("key", 60),
        long_text("value"),
        short("basis", 300),
        day("in_force_from"),
        integer("given_by", nullable=True),
        moment("given_at"),
        references=["given_by > person"],
    )
    op.create_index("ix_fulfilment_parameter_key_region", "fulfilment_parameter", ["key", "region"])


def _replacements() -> None:
    make_table(
        "supply_replacement",
        integer("supply_id"),
        integer("by_awarded_bid_id"),
        integer("organisation_id"),
        flag("is_spare"),
        integer("price_id"),
        integer("distributor_id"),
        short("region", 60),
        short("reason", 1000),
        short("document", 300),
        integer("notice_id", nullable=True),
        day("starts_on"),
        day("ends_on", nullable=True),
        integer("decided_by", nullable=True),
        moment("decided_at"),
        short("end_reason", 1000),
        integer("ended_by", nullable=True),
        moment("ended_at", nullable=True),
        _ends_after_start("supply_replacement", "ends_on IS NULL OR ends_on >= starts_on"),
        references=[
            "supply_id > agreed_supply",
            "by_awarded_bid_id > awarded_bid",
            "organisation_id > organisation",
            "price_id > price",
            "distributor_id > organisation",
            "notice_id > fulfilment_notice",
            "decided_by > person",
            "ended_by > person",
        ],
        indexed=["supply_id", "organisation_id"],
    )
    make_table(
        "consortium_member",
        integer("awarded_bid_id"),
        integer("organisation_id"),
        short("document", 300),
        integer("recorded_by", nullable=True),
        moment("recorded_at"),
        references=[
            "awarded_bid_id > awarded_bid",
            "organisation_id > organisation",
            "recorded_by > person",
        ],
        unique=[("awarded_bid_id", "organisation_id")],
        indexed=["organisation_id"],
    )
