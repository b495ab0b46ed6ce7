"""Audit entries, notices, jobs and idempotent answers."""

import sqlalchemy as sa
from alembic import op

from procurement.database import Moment, append_only_ddl

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("happened_at", Moment, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=True),
        sa.Column("organisation_id", sa.Integer, nullable=True),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("previous_digest", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
        sa.UniqueConstraint("digest", name="uq_audit_entry_digest"),
    )
    op.create_index("ix_audit_entry_organisation_id", "audit_entry", ["organisation_id"])
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject"])
    for statement in append_only_ddl("audit_entry", dialect=op.get_bind().dialect.name):
        op.execute(statement)
    _create_notices_and_jobs()
    op.create_table(
        "idempotent_answer",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("organisation_id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("request_digest", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer, nullable=True),
        sa.Column("media_type", sa.String(100), nullable=True),
        sa.Column("body", sa.LargeBinary, nullable=True),
        sa.Column("answered_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_idempotent_answer"),
        sa.UniqueConstraint(
            "organisation_id", "key", name="uq_idempotent_answer_organisation_id_key"
        ),
    )


def _create_notices_and_jobs() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("organisation_id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(150), nullable=True),
        sa.Column("zh", sa.String(500), nullable=False),
        sa.Column("en", sa.String(500), nullable=False),
        sa.Column("link", sa.String(300), nullable=False),
        sa.Column("sent_at", Moment, nullable=False),
        sa.Column("read_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("organisation_id", "key", name="uq_notice_organisation_id_key"),
    )
    op.create_index("ix_notice_organisation_id_id", "notice", ["organisation_id", "id"])
    op.create_table(
        "job",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("key", sa.String(200), nullable=True),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("run_at", Moment, nullable=False),
        sa.Column("leased_until", Moment, nullable=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("message", sa.String(500), nullable=True),
        sa.Column("queued_at", Moment, nullable=False),
        sa.Column("ended_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
        sa.UniqueConstraint("key", name="uq_job_key"),
    )
    op.create_index("ix_job_status_run_at", "job", ["status", "run_at"])


def downgrade() -> None:
    for table in ("idempotent_answer", "job", "notice", "audit_entry"):
        op.drop_table(table)
