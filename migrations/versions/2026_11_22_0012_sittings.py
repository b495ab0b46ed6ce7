"""Sittings of second answers beside the bids of a round; what there is belongs to sitting 0."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from procurement.database import DecimalText, Moment, append_only_ddl

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OF_A_SITTING = ("manifest", "log_leaf", "refusal", "share_post", "revealed_key")
"""Tables that get the column and nothing else."""

ONCE_A_SITTING = ("checkpoint", "reveal_call", "opening")
"""Tables that had one row for a round and have one for a sitting."""


def upgrade() -> None:
    _create_sittings()
    for table in OF_A_SITTING:
        op.add_column(table, _sitting())
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(with_sitting=True)
    else:
        op.add_column("opened_bid", _sitting())
        for table in ONCE_A_SITTING:
            op.add_column(table, _sitting())
            op.drop_constraint(f"uq_{table}_round_id", table)
            op.create_unique_constraint(
                f"uq_{table}_round_id_sitting", table, ["round_id", "sitting"]
            )


def downgrade() -> None:
    for table in OF_A_SITTING:
        op.drop_column(table, "sitting")
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(with_sitting=False)
    else:
        op.drop_column("opened_bid", "sitting")
        for table in ONCE_A_SITTING:
            op.drop_constraint(f"uq_{table}_round_id_sitting", table)
            op.create_unique_constraint(f"uq_{table}_round_id", table, ["round_id"])
            op.drop_column(table, "sitting")
    op.drop_table("sitting_question")
    op.drop_table("sitting")


def _sitting() -> sa.Column[int]:
    return sa.Column("sitting", sa.Integer, nullable=False, server_default="0")


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target}"
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name)


def _create_sittings() -> None:
    op.create_table(
        "sitting",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("round_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("closes_at", Moment, nullable=False),
        sa.Column("opens_at", Moment, nullable=False),
        sa.Column("called_by", sa.Integer, nullable=False),
        sa.Column("called_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sitting"),
        _key("sitting", "round_id", "round"),
        _key("sitting", "called_by", "person"),
        sa.UniqueConstraint("round_id", "number", name="uq_sitting_round_id_number"),
    )
    op.create_table(
        "sitting_question",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("sitting_id", sa.Integer, nullable=False),
        sa.Column("organisation_id", sa.Integer, nullable=False),
        sa.Column("lot", sa.String(30), nullable=False),
        sa.Column("bid", sa.String(300), nullable=False),
        sa.Column("product", sa.String(300), nullable=True),
        sa.Column("question", sa.String(40), nullable=False),
        sa.Column("price", DecimalText, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sitting_question"),
        _key("sitting_question", "sitting_id", "sitting"),
        _key("sitting_question", "organisation_id", "organisation"),
        sa.UniqueConstraint(
            "sitting_id",
            "lot",
            "bid",
            "question",
            name="uq_sitting_question_sitting_id_lot_bid_question",
        ),
    )
    op.create_index("ix_sitting_question_organisation_id", "sitting_question", ["organisation_id"])
    _append_only("sitting_question")


def _append_only(table: str) -> None:
    for statement in append_only_ddl(table, dialect=op.get_bind().dialect.name):
        op.execute(statement)


def _rebuild(*, with_sitting: bool) -> None:
    """Make SQLite's tables anew with their rows: it cannot change a constraint.

    What names another goes first and comes back last, since references are enforced meanwhile.
    """
    tables = {name: _columns(name) for name in (*ONCE_A_SITTING, "opened_bid")}
    for name in reversed(tables):
        kept = f"CREATE TEMPORARY TABLE kept_{name} AS SELECT * FROM {name}"  # noqa: S608 - our own names
        op.execute(kept)
        op.drop_table(name)
    once = ("round_id", "sitting") if with_sitting else ("round_id",)
    for name, (columns, references) in tables.items():
        names = once if name in ONCE_A_SITTING else ("leaf_id",)
        op.create_table(
            name,
            *columns,
            *([_sitting()] if with_sitting else []),
            sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
            *(_key(name, *reference) for reference in references),
            sa.UniqueConstraint(*names, name=f"uq_{name}_{'_'.join(names)}"),
        )
        kept = ", ".join(column.name for column in columns)
        op.execute(f"INSERT INTO {name} ({kept}) SELECT {kept} FROM kept_{name}")  # noqa: S608 - our own names
        op.execute(f"DROP TABLE kept_{name}")
        _append_only(name)
    for column in ("round_id", "organisation_id"):
        op.create_index(f"ix_opened_bid_{column}", "opened_bid", [column])


Columns = tuple[list[sa.Column[Any]], list[tuple[str, str]]]


def _columns(table: str) -> Columns:
    """The columns of a table as 0007 made it, and what they name."""
    return {
        "checkpoint": _checkpoint,
        "reveal_call": _reveal_call,
        "opening": _opening,
        "opened_bid": _opened_bid,
    }[table]()


def _ids(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def _checkpoint() -> Columns:
    columns: list[sa.Column[Any]] = [
        *_ids("id", "round_id"),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("leaves", sa.Text, nullable=False),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
    ]
    return columns, [("round_id", "round")]


def _reveal_call() -> Columns:
    columns: list[sa.Column[Any]] = [
        *_ids("id", "round_id"),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        *_ids("called_by"),
        sa.Column("called_at", Moment, nullable=False),
    ]
    return columns, [("round_id", "round"), ("called_by", "person")]


def _opening() -> Columns:
    columns: list[sa.Column[Any]] = [
        *_ids("id", "round_id"),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("seats", sa.String(200), nullable=False),
        sa.Column("opened_at", Moment, nullable=False),
    ]
    return columns, [("round_id", "round")]


def _opened_bid() -> Columns:
    columns: list[sa.Column[Any]] = [
        *_ids("id", "opening_id", "round_id", "leaf_id", "organisation_id"),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("fault", sa.String(40), nullable=True),
        sa.Column("content", sa.Text, nullable=True),
        sa.Column("content_key", sa.String(130), nullable=True),
    ]
    references = [
        ("opening_id", "opening"),
        ("round_id", "round"),
        ("leaf_id", "log_leaf"),
        ("organisation_id", "organisation"),
    ]
    return columns, references
