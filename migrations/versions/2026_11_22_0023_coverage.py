"""Coverage plans, convenience pharmacies, and the needs that they report."""

import sqlalchemy as sa
from alembic import op

from procurement.database.making_tables import (
    big,
    day,
    flag,
    integer,
    long_text,
    make_append_only,
    make_table,
    moment,
    money,
    short,
)

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = (
    "quarterly_need",
    "quarterly_need_line",
    "coverage_plan",
    "convenience_counter",
    "convenience_check",
    "convenience_year",
)


def upgrade() -> None:
    _make_needs()
    make_table(
        "coverage_plan",
        integer("bureau_id"),
        short("region", 6),
        short("scope", 20),
        integer("listed_drug_id", nullable=True),
        sa.Column("within_km", sa.Double, nullable=True),
        integer("per_county"),
        long_text("inputs"),
        short("inputs_digest", 64),
        short("status", 10),
        integer("job_id", nullable=True),
        long_text("outcome", nullable=True),
        sa.Column("optimal", sa.Boolean, nullable=True),
        sa.Column("gap", sa.Double, nullable=True),
        integer("further", nullable=True),
        integer("uncovered", nullable=True),
        integer("requested_by", nullable=True),
        moment("requested_at"),
        moment("ended_at", nullable=True),
        sa.CheckConstraint(
            "within_km IS NULL OR within_km > 0", name=op.f("ck_coverage_plan_within_km_positive")
        ),
        sa.CheckConstraint("per_county > 0", name=op.f("ck_coverage_plan_per_county_positive")),
        references=(
            "bureau_id > organisation",
            "listed_drug_id > listed_drug",
            "requested_by > person",
        ),
        indexed=("bureau_id", "listed_drug_id"),
    )
    _make_convenience()
    make_append_only("convenience_check", "convenience_year")


def _make_needs() -> None:
    make_table(
        "quarterly_need",
        short("institution_code", 12),
        integer("organisation_id"),
        short("county", 6),
        sa.Column("year", sa.SmallInteger, nullable=False),
        sa.Column("quarter", sa.SmallInteger, nullable=False),
        short("rulebook", 60),
        moment("due_at"),
        moment("first_reported_at"),
        integer("reported_by", nullable=True),
        moment("reported_at"),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name=op.f("ck_quarterly_need_quarter_range")),
        references=("organisation_id > organisation", "reported_by > person"),
        unique=(("institution_code", "year", "quarter"),),
        indexed=("organisation_id",),
    )
    op.create_index(
        "ix_quarterly_need_year_quarter_county", "quarterly_need", ["year", "quarter", "county"]
    )
    make_table(
        "quarterly_need_line",
        integer("need_id"),
        integer("strength_id"),
        big("units"),
        sa.CheckConstraint("units > 0", name=op.f("ck_quarterly_need_line_units_positive")),
        references=("need_id > quarterly_need", "strength_id > product_strength"),
        unique=(("need_id", "strength_id"),),
        indexed=("strength_id",),
    )


def _make_convenience() -> None:
    make_table(
        "convenience_counter",
        integer("place_id"),
        short("kind", 12),
        integer("product_id"),
        *money("convenience_counter", "sale_price"),
        *money("convenience_counter", "stated_purchase_price", nullable=True),
        day("as_of"),
        integer("reported_by", nullable=True),
        moment("reported_at"),
        references=(
            "place_id > place",
            "product_id > product",
            "reported_by > person",
        ),
        unique=(("place_id", "product_id"),),
        indexed=("product_id",),
    )
    make_table(
        "convenience_check",
        integer("place_id"),
        integer("product_id"),
        *money("convenience_check", "sale_price"),
        *money("convenience_check", "purchase_price", nullable=True),
        short("purchase_source", 10),
        *money("convenience_check", "limit_price", nullable=True),
        integer("price_id", nullable=True),
        short("outcome", 20),
        day("checked_on"),
        integer("checked_by", nullable=True),
        moment("checked_at"),
        references=(
            "place_id > place",
            "product_id > product",
            "price_id > price",
            "checked_by > person",
        ),
        indexed=("place_id",),
    )
    make_table(
        "convenience_year",
        integer("place_id"),
        integer("designation_id"),
        integer("year"),
        short("rulebook", 60),
        short("rulebook_digest", 64),
        long_text("facts"),
        flag("keeps_sign"),
        flag("is_preferred"),
        integer("blocked_years"),
        long_text("because"),
        integer("judged_by", nullable=True),
        moment("judged_at"),
        references=("place_id > place", "designation_id > designation", "judged_by > person"),
        indexed=("place_id", "designation_id"),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
