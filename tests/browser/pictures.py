"""Pictures of pages: for the help, taken while the tests look at a round, and to look at them."""

import base64
import os
from pathlib import Path

from playwright.sync_api import Page

from tests.house_rules import ROOT

WIDTH, HEIGHT = 960, 600
BUILD = ROOT / "build" / "pictures" / "help"
SHIPPED = ROOT / "static" / "images" / "help"

# Chromium draws PNG only, but encodes WebP, which is a third as large.
TO_WEBP = """async (encoded) => {
  const bytes = Uint8Array.from(atob(encoded), (one) => one.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  canvas.getContext("2d").drawImage(picture, 0, 0);
  const blob = await canvas.convertToBlob({ type: "image/webp", quality: 0.72 });
  return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
}"""


def folder() -> Path:
    """Return where pictures go: below build/, or into the product where JICAI_PICTURES=ship."""
    return SHIPPED if os.environ.get("JICAI_PICTURES") == "ship" else BUILD


def keep_picture(page: Page, file: Path) -> None:
    """Leave a picture of a whole page, where JICAI_PICTURES is set: drawing them takes long."""
    if os.environ.get("JICAI_PICTURES"):
        file.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=file, full_page=True)


def help_picture(page: Page, name: str, *, of: str = "h1") -> Path:
    """Take one picture of what the page shows now, in its language.

    Args:
        page: A page that is loaded.
        name: As in ``picture("…")`` of the help pages.
        of: What stands at the top of the picture, as a selector.

    Returns:
        The file.
    """
    before = page.viewport_size
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    page.locator(of).first.evaluate(
        "(one) => scrollTo(0, one.getBoundingClientRect().top + scrollY - 20)"
    )
    language = "en" if page.locator("html").get_attribute("lang") == "en" else "zh"
    file = folder() / language / f"{name}.webp"
    file.parent.mkdir(parents=True, exist_ok=True)
    drawn = base64.b64encode(page.screenshot(animations="disabled")).decode()
    file.write_bytes(base64.b64decode(page.evaluate(TO_WEBP, drawn)))
    if before is not None:
        page.set_viewport_size(before)
    return file
