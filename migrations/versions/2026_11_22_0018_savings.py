"""Retained savings: settlements, assessments, statements, publication."""

from decimal import Decimal

import sqlalchemy as sa
from alembic import op

from procurement.database import MONEY_MAX, money_range
from procurement.database.making_tables import (
    big,
    flag,
    integer,
    long_text,
    make_append_only,
    make_table,
    moment,
    money,
    short,
)

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES = (
    "savings_settlement",
    "savings_settlement_term",
    "savings_factor",
    "savings_run",
    "savings_extracted_line",
    "savings_left_out",
    "savings_assessment",
    "savings_assessment_entry",
    "savings_assessment_evidence",
    "savings_statement",
    "savings_line",
    "savings_objection",
)
APPEND_ONLY = ("savings_line",)


def upgrade() -> None:
    """Make the tables."""
    _settlements()
    _runs()
    _extracts()
    _assessments()
    _statements()
    _lines()
    make_append_only(*APPEND_ONLY)


def downgrade() -> None:
    """Drop them."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _zero(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")


def _ratio(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return short(name, 40, nullable=nullable)


def _exact(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return short(name, 120, nullable=nullable)


def _signed(table: str, name: str) -> tuple[sa.Column[object], sa.CheckConstraint]:
    """An amount that may be below zero."""
    column, _ = money(table, name)
    allowed = money_range(name, minimum=-Decimal(MONEY_MAX))
    name_of_check = op.f(f"ck_{table}_{name}_range")
    return column, sa.CheckConstraint(allowed.sqltext, name=name_of_check)  # type: ignore[return-value]


def _settlements() -> None:
    make_table(
        "savings_settlement",
        short("name", 100),
        short("title", 300),
        integer("bureau_id"),
        integer("agency_id", nullable=True),
        short("region", 6),
        short("rulebook", 100),
        short("rulebook_digest", 64),
        sa.Column("parameters", sa.Text, nullable=False, server_default="{}"),
        short("status", 20),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("answer_by", sa.Date, nullable=True),
        integer("drafted_by", nullable=True),
        moment("drafted_at"),
        moment("changed_at"),
        references=["bureau_id > organisation", "agency_id > organisation", "drafted_by > person"],
        unique=[("name",)],
        indexed=["bureau_id", "agency_id"],
    )
    make_table(
        "savings_settlement_term",
        integer("settlement_id"),
        integer("term_id"),
        sa.Column("follow_on", sa.Boolean, nullable=False, server_default=sa.false()),
        references=["settlement_id > savings_settlement", "term_id > agreement_term"],
        unique=[("settlement_id", "term_id")],
        indexed=["term_id"],
    )
    make_table(
        "savings_factor",
        integer("settlement_id"),
        _zero("hospital_id"),
        _zero("term_id"),
        _zero("strength_id"),
        _ratio("price_before", nullable=True),
        _ratio("payment_ratio", nullable=True),
        _ratio("payment_ratio_spend", nullable=True),
        _ratio("insured_share", nullable=True),
        short("fund_share_employee", 60, nullable=True),
        integer("given_by", nullable=True),
        moment("given_at"),
        references=["settlement_id > savings_settlement", "given_by > person"],
        unique=[("settlement_id", "hospital_id", "term_id", "strength_id")],
    )


def _runs() -> None:
    make_table(
        "savings_run",
        integer("settlement_id"),
        short("kind", 10),
        integer("number"),
        integer("hospital_id", nullable=True),
        integer("extract_id", nullable=True),
        short("status", 10),
        integer("job_id", nullable=True),
        _zero("done"),
        _zero("total"),
        sa.Column("facts", sa.Text, nullable=False, server_default="{}"),
        long_text("fault_zh", nullable=True),
        long_text("fault_en", nullable=True),
        integer("asked_by", nullable=True),
        moment("asked_at"),
        moment("ended_at", nullable=True),
        references=[
            "settlement_id > savings_settlement",
            "hospital_id > organisation",
            "extract_id > savings_run",
            "job_id > job",
            "asked_by > person",
        ],
        unique=[("settlement_id", "kind", "number")],
    )
    under_way = sa.text("status IN ('waiting', 'running')")
    op.create_index(
        "uq_savings_run_open",
        "savings_run",
        ["settlement_id"],
        unique=True,
        sqlite_where=under_way,
        postgresql_where=under_way,
    )


def _extracts() -> None:
    make_table(
        "savings_extracted_line",
        integer("run_id"),
        integer("hospital_id"),
        integer("supply_id"),
        integer("term_id"),
        integer("strength_id"),
        integer("group_lead_id", nullable=True),
        big("base_volume"),
        big("agreed_volume"),
        big("winning_volume"),
        big("non_winning_volume"),
        *_signed("savings_extracted_line", "non_winning_amount"),
        key=["run_id", "hospital_id", "supply_id"],
    )
    make_table(
        "savings_left_out",
        integer("run_id"),
        short("hospital", 200),
        short("product", 400),
        short("batch", 120, nullable=True),
        short("reason", 30),
        big("lines"),
        *_signed("savings_left_out", "amount"),
        references=["run_id > savings_run"],
        indexed=["run_id"],
    )


def _assessments() -> None:
    make_table(
        "savings_assessment",
        integer("settlement_id"),
        integer("hospital_id"),
        _zero("term_id"),
        _zero("strength_id"),
        short("status", 20),
        short("failed_because", 500, nullable=True),
        integer("self_assessed_by", nullable=True),
        moment("self_assessed_at", nullable=True),
        integer("visited_by", nullable=True),
        moment("visited_at", nullable=True),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        references=[
            "settlement_id > savings_settlement",
            "hospital_id > organisation",
            "self_assessed_by > person",
            "visited_by > person",
        ],
        indexed=["hospital_id"],
    )
    op.create_index(
        "ix_savings_assessment_place",
        "savings_assessment",
        ["settlement_id", "hospital_id", "term_id", "strength_id"],
        unique=True,
    )
    make_table(
        "savings_assessment_entry",
        integer("assessment_id"),
        short("indicator", 100),
        _ratio("self_points", nullable=True),
        short("self_note", 500, nullable=True),
        _ratio("on_site_points", nullable=True),
        short("on_site_note", 500, nullable=True),
        references=["assessment_id > savings_assessment"],
        unique=[("assessment_id", "indicator")],
    )
    make_table(
        "savings_assessment_evidence",
        integer("assessment_id"),
        short("indicator", 100, nullable=True),
        short("file_name", 200),
        short("file_digest", 64),
        integer("file_bytes"),
        short("media_type", 100),
        integer("handed_in_by", nullable=True),
        moment("handed_in_at"),
        references=["assessment_id > savings_assessment", "handed_in_by > person"],
        indexed=["assessment_id"],
    )


def _statements() -> None:
    make_table(
        "savings_statement",
        integer("settlement_id"),
        integer("hospital_id"),
        integer("group_lead_id", nullable=True),
        integer("number"),
        integer("run_id"),
        short("status", 20),
        _ratio("score", nullable=True),
        short("grade", 60, nullable=True),
        _ratio("ratio", nullable=True),
        sa.Column("passed", sa.Boolean, nullable=True),
        big("winning_volume"),
        big("agreed_volume"),
        _exact("savings_base"),
        _exact("retained_exact"),
        _exact("retained"),
        *money("savings_statement", "payable"),
        *money("savings_statement", "employee"),
        *money("savings_statement", "resident"),
        short("digest", 64),
        moment("computed_at"),
        moment("opened_at", nullable=True),
        integer("confirmed_by", nullable=True),
        moment("confirmed_at", nullable=True),
        references=[
            "settlement_id > savings_settlement",
            "hospital_id > organisation",
            "group_lead_id > organisation",
            "run_id > savings_run",
            "confirmed_by > person",
        ],
        unique=[("settlement_id", "hospital_id", "number")],
        indexed=["hospital_id", "group_lead_id", "run_id"],
    )
    make_table(
        "savings_objection",
        integer("statement_id"),
        long_text("reason"),
        integer("filed_by", nullable=True),
        moment("filed_at"),
        short("verdict", 10, nullable=True),
        long_text("decision", nullable=True),
        integer("decided_by", nullable=True),
        moment("decided_at", nullable=True),
        references=["statement_id > savings_statement", "filed_by > person", "decided_by > person"],
        indexed=["statement_id"],
    )


def _lines() -> None:
    make_table(
        "savings_line",
        integer("statement_id"),
        integer("number"),
        integer("term_id"),
        integer("supply_id"),
        integer("strength_id"),
        integer("organisation_id"),
        short("batch", 120),
        short("lot", 30),
        short("product", 200),
        short("strength", 60),
        short("unit", 20),
        integer("pack_units"),
        *money("savings_line", "pack_price"),
        _ratio("winning_price"),
        big("base_volume"),
        big("agreed_volume"),
        _ratio("price_before"),
        _ratio("payment_ratio"),
        _ratio("payment_ratio_spend", nullable=True),
        _ratio("insured_share"),
        short("fund_share_employee", 60),
        flag("follow_on"),
        big("winning_volume"),
        big("non_winning_volume"),
        *_signed("savings_line", "non_winning_amount"),
        _exact("budget", nullable=True),
        _exact("spend", nullable=True),
        _exact("savings_base"),
        _ratio("score", nullable=True),
        short("grade", 60, nullable=True),
        _ratio("ratio"),
        flag("passed"),
        flag("completed"),
        short("nothing_because", 200),
        _exact("retained"),
        *_signed("savings_line", "paid_part"),
        references=["statement_id > savings_statement"],
        indexed=["statement_id", "supply_id"],
    )
