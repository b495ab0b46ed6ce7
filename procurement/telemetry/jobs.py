"""What is told of each run of a job: lines in the log, a duration, a trace."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from time import perf_counter

import structlog
from opentelemetry.trace import Tracer

from procurement.telemetry.metrics import JOB_SECONDS
from procurement.telemetry.traces import describe

_log = logging.getLogger(__name__)


@contextmanager
def told_of(job: int, kind: str, *, tracer: Tracer | None = None) -> Iterator[None]:
    """Tell of one run of a job; an error passes through.

    Args:
        job: Its id.
        kind: Its kind.
        tracer: Where traces are on.
    """
    begun, outcome = perf_counter(), "failed"
    span = (
        tracer.start_as_current_span(
            f"job {kind}", record_exception=False, set_status_on_exception=False
        )
        if tracer
        else nullcontext()
    )
    with structlog.contextvars.bound_contextvars(job=job, kind=kind), span as current:
        try:
            yield
            outcome = "done"
        finally:
            seconds = perf_counter() - begun
            JOB_SECONDS.labels(kind, outcome).observe(seconds)
            if current is not None:
                describe(current, {"jicai.job.kind": kind, "jicai.job.outcome": outcome})
            _log.info("job ended", extra={"outcome": outcome, "seconds": round(seconds, 3)})
