"""OpenTelemetry traces; off unless ``OTEL_EXPORTER_OTLP_ENDPOINT`` names a collector.

A trace of a request is decided about when it ends: only then is known who asked. Until then its
spans are held back, and nothing of what is withheld leaves the process.
"""

import os
from collections.abc import Mapping
from threading import Lock
from time import time_ns  # noqa: TID251 - spans are stamped by the machine's clock, and read by nobody here
from typing import Any

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Tracer
from sqlalchemy import Connection, Engine, event

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
WITHHELD = "jicai.withheld"
"""The attribute of a first span whose whole trace is dropped."""

TRACES_HELD_MAX = 1000
SPANS_OF_A_TRACE_MAX = 2000


class HoldingBack(SpanProcessor):
    """Hands the spans of a trace on when its first span ends, unless that one is withheld."""

    def __init__(self, then: SpanProcessor) -> None:
        """Keep whom to hand them to."""
        self._then = then
        self._held: dict[int, list[ReadableSpan]] = {}
        self._lock = Lock()

    def on_end(self, span: ReadableSpan) -> None:
        """Hold a span, or let all of its trace go."""
        context = span.get_span_context()
        if context is None:
            return
        with self._lock:
            held = self._held.setdefault(context.trace_id, [])
            if len(held) < SPANS_OF_A_TRACE_MAX:
                held.append(span)
            if span.parent is not None:
                if len(self._held) > TRACES_HELD_MAX:
                    # Its first span never ended.
                    del self._held[next(iter(self._held))]
                return
            del self._held[context.trace_id]
        if not (span.attributes or {}).get(WITHHELD):
            for each in held:
                self._then.on_end(each)

    def shutdown(self) -> None:
        """Hand on what is complete, and end."""
        self._then.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Hand on what is complete."""
        return self._then.force_flush(timeout_millis)


def make_tracer(
    environ: Mapping[str, str] = os.environ, *, processor: SpanProcessor | None = None
) -> Tracer | None:
    """Make the tracer of a process, or None where traces are off.

    Args:
        environ: The environment; the exporter reads its own variables from it too.
        processor: Takes the spans in the place of the exporter.
    """
    if processor is None:
        if not environ.get(ENDPOINT):
            return None
        processor = BatchSpanProcessor(OTLPSpanExporter())
    resource = Resource({"service.name": environ.get("OTEL_SERVICE_NAME") or "jicai"})
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(HoldingBack(processor))
    return provider.get_tracer("jicai")


def trace_statements(engine: Engine, tracer: Tracer) -> None:
    """Make a span of each statement, within a request or a job: its first word and its duration."""

    def begin(connection: Connection, *_rest: Any) -> None:  # noqa: ANN401 - what the event brings
        connection.info.setdefault("jicai_begun", []).append(time_ns())

    def end(connection: Connection, _cursor: object, statement: str, *_rest: Any) -> None:  # noqa: ANN401
        begun = connection.info["jicai_begun"].pop()
        if trace.get_current_span().is_recording():
            word = statement.split(None, 1)[0].upper()
            span = tracer.start_span(f"database {word}", start_time=begun, kind=SpanKind.CLIENT)
            span.set_attribute("db.system.name", engine.dialect.name)
            span.end(time_ns())

    def fail(context: Any) -> None:  # noqa: ANN401 - what the event brings
        if context.connection is not None and context.connection.info.get("jicai_begun"):
            context.connection.info["jicai_begun"].pop()

    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
    event.listen(engine, "handle_error", fail)


def describe(span: Span, facts: Mapping[str, str | int]) -> None:
    """Put facts on a span: routes and kinds, never what somebody sent."""
    for name, fact in facts.items():
        span.set_attribute(name, fact)
