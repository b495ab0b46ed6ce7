"""Orders, deliveries, receipts, returns, trace codes, purchase lines."""

import sqlalchemy as sa
from alembic import op

from procurement.database import MONEY_MAX, Money, money_range
from procurement.database.making_tables import (
    big,
    check,
    day,
    flag,
    integer,
    make_append_only,
    make_table,
    moment,
    money,
    short,
)

revision = "0016"
down_revision = "0015b"
branch_labels = None
depends_on = None

TABLES = (
    "purchase_order",
    "order_line",
    "order_file",
    "delivery",
    "delivery_line",
    "trace_code",
    "goods_receipt",
    "goods_receipt_line",
    "goods_return",
    "purchase_line",
)
APPEND_ONLY = ("goods_receipt", "goods_receipt_line", "goods_return", "purchase_line")


def upgrade() -> None:
    _orders()
    _deliveries()
    _receipts()
    _purchases()
    make_append_only(*APPEND_ONLY)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _orders() -> None:
    make_table(
        "purchase_order",
        short("number", 60),
        integer("hospital_id"),
        integer("organisation_id"),
        integer("distributor_id"),
        integer("round_id", nullable=True),
        integer("term_id", nullable=True),
        integer("agreement_id", nullable=True),
        short("region", 6),
        short("kind", 20),
        short("urgency", 20),
        flag("is_remote"),
        flag("is_cold_chain"),
        short("status", 20),
        integer("version"),
        integer("placed_by", nullable=True),
        moment("placed_at"),
        moment("confirmed_at", nullable=True),
        moment("due_at", nullable=True),
        short("due_rule", 300),
        moment("closed_at", nullable=True),
        short("reason", 500),
        references=[
            "hospital_id > organisation",
            "organisation_id > organisation",
            "distributor_id > organisation",
            "round_id > round",
            "term_id > agreement_term",
            "agreement_id > agreement",
            "placed_by > person",
        ],
        unique=[("number",)],
        indexed=["round_id"],
    )
    for name, column in (
        ("maker", "organisation_id"),
        ("distributor", "distributor_id"),
        ("hospital", "hospital_id"),
    ):
        op.create_index(f"ix_purchase_order_by_{name}", "purchase_order", [column, "status"])
    _order_lines()


def _order_lines() -> None:
    table = "order_line"
    parts = ("cancelled_packs", "shipped_packs", "accepted_packs", "returned_packs")
    make_table(
        table,
        integer("order_id"),
        integer("number"),
        integer("supply_id", nullable=True),
        integer("price_id"),
        integer("lot_strength_id", nullable=True),
        integer("generic_product_id", nullable=True),
        short("product", 200),
        short("strength", 60),
        short("unit", 20),
        integer("pack_units"),
        *money(table, "pack_price"),
        big("packs"),
        *(big(part) for part in parts),
        flag("is_winning"),
        check(table, "packs_positive", "packs > 0"),
        check(table, "pack_units_positive", "pack_units > 0"),
        check(table, "parts_positive", " AND ".join(f"{part} >= 0" for part in parts)),
        check(table, "accepted_fits", "accepted_packs + cancelled_packs <= packs"),
        check(table, "shipped_fits", "shipped_packs + cancelled_packs <= packs"),
        check(table, "accepted_was_shipped", "accepted_packs <= shipped_packs"),
        check(table, "returned_was_accepted", "returned_packs <= accepted_packs"),
        references=[
            "order_id > purchase_order",
            "supply_id > agreed_supply",
            "price_id > price",
            "lot_strength_id > lot_strength",
            "generic_product_id > generic_product",
        ],
        unique=[("order_id", "number")],
        indexed=["supply_id"],
    )
    make_table(
        "order_file",
        integer("hospital_id"),
        short("digest", 64),
        day("placed_on"),
        integer("orders"),
        integer("lines"),
        integer("uploaded_by", nullable=True),
        moment("uploaded_at"),
        references=["hospital_id > organisation", "uploaded_by > person"],
        unique=[("hospital_id", "digest", "placed_on")],
    )


def _deliveries() -> None:
    make_table(
        "delivery",
        integer("order_id"),
        short("note_number", 60),
        integer("distributor_id"),
        integer("shipped_by", nullable=True),
        moment("shipped_at"),
        moment("arrived_at", nullable=True),
        short("status", 20),
        references=[
            "order_id > purchase_order",
            "distributor_id > organisation",
            "shipped_by > person",
        ],
        unique=[("distributor_id", "note_number")],
        indexed=["order_id"],
    )
    table = "delivery_line"
    make_table(
        table,
        integer("delivery_id"),
        integer("order_line_id"),
        big("packs"),
        short("batch_number", 60),
        day("manufactured_on", nullable=True),
        day("expires_on"),
        big("accepted_packs"),
        big("refused_packs"),
        short("refusal_reason", 500, nullable=True),
        check(table, "packs_positive", "packs > 0"),
        check(table, "parts_positive", "accepted_packs >= 0 AND refused_packs >= 0"),
        check(table, "parts_fit", "accepted_packs + refused_packs <= packs"),
        check(table, "days_in_order", "manufactured_on IS NULL OR expires_on > manufactured_on"),
        references=["delivery_id > delivery", "order_line_id > order_line"],
        indexed=["delivery_id", "order_line_id"],
    )
    make_table(
        "trace_code",
        short("code", 64),
        integer("delivery_line_id"),
        short("status", 20),
        moment("since"),
        references=["delivery_line_id > delivery_line"],
        indexed=["delivery_line_id"],
        key=["code"],
    )


def _receipts() -> None:
    make_table(
        "goods_receipt",
        integer("delivery_id"),
        integer("hospital_id"),
        day("received_on"),
        integer("accepted_by", nullable=True),
        moment("accepted_at"),
        references=[
            "delivery_id > delivery",
            "hospital_id > organisation",
            "accepted_by > person",
        ],
        unique=[("delivery_id",)],
        indexed=["hospital_id"],
    )
    table = "goods_receipt_line"
    make_table(
        table,
        integer("receipt_id"),
        integer("delivery_line_id"),
        big("accepted_packs"),
        big("refused_packs"),
        short("reason", 500, nullable=True),
        check(table, "parts_positive", "accepted_packs >= 0 AND refused_packs >= 0"),
        references=["receipt_id > goods_receipt", "delivery_line_id > delivery_line"],
        unique=[("delivery_line_id",)],
        indexed=["receipt_id"],
    )
    make_table(
        "goods_return",
        integer("receipt_line_id"),
        big("packs"),
        short("reason", 500),
        day("returned_on"),
        integer("returned_by", nullable=True),
        moment("returned_at"),
        check("goods_return", "packs_positive", "packs > 0"),
        references=["receipt_line_id > goods_receipt_line", "returned_by > person"],
        indexed=["receipt_line_id"],
    )


def _purchases() -> None:
    table = "purchase_line"
    signed = money_range("amount", minimum=-MONEY_MAX)
    make_table(
        table,
        integer("hospital_id"),
        short("region", 6),
        *(
            integer(f"{name}_id", nullable=True)
            for name in (
                "organisation",
                "seller",
                "round",
                "term",
                "supply",
                "lot",
                "lot_strength",
                "generic_product",
            )
        ),
        short("product", 200),
        day("received_on"),
        flag("is_winning"),
        flag("is_negotiated"),
        big("quantity"),
        *money(table, "unit_price"),
        sa.Column("amount", Money, nullable=False),
        sa.CheckConstraint(signed.sqltext, name=op.f(f"ck_{table}_amount_range")),
        short("source", 20),
        integer("source_id"),
        moment("recorded_at"),
        unique=[("source", "source_id")],
        indexed=["supply_id"],
    )
    op.create_index(f"ix_{table}_hospital_day", table, ["hospital_id", "received_on"])
    op.create_index(f"ix_{table}_term_hospital", table, ["term_id", "hospital_id"])
