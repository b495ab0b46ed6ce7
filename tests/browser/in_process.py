"""A platform of the test's own process in a real browser: its clock is the test's."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route

from tests.browser.looking import DESK, ORIGIN
from tests.procurement.platform import Visitor

_KEPT = ("content-type", "accept-language", "origin")
# A browser does not follow a redirect that is answered for it.
_LED_ON = '<!doctype html><title>…</title><meta http-equiv="refresh" content="0;url={}">'
_OWN = ("content-length", "content-encoding", "transfer-encoding", "set-cookie")


@contextmanager
def seen_by(browser: Browser, visitor: Visitor) -> Iterator[Page]:
    """Yield a page on which somebody sees a platform; every request is answered in this process."""
    context = browser.new_context(
        viewport={"width": DESK, "height": 900}, timezone_id="Asia/Shanghai", locale="zh-CN"
    )

    def answer(route: Route) -> None:
        asked, split = route.request, urlsplit(route.request.url)
        address = f"{split.path}?{split.query}" if split.query else split.path
        sent = {name: asked.headers[name] for name in _KEPT if name in asked.headers}
        found = visitor.send(
            asked.method, address, headers=sent, content=asked.post_data_buffer or b""
        )
        headers = {name: text for name, text in found.headers.items() if name not in _OWN}
        if found.is_redirect:
            route.fulfill(content_type="text/html", body=_LED_ON.format(found.headers["location"]))
        else:
            route.fulfill(status=found.status_code, headers=headers, body=found.content)

    context.route(f"{ORIGIN}/**", answer)
    yield context.new_page()
    context.close()
