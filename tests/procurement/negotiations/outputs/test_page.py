"""What a page shows: with and without scripts, on a phone and at a desk, in both languages."""

import gzip
import re

import pytest

from pricing.negotiation_report import run_model
from procurement.negotiations.outputs import dossier_of, outputs_of
from procurement.web.rendering import environment
from tests.browser.accessibility import grave_findings, overflow
from tests.browser.looking import DESK, PHONE
from tests.browser.pictures import keep_picture
from tests.browser.site import Site, visit
from tests.procurement.negotiations.outputs.models import MODELS, model_of
from tests.procurement.negotiations.outputs.sample import sample_dossier

PAGE = """
{% extends "layout.html" %}
{% from "negotiations/outputs/parts.html" import outputs %}
{% block title %}{{ shown.dossier.title }}{% endblock %}
{% block head %}{% for sheet in ("awards", "ceiling") %}
<link rel="stylesheet" href="{{ static('css/' ~ sheet ~ '.css') }}">{% endfor %}{% endblock %}
{% block content %}<h1>{{ shown.dossier.title }}</h1><h2>{{ shown.dossier.drug }}</h2>
{{ outputs(visit, shown, files=[("/model.xlsx", "Excel"), ("/model.pdf", "PDF")]) }}{% endblock %}
{% block scripts %}<script type="module" src="{{ static('js/ceiling.js') }}"></script>{% endblock %}
"""
CHART_PAGE_BYTES_MAX = 450_000


def page_for(dossier, language, price=None):
    shown = outputs_of(dossier, language=language, price=price)
    made = environment(language).from_string(PAGE)
    return made.render(visit=visit("/page", language), shown=shown)


@pytest.fixture
def site(chromium):
    context = chromium.new_context(viewport={"width": DESK, "height": 900})
    yield Site(context.new_page())
    context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_fits_every_width_and_has_no_grave_finding(language, site, pictures):
    page = site.show(page_for(sample_dossier(), language))
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) == [], width
        assert grave_findings(page) == [], width
        keep_picture(page, pictures / f"ceiling-{language}-{width}.png")
    assert site.complaints == []


@pytest.mark.parametrize("name", MODELS)
def test_a_model_with_only_some_parts_has_a_page_that_fits(name, site):
    model = model_of(name)
    dossier = dossier_of(model, run_model(model, draws=0))
    for language in ("zh", "en"):
        page = site.show(page_for(dossier, language))
        page.set_viewport_size({"width": PHONE, "height": 900})
        assert overflow(page) == []
    assert site.complaints == []


def test_every_picture_is_described_and_stays_within_its_frame(site):
    page = site.show(page_for(sample_dossier(), "en"))
    page.set_viewport_size({"width": PHONE, "height": 900})
    pictures = page.get_by_role("img")
    assert pictures.count() == 9
    beyond = page.evaluate(
        """() => [...document.querySelectorAll("svg.picture text")].filter((one) => {
        const box = one.getBoundingClientRect(), frame = one.closest("svg").getBoundingClientRect();
        return box.right > innerWidth || box.left < frame.left - 8; }).map((o) => o.textContent)"""
    )
    assert beyond == []
    for number in range(9):
        assert len(pictures.nth(number).locator("desc").text_content()) > 20


def test_the_price_moves_through_the_lines_and_the_values_follow(site):
    page = site.show(page_for(sample_dossier(), "en"))
    cursor = page.locator("svg[data-low] [data-cursor]").first
    before = float(cursor.get_attribute("x1").removesuffix("%"))
    year = page.locator("tr", has=page.get_by_role("rowheader", name=re.compile("^Year 5")))
    assert year.get_by_text("exceeded").is_visible()
    page.get_by_label("Price (yuan per").fill("20,000")
    assert float(cursor.get_attribute("x1").removesuffix("%")) < before
    # -89 million + 5,160 x 20,000
    assert year.locator("[data-value]").inner_text() == "14.20"
    assert year.locator("[data-room]").inner_text() == "35.80"
    assert year.get_by_text("kept").is_visible()
    assert not year.get_by_text("exceeded").is_visible()
    slider = page.get_by_role("slider")
    assert abs(float(slider.input_value()) - 20_000) < 100
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_label("Price (yuan per").input_value() != "20,000"
    assert site.complaints == []


def test_script_and_server_show_the_same_values(site):
    dossier = sample_dossier()
    page = site.show(page_for(dossier, "zh"))
    for price in (0.0, 12_345.67, 26_937.98, 26_937.99, 33_000.0):
        page.locator("#field-price").fill(f"{price:.2f}")
        shown = outputs_of(dossier, language="zh", price=price).at_price
        assert page.locator("[data-value]").all_inner_texts() == [one.shown for one in shown]
        held = page.locator("tr[data-cap] [data-holds]").evaluate_all(
            "all => all.map((one) => !one.hidden)"
        )
        assert held == [one.holds for one in shown if one.cap is not None]


def test_without_scripts_the_form_asks_the_server(chromium):
    context = chromium.new_context(java_script_enabled=False)
    site = Site(context.new_page())
    page = site.show(page_for(sample_dossier(), "zh", price=20_000.0))
    assert page.locator("#field-price").input_value() == "20000.00"
    assert page.get_by_role("slider").count() == 0
    assert "1,420.00" in page.locator(".at-price").inner_text()
    assert page.locator("[data-cursor]").first.is_hidden()
    context.close()


def test_a_page_with_every_chart_is_light():
    html = page_for(sample_dossier(), "zh")
    assert len(gzip.compress(html.encode())) < CHART_PAGE_BYTES_MAX / 4


def test_a_bent_impact_is_drawn_and_no_script_follows_it(site):
    model = model_of("agreement")
    dossier = dossier_of(model, run_model(model, draws=0))
    page = site.show(page_for(dossier, "en"))
    assert page.locator("tr[data-zero]").count() == 0
    assert page.get_by_text("An agreement or an elasticity bends the impact").is_visible()
    assert page.get_by_role("img", name=re.compile("No constraint limits")).is_visible()
