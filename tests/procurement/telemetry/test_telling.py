"""What is told of requests and jobs, one by one."""

import io
import json
import logging
from types import SimpleNamespace

import pytest
import structlog
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import text

from procurement.app.stages import ROUTES
from procurement.database import make_engine, transaction
from procurement.permissions import Actor, Role
from procurement.telemetry import metrics
from procurement.telemetry.jobs import told_of
from procurement.telemetry.logs import json_formatter
from procurement.telemetry.traces import WITHHELD, make_tracer, trace_statements
from procurement.telemetry.withheld import is_withheld


@pytest.fixture
def logged():
    """Lines of a logger of ours and of a library's, as they are written."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(json_formatter())
    loggers = [logging.getLogger(name) for name in ("procurement.x", "library.x")]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
    yield loggers, lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    for logger in loggers:
        logger.removeHandler(handler)
        logger.propagate = True


@pytest.fixture
def spans():
    kept = InMemorySpanExporter()
    return make_tracer({}, processor=SimpleSpanProcessor(kept)), kept


def test_a_line_has_its_moment_its_level_and_what_it_is_about(logged):
    (ours, _library), lines = logged
    with structlog.contextvars.bound_contextvars(request="r1", route="/rounds/{name}"):
        ours.error("%s failed: %s", "POST", "ValueError at x:1")
    (line,) = lines()
    assert line["event"] == "POST failed: ValueError at x:1"
    assert (line["level"], line["request"], line["route"]) == ("error", "r1", "/rounds/{name}")
    assert line["moment"].endswith("Z")


def test_nothing_but_what_is_listed_is_ever_written(logged):
    (ours, _library), lines = logged
    with structlog.contextvars.bound_contextvars(price="7.654"):
        ours.info("x", extra={"bidder": "7.654", "outcome": "done"})
    assert lines()[0]["outcome"] == "done"
    assert "7.654" not in json.dumps(lines())


def test_of_an_error_the_places_are_kept_and_not_its_message(logged):
    (ours, library), lines = logged
    for logger in (ours, library):
        try:
            raise ValueError("7.654")
        except ValueError:
            logger.exception("it failed")
    assert [line["error"].split(" ")[0] for line in lines()] == ["ValueError"] * 2
    assert "7.654" not in json.dumps(lines())


def test_of_what_a_library_says_the_fixed_part_is_kept(logged):
    (_ours, library), lines = logged
    library.warning("sent %s to %s", "7.654", "somebody")
    library.error("Task exception was never retrieved\nfuture: <ValueError('7.654')>")
    assert [line["event"] for line in lines()] == [
        "sent %s to %s",
        "Task exception was never retrieved",
    ]


def test_every_route_of_the_bids_is_withheld_and_others_are_not():
    told: set[str] = set()
    withheld: set[str] = set()
    for handler in ROUTES:
        module = handler.fn.__module__
        for path in handler.paths:
            given = is_withheld(module=module, route=path, state={"actor": Actor()})
            (withheld if given else told).add(path)
    assert {path for path in told if "/bid" in path or "receipts" in path} == set()
    assert "/rounds" in told
    assert any(path.endswith("/bids") for path in withheld)


@pytest.mark.parametrize("state", [{}, {"actor": "?"}])
def test_what_nobody_is_known_behind_is_withheld(state):
    assert is_withheld(module="procurement.home.pages", route="/", state=state)


def test_what_a_bidder_does_elsewhere_is_withheld():
    bidder = Actor(person_id=1, roles=frozenset({Role.PUBLIC, Role.MANUFACTURER}))
    assert is_withheld(module="procurement.home.pages", route="/", state={"actor": bidder})


def test_without_a_collector_there_are_no_traces():
    assert make_tracer({}) is None
    assert make_tracer({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}) is None


def test_a_trace_that_is_withheld_leaves_nothing_behind(spans):
    tracer, kept = spans
    for withheld in (True, False):
        with tracer.start_as_current_span("first") as first:
            with tracer.start_as_current_span("within"):
                pass
            assert kept.get_finished_spans() == ()
            first.set_attribute(WITHHELD, withheld)
        assert len(kept.get_finished_spans()) == (0 if withheld else 2)


def test_statements_are_traced_by_their_first_word_within_a_request_only(spans):
    tracer, kept = spans
    engine = make_engine("sqlite://")
    trace_statements(engine, tracer)
    with transaction(engine) as session:
        session.execute(text("SELECT 7.654"))
    with tracer.start_as_current_span("first"), transaction(engine) as session:
        session.execute(text("SELECT 7.654"))
        with pytest.raises(Exception, match="syntax error"):
            session.execute(text("SELECT nothing"))
    engine.dispose()
    names = [span.name for span in kept.get_finished_spans()]
    assert "first" in names
    assert "database SELECT" in names
    assert "7.654" not in str([span.to_json() for span in kept.get_finished_spans()])


def test_of_a_job_its_kind_its_outcome_and_its_duration_are_told(spans, logged):
    tracer, kept = spans
    with pytest.raises(ValueError, match="7"), told_of(7, "sum-up", tracer=tracer):
        raise ValueError("7.654")
    with told_of(8, "sum-up"):
        pass
    (span,) = kept.get_finished_spans()
    assert span.attributes["jicai.job.outcome"] == "failed"
    assert "7.654" not in span.to_json()
    said = metrics.exposed({}).decode()
    assert 'jicai_job_seconds_count{kind="sum-up",outcome="done"} 1.0' in said
    assert 'jicai_job_seconds_count{kind="sum-up",outcome="failed"} 1.0' in said


def test_processes_that_have_ended_are_no_longer_counted(tmp_path, monkeypatch):
    monkeypatch.setenv(metrics.FOLDER, str(tmp_path))
    for number in (99_999_999, 1):
        (tmp_path / f"gauge_livesum_{number}.db").write_bytes(b"")
    metrics.forget_dead_processes()
    assert [file.name for file in tmp_path.iterdir()] == ["gauge_livesum_1.db"]


def test_connections_of_the_pool_are_told(monkeypatch, tmp_path):
    counted = {"open": 0, "in use": 0}

    def gauge(name):
        def add(step):
            counted[name] += step

        return SimpleNamespace(inc=lambda: add(1), dec=lambda: add(-1))

    monkeypatch.setattr(metrics, "POOL_OPEN", gauge("open"))
    monkeypatch.setattr(metrics, "POOL_IN_USE", gauge("in use"))
    engine = make_engine(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    metrics.watch_pool(engine)
    with transaction(engine) as session:
        session.execute(text("SELECT 1"))
        assert counted == {"open": 1, "in use": 1}
    assert counted == {"open": 1, "in use": 0}
    engine.dispose()
    assert counted["open"] == 0
