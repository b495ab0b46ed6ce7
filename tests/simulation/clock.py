"""The time of a simulated round: it passes when the simulation says so, forwards or backwards."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, event

_CLOCKS = {
    "postgresql": re.compile(r"clock_timestamp\(\)"),
    "sqlite": re.compile(r"strftime\('%Y-%m-%d %H:%M:%f', 'now'\)"),
}
"""How each database is asked for the time, wherever that stands in a statement."""


@dataclass
class Clock:
    """The time that the platform sees, on its processes and in its database.

    Attributes:
        moment: Now.
    """

    moment: datetime

    def __call__(self) -> datetime:
        """Tell the time, as a process asks for it."""
        return self.moment

    def let_pass(self, seconds: float) -> None:
        """Let time pass, or go back where it is negative."""
        self.moment += timedelta(seconds=seconds)

    def govern(self, engine: Engine) -> None:
        """Let the statements of an engine see this time in place of the database's own."""
        asked = _CLOCKS[engine.dialect.name]

        def see(
            _connection: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any
        ) -> tuple[str, Any]:
            # Written only where it is asked for: few statements do.
            return asked.sub(lambda _: self._written(engine.dialect.name), statement), parameters

        event.listen(engine, "before_cursor_execute", see, retval=True)

    def _written(self, dialect: str) -> str:
        moment = self.moment.astimezone(UTC)
        if dialect == "postgresql":
            return f"TIMESTAMPTZ '{moment.isoformat()}'"
        # SQLite's clock has milliseconds.
        return f"'{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03}'"
