"""Goods payable, prepayment, direct settlement by month, offsets."""

from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa
from alembic import op

from procurement.database import MONEY_MAX, DecimalText, Money, money_range
from procurement.database.making_tables import (
    check,
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

revision = "0017"
down_revision = "0017a"
branch_labels = None
depends_on = None

TABLES = (
    "goods_payable",
    "hospital_payment",
    "hospital_payment_line",
    "prepayment",
    "prepayment_pass",
    "prepayment_clearing",
    "revolving_advance",
    "settlement_month",
    "settlement_claim",
    "settlement_claim_line",
    "settlement_claim_step",
    "settlement_objection",
    "fund_payable",
    "settlement_offset",
)
# What may be changed: states, and the calendar of a month. All else only grows.
CHANGED = frozenset(
    {
        "settlement_month",
        "settlement_claim",
        "settlement_claim_line",
        "settlement_objection",
    }
)


def upgrade() -> None:
    _goods()
    _prepayments()
    _revolving()
    _claims()
    _steps()
    _offsets()
    make_append_only(*(table for table in TABLES if table not in CHANGED))


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _money(
    table: str, name: str, *, minimum: Decimal
) -> Sequence[sa.Column[object] | sa.CheckConstraint]:
    """An amount that may be below zero, or not zero."""
    allowed = money_range(name, minimum=minimum)
    return (
        sa.Column(name, Money, nullable=False),
        sa.CheckConstraint(allowed.sqltext, name=op.f(f"ck_{table}_{name}_range")),
    )


def _goods() -> None:
    table = "goods_payable"
    make_table(
        table,
        integer("invoice_line_id"),
        integer("hospital_id"),
        integer("seller_id"),
        integer("maker_id", nullable=True),
        *_money(table, "amount", minimum=-MONEY_MAX),
        day("accepted_on"),
        integer("posting_id"),
        moment("recorded_at"),
        references=[
            "invoice_line_id > invoice_line",
            "hospital_id > organisation",
            "seller_id > organisation",
            "maker_id > organisation",
            "posting_id > ledger_posting",
        ],
        unique=[("invoice_line_id",)],
        indexed=["hospital_id", "maker_id", "posting_id", "seller_id"],
    )
    table = "hospital_payment"
    make_table(
        table,
        integer("hospital_id"),
        integer("seller_id"),
        *money(table, "amount"),
        day("paid_on"),
        short("voucher", 60),
        integer("posting_id"),
        integer("recorded_by", nullable=True),
        moment("recorded_at"),
        references=[
            "hospital_id > organisation",
            "seller_id > organisation",
            "posting_id > ledger_posting",
            "recorded_by > person",
        ],
        unique=[("hospital_id", "voucher")],
        indexed=["hospital_id", "seller_id"],
    )
    make_table(
        "hospital_payment_line",
        integer("payment_id"),
        integer("goods_id"),
        references=["payment_id > hospital_payment", "goods_id > goods_payable"],
        unique=[("goods_id",)],
        indexed=["payment_id"],
    )


def _prepayments() -> None:
    table = "prepayment"
    make_table(
        table,
        integer("agency_id"),
        integer("hospital_id"),
        integer("round_id"),
        integer("term_id"),
        integer("seller_id", nullable=True),
        short("way", 10),
        short("fund", 10),
        *money(table, "agreed_amount"),
        sa.Column("ratio", DecimalText, nullable=False),
        *_money(table, "amount", minimum=Decimal("0.0001")),
        short("rulebook", 60),
        short("rulebook_digest", 64),
        short("document", 300),
        integer("instruction_id"),
        integer("given_by", nullable=True),
        moment("given_at"),
        check(table, "within_agreed", "amount <= agreed_amount"),
        references=[
            "agency_id > organisation",
            "hospital_id > organisation",
            "round_id > round",
            "term_id > agreement_term",
            "seller_id > organisation",
            "instruction_id > payment_instruction",
            "given_by > person",
        ],
        unique=[("instruction_id",)],
        indexed=["agency_id", "hospital_id"],
    )
    table = "prepayment_pass"
    make_table(
        table,
        integer("prepayment_id"),
        short("step", 25),
        integer("payer_id"),
        integer("payee_id"),
        *_money(table, "amount", minimum=Decimal("0.0001")),
        day("paid_on"),
        sa.Column("due_on", sa.Date, nullable=True),
        short("voucher", 60),
        short("voucher_digest", 64),
        integer("recorded_by", nullable=True),
        moment("recorded_at"),
        references=[
            "prepayment_id > prepayment",
            "payer_id > organisation",
            "payee_id > organisation",
            "recorded_by > person",
        ],
        unique=[("payer_id", "voucher")],
        indexed=["payee_id", "prepayment_id"],
    )
    table = "prepayment_clearing"
    make_table(
        table,
        integer("goods_id"),
        *_money(table, "amount", minimum=Decimal("0.0001")),
        day("cleared_on"),
        integer("posting_id"),
        references=["goods_id > goods_payable", "posting_id > ledger_posting"],
        indexed=["goods_id"],
    )


def _revolving() -> None:
    table = "revolving_advance"
    make_table(
        table,
        integer("agency_id"),
        integer("hospital_id"),
        short("agreement", 100),
        short("credit_grade", 20),
        short("fund", 10),
        *money(table, "limit_amount"),
        *_money(table, "amount", minimum=Decimal("0.0001")),
        short("document", 300),
        integer("instruction_id"),
        integer("decided_by", nullable=True),
        moment("decided_at"),
        check(table, "within_limit", "amount <= limit_amount"),
        references=[
            "agency_id > organisation",
            "hospital_id > organisation",
            "instruction_id > payment_instruction",
            "decided_by > person",
        ],
        unique=[("instruction_id",)],
        indexed=["agency_id", "hospital_id"],
    )


def _claims() -> None:
    make_table(
        "settlement_month",
        integer("agency_id"),
        short("region", 6),
        day("month"),
        short("rulebook", 60),
        short("rulebook_digest", 64),
        long_text("parameters"),
        long_text("calendar"),
        integer("opened_by", nullable=True),
        moment("opened_at"),
        integer("version"),
        references=["agency_id > organisation", "opened_by > person"],
        unique=[("agency_id", "month")],
    )
    table = "settlement_claim"
    make_table(
        table,
        short("number", 30),
        integer("month_id"),
        integer("seller_id"),
        integer("hospital_id"),
        short("status", 20),
        *money(table, "amount"),
        integer("instruction_id", nullable=True),
        integer("applied_by", nullable=True),
        moment("applied_at"),
        integer("version"),
        references=[
            "month_id > settlement_month",
            "seller_id > organisation",
            "hospital_id > organisation",
            "instruction_id > payment_instruction",
            "applied_by > person",
        ],
        unique=[("number",)],
        indexed=["hospital_id", "month_id", "seller_id", "status"],
    )
    table = "settlement_claim_line"
    make_table(
        table,
        integer("claim_id"),
        integer("goods_id"),
        integer("live_goods_id", nullable=True),
        *_money(table, "amount", minimum=-MONEY_MAX),
        short("dropped_reason", 500, nullable=True),
        check(table, "live_is_the_same", "live_goods_id IS NULL OR live_goods_id = goods_id"),
        references=[
            "claim_id > settlement_claim",
            "goods_id > goods_payable",
            "live_goods_id > goods_payable",
        ],
        unique=[("claim_id", "goods_id"), ("live_goods_id",)],
        indexed=["goods_id"],
    )


def _steps() -> None:
    make_table(
        "settlement_claim_step",
        integer("claim_id"),
        short("step", 20),
        integer("organisation_id", nullable=True),
        integer("person_id", nullable=True),
        moment("done_at"),
        sa.Column("due_on", sa.Date, nullable=True),
        flag("is_late"),
        short("note", 500),
        references=[
            "claim_id > settlement_claim",
            "organisation_id > organisation",
            "person_id > person",
        ],
        indexed=["claim_id"],
    )
    make_table(
        "settlement_objection",
        integer("claim_id"),
        integer("line_id", nullable=True),
        short("at_step", 20),
        integer("raised_by_id"),
        integer("person_id", nullable=True),
        short("reason", 500),
        moment("raised_at"),
        short("status", 10),
        short("answer", 500, nullable=True),
        integer("answered_by_id", nullable=True),
        integer("answered_by", nullable=True),
        moment("answered_at", nullable=True),
        integer("ended_by_id", nullable=True),
        integer("ended_by", nullable=True),
        moment("ended_at", nullable=True),
        references=[
            "claim_id > settlement_claim",
            "line_id > settlement_claim_line",
            "raised_by_id > organisation",
            "person_id > person",
            "answered_by_id > organisation",
            "answered_by > person",
            "ended_by_id > organisation",
            "ended_by > person",
        ],
        indexed=["claim_id"],
    )


def _offsets() -> None:
    table = "fund_payable"
    make_table(
        table,
        integer("agency_id"),
        integer("hospital_id"),
        day("month"),
        short("fund", 10),
        integer("revision"),
        *money(table, "amount"),
        short("document", 500),
        integer("posting_id"),
        integer("recorded_by", nullable=True),
        moment("recorded_at"),
        references=[
            "agency_id > organisation",
            "hospital_id > organisation",
            "posting_id > ledger_posting",
            "recorded_by > person",
        ],
        unique=[("agency_id", "hospital_id", "month", "fund", "revision")],
        indexed=["hospital_id"],
    )
    table = "settlement_offset"
    make_table(
        table,
        integer("month_id"),
        integer("hospital_id"),
        integer("number"),
        *money(table, "owed_employee"),
        *money(table, "owed_resident"),
        *money(table, "goods_due"),
        *money(table, "from_employee"),
        *money(table, "from_resident"),
        *money(table, "from_reserve"),
        *money(table, "refilled"),
        *money(table, "to_hospital"),
        *money(table, "unpaid"),
        *money(table, "reserve_debt"),
        integer("drafted_by", nullable=True),
        moment("drafted_at"),
        references=[
            "month_id > settlement_month",
            "hospital_id > organisation",
            "drafted_by > person",
        ],
        unique=[("month_id", "hospital_id", "number")],
        indexed=["hospital_id"],
    )
