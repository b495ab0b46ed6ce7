"""What places have in stock, and complaints."""

import sqlalchemy as sa
from alembic import op

from procurement.database.columns import Money
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

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = (
    "stock_upload",
    "place_stock",
    "stock_price_flag",
    "stock_age_limit",
    "complaint",
    "complaint_text",
    "complaint_event",
)


def upgrade() -> None:
    _make_stock()
    _make_flags()
    _make_complaints()
    make_append_only("stock_upload", "stock_age_limit", "complaint_event")


def _make_stock() -> None:
    make_table(
        "stock_upload",
        integer("organisation_id"),
        short("source", 10),
        short("file_name", 200),
        short("digest", 64),
        flag("is_whole"),
        *(integer(name) for name in ("places", "lines", "added", "changed", "removed", "too_high")),
        integer("sent_by", nullable=True),
        moment("sent_at"),
        references=("organisation_id > organisation", "sent_by > person"),
        indexed=("organisation_id",),
    )
    make_table(
        "place_stock",
        integer("place_id"),
        short("county", 6),
        integer("generic_product_id"),
        integer("product_id", nullable=True),
        short("product", 200),
        integer("packs", nullable=True),
        short("level", 10),
        sa.Column("price", Money, nullable=True),
        day("as_of"),
        short("source", 10),
        integer("upload_id", nullable=True),
        check("place_stock", "packs_not_negative", "packs IS NULL OR packs >= 0"),
        check("place_stock", "price_range", "price BETWEEN 1 AND 100000000000000000"),
        sa.UniqueConstraint(
            "place_id", "generic_product_id", "product", name="uq_place_stock_product"
        ),
        references=(
            "place_id > place",
            "generic_product_id > generic_product",
            "product_id > product",
            "upload_id > stock_upload",
        ),
    )
    op.create_index(
        "ix_place_stock_drug_county",
        "place_stock",
        ["generic_product_id", "county", "level", "place_id"],
    )
    op.create_index(
        "ix_place_stock_county_drug",
        "place_stock",
        ["county", "generic_product_id", "level", "place_id"],
    )


def _make_flags() -> None:
    make_table(
        "stock_price_flag",
        integer("place_id"),
        short("county", 6),
        integer("product_id"),
        short("product", 200),
        sa.Column("price", Money, nullable=False),
        sa.Column("allowed", Money, nullable=False),
        short("allowed_kind", 20),
        integer("price_id"),
        day("as_of"),
        moment("raised_at"),
        moment("settled_at", nullable=True),
        integer("settled_by", nullable=True),
        short("settled_why", 300),
        check("stock_price_flag", "price_range", "price BETWEEN 1 AND 100000000000000000"),
        check("stock_price_flag", "allowed_range", "allowed BETWEEN 0 AND 100000000000000000"),
        references=(
            "place_id > place",
            "product_id > product",
            "price_id > price",
            "settled_by > person",
        ),
        indexed=("place_id", "county"),
    )
    still_open = sa.text("settled_at IS NULL")
    op.create_index(
        "uq_stock_price_flag_open",
        "stock_price_flag",
        ["place_id", "product_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    make_table(
        "stock_age_limit",
        short("region", 6),
        integer("days"),
        short("basis", 300),
        integer("decided_by", nullable=True),
        moment("decided_at"),
        check("stock_age_limit", "days_positive", "days > 0"),
        references=("decided_by > person",),
        indexed=("region",),
    )


def _make_complaints() -> None:
    make_table(
        "complaint",
        short("number", 20),
        short("code_hash", 64),
        short("about", 20),
        short("county", 6),
        integer("place_id", nullable=True),
        integer("generic_product_id", nullable=True),
        short("status", 10),
        short("grade", 10, nullable=True),
        integer("assigned_to", nullable=True),
        sa.Column("due_on", sa.Date, nullable=True),
        short("review", 5, nullable=True),
        moment("received_at"),
        moment("answered_at", nullable=True),
        moment("closed_at", nullable=True),
        integer("version"),
        references=(
            "place_id > place",
            "generic_product_id > generic_product",
            "assigned_to > organisation",
        ),
        unique=(("number",),),
        indexed=("place_id", "assigned_to"),
    )
    op.create_index("ix_complaint_county_status", "complaint", ["county", "status"])
    make_table(
        "complaint_text",
        integer("complaint_id"),
        short("kind", 10),
        long_text("sealed"),
        integer("person_id", nullable=True),
        moment("written_at"),
        moment("deleted_at", nullable=True),
        references=("complaint_id > complaint", "person_id > person"),
        indexed=("complaint_id",),
    )
    make_table(
        "complaint_event",
        integer("complaint_id"),
        short("status", 10),
        integer("organisation_id", nullable=True),
        integer("person_id", nullable=True),
        short("reason", 300),
        moment("happened_at"),
        references=(
            "complaint_id > complaint",
            "organisation_id > organisation",
            "person_id > person",
        ),
        indexed=("complaint_id",),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
