"""Keyholders, papers, envelopes, the log and its checkpoint, the opening."""

import sqlalchemy as sa
from alembic import op

from procurement.database import append_only_ddl
from procurement.database.making_tables import blob, integer, long_text, make_table, moment, short

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Each with the tables that its foreign keys name, in the order of creation.
APPEND_ONLY = (
    "keyholder_key",
    "rehearsal",
    "rehearsal_share",
    "manifest",
    "eligibility_paper",
    "paper_step",
    "log_leaf",
    "refusal",
    "checkpoint",
    "postponement_notice",
    "share_post",
    "reveal_call",
    "revealed_key",
    "opening",
    "opened_bid",
)


def upgrade() -> None:
    _keys()
    _rehearsals()
    _papers()
    _log()
    _shares()
    _opening()
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, dialect=op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for table in (*reversed(APPEND_ONLY), "platform_key"):
        op.drop_table(table)


def _keys() -> None:
    make_table(
        "platform_key",
        short("owner", 40),
        short("suite", 10),
        short("public_key", 130),
        long_text("sealed_key"),
        moment("made_at"),
        unique=[("owner", "suite")],
    )
    make_table(
        "keyholder_key",
        integer("round_id"),
        integer("organisation_id"),
        integer("person_id"),
        integer("seat"),
        short("suite", 10),
        short("public_key", 130),
        short("signing_key", 130),
        long_text("proof"),
        moment("made_at"),
        references=["round_id > round", "organisation_id > organisation", "person_id > person"],
        indexed=["round_id"],
    )


def _rehearsals() -> None:
    make_table(
        "rehearsal",
        integer("round_id"),
        long_text("manifest"),
        long_text("envelope"),
        integer("sealed_by"),
        moment("sealed_at"),
        references=["round_id > round", "sealed_by > person"],
        indexed=["round_id"],
    )
    make_table(
        "rehearsal_share",
        integer("rehearsal_id"),
        integer("person_id"),
        integer("seat"),
        long_text("post"),
        sa.Column("fits", sa.Boolean, nullable=False),
        moment("posted_at"),
        references=["rehearsal_id > rehearsal", "person_id > person"],
        indexed=["rehearsal_id"],
    )
    make_table(
        "manifest",
        integer("round_id"),
        integer("version"),
        long_text("document"),
        short("digest", 64),
        moment("made_at"),
        references=["round_id > round"],
        unique=[("round_id", "version"), ("digest",)],
    )


def _papers() -> None:
    make_table(
        "eligibility_paper",
        integer("round_id"),
        integer("organisation_id"),
        short("kind", 20),
        short("title", 200),
        short("number", 100, nullable=True),
        sa.Column("expires_on", sa.Date, nullable=True),
        short("file_name", 200),
        short("file_digest", 64),
        integer("file_bytes"),
        short("media_type", 100),
        short("seal_verdict", 20),
        long_text("seal_words"),
        integer("replaces_id", nullable=True),
        integer("uploaded_by"),
        moment("uploaded_at"),
        references=[
            "round_id > round",
            "organisation_id > organisation",
            "replaces_id > eligibility_paper",
            "uploaded_by > person",
        ],
        indexed=["round_id", "organisation_id"],
    )
    make_table(
        "paper_step",
        integer("round_id"),
        integer("organisation_id"),
        short("status", 20),
        long_text("reason"),
        moment("due_at", nullable=True),
        integer("person_id"),
        moment("happened_at"),
        references=["round_id > round", "organisation_id > organisation", "person_id > person"],
        indexed=["round_id", "organisation_id"],
    )


def _log() -> None:
    make_table(
        "log_leaf",
        integer("round_id"),
        short("chain_tag", 64),
        short("request_tag", 64),
        blob("sealed"),
        references=["round_id > round"],
        unique=[("chain_tag",), ("request_tag",)],
        indexed=["round_id"],
    )
    make_table(
        "refusal",
        integer("round_id"),
        short("request_tag", 64),
        blob("sealed"),
        references=["round_id > round"],
        unique=[("request_tag",)],
        indexed=["round_id"],
    )
    make_table(
        "checkpoint",
        integer("round_id"),
        long_text("document"),
        long_text("leaves"),
        long_text("standing"),
        moment("made_at"),
        references=["round_id > round"],
        unique=[("round_id",)],
    )


def _shares() -> None:
    make_table(
        "postponement_notice",
        integer("round_id"),
        long_text("document"),
        moment("issued_at"),
        references=["round_id > round"],
        unique=[("round_id",)],
    )
    make_table(
        "share_post",
        integer("round_id"),
        integer("organisation_id"),
        integer("person_id"),
        integer("seat"),
        blob("sealed"),
        integer("shares"),
        long_text("faults"),
        moment("posted_at"),
        references=["round_id > round", "organisation_id > organisation", "person_id > person"],
        indexed=["round_id"],
    )
    make_table(
        "reveal_call",
        integer("round_id"),
        moment("due_at"),
        long_text("reason"),
        integer("called_by"),
        moment("called_at"),
        references=["round_id > round", "called_by > person"],
        unique=[("round_id",)],
    )
    make_table(
        "revealed_key",
        integer("round_id"),
        integer("leaf_id"),
        integer("person_id"),
        blob("sealed"),
        moment("revealed_at"),
        references=["round_id > round", "leaf_id > log_leaf", "person_id > person"],
        unique=[("leaf_id",)],
        indexed=["round_id"],
    )


def _opening() -> None:
    make_table(
        "opening",
        integer("round_id"),
        short("way", 20),
        short("seats", 200),
        moment("opened_at"),
        references=["round_id > round"],
        unique=[("round_id",)],
    )
    make_table(
        "opened_bid",
        integer("opening_id"),
        integer("round_id"),
        integer("leaf_id"),
        integer("organisation_id"),
        short("verdict", 20),
        short("fault", 40, nullable=True),
        long_text("content", nullable=True),
        short("content_key", 130, nullable=True),
        references=[
            "opening_id > opening",
            "round_id > round",
            "leaf_id > log_leaf",
            "organisation_id > organisation",
        ],
        unique=[("leaf_id",)],
        indexed=["round_id", "organisation_id"],
    )
