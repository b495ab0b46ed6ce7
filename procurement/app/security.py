"""Headers that every answer carries."""

from typing import Any

from litestar.config.csrf import CSRFConfig
from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

from procurement.settings import Settings

_POLICY = (
    "default-src 'self'; script-src 'self'{wasm}; style-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
POLICY = _POLICY.format(wasm="")
POLICY_WITH_WASM = _POLICY.format(wasm=" 'wasm-unsafe-eval'")
"""Only where bids are sealed or opened: the browser's cryptography is WebAssembly."""


async def add_security_headers(message: Message, scope: Scope) -> None:
    """Add the headers to an answer that is about to be sent."""
    if message["type"] != "http.response.start":
        return
    handler: Any = scope.get("route_handler")
    wasm = bool(handler is not None and handler.opt.get("wasm"))
    headers = MutableScopeHeaders.from_message(message)
    headers["content-security-policy"] = POLICY_WITH_WASM if wasm else POLICY
    headers["x-content-type-options"] = "nosniff"
    headers["referrer-policy"] = "same-origin"
    headers["cross-origin-opener-policy"] = "same-origin"
    headers["cache-control"] = _cache_control(scope)


def _cache_control(scope: Scope) -> str:
    if not scope["path"].startswith("/static/"):
        # Pages show what their reader may see: no proxy may keep them.
        return "no-store"
    if scope["query_string"].startswith(b"v="):
        # The address carries a digest of the file.
        return "public, max-age=31536000, immutable"
    # Modules import each other without a digest; the vendored ones change with a release only.
    return "public, max-age=86400" if scope["path"].startswith("/static/vendor/") else "no-cache"


def csrf_config(settings: Settings) -> CSRFConfig:
    """Make the protection of forms; the API takes tokens and no cookie, and needs none."""
    if settings.secret_key is None:
        raise ValueError("the settings have no secret key: see with_installation_key")
    return CSRFConfig(
        secret=settings.secret_key.hex(),
        cookie_name="jicai_csrf",
        cookie_secure=settings.is_https,
        cookie_httponly=True,
        exclude=["^/api/", "^/static/"],
    )
