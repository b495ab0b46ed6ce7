"""A platform of the test's own process in a real browser: its clock is the test's."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route

from tests.browser.accessibility import grave_findings, overflow
from tests.browser.conftest import DESK, PHONE
from tests.procurement.platform import Visitor

ORIGIN = "http://platform.test"
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


def look(page: Page, path: str, picture: object, *, origin: str = ORIGIN) -> None:
    """Look at one page: readable at each width, without grave findings, in both languages.

    Args:
        page: Of somebody.
        path: With its question mark, if it has one.
        picture: A path; language and width are added to its name.
        origin: Of a platform of another process, if it is one.
    """
    for language in ("zh", "en"):
        sign = "&" if "?" in path else "?"
        answer = page.goto(f"{origin}{path}{sign}lang={language}", wait_until="networkidle")
        assert answer is not None and answer.status == 200, (path, page.inner_text("body")[:800])
        assert page.locator("h1").count() == 1, path
        for width in (PHONE, DESK):
            page.set_viewport_size({"width": width, "height": 900})
            assert overflow(page) == [], (path, language, width)
            stem = f"{picture.stem}-{language}-{width}"  # type: ignore[attr-defined]
            page.screenshot(path=picture.with_stem(stem), full_page=True)  # type: ignore[attr-defined]
        assert grave_findings(page) == [], (path, language)
