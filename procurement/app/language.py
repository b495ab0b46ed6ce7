"""Remembering the language that a visitor chose."""

from urllib.parse import parse_qs

from litestar.datastructures import Cookie, MutableScopeHeaders
from litestar.types import Message, Scope

from procurement.web.visit import LANGUAGE_COOKIE, LANGUAGES

YEAR_SECONDS = 31_536_000


async def remember_language(message: Message, scope: Scope) -> None:
    """Set the cookie when an address asks for a language with ``?lang=``."""
    if message["type"] != "http.response.start":
        return
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[0]
    if asked in LANGUAGES:
        cookie = Cookie(LANGUAGE_COOKIE, value=asked, max_age=YEAR_SECONDS, samesite="lax")
        MutableScopeHeaders.from_message(message).add("set-cookie", cookie.to_header(header=""))
