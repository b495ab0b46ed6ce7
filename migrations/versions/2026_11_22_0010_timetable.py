"""The platform's heartbeat, and its outages, which only grow."""

import sqlalchemy as sa
from alembic import op

from procurement.database import Moment, append_only_ddl

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("beat_at", Moment, nullable=False),
        sa.Column("reminded_until", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_heartbeat"),
    )
    op.create_table(
        "outage",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outage"),
    )
    op.create_index("ix_outage_since", "outage", ["since"])
    for statement in append_only_ddl("outage", dialect=op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("outage")
    op.drop_table("heartbeat")
