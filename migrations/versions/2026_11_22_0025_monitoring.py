"""Price and supply surveys, the shortage list, comparison of prices, and the quarterly report."""

import sqlalchemy as sa
from alembic import op

from procurement.database import DecimalText
from procurement.database.making_tables import (
    big,
    blob,
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

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLES = (
    "monitoring_parameters",
    "monitoring_survey",
    "survey_addressee",
    "survey_answer",
    "survey_line",
    "shortage_decision",
    "reference_list",
    "reference_price",
    "linkage_proposal",
    "quarterly_report",
    "quarterly_report_file",
)
APPEND_ONLY = (
    "monitoring_parameters",
    "survey_answer",
    "survey_line",
    "shortage_decision",
    "reference_list",
    "reference_price",
    "quarterly_report_file",
)


def upgrade() -> None:
    make_table(
        "monitoring_parameters",
        integer("bureau_id"),
        integer("version"),
        long_text("given"),
        integer("given_by", nullable=True),
        moment("given_at"),
        references=("bureau_id > organisation", "given_by > person"),
        unique=(("bureau_id", "version"),),
    )
    _surveys()
    make_table(
        "shortage_decision",
        integer("bureau_id"),
        short("region", 6),
        integer("generic_product_id"),
        integer("number"),
        short("step", 10),
        short("light", 12),
        sa.Column("rise", DecimalText, nullable=True),
        sa.Column("has_substitute", sa.Boolean, nullable=True),
        long_text("signals"),
        short("reason", 500),
        integer("decided_by", nullable=True),
        moment("decided_at"),
        references=(
            "bureau_id > organisation",
            "generic_product_id > generic_product",
            "decided_by > person",
        ),
        unique=(("bureau_id", "generic_product_id", "number"),),
    )
    _comparison()
    _reports()
    make_append_only(*APPEND_ONLY)


def _surveys() -> None:
    make_table(
        "monitoring_survey",
        integer("bureau_id"),
        short("region", 6),
        day("month"),
        short("status", 10),
        moment("closes_at"),
        short("remind_days", 40),
        short("note", 500),
        integer("opened_by", nullable=True),
        moment("opened_at"),
        moment("closed_at", nullable=True),
        integer("version"),
        references=("bureau_id > organisation", "opened_by > person"),
        unique=(("bureau_id", "month"),),
    )
    make_table(
        "survey_addressee",
        integer("survey_id"),
        integer("organisation_id"),
        short("link", 15),
        integer("answers"),
        moment("answered_at", nullable=True),
        references=("survey_id > monitoring_survey", "organisation_id > organisation"),
        unique=(("survey_id", "organisation_id"),),
        indexed=("organisation_id",),
    )
    make_table(
        "survey_answer",
        integer("survey_id"),
        integer("organisation_id"),
        short("link", 15),
        integer("revision"),
        integer("lines"),
        short("file_name", 200),
        short("digest", 64),
        integer("sent_by", nullable=True),
        moment("sent_at"),
        references=(
            "survey_id > monitoring_survey",
            "organisation_id > organisation",
            "sent_by > person",
        ),
        unique=(("survey_id", "organisation_id", "revision"),),
        indexed=("organisation_id",),
    )
    make_table(
        "survey_line",
        integer("answer_id"),
        integer("number"),
        integer("product_id", nullable=True),
        integer("generic_product_id", nullable=True),
        short("drug_code", 23),
        short("drug", 200),
        short("maker", 200),
        *money("survey_line", "price", nullable=True),
        *money("survey_line", "sale_price", nullable=True),
        big("ordered", nullable=True),
        big("delivered", nullable=True),
        integer("stock_days", nullable=True),
        flag("is_out_of_stock"),
        short("reason", 500),
        short("source", 200),
        *(
            sa.CheckConstraint(
                f"{name} IS NULL OR {name} >= 0", name=op.f(f"ck_survey_line_{name}_positive")
            )
            for name in ("ordered", "delivered", "stock_days")
        ),
        references=(
            "answer_id > survey_answer",
            "product_id > product",
            "generic_product_id > generic_product",
        ),
        unique=(("answer_id", "number"),),
        indexed=("generic_product_id",),
    )


def _comparison() -> None:
    make_table(
        "reference_list",
        integer("bureau_id"),
        short("kind", 12),
        short("title", 200),
        short("place", 200),
        short("document", 200),
        day("valid_from"),
        short("digest", 64),
        integer("lines"),
        integer("matched"),
        integer("imported_by", nullable=True),
        moment("imported_at"),
        references=("bureau_id > organisation", "imported_by > person"),
        unique=(("bureau_id", "digest"),),
    )
    make_table(
        "reference_price",
        integer("list_id"),
        integer("number"),
        short("drug_code", 23),
        short("generic", 200),
        short("form", 60),
        short("strength", 60),
        short("maker", 200),
        integer("pack_units"),
        *money("reference_price", "pack_price"),
        integer("generic_product_id", nullable=True),
        integer("holder_id", nullable=True),
        sa.CheckConstraint("pack_units > 0", name=op.f("ck_reference_price_pack_units_positive")),
        references=(
            "list_id > reference_list",
            "generic_product_id > generic_product",
            "holder_id > organisation",
        ),
        unique=(("list_id", "number"),),
        indexed=("generic_product_id",),
    )
    make_table(
        "linkage_proposal",
        integer("bureau_id"),
        integer("price_id"),
        integer("reference_id"),
        *money("linkage_proposal", "present_price"),
        *money("linkage_proposal", "proposed_price"),
        short("basis", 500),
        short("status", 12),
        integer("proposed_by", nullable=True),
        moment("proposed_at"),
        integer("decided_by", nullable=True),
        moment("decided_at", nullable=True),
        short("reason", 500),
        integer("version"),
        references=(
            "bureau_id > organisation",
            "price_id > price",
            "reference_id > reference_price",
            "proposed_by > person",
            "decided_by > person",
        ),
        unique=(("bureau_id", "price_id", "reference_id"),),
    )


def _reports() -> None:
    make_table(
        "quarterly_report",
        integer("bureau_id"),
        short("region", 6),
        integer("year"),
        integer("quarter"),
        long_text("measures"),
        long_text("measures_en"),
        integer("parameters_id", nullable=True),
        short("status", 10),
        integer("job_id", nullable=True),
        integer("asked_by", nullable=True),
        moment("asked_at"),
        long_text("partitions", nullable=True),
        long_text("content", nullable=True),
        short("digest", 64, nullable=True),
        moment("made_at", nullable=True),
        short("fault", 500, nullable=True),
        integer("published_by", nullable=True),
        moment("published_at", nullable=True),
        integer("version"),
        references=(
            "bureau_id > organisation",
            "parameters_id > monitoring_parameters",
            "job_id > job",
            "asked_by > person",
            "published_by > person",
        ),
        indexed=("bureau_id",),
    )
    make_table(
        "quarterly_report_file",
        integer("report_id"),
        short("language", 2),
        short("digest", 64),
        blob("content"),
        moment("made_at"),
        references=("report_id > quarterly_report",),
        unique=(("report_id", "language"),),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
