"""Invoices, stock movements of the national interface, written partitions."""

import sqlalchemy as sa
from alembic import op

from procurement.database import MONEY_MAX, DecimalText, Money, money_range
from procurement.database.making_tables import (
    big,
    day,
    integer,
    long_text,
    make_table,
    moment,
    money,
    short,
)

revision = "0016b"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = ("invoice", "invoice_line", "movement_file", "stock_movement", "partition_run")


def upgrade() -> None:
    _invoices()
    _movements()
    _partitions()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _signed_money(table: str, name: str) -> tuple[sa.Column[object], sa.CheckConstraint]:
    allowed = money_range(name, minimum=-MONEY_MAX)
    return (
        sa.Column(name, Money, nullable=False),
        sa.CheckConstraint(allowed.sqltext, name=op.f(f"ck_{table}_{name}_range")),
    )


def _decimal(name: str) -> sa.Column[object]:
    return sa.Column(name, DecimalText, nullable=True)


def _unique_where(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def _invoices() -> None:
    make_table(
        "invoice",
        integer("seller_id"),
        integer("hospital_id"),
        short("code", 20),
        short("number", 30),
        day("issued_on"),
        *_signed_money("invoice", "amount"),
        short("status", 12),
        short("fault_zh", 500, nullable=True),
        short("fault_en", 500, nullable=True),
        short("file_digest", 64, nullable=True),
        short("file_name", 200, nullable=True),
        integer("submitted_by", nullable=True),
        moment("submitted_at"),
        moment("matched_at", nullable=True),
        integer("withdrawn_by", nullable=True),
        moment("withdrawn_at", nullable=True),
        long_text("withdrawn_reason", nullable=True),
        references=[
            "seller_id > organisation",
            "hospital_id > organisation",
            "submitted_by > person",
            "withdrawn_by > person",
        ],
    )
    _unique_where(
        "uq_invoice_live", "invoice", ["seller_id", "code", "number"], "status <> 'withdrawn'"
    )
    op.create_index("ix_invoice_hospital_id_status", "invoice", ["hospital_id", "status"])
    op.create_index("ix_invoice_seller_id_file_digest", "invoice", ["seller_id", "file_digest"])
    make_table(
        "invoice_line",
        integer("invoice_id"),
        integer("number"),
        integer("receipt_line_id", nullable=True),
        short("order_number", 60),
        short("note_number", 60),
        short("product", 300),
        big("packs"),
        *money("invoice_line", "pack_price"),
        *_signed_money("invoice_line", "amount"),
        short("fault_zh", 500, nullable=True),
        short("fault_en", 500, nullable=True),
        moment("held_at", nullable=True),
        sa.CheckConstraint("packs <> 0", name=op.f("ck_invoice_line_packs_not_zero")),
        references=["invoice_id > invoice", "receipt_line_id > goods_receipt_line"],
        unique=[("invoice_id", "number")],
        indexed=["receipt_line_id"],
    )


def _movements() -> None:
    make_table(
        "movement_file",
        integer("hospital_id"),
        short("kind", 4),
        short("counted_in", 5),
        short("digest", 64),
        short("file_name", 200),
        *(integer(name) for name in ("lines", "matched", "counted", "unclear")),
        integer("sent_by", nullable=True),
        moment("sent_at"),
        references=["hospital_id > organisation", "sent_by > person"],
    )
    op.create_index(
        "uq_movement_file_hospital_id_digest",
        "movement_file",
        ["hospital_id", "digest"],
        unique=True,
    )
    make_table(
        "stock_movement",
        integer("file_id"),
        integer("line"),
        integer("hospital_id"),
        short("kind", 4),
        short("record_key", 80),
        short("code", 50),
        short("own_code", 30),
        short("name", 200),
        short("serial", 30),
        short("original_serial", 50),
        short("note_number", 50),
        short("seller", 200),
        short("maker", 200),
        short("approval_number", 100),
        short("batch_number", 30),
        short("invoice_code", 50),
        short("invoice_number", 50),
        day("happened_on"),
        _decimal("quantity"),
        _decimal("price"),
        big("units", nullable=True),
        long_text("fields"),
        short("status", 10),
        short("reason_zh", 500),
        short("reason_en", 500),
        integer("product_id", nullable=True),
        integer("delivery_line_id", nullable=True),
        integer("original_id", nullable=True),
        references=[
            "file_id > movement_file",
            "hospital_id > organisation",
            "product_id > product",
            "delivery_line_id > delivery_line",
            "original_id > stock_movement",
        ],
        indexed=["file_id", "delivery_line_id", "original_id"],
    )
    _unique_where(
        "uq_stock_movement_live",
        "stock_movement",
        ["hospital_id", "record_key"],
        "status <> 'deleted'",
    )
    for column in ("happened_on", "status", "serial"):
        op.create_index(
            f"ix_stock_movement_hospital_id_{column}", "stock_movement", ["hospital_id", column]
        )


def _partitions() -> None:
    make_table(
        "partition_run",
        short("region", 6),
        short("years", 200),
        short("status", 10),
        integer("job_id", nullable=True),
        integer("partitions"),
        big("rows"),
        short("quantity", 40),
        short("amount", 40),
        long_text("manifest", nullable=True),
        short("fault", 500, nullable=True),
        integer("asked_by", nullable=True),
        moment("asked_at"),
        moment("ended_at", nullable=True),
        references=["job_id > job", "asked_by > person"],
    )
