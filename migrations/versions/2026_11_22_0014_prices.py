"""The chain of prices."""

import sqlalchemy as sa
from alembic import op

from procurement.database import DecimalText, Moment, Money, append_only_ddl, money_range

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "price",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("organisation_id", sa.Integer, nullable=False),
        sa.Column("generic_product_id", sa.Integer, nullable=True),
        sa.Column("product_id", sa.Integer, nullable=True),
        sa.Column("lot_strength_id", sa.Integer, nullable=True),
        sa.Column("hospital_id", sa.Integer, nullable=True),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("strength", sa.String(60), nullable=False),
        sa.Column("pack_units", sa.Integer, nullable=False),
        sa.Column("pack_price", Money, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=True),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("clause", sa.String(120), nullable=False),
        sa.Column("converted_from_id", sa.Integer, nullable=True),
        sa.Column("factor", DecimalText, nullable=True),
        sa.Column("bureau_id", sa.Integer, nullable=True),
        sa.Column("is_public", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("series", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("previous_digest", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_price"),
        _key("organisation_id", "organisation"),
        _key("generic_product_id", "generic_product"),
        _key("product_id", "product"),
        _key("hospital_id", "organisation"),
        _key("converted_from_id", "price"),
        _key("bureau_id", "organisation"),
        sa.UniqueConstraint("series", "version", name="uq_price_series_version"),
        sa.CheckConstraint("pack_units > 0", name="pack_units_positive"),
        sa.CheckConstraint(
            "generic_product_id IS NOT NULL OR lot_strength_id IS NOT NULL", name="of_something"
        ),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        money_range("pack_price"),
    )
    indexed = (
        "organisation_id",
        "generic_product_id",
        "product_id",
        "lot_strength_id",
        "hospital_id",
    )  # fmt: skip - one line says what five would
    for column in indexed:
        op.create_index(f"ix_price_{column}", "price", [column])
    for statement in append_only_ddl("price", dialect=op.get_bind().dialect.name):
        op.execute(statement)


def _key(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_price_{column}_{target}")


def downgrade() -> None:
    op.drop_table("price")
