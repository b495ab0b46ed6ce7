"""What migrations write tables with: columns that may not be empty, constraints named by rule."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from procurement.database.append_only import append_only_ddl
from procurement.database.columns import Moment, Money, money_range


def make_table(
    name: str,
    *columns: sa.Column[object] | sa.CheckConstraint | sa.UniqueConstraint,
    references: Sequence[str] = (),
    unique: Sequence[tuple[str, ...]] = (),
    indexed: Sequence[str] = (),
    key: Sequence[str] = (),
) -> None:
    """Create a table within a migration.

    Args:
        name: Of the table.
        columns: Besides ``id``.
        references: Foreign keys, written ``column > table``.
        unique: Columns that are unique together.
        indexed: Columns with an index of their own.
        key: Columns of the primary key, in the place of an ``id``.
    """
    constraints: list[sa.Constraint] = [
        sa.PrimaryKeyConstraint(*(key or ("id",)), name=f"pk_{name}")
    ]
    for reference in references:
        column, _, target = reference.partition(" > ")
        constraints.append(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{name}_{column}_{target}")
        )
    for names in unique:
        constraints.append(sa.UniqueConstraint(*names, name=f"uq_{name}_{'_'.join(names)}"))
    own = () if key else (integer("id"),)
    op.create_table(name, *own, *columns, *constraints)
    for column in indexed:
        op.create_index(f"ix_{name}_{column}", name, [column])


def make_append_only(*tables: str) -> None:
    """Let nobody change or delete rows of tables, within a migration."""
    dialect = op.get_bind().dialect.name
    for table in tables:
        for statement in append_only_ddl(table, dialect=dialect):
            op.execute(statement)


def big(name: str, *, nullable: bool = False) -> sa.Column[object]:
    """A whole number of 64 bits."""
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def integer(name: str, *, nullable: bool = False) -> sa.Column[object]:
    """A whole number."""
    return sa.Column(name, sa.Integer, nullable=nullable)


def short(name: str, length: int, *, nullable: bool = False) -> sa.Column[object]:
    """A text of at most so many characters."""
    return sa.Column(name, sa.String(length), nullable=nullable)


def long_text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    """A text of any length."""
    return sa.Column(name, sa.Text, nullable=nullable)


def blob(name: str) -> sa.Column[object]:
    """Bytes."""
    return sa.Column(name, sa.LargeBinary, nullable=False)


def moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    """A moment."""
    return sa.Column(name, Moment, nullable=nullable)


def day(name: str, *, nullable: bool = False) -> sa.Column[object]:
    """A day."""
    return sa.Column(name, sa.Date, nullable=nullable)


def flag(name: str) -> sa.Column[object]:
    """True or false."""
    return sa.Column(name, sa.Boolean, nullable=False)


def money(
    table: str, name: str, *, nullable: bool = False
) -> Sequence[sa.Column[object] | sa.CheckConstraint]:
    """An amount, and the CHECK of its range."""
    allowed = money_range(name)
    return (
        sa.Column(name, Money, nullable=nullable),
        sa.CheckConstraint(allowed.sqltext, name=op.f(f"ck_{table}_{name}_range")),
    )


def check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    """A CHECK of a table, named as its tables module names it."""
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))
