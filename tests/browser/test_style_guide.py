"""The sample pages of the style guide: at a desk and on a phone, in both languages."""

import gzip
from pathlib import Path

import pytest

from tests.browser.accessibility import grave_findings, overflow
from tests.browser.looking import DESK, PHONE
from tests.browser.pictures import keep_picture
from tests.browser.samples import sample
from tests.browser.site import Site, page_of, visit
from tests.house_rules import ROOT

LANGUAGES = ("zh", "en")
WIDTHS = (PHONE, 768, DESK, 1920)
SAMPLES = ("parts.html", "form.html", "grid.html")
BUDGET = 150_000


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_page_fits_every_width_and_has_no_grave_finding(
    name: str, language: str, site: Site, pictures: Path
):
    page = site.show(page_of(name, visit("/page", language), sample(language)))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) == [], f"{width} px"
        if width in {PHONE, DESK}:
            assert grave_findings(page) == [], f"{width} px"
            stem = name.removesuffix(".html")
            keep_picture(page, pictures / f"style-{stem}-{language}-{width}.png")
    assert site.complaints == []


def test_what_every_page_loads_is_a_small_part_of_the_budget():
    files = [*(ROOT / "static" / "css").glob("*.css"), *(ROOT / "static" / "js").glob("*.js")]
    sent = sum(len(gzip.compress(file.read_bytes())) for file in files)
    assert sent < BUDGET / 5


def test_the_keyboard_reaches_everything_in_reading_order_and_shows_where_it_is(site: Site):
    page = site.show(page_of("form.html", visit("/page", "zh"), sample("zh") | {"faults": ()}))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    places = []
    for _ in range(30):
        page.keyboard.press("Tab")
        places.append(
            page.evaluate(
                """() => { const one = document.activeElement;
                const box = one.getBoundingClientRect();
                return [one.tagName + one.type + one.name,
                one.closest("main") ? box.top + scrollY : -1,
                getComputedStyle(one).outlineStyle]; }"""
            )
        )
    reached = [place for place in places if place[1] >= 0]
    assert len(reached) >= 12
    assert [top for _, top, _ in reached] == sorted(top for _, top, _ in reached)
    assert [name for name, _, outline in reached if outline != "solid"] == []


def test_the_skip_link_leads_to_the_content(site: Site):
    page = site.show(page_of("parts.html", visit("/page", "zh"), sample("zh")))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_faults_stand_on_top_and_at_the_field_in_the_same_words(site: Site):
    page = site.show(page_of("form.html", visit("/page", "zh"), sample("zh")))
    assert page.title().startswith("有误：")
    assert page.evaluate("document.activeElement.className") == "fault-summary"
    top = page.locator(".fault-summary a").all_inner_texts()
    below = [
        text.removeprefix("有误：") for text in page.locator(".field-fault").all_text_contents()
    ]
    assert top == below
    page.locator(".fault-summary a").nth(1).click()
    assert (
        page.evaluate("document.activeElement.name") == "maker"
        or page.evaluate("document.querySelector(':target').name") == "maker"
    )
    described = page.locator("#field-declared_price").get_attribute("aria-describedby") or ""
    assert "fault-declared_price" in described.split()


def test_a_page_prints_without_what_can_only_be_pressed(site: Site):
    page = site.show(page_of("parts.html", visit("/page", "zh"), sample("zh")))
    page.emulate_media(media="print")
    assert page.locator(".masthead").is_hidden()
    assert page.locator("form.filters").is_hidden()
    assert page.locator(".button:visible").count() == 0
    assert page.locator("table").is_visible()
