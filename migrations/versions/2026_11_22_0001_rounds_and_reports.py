"""Rounds, and their evaluation reports, which only grow."""

import sqlalchemy as sa
from alembic import op

from procurement.database import Moment, append_only_ddl

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "round",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("rulebook", sa.String(100), nullable=False),
        sa.Column("rulebook_digest", sa.String(64), nullable=False),
        sa.Column("opened_on", sa.Date, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("facts_digest", sa.String(64), nullable=False),
        sa.Column("imported_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_round"),
        sa.UniqueConstraint("name", name="uq_round_name"),
    )
    op.create_table(
        "evaluation_report",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("round_id", sa.Integer, nullable=False),
        sa.Column("report", sa.Text, nullable=False),
        sa.Column("report_digest", sa.String(64), nullable=False),
        sa.Column("rulebook_digest", sa.String(64), nullable=False),
        sa.Column("code_version", sa.String(100), nullable=False),
        sa.Column("evaluated_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_evaluation_report"),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name="fk_evaluation_report_round_id_round"
        ),
    )
    op.create_index("ix_evaluation_report_round_id", "evaluation_report", ["round_id"])
    for statement in append_only_ddl("evaluation_report", dialect=op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("evaluation_report")
    op.drop_table("round")
