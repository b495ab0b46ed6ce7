"""Credit rating: matters with their grades, repair, clearance and promises; all only grow."""

import sqlalchemy as sa
from alembic import op

from procurement.database import Moment, Money, append_only_ddl, money_range

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = (
    "credit_matter",
    "credit_involved_product",
    "credit_repair_step",
    "credit_clearance",
    "credit_promise",
)


def upgrade() -> None:
    _create_matters()
    _create_involved_products()
    _create_repair()
    _create_promises()
    for table in TABLES:
        for statement in append_only_ddl(table, dialect=op.get_bind().dialect.name):
            op.execute(statement)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target}"
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name)


def _create_matters() -> None:
    op.create_table(
        "credit_matter",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("organisation_id", sa.Integer, nullable=False),
        sa.Column("committed_by_id", sa.Integer, nullable=True),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("matter", sa.String(20), nullable=False),
        sa.Column("largest_single", Money, nullable=True),
        sa.Column("cumulated", Money, nullable=True),
        sa.Column("lasted_months", sa.Integer, nullable=True),
        sa.Column("sales", Money, nullable=True),
        sa.Column("circumstances", sa.String(200), nullable=False),
        sa.Column("basis", sa.String(20), nullable=False),
        sa.Column("document", sa.String(300), nullable=False),
        sa.Column("found_on", sa.Date, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("scale", sa.String(30), nullable=False),
        sa.Column("grade", sa.String(20), nullable=False),
        sa.Column("clause", sa.String(60), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("is_by_rule", sa.Boolean, nullable=False),
        sa.Column("in_force_from", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=True),
        sa.Column("replaces_id", sa.Integer, nullable=True),
        sa.Column("recorded_by", sa.Integer, nullable=True),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_credit_matter"),
        _key("credit_matter", "organisation_id", "organisation"),
        _key("credit_matter", "committed_by_id", "organisation"),
        _key("credit_matter", "replaces_id", "credit_matter"),
        _key("credit_matter", "recorded_by", "person"),
        sa.UniqueConstraint("replaces_id", name="uq_credit_matter_replaces_id"),
        money_range("largest_single"),
        money_range("cumulated"),
        money_range("sales"),
    )
    for column in ("organisation_id", "region"):
        op.create_index(f"ix_credit_matter_{column}", "credit_matter", [column])


def _create_involved_products() -> None:
    op.create_table(
        "credit_involved_product",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("matter_id", sa.Integer, nullable=False),
        sa.Column("product_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_credit_involved_product"),
        _key("credit_involved_product", "matter_id", "credit_matter"),
        _key("credit_involved_product", "product_id", "product"),
        sa.UniqueConstraint(
            "matter_id", "product_id", name="uq_credit_involved_product_matter_id_product_id"
        ),
    )
    op.create_index(
        "ix_credit_involved_product_product_id", "credit_involved_product", ["product_id"]
    )


def _create_repair() -> None:
    op.create_table(
        "credit_repair_step",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("matter_id", sa.Integer, nullable=False),
        sa.Column("measure", sa.Integer, nullable=False),
        sa.Column("done_on", sa.Date, nullable=False),
        sa.Column("evidence", sa.String(500), nullable=False),
        sa.Column("recorded_by", sa.Integer, nullable=True),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_credit_repair_step"),
        _key("credit_repair_step", "matter_id", "credit_matter"),
        _key("credit_repair_step", "recorded_by", "person"),
        sa.UniqueConstraint("matter_id", "measure", name="uq_credit_repair_step_matter_id_measure"),
        sa.CheckConstraint("measure > 0", name="measure_positive"),
    )
    op.create_table(
        "credit_clearance",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("matter_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("cleared_on", sa.Date, nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("recorded_by", sa.Integer, nullable=True),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_credit_clearance"),
        _key("credit_clearance", "matter_id", "credit_matter"),
        _key("credit_clearance", "recorded_by", "person"),
        sa.UniqueConstraint("matter_id", name="uq_credit_clearance_matter_id"),
    )


def _create_promises() -> None:
    op.create_table(
        "credit_promise",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("organisation_id", sa.Integer, nullable=False),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("signed_on", sa.Date, nullable=False),
        sa.Column("signed_by", sa.String(100), nullable=False),
        sa.Column("wording", sa.Text, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=True),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_credit_promise"),
        _key("credit_promise", "organisation_id", "organisation"),
        _key("credit_promise", "person_id", "person"),
    )
    op.create_index("ix_credit_promise_organisation_id", "credit_promise", ["organisation_id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
