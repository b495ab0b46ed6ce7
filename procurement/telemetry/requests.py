"""What is told of each request: an id in the logs and the answer, a duration, a trace."""

import secrets
from collections.abc import MutableMapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from opentelemetry.trace import Span, SpanKind, Tracer
from structlog.contextvars import bound_contextvars

from procurement.telemetry.metrics import REQUEST_SECONDS
from procurement.telemetry.traces import WITHHELD, describe
from procurement.telemetry.withheld import is_withheld

ID_BYTES = 12
HEADER = "x-request-id"
REQUEST_ID = "request_id"
FAILED = 500


class Telling(ASGIMiddleware):
    """Tells of every request what may be told of it."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Answer a request, and tell of it."""
        asked = _Asked(scope, send)
        tracer: Tracer | None = scope["litestar_app"].state.get("tracer")
        named = bound_contextvars(request=asked.number, method=asked.method, route=asked.route)
        with named, _span(tracer, asked) as span:
            try:
                await next_app(scope, receive, asked.sent)
            except Exception as error:
                asked.status = getattr(error, "status_code", FAILED)
                raise
            finally:
                asked.tell(span)


@dataclass
class _Asked:
    scope: Scope
    send: Send
    status: int = FAILED
    begun: float = field(default_factory=perf_counter)

    @property
    def number(self) -> str:
        return request_id(self.scope["state"])

    @property
    def method(self) -> str:
        return str(self.scope["method"])  # type: ignore[typeddict-item]

    @property
    def route(self) -> str:
        return str(self.scope.get("path_template", "?"))

    async def sent(self, message: Message) -> None:
        """Note the status of the answer on its way."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self.send(message)

    def tell(self, span: Span | None) -> None:
        """Tell of the request, now that it is known who asked."""
        handler: Any = self.scope.get("route_handler")
        module = str(getattr(getattr(handler, "fn", None), "__module__", ""))
        withheld = is_withheld(module=module, route=self.route, state=self.scope["state"])
        if span is not None:
            facts = {"http.route": self.route, "http.request.method": self.method}
            describe(span, {**facts, "http.response.status_code": self.status})
            span.set_attribute(WITHHELD, withheld)
        if not withheld:
            labels = (self.method, self.route, f"{self.status // 100}xx")
            REQUEST_SECONDS.labels(*labels).observe(perf_counter() - self.begun)


def _span(tracer: Tracer | None, asked: _Asked) -> AbstractContextManager[Span | None]:
    if tracer is None:
        return nullcontext()
    return tracer.start_as_current_span(
        f"{asked.method} {asked.route}",
        kind=SpanKind.SERVER,
        # An error's message may quote what was sent.
        record_exception=False,
        set_status_on_exception=False,
    )


def request_id(state: MutableMapping[str, Any]) -> str:
    """Return the id of a request, which its answer and its lines in the log carry."""
    return str(state.setdefault(REQUEST_ID, secrets.token_hex(ID_BYTES)))
