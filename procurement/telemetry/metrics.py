"""Prometheus metrics of a process, and of all processes of one server together."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from sqlalchemy import Engine, event

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder that the processes of one server share; ``jicai serve`` makes it."""

REGISTRY = CollectorRegistry()

REQUEST_SECONDS = Histogram(
    "jicai_request_seconds",
    "Requests by method, route template and class of status; those of bidders are left out",
    ["method", "route", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=REGISTRY,
)
JOB_SECONDS = Histogram(
    "jicai_job_seconds",
    "Runs of jobs by kind and outcome",
    ["kind", "outcome"],
    buckets=(0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800),
    registry=REGISTRY,
)
POOL_IN_USE = Gauge(
    "jicai_database_connections_in_use",
    "Connections of the pools that somebody works with now",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
POOL_OPEN = Gauge(
    "jicai_database_connections_open",
    "Connections to the database that are open now",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)


def watch_pool(engine: Engine) -> None:
    """Count the connections of a process's engine from now on."""
    event.listen(engine, "connect", lambda *_: POOL_OPEN.inc())
    event.listen(engine, "close", lambda *_: POOL_OPEN.dec())
    event.listen(engine, "checkout", lambda *_: POOL_IN_USE.inc())
    event.listen(engine, "checkin", lambda *_: POOL_IN_USE.dec())


def forget_dead_processes() -> None:
    """Leave out what processes said that have ended; a new one calls it when it starts."""
    folder = os.environ.get(FOLDER)
    for file in Path(folder).glob("gauge_live*_*.db") if folder else ():
        number = file.stem.rpartition("_")[2]
        if number.isdigit() and not _is_alive(int(number)):
            mark_process_dead(int(number))  # type: ignore[no-untyped-call]


def _is_alive(process: int) -> bool:
    with suppress(PermissionError):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
    return True


def exposed(stated: Mapping[str, tuple[str, Mapping[str, float]]]) -> bytes:
    """Write the metrics as Prometheus reads them.

    Args:
        stated: What the database says now: by name, the help text and the value for each ``status``
            (an empty one: without label).

    Returns:
        The text.

    Examples:
        >>> text = exposed({"jicai_queue_age_seconds": ("Age of the oldest job", {"": 1.5})})
        >>> "jicai_queue_age_seconds 1.5" in text.decode()
        True
    """
    now = CollectorRegistry()
    now.register(_Stated(stated))
    if os.environ.get(FOLDER):
        shared = CollectorRegistry()
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
        return generate_latest(now) + generate_latest(shared)
    return generate_latest(now) + generate_latest(REGISTRY)


class _Stated:
    def __init__(self, stated: Mapping[str, tuple[str, Mapping[str, float]]]) -> None:
        self._stated = stated

    def collect(self) -> Iterable[Metric]:
        for name, (text, values) in self._stated.items():
            labels = [] if "" in values else ["status"]
            family = GaugeMetricFamily(name, text, labels=labels)
            for label, value in values.items():
                family.add_metric([label] if labels else [], value)
            yield family
