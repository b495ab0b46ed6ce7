"""Which HTTP status each refusal becomes: the one table, for pages and for the API (RFC 9457)."""

import logging
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.exceptions import HTTPException, NotFoundException
from sqlalchemy.exc import DataError, InterfaceError, OperationalError, TimeoutError
from sqlalchemy.orm import Session

from procurement.accounts.people.invitations import InvitationOverError
from procurement.accounts.sign_in.throttle import TooManyAttemptsError
from procurement.accounts.sign_in.tokens import UnknownTokenError
from procurement.errors import InvalidInputError, JicaiError, StaleError, said_safely
from procurement.files.scanning import MaliciousFileError, NotScannedError
from procurement.permissions import Actor, NotFoundForActorError, NotPermittedError
from procurement.web import Visit, redirect, render
from procurement.web.idempotency import BadIdempotencyKeyError, IdempotencyKeyReusedError
from procurement.web.visit import AnyRequest, language_of
from rulebooks.errors import RulebookError

PROBLEM = "application/problem+json"
REFUSED = 409

STATUSES: Mapping[type[Exception], int] = {
    UnknownTokenError: 401,
    NotPermittedError: 403,
    NotFoundForActorError: 404,
    InvalidInputError: 422,
    IdempotencyKeyReusedError: 422,
    BadIdempotencyKeyError: 422,
    StaleError: 409,
    InvitationOverError: 410,
    MaliciousFileError: 422,
    NotScannedError: 503,
    TooManyAttemptsError: 429,
}
"""Refusals that are not 409; the nearest base class counts."""

_log = logging.getLogger(__name__)

# What no column can hold: numbers of more than 64 bits, NUL, halves of characters.
_UNSTORABLE = (DataError, OverflowError, UnicodeEncodeError)

# No server, no connection left, or a lock that was waited for too long: the same request may pass
# a little later.
_AWAY = (OperationalError, InterfaceError, TimeoutError)


def status_of(error: Exception) -> int:
    """Return the HTTP status of a refusal.

    Examples:
        >>> status_of(StaleError()), status_of(NotFoundForActorError())
        (409, 404)
    """
    known = (STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
    return next(known, REFUSED)


def answer_refusal(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer a refusal in words of the domain."""
    zh, en = getattr(error, "zh", str(error)), getattr(error, "en", str(error))
    status = status_of(error)
    if isinstance(error, NotPermittedError) and not _actor(request).is_signed_in:
        status = 401
    errors = [
        {"field": fault.field, "zh": fault.zh, "en": fault.en}
        for fault in getattr(error, "faults", ())
    ]
    return _answer(request, status, (zh, en), kind=type(error).__name__, errors=errors)


def answer_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Answer what the framework refused: no such address, a body of another shape."""
    if isinstance(error, NotFoundException):
        return answer_refusal(request, NotFoundForActorError())
    zh = {400: "请求的内容不符合要求。", 413: "文件过大。", 429: "操作过于频繁，请稍后再试。"}
    text = zh.get(error.status_code, "请求无法处理。")
    if "CSRF" in error.detail:
        # The page stood open past its session: what was typed is still in the browser.
        text, detail = (
            "页面已过期，未作任何更改。请返回上一页，刷新后重新提交。",
            "This page has expired and nothing was changed. Go back, reload and send it again.",
        )
    else:
        detail = error.detail
    extra = error.extra if isinstance(error.extra, list) else []
    errors = [
        {"field": str(item.get("key", "")), "en": str(item.get("message", ""))}
        for item in extra
        if isinstance(item, dict)
    ]
    return _answer(
        request, error.status_code, (text, detail), kind=type(error).__name__, errors=errors
    )


def answer_failure(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer what nobody foresaw; the log has the rest, and no value that was sent."""
    if isinstance(error, _UNSTORABLE):
        text = ("有字段的值无法保存，请检查数字和文字。", "A value cannot be stored; check it.")
        return _answer(request, 422, text, kind="UnstorableError")
    if isinstance(error, _AWAY) or getattr(error, "connection_invalidated", False):
        _log.error("%s %s: %s", request.method, _route(request), said_safely(error))
        text = ("系统暂时无法处理，请稍后重试。", "Temporarily not available; try again shortly.")
        return _answer(request, 503, text, kind="UnavailableError")
    _log.error("%s %s failed: %s", request.method, _route(request), said_safely(error))
    text = ("系统出错，未作任何更改。", "Something failed; nothing was changed.")
    return _answer(request, 500, text, kind="FailureError")


HANDLERS: Mapping[type[Exception] | int, Any] = {
    JicaiError: answer_refusal,
    RulebookError: answer_refusal,
    HTTPException: answer_http,
    Exception: answer_failure,
}
"""Exception handlers of the application."""


def _answer(
    request: AnyRequest,
    status: int,
    text: tuple[str, str],
    *,
    kind: str,
    errors: list[dict[str, str]] | None = None,
) -> Response[Any]:
    if request.url.path.startswith("/api/"):
        return _problem(request, status, text, kind=kind, errors=errors or [])
    if status == 401 and request.method == "GET":
        return redirect(f"/sign-in?next={quote(request.url.path)}")
    return _page(request, status, text)


def _problem(
    request: AnyRequest,
    status: int,
    text: tuple[str, str],
    *,
    kind: str,
    errors: list[dict[str, str]],
) -> Response[dict[str, Any]]:
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind.removesuffix("Error")).lower()
    body: dict[str, Any] = {
        "type": f"urn:jicai:problem:{name}",
        "title": text[1],
        "status": status,
        "detail": text[1],
        "detail_zh": text[0],
        "instance": request.url.path,
    }
    if errors:
        body["errors"] = errors
    headers = {"www-authenticate": "Bearer"} if status == 401 else {}
    return Response(body, status_code=status, media_type=PROBLEM, headers=headers)


def _page(request: AnyRequest, status: int, text: tuple[str, str]) -> Response[str]:
    edge = request.app.state.edge
    # The transaction is over; the page of an error reads nothing.
    visit = Visit(Session(), _actor(request), edge.clock(), language_of(request), edge, request)
    message = visit.text(*text)
    return render(visit, "errors/error.html", status=status, code=status, message=message)


def _actor(request: AnyRequest) -> Actor:
    actor = getattr(request.state, "actor", None)
    return actor if isinstance(actor, Actor) else Actor()


def _route(request: AnyRequest) -> str:
    handler = request.scope.get("route_handler")
    return str(getattr(handler, "handler_name", "?"))
