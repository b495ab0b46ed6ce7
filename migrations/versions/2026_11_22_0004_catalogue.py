"""Generic products, strengths, manufacturers' products, and files being imported."""

import sqlalchemy as sa
from alembic import op

from procurement.database import DecimalText, Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INDEXED = ("generic_product_id", "strength_id", "maker_id", "approval_number", "standard_code")


def upgrade() -> None:
    _create_generic_products()
    _create_products()
    for column in INDEXED:
        op.create_index(f"ix_product_{column}", "product", [column])
    op.create_table(
        "catalogue_import",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("lines", sa.Text, nullable=False),
        sa.Column("faults", sa.Text, nullable=False),
        sa.Column("line_count", sa.Integer, nullable=False),
        sa.Column("fault_count", sa.Integer, nullable=False),
        sa.Column("uploaded_by", sa.Integer, nullable=True),
        sa.Column("uploaded_at", Moment, nullable=False),
        sa.Column("applied_by", sa.Integer, nullable=True),
        sa.Column("applied_at", Moment, nullable=True),
        sa.Column("added", sa.Integer, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_import"),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["person.id"], name="fk_catalogue_import_uploaded_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["applied_by"], ["person.id"], name="fk_catalogue_import_applied_by_person"
        ),
    )


def _create_generic_products() -> None:
    op.create_table(
        "generic_product",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("printed_form", sa.String(60), nullable=False),
        sa.Column("dosage_form", sa.String(30), nullable=True),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("recorded_at", Moment, nullable=True),
        sa.Column("changed_at", Moment, nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_generic_product"),
        sa.UniqueConstraint("name", "printed_form", name="uq_generic_product_name_printed_form"),
    )
    op.create_table(
        "product_strength",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("generic_product_id", sa.Integer, nullable=False),
        sa.Column("label", sa.String(60), nullable=False),
        sa.Column("content", DecimalText, nullable=True),
        sa.Column("content_unit", sa.String(10), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_product_strength"),
        sa.ForeignKeyConstraint(
            ["generic_product_id"],
            ["generic_product.id"],
            name="fk_product_strength_generic_product_id_generic_product",
        ),
        sa.UniqueConstraint(
            "generic_product_id", "label", name="uq_product_strength_generic_product_id_label"
        ),
    )


def _create_products() -> None:
    op.create_table(
        "product",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("generic_product_id", sa.Integer, nullable=False),
        sa.Column("strength_id", sa.Integer, nullable=False),
        sa.Column("holder_id", sa.Integer, nullable=False),
        sa.Column("maker_id", sa.Integer, nullable=True),
        sa.Column("brand", sa.String(100), nullable=True),
        sa.Column("pack_units", sa.Integer, nullable=False),
        sa.Column("pack", sa.String(100), nullable=False),
        sa.Column("approval_number", sa.String(60), nullable=False),
        sa.Column("drug_code", sa.String(23), nullable=True),
        sa.Column("standard_code", sa.String(14), nullable=True),
        sa.Column("consumable_code", sa.String(27), nullable=True),
        sa.Column("evaluation", sa.String(20), nullable=False),
        sa.Column("evaluated_on", sa.Date, nullable=True),
        sa.Column("is_originator", sa.Boolean, nullable=False),
        sa.Column("is_reference", sa.Boolean, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("approved_on", sa.Date, nullable=True),
        sa.Column("approval_ends_on", sa.Date, nullable=True),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_product"),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{target}.id"], name=f"fk_product_{column}_{target}"
            )
            for column, target in (
                ("generic_product_id", "generic_product"),
                ("strength_id", "product_strength"),
                ("holder_id", "organisation"),
                ("maker_id", "organisation"),
            )
        ),
        sa.UniqueConstraint(
            "holder_id",
            "strength_id",
            "approval_number",
            "pack_units",
            "pack",
            name="uq_product_same_pack",
        ),
        sa.UniqueConstraint("drug_code", name="uq_product_drug_code"),
        sa.UniqueConstraint("consumable_code", name="uq_product_consumable_code"),
        # The naming convention is applied by Alembic too: it makes ck_product_pack_units_positive.
        sa.CheckConstraint("pack_units > 0", name="pack_units_positive"),
    )


def downgrade() -> None:
    for table in ("catalogue_import", "product", "product_strength", "generic_product"):
        op.drop_table(table)
