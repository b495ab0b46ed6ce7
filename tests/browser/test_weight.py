"""What the public pages of a running platform weigh, and how they arrive."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Response

from tests.browser.accessibility import grave_findings, overflow
from tests.browser.looking import PHONE

TEXT_PAGE_BYTES_MAX = 150_000
PUBLIC_PAGES = ("/", "/sign-in", "/rounds", "/catalogue", "/help", "/help/verify", "/nowhere")


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_a_public_page_is_light_complete_and_reads_well_on_a_phone(
    path: str, page: Page, platform: str
):
    page.set_viewport_size({"width": PHONE, "height": 740})
    answers: list[Response] = []
    complaints: list[str] = []
    page.on("response", lambda answer: answers.append(answer))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(platform + path, wait_until="networkidle")
    sent = sum(answer.request.sizes()["responseBodySize"] for answer in answers)
    assert sent <= TEXT_PAGE_BYTES_MAX
    failed = {urlsplit(answer.url).path for answer in answers if answer.status >= 400}
    assert failed <= {path if path == "/nowhere" else None}
    assert complaints == []
    assert overflow(page) == []
    assert grave_findings(page) == []


def test_files_come_compressed_and_are_kept(page: Page, platform: str):
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(platform, wait_until="networkidle")
    for answer in answers:
        headers = answer.headers
        if "/static/css/" in answer.url:
            assert headers["content-encoding"] in {"gzip", "br"}
            assert "immutable" in headers["cache-control"]
            assert "set-cookie" not in headers


def test_a_page_reads_without_scripts(platform: str, page: Page):
    browser = page.context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False)
    reader = plain.new_page()
    reader.goto(f"{platform}/sign-in")
    reader.fill("[name=user]", "nobody")
    reader.fill("[name=password]", "wrong words altogether")
    reader.get_by_role("button", name="登录").click()
    assert reader.locator(".fault-summary").is_visible()
    assert reader.input_value("[name=user]") == "nobody"
    plain.close()


def test_the_language_switch_is_remembered(page: Page, platform: str):
    page.goto(f"{platform}/sign-in")
    page.get_by_role("link", name="English").click()
    assert page.title() == "Sign in · Jicai drug procurement"
    page.goto(f"{platform}/")
    assert page.get_by_role("link", name="中文").is_visible()
