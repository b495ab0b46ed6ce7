"""Looking at a page as people do: in both languages, on a phone and at a desk."""

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page, Response

from tests.browser.accessibility import grave_findings, overflow
from tests.browser.pictures import keep_picture

ORIGIN = "http://platform.test"
"""Where `tests.browser.in_process` answers."""

WIDTHS = PHONE, DESK = 360, 1440
_STARTED = "html[data-started], html:not(:has(script[src*='js/page.js']))"


def arrive(page: Page, address: str) -> Response:
    """Open a page, and wait until its scripts listen, where the browser has any."""
    answer = page.goto(address)
    assert answer is not None, address
    if not page.evaluate("matchMedia('(scripting: none)').matches"):
        page.locator(_STARTED).wait_for(state="attached")
    return answer


def look(
    page: Page,
    path: str,
    picture: Path,
    *,
    origin: str = ORIGIN,
    widths: Sequence[int] = WIDTHS,
) -> None:
    """Look at one page: readable at each width, without grave findings, in both languages.

    Args:
        page: Of somebody.
        path: With its question mark, if it has one.
        picture: Where a picture is left, if any is; language and width are added to its name.
        origin: Of a platform of another process, if it is one.
        widths: Of the window, in pixels.
    """
    for language in ("zh", "en"):
        sign = "&" if "?" in path else "?"
        answer = arrive(page, f"{origin}{path}{sign}lang={language}")
        assert answer.status == 200, (path, page.inner_text("body")[:800])
        assert page.locator("h1").count() == 1, path
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            assert overflow(page) == [], (path, language, width)
            keep_picture(page, picture.with_stem(f"{picture.stem}-{language}-{width}"))
        assert grave_findings(page) == [], (path, language)
