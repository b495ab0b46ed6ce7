"""The one Chromium of a test run, and where its pictures go; `tests.conftest` offers both."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.house_rules import ROOT
from tests.missing import skip_unless_ci

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
NO_CHROMIUM = (
    "no Chromium was found: install it (Debian, Ubuntu: apt-get install chromium) "
    "or name one in JICAI_TEST_CHROMIUM"
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Yield one running browser for the whole session."""
    given = os.environ.get("JICAI_TEST_CHROMIUM")
    program = given or next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        skip_unless_ci(NO_CHROMIUM)
    with sync_playwright() as playwright:
        # Without a sandbox, as containers run their tests as root.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Return the folder where tests leave pictures of pages."""
    folder = ROOT / "build" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
