"""The ledger, bank accounts, instructions to pay, results of banks."""

from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa
from alembic import op

from procurement.database import MONEY_MAX, Money, money_range
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

revision = "0017a"
down_revision = "0016c"
branch_labels = None
depends_on = None

TABLES = (
    "ledger_account",
    "ledger_posting",
    "ledger_entry",
    "bank_account",
    "payment_instruction",
    "bank_result_file",
    "bank_result",
)
# What may be changed: states, and the calendar of a month. All else only grows.
CHANGED = frozenset(
    {
        "ledger_account",
        "bank_account",
        "payment_instruction",
    }
)


def upgrade() -> None:
    _ledger()
    _instructions()
    _bank_results()
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


def _ledger() -> None:
    make_table(
        "ledger_account",
        short("code", 80),
        short("kind", 20),
        integer("owner_id"),
        integer("counterpart_id", nullable=True),
        short("fund", 10),
        references=["owner_id > organisation", "counterpart_id > organisation"],
        unique=[("code",)],
        indexed=["counterpart_id", "owner_id"],
    )
    make_table(
        "ledger_posting",
        short("key", 150),
        short("kind", 30),
        short("subject", 100),
        short("digest", 64),
        integer("corrects_id", nullable=True),
        integer("posted_by", nullable=True),
        moment("posted_at"),
        short("memo", 300),
        references=["corrects_id > ledger_posting", "posted_by > person"],
        unique=[("corrects_id",), ("key",)],
        indexed=["kind", "subject"],
    )
    table = "ledger_entry"
    make_table(
        table,
        integer("posting_id"),
        integer("account_id"),
        *_money(table, "amount", minimum=-MONEY_MAX),
        references=["posting_id > ledger_posting", "account_id > ledger_account"],
        indexed=["account_id", "posting_id"],
    )


def _instructions() -> None:
    make_table(
        "bank_account",
        integer("organisation_id"),
        short("holder", 200),
        short("bank", 200),
        short("bank_code", 12, nullable=True),
        long_text("number_sealed"),
        short("number_tail", 4),
        flag("is_insurance"),
        short("status", 10),
        integer("proposed_by", nullable=True),
        moment("proposed_at"),
        integer("confirmed_by", nullable=True),
        moment("confirmed_at", nullable=True),
        moment("closed_at", nullable=True),
        references=[
            "organisation_id > organisation",
            "proposed_by > person",
            "confirmed_by > person",
        ],
        indexed=["organisation_id"],
    )
    table = "payment_instruction"
    make_table(
        table,
        short("key", 150),
        short("number", 30),
        short("kind", 15),
        integer("agency_id"),
        integer("payee_id"),
        integer("hospital_id"),
        short("subject", 100),
        *money(table, "amount"),
        *money(table, "employee"),
        *money(table, "resident"),
        *money(table, "reserve"),
        flag("insurance_account"),
        short("status", 10),
        integer("bank_account_id", nullable=True),
        short("holder", 200, nullable=True),
        short("bank", 200, nullable=True),
        short("bank_code", 12, nullable=True),
        long_text("number_sealed", nullable=True),
        short("number_tail", 4, nullable=True),
        integer("posting_id"),
        integer("drafted_by", nullable=True),
        moment("drafted_at"),
        integer("confirmed_by", nullable=True),
        moment("confirmed_at", nullable=True),
        moment("exported_at", nullable=True),
        integer("exports"),
        sa.Column("paid_on", sa.Date, nullable=True),
        integer("version"),
        check(table, "parts_add_up", "employee + resident + reserve = amount"),
        check(table, "two_persons", "confirmed_by IS NULL OR confirmed_by <> drafted_by"),
        references=[
            "agency_id > organisation",
            "payee_id > organisation",
            "hospital_id > organisation",
            "bank_account_id > bank_account",
            "posting_id > ledger_posting",
            "drafted_by > person",
            "confirmed_by > person",
        ],
        unique=[("key",), ("number",)],
        indexed=["agency_id", "hospital_id", "payee_id", "status", "subject"],
    )


def _bank_results() -> None:
    make_table(
        "bank_result_file",
        integer("agency_id"),
        short("name", 200),
        short("digest", 64),
        integer("lines"),
        integer("recorded_by", nullable=True),
        moment("recorded_at"),
        references=["agency_id > organisation", "recorded_by > person"],
        unique=[("agency_id", "digest")],
    )
    table = "bank_result"
    make_table(
        table,
        integer("file_id"),
        integer("line"),
        integer("instruction_id"),
        integer("export"),
        short("outcome", 10),
        *money(table, "amount"),
        day("on_date"),
        short("reference", 60),
        short("reason", 300),
        integer("posting_id", nullable=True),
        references=[
            "file_id > bank_result_file",
            "instruction_id > payment_instruction",
            "posting_id > ledger_posting",
        ],
        unique=[("file_id", "line")],
        indexed=["instruction_id"],
    )
