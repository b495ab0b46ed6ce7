"""INSERT … ON CONFLICT, which both databases have and SQLAlchemy spells for each."""

from sqlalchemy import ColumnElement
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from procurement.database import Base

Insert = postgresql.Insert | sqlite.Insert


def insert_into(session: Session, table: type[Base]) -> Insert:
    """Begin an INSERT that can say what happens on a conflict."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def insert_or_leave(session: Session, table: type[Base]) -> Insert:
    """An INSERT that leaves a row which exists as it is."""
    return insert_into(session, table).on_conflict_do_nothing()


def insert_or_update(
    session: Session,
    table: type[Base],
    *,
    key: list[str],
    values: list[str],
    where: ColumnElement[bool] | None = None,
) -> Insert:
    """An INSERT that writes new values into a row which exists.

    Args:
        session: Tells the kind of database.
        table: Into which table.
        key: Columns of the unique index.
        values: Columns that take the new values.
        where: Condition of a partial unique index.
    """
    statement = insert_into(session, table)
    return statement.on_conflict_do_update(
        index_elements=key,
        index_where=where,
        set_={name: statement.excluded[name] for name in values},
    )
