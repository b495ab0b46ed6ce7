"""Releases of open contracting data."""

import sqlalchemy as sa
from alembic import op

from procurement.database import MONEY_MAX, Money, money_range
from procurement.database.making_tables import (
    big,
    integer,
    long_text,
    make_append_only,
    make_table,
    moment,
    short,
)

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_REFERENCES = ("round_id > round", "event_id > round_event", "document_id > round_document")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "ocds_feed",
        integer("id"),
        big("position"),
        sa.PrimaryKeyConstraint("id", name="pk_ocds_feed"),
        sa.CheckConstraint("id = 1", name=op.f("ck_ocds_feed_only_one")),
    )
    make_table(
        "ocds_release",
        big("id"),
        integer("round_id"),
        integer("number"),
        short("release_id", 200),
        short("ocid", 150),
        short("tags", 100),
        short("stage", 20),
        integer("event_id", nullable=True),
        integer("document_id", nullable=True),
        moment("dated_at"),
        long_text("document"),
        short("digest", 64),
        moment("made_at"),
        references=_REFERENCES,
        unique=(("round_id", "number"), ("release_id",), ("event_id",), ("document_id",)),
        key=("id",),
    )
    make_append_only("ocds_release")
    paid = money_range("paid_amount", minimum=-MONEY_MAX)
    make_table(
        "ocds_contract",
        integer("agreement_id"),
        big("position"),
        short("status", 10),
        sa.Column("revision", sa.SmallInteger, nullable=False),
        integer("payments"),
        sa.Column("paid_amount", Money, nullable=False),
        sa.CheckConstraint(paid.sqltext, name=op.f("ck_ocds_contract_paid_amount_range")),
        references=("agreement_id > agreement", "position > ocds_release"),
        key=("agreement_id",),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("ocds_contract", "ocds_release", "ocds_feed"):
        op.drop_table(table)
