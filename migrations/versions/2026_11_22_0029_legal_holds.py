"""Legal holds."""

from alembic import op

from procurement.database.making_tables import integer, make_table, moment, short

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_table(
        "legal_hold",
        short("subject", 200),
        short("reason", 500),
        short("document", 300),
        integer("placed_by", nullable=True),
        moment("placed_at"),
        integer("ended_by", nullable=True),
        moment("ended_at", nullable=True),
        short("end_reason", 500),
        indexed=("subject",),
    )


def downgrade() -> None:
    op.drop_table("legal_hold")
