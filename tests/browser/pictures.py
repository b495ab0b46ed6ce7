"""Pictures of real pages for the help, taken while the browser tests walk through a round."""

import os
from pathlib import Path

from playwright.sync_api import Page

from tests.house_rules import ROOT

WIDTH, HEIGHT = 960, 600
BUILD = ROOT / "build" / "pictures" / "help"
SHIPPED = ROOT / "static" / "images" / "help"


def folder() -> Path:
    """Return where pictures go: below build/, or into the product where JICAI_PICTURES=ship."""
    return SHIPPED if os.environ.get("JICAI_PICTURES") == "ship" else BUILD


def help_picture(page: Page, name: str) -> Path:
    """Take one picture of what the page shows now, in its language.

    Args:
        page: A page that is loaded.
        name: As in ``picture("…")`` of the help pages.

    Returns:
        The file.
    """
    before = page.viewport_size
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    language = "en" if page.locator("html").get_attribute("lang") == "en" else "zh"
    file = folder() / language / f"{name}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, animations="disabled")
    if before is not None:
        page.set_viewport_size(before)
    return file
