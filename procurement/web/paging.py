"""Lists in pages: by number for people, by key for machines and for millions of rows."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from procurement.errors import FieldFault, InvalidInputError

Row = TypeVar("Row")

PAGE_SIZE = 50
PAGE_SIZE_MAX = 500


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list.

    Attributes:
        rows: Of this page, in order.
        number: From 1.
        size: Most rows of a page.
        total: Rows of the whole list.
    """

    rows: Sequence[Row]
    number: int
    size: int
    total: int

    @property
    def count(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True, slots=True)
class KeysetPage(Generic[Row]):
    """Rows after a key.

    Attributes:
        rows: In order.
        next_cursor: Names the place to go on from; None at the end.
    """

    rows: Sequence[Row]
    next_cursor: str | None


def paginate(
    session: Session, statement: Select[Any], *, number: int, size: int = PAGE_SIZE
) -> Page[Any]:
    """Read one numbered page; a number beyond the end gives the last page.

    Args:
        session: Any session.
        statement: Ordered; of one entity or of columns.
        number: From 1.
        size: Rows of a page, at most 500.

    Returns:
        The page. Rows are entities where the statement selects one entity, else tuples.
    """
    total = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery()))
    size = min(max(size, 1), PAGE_SIZE_MAX)
    last = max(1, -(-(total or 0) // size))
    number = min(max(number, 1), last)
    limited = statement.limit(size).offset((number - 1) * size)
    return Page(_rows(session, limited), number, size, total or 0)


def paginate_by_key(
    session: Session,
    statement: Select[Any],
    *,
    key: ColumnElement[Any],
    cursor: str | None,
    size: int = PAGE_SIZE,
) -> KeysetPage[Any]:
    """Read the rows after a cursor, in the order of a unique key.

    Args:
        session: Any session.
        statement: Without an order; of one entity, or of columns of which the first is the key.
        key: Unique column, such as an id.
        cursor: As an earlier page gave it, or None for the beginning.
        size: Rows of a page, at most 500.

    Returns:
        The rows and the next cursor.

    Raises:
        InvalidInputError: The cursor is none of ours.
    """
    size = min(max(size, 1), PAGE_SIZE_MAX)
    if cursor:
        statement = statement.where(key > _read_cursor(cursor))
    rows = _rows(session, statement.order_by(key).limit(size + 1))
    more = len(rows) > size
    rows = rows[:size]
    return KeysetPage(rows, _cursor(_key_of(rows[-1], key)) if more else None)


def _rows(session: Session, statement: Select[Any]) -> Sequence[Any]:
    # One selected thing is given as itself, several as a row.
    if len(statement.column_descriptions) == 1:
        return session.scalars(statement).all()
    return session.execute(statement).all()


def _key_of(row: Any, key: ColumnElement[Any]) -> object:  # noqa: ANN401 - an entity or a row
    name = str(key.key)
    return getattr(row, name) if hasattr(row, name) else row[0]


def _cursor(key: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> int | str:
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error) as error:
        raise _bad_cursor() from error
    # 2**63 and more would not fit the column that it is compared with.
    if not isinstance(key, int | str) or (isinstance(key, int) and abs(key) >= 2**63):
        raise _bad_cursor()
    return key


def _bad_cursor() -> InvalidInputError:
    return InvalidInputError(
        [FieldFault("cursor", "不是本接口给出的游标。", "Expected a cursor given by this list.")]
    )
