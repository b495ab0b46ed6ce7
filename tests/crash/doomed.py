"""The command ``jicai`` with a fault in it: at one point it, or its database, is killed.

The point waits in a file of the data folder, see `tests.crash.faults`. Nothing of the platform is
replaced: this listens to the statements that it sends, and counts. Only the steps of an upload are
smaller, so that a short file has several.
"""

import json
import os
import re
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from procurement.cli import main
from procurement.volumes.bulk.service import work_on_upload
from tests.crash.faults import FAULT_FILE, Stage, Victim
from tests.crash.power import cut_off

_WRITES = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM) \"?(\w+)")


class Doom:
    """Counts how often the table of a point is written, and strikes."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FAULT_FILE
        self._seen: dict[int, int] = {}
        self._lock = threading.Lock()
        # Of the transaction of this thread: the fault that it meets.
        self._own = threading.local()

    def listen(self) -> None:
        event.listen(Engine, "after_cursor_execute", self._written)
        event.listen(Engine, "commit", self._before_commit)
        event.listen(Engine, "rollback", self._rolled_back)
        event.listen(Session, "after_commit", self._after_commit)

    def _written(self, connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
        found = _WRITES.match(statement)
        fault = self._waiting() if found else None
        if fault is None or found is None or fault["table"] != found[1]:
            return
        with self._lock:
            self._seen[fault["seed"]] = self._seen.get(fault["seed"], 0) + 1
            is_it = self._seen[fault["seed"]] == fault["nth"]
        if not is_it:
            return
        driver = connection.connection.driver_connection
        fault["backend"] = getattr(getattr(driver, "info", None), "backend_pid", None)
        if fault["stage"] == Stage.WRITTEN:
            self._strike(fault)
        else:
            self._own.fault = fault

    def _before_commit(self, connection: Connection) -> None:
        fault = getattr(self._own, "fault", None)
        if fault is not None and fault["stage"] == Stage.BEFORE_COMMIT:
            self._own.fault = None
            self._strike(fault)
        # A savepoint's release is a commit to the session, but not to the connection.
        self._own.is_committing = True

    def _rolled_back(self, connection: Connection) -> None:
        if getattr(self._own, "fault", None) is not None:
            # Not written after all: the next one is it.
            fault, self._own.fault = self._own.fault, None
            with self._lock:
                self._seen[fault["seed"]] -= 1

    def _after_commit(self, session: Session) -> None:
        is_committing = getattr(self._own, "is_committing", False)
        fault = getattr(self._own, "fault", None)
        self._own.is_committing = False
        if is_committing and fault is not None:
            self._own.fault = None
            self._strike(fault)

    def _waiting(self) -> dict[str, Any] | None:
        with suppress(FileNotFoundError):
            fault: dict[str, Any] = json.loads(self._file.read_bytes())
            return fault
        return None

    def _strike(self, fault: dict[str, Any]) -> None:
        try:
            # Of several workers one strikes, and it strikes once.
            self._file.unlink()
        except FileNotFoundError:
            return
        if fault["victim"] == Victim.SERVER:
            os.killpg(os.getpgrp(), signal.SIGKILL)
        elif fault["victim"] == Victim.DATABASE:
            cut_off(fault["postmaster"])
        else:
            os.kill(fault["backend"], signal.SIGKILL)


ROWS_OF_A_STEP = 50

if __name__ == "__main__":
    defaults = work_on_upload.__kwdefaults__
    assert defaults is not None and "chunk" in defaults
    defaults["chunk"] = ROWS_OF_A_STEP
    Doom(Path(os.environ["JICAI_DATA"])).listen()
    sys.exit(main())
