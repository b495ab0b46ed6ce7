"""Rounds that the platform conducts: lots, timetable, documents, approvals."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from procurement.database import DecimalText, Moment, Money, append_only_ddl, money_range

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# In the order in which they were made; dropped in reverse.
_TABLES = (
    "round_region",
    "round_participant",
    "lot",
    "lot_strength",
    "round_event",
    "step_proposal",
    "round_simulation",
)


def upgrade() -> None:
    _widen_round()
    _create_participation()
    _create_lots()
    _create_events()
    _create_proposals()
    _create_simulations()


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
    op.drop_index("ix_round_bureau_id", "round")
    for column in reversed(list(_round_columns())):
        op.drop_column("round", column.name)


def _round_columns() -> Iterator[sa.Column[object]]:
    """The columns by which a conducted round differs from an imported one."""
    yield sa.Column("status", sa.String(20), nullable=False, server_default="imported")
    for column, referred in (
        ("bureau_id", "organisation"),
        ("drafted_by", "person"),
        ("follows_id", "round"),
    ):
        key = sa.ForeignKey(f"{referred}.id", name=f"fk_round_{column}_{referred}")
        yield sa.Column(column, sa.Integer, key)
    yield sa.Column("options", sa.Text, nullable=False, server_default="{}")
    yield sa.Column("is_inquiry", sa.Boolean, nullable=False, server_default=sa.false())
    for column in (
        "volume_opens_at",
        "volume_closes_at",
        "comments_close_at",
        "bidding_opens_at",
        "closes_at",
        "opens_at",
        "published_at",
    ):
        yield sa.Column(column, Moment)
    yield sa.Column("outage_shift_minutes", sa.Integer, nullable=False, server_default="120")
    yield sa.Column("outage_shifted_at", Moment)
    yield sa.Column("quorum", sa.Integer)
    yield sa.Column("version", sa.Integer, nullable=False, server_default="1")


def _widen_round() -> None:
    # Existing rows live on: SQLite cannot add a constraint to a table afterwards, so that it
    # gets the reference together with its column.
    inline = op.get_bind().dialect.name == "sqlite"
    for column in _round_columns():
        op.add_column("round", column, inline_references=inline)
    op.create_index("ix_round_bureau_id", "round", ["bureau_id"])


def _reference(table: str, column: str, referred: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{referred}"
    return sa.ForeignKeyConstraint([column], [f"{referred}.id"], name=name)


def _create_participation() -> None:
    op.create_table(
        "round_region",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("round_id", sa.Integer, nullable=False),
        sa.Column("region", sa.String(6), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_round_region"),
        sa.UniqueConstraint("round_id", "region", name="uq_round_region_round_id_region"),
        _reference("round_region", "round_id", "round"),
    )
    op.create_table(
        "round_participant",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("round_id", sa.Integer, nullable=False),
        sa.Column("organisation_id", sa.Integer, nullable=False),
        sa.Column("part", sa.String(20), nullable=False),
        sa.Column("seat", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_round_participant"),
        sa.UniqueConstraint(
            "round_id",
            "organisation_id",
            "part",
            name="uq_round_participant_round_id_organisation_id_part",
        ),
        _reference("round_participant", "round_id", "round"),
        _reference("round_participant", "organisation_id", "organisation"),
    )
    op.create_index(
        "ix_round_participant_organisation_id", "round_participant", ["organisation_id"]
    )


def _create_lots() -> None:
    op.create_table(
        "lot",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("round_id", sa.Integer, nullable=False),
        sa.Column("code", sa.String(30), nullable=False),
        sa.Column("generic_product_id", sa.Integer),
        sa.Column("product", sa.String(200), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("dosage_form", sa.String(30)),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("daily_dose", DecimalText),
        sa.Column("by_brand", sa.Boolean, nullable=False),
        sa.Column("failed_reason", sa.String(300)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lot"),
        sa.UniqueConstraint("round_id", "code", name="uq_lot_round_id_code"),
        _reference("lot", "round_id", "round"),
        _reference("lot", "generic_product_id", "generic_product"),
    )
    op.create_table(
        "lot_strength",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("lot_id", sa.Integer, nullable=False),
        sa.Column("strength", sa.String(60), nullable=False),
        sa.Column("strength_ratio", DecimalText, nullable=False),
        sa.Column("price_ceiling", Money),
        sa.Column("benchmark_price", Money),
        money_range("price_ceiling"),
        money_range("benchmark_price"),
        sa.PrimaryKeyConstraint("id", name="pk_lot_strength"),
        sa.UniqueConstraint("lot_id", "strength", name="uq_lot_strength_lot_id_strength"),
        _reference("lot_strength", "lot_id", "lot"),
    )


def _create_events() -> None:
    op.create_table(
        "round_event",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("round_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("status_from", sa.String(20), nullable=False),
        sa.Column("status_to", sa.String(20), nullable=False),
        sa.Column("lot_id", sa.Integer),
        sa.Column("reason", sa.String(500)),
        sa.Column("person_id", sa.Integer),
        sa.Column("second_person_id", sa.Integer),
        sa.Column("happened_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_round_event"),
        _reference("round_event", "round_id", "round"),
        _reference("round_event", "lot_id", "lot"),
        _reference("round_event", "person_id", "person"),
        _reference("round_event", "second_person_id", "person"),
    )
    op.create_index("ix_round_event_round_id", "round_event", ["round_id"])
    for statement in append_only_ddl("round_event", dialect=op.get_bind().dialect.name):
        op.execute(statement)


def _create_proposals() -> None:
    op.create_table(
        "step_proposal",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("round_id", sa.Integer, nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("about", sa.String(100), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("proposed_by", sa.Integer, nullable=False),
        sa.Column("proposed_at", Moment, nullable=False),
        sa.Column("decided_by", sa.Integer),
        sa.Column("decided_at", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_step_proposal"),
        _reference("step_proposal", "round_id", "round"),
        _reference("step_proposal", "proposed_by", "person"),
        _reference("step_proposal", "decided_by", "person"),
    )
    op.create_index(
        "uq_step_proposal_open",
        "step_proposal",
        ["round_id", "step", "about"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )


def _create_simulations() -> None:
    op.create_table(
        "round_simulation",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("round_id", sa.Integer, nullable=False),
        sa.Column("asked_by", sa.Integer, nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("assumptions", sa.Text, nullable=False),
        sa.Column("sheet", sa.Text, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("fault_zh", sa.Text),
        sa.Column("fault_en", sa.Text),
        sa.Column("ended_at", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_round_simulation"),
        _reference("round_simulation", "round_id", "round"),
        _reference("round_simulation", "asked_by", "person"),
    )
    op.create_index("ix_round_simulation_round_id", "round_simulation", ["round_id"])
