"""One request, one transaction: the two decorators that every handler wears.

The transaction is decided here and nowhere else (docs/decisions/0001-transaction-at-the-edge.md):
it is committed when the handler returns, on a redirect too, and rolled back when it raises.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Concatenate, TypeVar

from litestar import Request
from litestar.concurrency import sync_to_thread
from litestar.enums import RequestEncodingType
from sqlalchemy.orm import Session

from procurement.clock import now
from procurement.database import snapshot, transaction
from procurement.web.cookies import cookie_name
from procurement.web.forms import Form, form_content, read_form
from procurement.web.handing_in import scan_handed_in
from procurement.web.idempotency import answer_once, idempotency_key
from procurement.web.visit import (
    SESSION_COOKIE,
    AnyRequest,
    Edge,
    Resolved,
    Visit,
    language_of,
)

Answer = TypeVar("Answer")
Handler = Callable[Concatenate[Visit, ...], Answer]
EdgeHandler = Callable[..., Awaitable[Any]]

FORMS = (RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART)

OWN_IDEMPOTENCY = "own_idempotency"
"""Handler option: the service itself keeps answers by idempotency key."""


def reads(handler: Handler[Answer]) -> EdgeHandler:
    """Run a handler within one consistent snapshot of the database; nothing it writes is kept.

    The handler's first parameter ``visit`` is filled in here; the others are Litestar's.
    """

    @contextmanager
    def opened(edge: Edge) -> Iterator[Session]:
        with snapshot(edge.engine) as session:
            yield session

    return _at_the_edge(handler, opened, is_kept=False)


def writes(handler: Handler[Answer]) -> EdgeHandler:
    """Run a handler within one transaction, committed when it returns.

    A POST to the API with an ``Idempotency-Key`` is answered once: the same request again gets
    the same answer.
    """

    @contextmanager
    def opened(edge: Edge) -> Iterator[Session]:
        with transaction(edge.engine) as session:
            yield session

    return _at_the_edge(handler, opened, is_kept=True)


def _at_the_edge(
    handler: Handler[Answer], opened: Callable[[Edge], Any], *, is_kept: bool
) -> EdgeHandler:
    def answer(request: AnyRequest, form: Form, body: bytes, arguments: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever the handler returns
        edge: Edge = request.app.state.edge
        scan_handed_in(form, arguments, edge.settings)
        with opened(edge) as session:
            resolved, visit = _visit(request, form, session)
            key = idempotency_key(request)
            if key is None or request.route_handler.opt.get(OWN_IDEMPOTENCY):
                given: object = handler(visit, **arguments)
            else:
                content = form_content(form) if _is_form(request) else body
                given = answer_once(
                    visit, key=key, body=content, answer=lambda: handler(visit, **arguments)
                )
            if is_kept and resolved.touch_due:
                # Not in a transaction of its own: each one waits for the disk.
                edge.touch(session, resolved=resolved, moment=visit.wall_moment)
        if not is_kept:
            _note_use(edge, resolved, visit.wall_moment)
        return given

    async def at_the_edge(request: AnyRequest, **arguments: Any) -> Any:  # noqa: ANN401
        form, body = Form(), b""
        if _is_form(request):
            form = read_form(await request.form())
        elif idempotency_key(request):
            body = await request.body()
        # The database is not asked on the event loop: a waiting writer would stop every request.
        return await sync_to_thread(answer, request, form, body, arguments)

    _take_signature(at_the_edge, handler)
    return at_the_edge


def _is_form(request: AnyRequest) -> bool:
    return request.method == "POST" and request.content_type[0] in FORMS


def _take_signature(outer: EdgeHandler, handler: Handler[Answer]) -> None:
    """Let Litestar see the handler's own parameters, with the request in place of the visit."""
    signature = inspect.signature(handler)
    _visit_parameter, *others = signature.parameters.values()
    request = inspect.Parameter(
        "request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request[Any, Any, Any]
    )
    hints = inspect.get_annotations(handler)
    outer.__signature__ = signature.replace(parameters=[request, *others])  # type: ignore[attr-defined]
    outer.__annotations__ = {
        "request": Request[Any, Any, Any],
        **{name: hint for name, hint in hints.items() if name != _visit_parameter.name},
    }
    outer.__name__ = handler.__name__
    outer.__qualname__ = handler.__qualname__
    outer.__module__ = handler.__module__
    outer.__doc__ = handler.__doc__


def _visit(request: AnyRequest, form: Form, session: Session) -> tuple[Resolved, Visit]:
    edge: Edge = request.app.state.edge
    moment = edge.clock()
    # A sign-in lasts so long by the clock of people, also where another one runs faster.
    wall = moment if edge.sandbox is None else now()
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    is_api = request.url.path.startswith("/api/")
    session_cookie = cookie_name(SESSION_COOKIE, edge.settings)
    resolved = edge.resolve(
        session,
        # A cookie is sent by any page that makes the browser ask; the API takes tokens only.
        session_token=None if is_api else request.cookies.get(session_cookie),
        api_token=token if is_api and scheme.lower() == "bearer" else None,
        moment=wall,
    )
    # For the page of an error, which is made when the transaction is over.
    request.state.actor = resolved.actor
    language = language_of(request)
    return resolved, Visit(
        session, resolved.actor, moment, language, edge, request, form, resolved.session_id
    )


def _note_use(edge: Edge, resolved: Resolved, moment: datetime) -> None:
    """Note that it is in use, in a transaction of its own: what reads keeps nothing."""
    if resolved.touch_due:
        with transaction(edge.engine) as session:
            edge.touch(session, resolved=resolved, moment=moment)
