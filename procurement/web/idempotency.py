"""Requests that are carried out once, however often a shaky line makes a machine send them."""

import hashlib
from collections.abc import Callable
from typing import Any

from litestar import Response
from litestar.serialization import default_serializer, encode_json
from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from procurement.errors import RefusedError
from procurement.web.tables import IdempotentAnswer
from procurement.web.visit import AnyRequest, Visit

KEY_LENGTH_MAX = 100
JSON = "application/json"

_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


class IdempotencyKeyReusedError(RefusedError):
    """The key was used for another request (422)."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="该幂等键（Idempotency-Key）已用于另一请求；新请求请使用新键。",
            en="This Idempotency-Key was used for another request; a new request needs a new key.",
        )


class BadIdempotencyKeyError(RefusedError):
    """The key is empty or too long (422)."""

    def __init__(self) -> None:
        """Say what was expected."""
        super().__init__(
            zh="Idempotency-Key 须为 1 至 100 个字符。",
            en="Idempotency-Key: expected 1 to 100 characters.",
        )


def idempotency_key(request: AnyRequest) -> str | None:
    """Return the key of an API request that changes something, or None."""
    if request.method != "POST" or not request.url.path.startswith("/api/"):
        return None
    return request.headers.get("idempotency-key")


def answer_once(
    visit: Visit, *, key: str, body: bytes, answer: Callable[[], object]
) -> Response[bytes]:
    """Answer a request, or repeat the answer that the same request got before.

    Args:
        visit: The request.
        key: Its idempotency key.
        body: Its body, as sent.
        answer: Carries the request out.

    Returns:
        The answer, encoded.

    Raises:
        BadIdempotencyKeyError: The key is empty or too long.
        IdempotencyKeyReusedError: The key belongs to another request.
    """
    if not 0 < len(key) <= KEY_LENGTH_MAX:
        raise BadIdempotencyKeyError
    head = f"{visit.request.method} {visit.path}\n".encode()
    digest = hashlib.sha256(head + body).hexdigest()
    kept = _claim(visit, key=key, digest=digest)
    if kept is not None:
        if kept.request_digest != digest:
            raise IdempotencyKeyReusedError
        return _response(kept.body or b"", kept.status or 200, kept.media_type or JSON)
    given = answer()
    encoded = _encoded(visit, given)
    visit.session.execute(
        update(IdempotentAnswer)
        .where(
            IdempotentAnswer.organisation_id == (visit.actor.organisation_id or 0),
            IdempotentAnswer.key == key,
        )
        .values(status=encoded.status_code, media_type=encoded.media_type, body=encoded.content)
    )
    return encoded


def _claim(visit: Visit, *, key: str, digest: str) -> IdempotentAnswer | None:
    """Take the key, or return the answer of who took it before.

    A second request with the same key waits here until the first is decided: it then sees its
    answer, or, where that one failed and left nothing, takes the key itself.
    """
    organisation_id = visit.actor.organisation_id or 0
    values = {
        "organisation_id": organisation_id,
        "key": key,
        "request_digest": digest,
        "answered_at": visit.moment,
    }
    build = _INSERT.get(visit.session.get_bind().dialect.name, insert)
    statement: Any = build(IdempotentAnswer).values(values)
    # Not the count of rows: psycopg does not know it here and says -1, taken or not.
    taking = statement.on_conflict_do_nothing().returning(IdempotentAnswer.id)
    if visit.session.scalar(taking) is not None:
        return None
    return visit.session.scalars(
        select(IdempotentAnswer).where(
            IdempotentAnswer.organisation_id == organisation_id, IdempotentAnswer.key == key
        )
    ).one()


def _encoded(visit: Visit, given: object) -> Response[bytes]:
    status = visit.request.route_handler.status_code
    if isinstance(given, Response):
        content = given.content
        media_type = str(given.media_type or JSON)
        encoded = content if isinstance(content, bytes) else encode_json(content)
        return _response(encoded, given.status_code or status, media_type)
    return _response(encode_json(given, serializer=default_serializer), status, JSON)


def _response(body: bytes, status: int, media_type: str) -> Response[bytes]:
    return Response(content=body, status_code=status, media_type=media_type)
