"""Evaluation of a round: answers, notices, objections, awards."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from procurement.database import Moment, Money, append_only_ddl, money_range

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Each with the tables that its foreign keys name, in the order of creation.
APPEND_ONLY = (
    "evaluated_sheet",
    "answer_draft",
    "award_answer",
    "award_notice",
    "objection",
    "objection_file",
    "objection_appeal",
    "objection_answer",
    "objection_service",
    "award",
    "awarded_bid",
    "awarded_price",
)


def upgrade() -> None:
    _evaluations()
    _notices()
    _objections()
    _awards()
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, dialect=op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)


def _table(
    name: str,
    *columns: sa.Column[object] | sa.CheckConstraint,
    references: Sequence[str] = (),
    unique: Sequence[tuple[str, ...]] = (),
    indexed: Sequence[str] = (),
) -> None:
    """Create a table; ``references`` are written ``column > table``."""
    constraints: list[sa.Constraint] = [sa.PrimaryKeyConstraint("id", name=f"pk_{name}")]
    for reference in references:
        column, _, target = reference.partition(" > ")
        constraints.append(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{name}_{column}_{target}")
        )
    for names in unique:
        constraints.append(sa.UniqueConstraint(*names, name=f"uq_{name}_{'_'.join(names)}"))
    op.create_table(name, _int("id"), *columns, *constraints)
    for column in indexed:
        op.create_index(f"ix_{name}_{column}", name, [column])


def _int(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Integer, nullable=nullable)


def _short(name: str, length: int) -> sa.Column[object]:
    return sa.Column(name, sa.String(length), nullable=False)


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text, nullable=False)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, Moment, nullable=False)


def _evaluations() -> None:
    _table(
        "evaluated_sheet",
        _int("report_id"),
        _text("facts"),
        _short("facts_digest", 64),
        _text("owners"),
        _text("left_out"),
        references=["report_id > evaluation_report"],
        unique=[("report_id",)],
    )
    _table(
        "answer_draft",
        _int("round_id"),
        _int("lot_id"),
        _short("question", 20),
        _text("answers"),
        _text("reason"),
        _int("written_by"),
        _moment("written_at"),
        references=["round_id > round", "lot_id > lot", "written_by > person"],
        indexed=["round_id"],
    )
    _table(
        "award_answer",
        _int("round_id"),
        _int("draft_id"),
        _int("lot_id"),
        _int("organisation_id"),
        _short("bid", 500),
        _short("question", 20),
        sa.Column("answer", sa.Boolean, nullable=False),
        _int("proposed_by"),
        _int("decided_by"),
        _moment("decided_at"),
        references=[
            "round_id > round",
            "draft_id > answer_draft",
            "lot_id > lot",
            "organisation_id > organisation",
            "proposed_by > person",
            "decided_by > person",
        ],
        indexed=["round_id"],
    )


def _notices() -> None:
    _table(
        "award_notice",
        _int("round_id"),
        _int("number"),
        _int("report_id"),
        _moment("announced_at"),
        _moment("closes_at"),
        _int("announced_by"),
        references=[
            "round_id > round",
            "report_id > evaluation_report",
            "announced_by > person",
        ],
        unique=[("round_id", "number")],
    )


def _objections() -> None:
    _table(
        "objection",
        _int("round_id"),
        _int("notice_id"),
        _int("lot_id", nullable=True),
        _int("organisation_id"),
        _short("organisation_name", 200),
        _int("person_id"),
        _short("person_name", 100),
        _text("text"),
        _moment("filed_at"),
        references=[
            "round_id > round",
            "notice_id > award_notice",
            "lot_id > lot",
            "organisation_id > organisation",
            "person_id > person",
        ],
        indexed=["round_id", "organisation_id"],
    )
    _table(
        "objection_file",
        _int("objection_id"),
        _short("file_name", 200),
        _short("file_digest", 64),
        _int("file_bytes"),
        _short("media_type", 100),
        references=["objection_id > objection"],
        indexed=["objection_id"],
    )
    _table(
        "objection_appeal",
        _int("objection_id"),
        _int("person_id"),
        _short("person_name", 100),
        _text("text"),
        _moment("filed_at"),
        references=["objection_id > objection", "person_id > person"],
        unique=[("objection_id",)],
    )
    _table(
        "objection_answer",
        _int("objection_id"),
        _short("instance", 20),
        _short("verdict", 20),
        _text("text"),
        _int("person_id"),
        _moment("answered_at"),
        references=["objection_id > objection", "person_id > person"],
        unique=[("objection_id", "instance")],
    )
    _table(
        "objection_service",
        _int("objection_id"),
        _short("paper", 20),
        _short("way", 20),
        _moment("served_at"),
        _int("recorded_by", nullable=True),
        _moment("recorded_at"),
        references=["objection_id > objection", "recorded_by > person"],
        indexed=["objection_id"],
    )


def _awards() -> None:
    _table(
        "award",
        _int("round_id"),
        _int("notice_id"),
        _int("report_id"),
        _short("report_digest", 64),
        sa.Column("starts_on", sa.Date, nullable=False),
        _int("proposed_by"),
        _int("decided_by"),
        _moment("awarded_at"),
        references=[
            "round_id > round",
            "notice_id > award_notice",
            "report_id > evaluation_report",
            "proposed_by > person",
            "decided_by > person",
        ],
        unique=[("round_id",)],
    )
    _table(
        "awarded_bid",
        _int("award_id"),
        _int("lot_id"),
        _int("organisation_id"),
        _short("bid", 500),
        _short("strength", 60),
        _int("pack_units"),
        sa.Column("pack_price", Money, nullable=False),
        _short("unit_price", 60),
        sa.Column("agreed_volume", sa.BigInteger, nullable=True),
        _int("regions", nullable=True),
        _int("rank", nullable=True),
        _short("status", 30),
        sa.Column("ends_on", sa.Date, nullable=True),
        money_range("pack_price"),
        sa.CheckConstraint("pack_units > 0", name="pack_units_positive"),
        references=[
            "award_id > award",
            "lot_id > lot",
            "organisation_id > organisation",
        ],
        unique=[("award_id", "lot_id", "bid")],
        indexed=["organisation_id"],
    )
    _table(
        "awarded_price",
        _int("awarded_bid_id"),
        _int("lot_strength_id"),
        _short("strength", 60),
        _int("pack_units"),
        sa.Column("pack_price", Money, nullable=False),
        _short("unit_price", 60),
        _short("source", 20),
        money_range("pack_price"),
        sa.CheckConstraint("pack_units > 0", name="pack_units_positive"),
        references=["awarded_bid_id > awarded_bid", "lot_strength_id > lot_strength"],
        unique=[("awarded_bid_id", "lot_strength_id", "pack_units")],
    )
