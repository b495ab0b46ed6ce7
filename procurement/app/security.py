"""Headers that every answer carries."""

from typing import Any

from litestar.config.csrf import CSRFConfig
from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

from procurement.database import SandboxClock
from procurement.settings import Settings
from procurement.telemetry.requests import HEADER, request_id
from procurement.web import cookie_name

CSRF_COOKIE = "jicai_csrf"

_POLICY = (
    "default-src 'self'; script-src 'self'{wasm}; style-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
POLICY = _POLICY.format(wasm="")
POLICY_WITH_WASM = _POLICY.format(wasm=" 'wasm-unsafe-eval'")
"""Only where bids are sealed or opened: the browser's cryptography is WebAssembly."""


UPGRADE = "; upgrade-insecure-requests"
"""Where people reach the platform by HTTPS: nothing is ever fetched without it."""

TRANSPORT = "max-age=63072000; includeSubDomains"
"""Two years, on this host and below it; browsers keep it only from an encrypted answer."""

_UNUSED = (
    *("accelerometer", "autoplay", "bluetooth", "camera", "display-capture", "encrypted-media"),
    *("fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "idle-detection"),
    *("local-fonts", "magnetometer", "microphone", "midi", "payment", "picture-in-picture"),
    *("publickey-credentials-get", "screen-wake-lock", "serial", "usb", "web-share"),
    "xr-spatial-tracking",
)

FIXED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-permitted-cross-domain-policies": "none",
    "x-dns-prefetch-control": "off",
    "referrer-policy": "same-origin",
    "permissions-policy": ", ".join(f"{feature}=()" for feature in _UNUSED),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
}
"""The same on every answer. No ``clear-site-data`` at signing out: drafts of prices are kept in the
browser, under a key of its own, and must outlive it."""


async def add_security_headers(message: Message, scope: Scope) -> None:
    """Add the headers to an answer that is about to be sent."""
    if message["type"] != "http.response.start":
        return
    handler: Any = scope.get("route_handler")
    wasm = bool(handler is not None and handler.opt.get("wasm"))
    headers = MutableScopeHeaders.from_message(message)
    policy = POLICY_WITH_WASM if wasm else POLICY
    if _settings(scope).is_https:
        policy += UPGRADE
        headers["strict-transport-security"] = TRANSPORT
    headers["content-security-policy"] = policy
    for name, value in FIXED.items():
        headers[name] = value
    headers["cache-control"] = _cache_control(scope)


async def add_marks(message: Message, scope: Scope) -> None:
    """Put the request's id on its answer, and say of a rehearsal's that it is one."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    headers[HEADER] = request_id(scope["state"])
    sandbox: SandboxClock | None = scope["litestar_app"].state["edge"].sandbox
    if sandbox is not None:
        headers["x-jicai-sandbox"] = f"rehearsal; speed={sandbox.known_speed}"


def _settings(scope: Scope) -> Settings:
    settings: Settings = scope["litestar_app"].state["edge"].settings
    return settings


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
        cookie_name=cookie_name(CSRF_COOKIE, settings),
        cookie_secure=settings.is_https,
        cookie_httponly=True,
        exclude=["^/api/", "^/static/"],
    )
