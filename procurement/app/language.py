"""Remembering the language that a visitor chose."""

from urllib.parse import parse_qs

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

from procurement.web import new_cookie
from procurement.web.visit import LANGUAGE_COOKIE, LANGUAGES, Edge

YEAR_SECONDS = 31_536_000


async def remember_language(message: Message, scope: Scope) -> None:
    """Set the cookie when an address asks for a language with ``?lang=``."""
    if message["type"] != "http.response.start":
        return
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[0]
    if asked in LANGUAGES:
        edge: Edge = scope["litestar_app"].state["edge"]
        cookie = new_cookie(LANGUAGE_COOKIE, asked, seconds=YEAR_SECONDS, settings=edge.settings)
        MutableScopeHeaders.from_message(message).add("set-cookie", cookie.to_header(header=""))
