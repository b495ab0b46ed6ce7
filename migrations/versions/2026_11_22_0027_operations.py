"""What a database is for, and the clock of a rehearsal."""

import sqlalchemy as sa
from alembic import op

from procurement.database import Moment
from procurement.database.making_tables import make_append_only, make_table

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_table(
        "installation",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("marked_at", Moment, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_one")),
    )
    make_table(
        "clock_segment",
        sa.Column("since", Moment, nullable=False),
        sa.Column("shown", Moment, nullable=False),
        sa.Column("speed", sa.Integer, nullable=False),
        sa.CheckConstraint("speed BETWEEN 1 AND 100000", name=op.f("ck_clock_segment_speed_range")),
    )
    make_append_only("installation", "clock_segment")


def downgrade() -> None:
    op.drop_table("clock_segment")
    op.drop_table("installation")
