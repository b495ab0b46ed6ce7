"""The list of dual-channel drugs, its decisions and its imports."""

import sqlalchemy as sa
from alembic import op

from procurement.database import DecimalText
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

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = (
    "listed_drug",
    "list_decision",
    "list_decision_line",
    "listed_drug_period",
    "list_import",
)


def upgrade() -> None:
    make_drugs()
    make_decisions()
    make_periods()
    make_imports()
    make_append_only("list_decision_line", "listed_drug_period")


def make_drugs() -> None:
    make_table(
        "listed_drug",
        integer("generic_product_id"),
        short("catalogue_number", 40),
        short("region", 6),
        integer("organisation_id", nullable=True),
        short("brand", 100),
        integer("version"),
        references=("generic_product_id > generic_product", "organisation_id > organisation"),
        unique=(("region", "generic_product_id", "brand"),),
        indexed=("generic_product_id",),
    )


def make_decisions() -> None:
    make_table(
        "list_decision",
        short("number", 30),
        short("region", 6),
        integer("bureau_id"),
        short("kind", 20),
        short("status", 20),
        short("document", 200),
        day("decided_on"),
        day("in_force_from"),
        short("rulebook", 60),
        short("rulebook_digest", 64),
        long_text("reason"),
        short("notice_title", 200),
        long_text("notice_text"),
        day("public_from"),
        integer("corrects_id", nullable=True),
        integer("proposed_by"),
        moment("proposed_at"),
        integer("settled_by", nullable=True),
        moment("settled_at", nullable=True),
        long_text("settled_reason"),
        integer("version"),
        references=(
            "bureau_id > organisation",
            "corrects_id > list_decision",
            "proposed_by > person",
            "settled_by > person",
        ),
        unique=(("number",),),
        indexed=("region",),
    )
    make_table(
        "list_decision_line",
        integer("decision_id"),
        integer("position"),
        short("kind", 20),
        integer("generic_product_id"),
        short("brand", 100),
        short("control", 20),
        long_text("terms"),
        long_text("evidence"),
        references=("decision_id > list_decision", "generic_product_id > generic_product"),
        unique=(("decision_id", "position"),),
        indexed=("decision_id", "generic_product_id"),
    )


def make_periods() -> None:
    make_table(
        "listed_drug_period",
        integer("listed_drug_id"),
        integer("decision_id"),
        integer("replaces_id", nullable=True),
        flag("is_void"),
        short("state", 20),
        day("starts_on"),
        sa.Column("ends_on", sa.Date),
        long_text("indication_limits"),
        long_text("indication_codes"),
        sa.Column("agreement_starts_on", sa.Date),
        sa.Column("agreement_ends_on", sa.Date),
        sa.Column("self_pay_share", DecimalText),
        sa.Column("employee_share", DecimalText),
        sa.Column("resident_share", DecimalText),
        flag("registration_needed"),
        long_text("papers"),
        integer("reevaluation_months", nullable=True),
        short("storage", 20, nullable=True),
        moment("recorded_at"),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_listed_drug_period_ends_after_start"),
        ),
        sa.CheckConstraint(
            "agreement_ends_on IS NULL OR agreement_starts_on IS NULL"
            " OR agreement_ends_on >= agreement_starts_on",
            name=op.f("ck_listed_drug_period_agreement_in_order"),
        ),
        references=(
            "listed_drug_id > listed_drug",
            "decision_id > list_decision",
            "replaces_id > listed_drug_period",
        ),
        unique=(("replaces_id",),),
        indexed=("listed_drug_id", "decision_id"),
    )


def make_imports() -> None:
    make_table(
        "list_import",
        short("region", 6),
        integer("bureau_id"),
        short("filename", 200),
        short("digest", 64),
        long_text("lines"),
        long_text("faults"),
        integer("line_count"),
        integer("fault_count"),
        integer("uploaded_by"),
        moment("uploaded_at"),
        integer("decision_id", nullable=True),
        references=(
            "bureau_id > organisation",
            "uploaded_by > person",
            "decision_id > list_decision",
        ),
        indexed=("region",),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
