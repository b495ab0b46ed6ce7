"""Structured logs: one JSON object a line on standard error, and no value that somebody sent.

Requests are not logged; failures, jobs and what the process itself does are. What our own modules
say is written with care for that; of what libraries say only the fixed part is kept.
"""

import logging
import sys
import threading
from collections.abc import MutableMapping
from typing import IO, Any

import structlog

from procurement.errors import said_safely

OURS = "procurement"
FOREIGN_LENGTH_MAX = 200

_KEPT = frozenset(
    {
        *("moment", "level", "logger", "event", "error", "process"),
        *("request", "method", "route", "job", "kind", "outcome", "seconds", "attempt", "trace"),
    }
)
"""Nothing else is ever written, whatever a line brings."""

_ORDER = ("moment", "level", "event")

Line = MutableMapping[str, Any]


def configure_logs(*, stream: IO[str] | None = None) -> None:
    """Let every line of this process be a JSON object.

    Args:
        stream: Where to; standard error unless given.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(json_formatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(logging.INFO)
    logging.captureWarnings(True)
    sys.excepthook = _note_failure
    threading.excepthook = _note_thread


def json_formatter(*_arguments: object, **_options: object) -> logging.Formatter:
    """Make the formatter of a line; the server's own configuration names it too."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(allow=sorted(_KEPT)),
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="moment"),
        ],
        processors=[
            _said_safely,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _only_what_is_kept,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
    )


def _said_safely(_logger: object, _name: str, line: Line) -> Line:
    """Leave out what a library's line was filled with, and the message of any error."""
    record: logging.LogRecord = line["_record"]
    line["process"] = record.process
    if not record.name.startswith(OURS):
        # A line that was put together beforehand names its matter in the first line.
        first = str(record.msg).splitlines() or [""]
        line["event"] = first[0][:FOREIGN_LENGTH_MAX]
    raised = line.get("exc_info")
    if isinstance(raised, tuple) and raised[1] is not None:
        line["error"] = said_safely(raised[1])
    return line


def _only_what_is_kept(_logger: object, _name: str, line: Line) -> Line:
    ordered = [*_ORDER, *sorted(line.keys() - set(_ORDER))]
    return {name: line[name] for name in ordered if name in line and name in _KEPT}


def _note_failure(kind: type[BaseException], error: BaseException, _trace: object) -> None:
    # The message of an error may quote what was sent; Python would print it.
    logging.getLogger(OURS).critical("the process ends: %s", said_safely(error))


def _note_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None:
        logging.getLogger(OURS).critical("a thread ended: %s", said_safely(arguments.exc_value))
