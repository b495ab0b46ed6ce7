"""Unmistakable words in what belongs to somebody, and who may read each of them.

While both sides are built, each text that means nothing is replaced by a word of its own. An answer
that holds such a word holds that row; `readers` says by which permissions the row may be read, and
`owners` who its parties are. The table of permissions then says whether the answer was right.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import Connection, Engine, String, event, inspect
from sqlalchemy.orm import Mapper

from procurement.database import Base
from procurement.permissions import Actor, is_permitted
from tests.procurement.app.cells.asking import Ask
from tests.procurement.app.cells.owners import Owners
from tests.procurement.app.cells.readers import NUMBERS, READERS

MEANINGLESS = frozenset(
    {
        "for tests",
        "x",
        "r",
        "d",
        "测试",
        "judgement 1",
        "a question",
        "somebody",
        "machine",
        "供应不足",
        "too little is supplied",
    }
)
FILES = (".pdf", ".csv")
"""Names of files keep their ends."""

ASKED_FOR = frozenset({"bill_number"})
"""Columns by which requests name a row: what a test sends must find it."""


_MADE = re.compile(r"zq\d{5}qz")
_NUMBER = re.compile(r"[0-9A-Za-z@._-]{6,}")
"""What a mark looks like that was made, and what a number or an address may look like."""


@dataclass(frozen=True)
class Mark:
    """A word, and where it stands.

    Attributes:
        word: Nowhere else.
        table: Of the row.
        column: Of the row.
        key: Values of the row's primary key.
    """

    word: str
    table: str
    column: str
    key: tuple[object, ...]


@dataclass(repr=False)
class Marks:
    """All words of a database.

    Attributes:
        engine: The database.
        by_word: The marks.
        owners: Whose each row is.
        judged: What was decided before.
    """

    engine: Engine
    by_word: dict[str, Mark]
    owners: Owners
    judged: dict[tuple[Actor, str], bool] = field(default_factory=dict)

    def within(self, answer: httpx.Response) -> set[Mark]:
        """Return the marks that an answer carries."""
        found: set[str] = set()
        for text in texts_of(answer):
            found |= {*_MADE.findall(text), *(one.strip(".-") for one in _NUMBER.findall(text))}
        return {self.by_word[one] for one in found & self.by_word.keys()}

    def leaked(self, answer: httpx.Response, actor: Actor, ask: Ask) -> list[Mark]:
        """Return the marks of an answer that the actor may not read and did not send."""
        sent = f"{ask.address} {ask.options}"
        return sorted(
            (
                mark
                for mark in self.within(answer)
                if not self.is_readable(mark, actor) and mark.word not in sent
            ),
            key=lambda mark: mark.word,
        )

    def is_readable(self, mark: Mark, actor: Actor) -> bool:
        """Ask the table of permissions whether somebody may read where a mark stands."""
        known = (actor, mark.word)
        if known not in self.judged:
            self.judged[known] = self._judge(mark, actor)
        return self.judged[known]

    def _judge(self, mark: Mark, actor: Actor) -> bool:
        reader = READERS[mark.table]
        if (
            reader.is_shared
            and actor.organisation_id in self.owners.parties(mark.table, mark.key).organisations
        ):
            return True
        subjects = list(self.owners.subjects(mark.table, mark.key, reader.is_public))
        return any(
            is_permitted(actor, action, subject)
            for action in reader.actions
            for subject in subjects
        )


@contextmanager
def marking() -> Iterator[list[tuple[str, str, Any]]]:
    """Mark what is written within the block; yields the words, their columns and rows."""
    made: list[tuple[str, str, Any]] = []

    def mark(mapper: Mapper[Any], connection: Connection, row: Any) -> None:
        for column in mapper.local_table.columns:
            name = mapper.get_property_by_column(column).key
            text = getattr(row, name)
            is_text = isinstance(column.type, String) and column.name not in ASKED_FOR
            if is_text and _is_free(text):
                word = f"zq{len(made):05d}qz"
                setattr(row, name, word + text[-4:] if text.endswith(FILES) else word)
                made.append((word, column.name, row))

    event.listen(Base, "before_insert", mark, propagate=True)
    try:
        yield made
    finally:
        event.remove(Base, "before_insert", mark)


def marks_of(engine: Engine, made: list[tuple[str, str, Any]]) -> Marks:
    """Collect the marks of a database: those that were made, and numbers that are unmistakable."""
    owners = Owners(engine)
    marks = []
    for word, column, row in made:
        state = inspect(row)
        marks.append(Mark(word, row.__tablename__, column, tuple(state.identity)))
    for table, column in NUMBERS:
        for key, row in owners.rows[table].items():
            marks.append(Mark(str(row[column]), table, column, key))
    return Marks(engine, {mark.word: mark for mark in marks}, owners)


def texts_of(answer: httpx.Response) -> Iterator[str]:
    """What an answer says, its headers and what is packed in it."""
    yield answer.text
    yield "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    if answer.content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            for name in packed.namelist():
                yield packed.read(name).decode(errors="replace")


def _is_free(text: object) -> bool:
    return isinstance(text, str) and (text in MEANINGLESS or text.endswith(FILES))
