"""Keyholders, papers, envelopes, the log and its checkpoint, the opening."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from procurement.database import Moment, append_only_ddl

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


def _table(
    name: str,
    *columns: sa.Column[object],
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


def _short(name: str, length: int, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _blob(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, Moment, nullable=nullable)


def _keys() -> None:
    _table(
        "platform_key",
        _short("owner", 40),
        _short("suite", 10),
        _short("public_key", 130),
        _text("sealed_key"),
        _moment("made_at"),
        unique=[("owner", "suite")],
    )
    _table(
        "keyholder_key",
        _int("round_id"),
        _int("organisation_id"),
        _int("person_id"),
        _int("seat"),
        _short("suite", 10),
        _short("public_key", 130),
        _short("signing_key", 130),
        _text("proof"),
        _moment("made_at"),
        references=["round_id > round", "organisation_id > organisation", "person_id > person"],
        indexed=["round_id"],
    )


def _rehearsals() -> None:
    _table(
        "rehearsal",
        _int("round_id"),
        _text("manifest"),
        _text("envelope"),
        _int("sealed_by"),
        _moment("sealed_at"),
        references=["round_id > round", "sealed_by > person"],
        indexed=["round_id"],
    )
    _table(
        "rehearsal_share",
        _int("rehearsal_id"),
        _int("person_id"),
        _int("seat"),
        _text("post"),
        sa.Column("fits", sa.Boolean, nullable=False),
        _moment("posted_at"),
        references=["rehearsal_id > rehearsal", "person_id > person"],
        indexed=["rehearsal_id"],
    )
    _table(
        "manifest",
        _int("round_id"),
        _int("version"),
        _text("document"),
        _short("digest", 64),
        _moment("made_at"),
        references=["round_id > round"],
        unique=[("round_id", "version"), ("digest",)],
    )


def _papers() -> None:
    _table(
        "eligibility_paper",
        _int("round_id"),
        _int("organisation_id"),
        _short("kind", 20),
        _short("title", 200),
        _short("number", 100, nullable=True),
        sa.Column("expires_on", sa.Date, nullable=True),
        _short("file_name", 200),
        _short("file_digest", 64),
        _int("file_bytes"),
        _short("media_type", 100),
        _short("seal_verdict", 20),
        _text("seal_words"),
        _int("replaces_id", nullable=True),
        _int("uploaded_by"),
        _moment("uploaded_at"),
        references=[
            "round_id > round",
            "organisation_id > organisation",
            "replaces_id > eligibility_paper",
            "uploaded_by > person",
        ],
        indexed=["round_id", "organisation_id"],
    )
    _table(
        "paper_step",
        _int("round_id"),
        _int("organisation_id"),
        _short("status", 20),
        _text("reason"),
        _moment("due_at", nullable=True),
        _int("person_id"),
        _moment("happened_at"),
        references=["round_id > round", "organisation_id > organisation", "person_id > person"],
        indexed=["round_id", "organisation_id"],
    )


def _log() -> None:
    _table(
        "log_leaf",
        _int("round_id"),
        _short("chain_tag", 64),
        _short("request_tag", 64),
        _blob("sealed"),
        references=["round_id > round"],
        unique=[("chain_tag",), ("request_tag",)],
        indexed=["round_id"],
    )
    _table(
        "refusal",
        _int("round_id"),
        _short("request_tag", 64),
        _blob("sealed"),
        references=["round_id > round"],
        unique=[("request_tag",)],
        indexed=["round_id"],
    )
    _table(
        "checkpoint",
        _int("round_id"),
        _text("document"),
        _text("leaves"),
        _text("standing"),
        _moment("made_at"),
        references=["round_id > round"],
        unique=[("round_id",)],
    )


def _shares() -> None:
    _table(
        "postponement_notice",
        _int("round_id"),
        _text("document"),
        _moment("issued_at"),
        references=["round_id > round"],
        unique=[("round_id",)],
    )
    _table(
        "share_post",
        _int("round_id"),
        _int("organisation_id"),
        _int("person_id"),
        _int("seat"),
        _blob("sealed"),
        _int("shares"),
        _text("faults"),
        _moment("posted_at"),
        references=["round_id > round", "organisation_id > organisation", "person_id > person"],
        indexed=["round_id"],
    )
    _table(
        "reveal_call",
        _int("round_id"),
        _moment("due_at"),
        _text("reason"),
        _int("called_by"),
        _moment("called_at"),
        references=["round_id > round", "called_by > person"],
        unique=[("round_id",)],
    )
    _table(
        "revealed_key",
        _int("round_id"),
        _int("leaf_id"),
        _int("person_id"),
        _blob("sealed"),
        _moment("revealed_at"),
        references=["round_id > round", "leaf_id > log_leaf", "person_id > person"],
        unique=[("leaf_id",)],
        indexed=["round_id"],
    )


def _opening() -> None:
    _table(
        "opening",
        _int("round_id"),
        _short("way", 20),
        _short("seats", 200),
        _moment("opened_at"),
        references=["round_id > round"],
        unique=[("round_id",)],
    )
    _table(
        "opened_bid",
        _int("opening_id"),
        _int("round_id"),
        _int("leaf_id"),
        _int("organisation_id"),
        _short("verdict", 20),
        _short("fault", 40, nullable=True),
        _text("content", nullable=True),
        _short("content_key", 130, nullable=True),
        references=[
            "opening_id > opening",
            "round_id > round",
            "leaf_id > log_leaf",
            "organisation_id > organisation",
        ],
        unique=[("leaf_id",)],
        indexed=["round_id", "organisation_id"],
    )
