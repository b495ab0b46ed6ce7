"""Home, errors and help: at a desk and on a phone, in both languages."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from procurement.home.help import TOPICS, sealing_scripts
from procurement.permissions import Actor
from tests.browser.accessibility import grave_findings, overflow
from tests.browser.looking import DESK, PHONE
from tests.browser.pictures import keep_picture
from tests.browser.samples import tasks
from tests.browser.site import MOMENT, SIGNED_IN, SIGNED_OUT, Site, page_of, visit

ROUND = SimpleNamespace(
    zh="示例批次",
    en="Example round",
    link="/rounds/example",
    state_zh="申报中",
    state_en="Bidding",
    due_at=MOMENT + timedelta(days=3),
    due_zh="申报截止",
    due_en="Bids close",
)
NOTICE = SimpleNamespace(
    zh="报量已被退回：说明缺失。",
    en="Your report was returned: an explanation is missing.",
    link="/volumes",
    sent_at=MOMENT - timedelta(hours=2),
    read_at=None,
)
HOMES: dict[str, tuple[Actor, dict[str, object]]] = {
    "full": (SIGNED_IN, {"tasks": tasks(), "running": [ROUND], "notices": [NOTICE]}),
    "empty": (SIGNED_IN, {"tasks": [], "running": [], "notices": []}),
    "public": (SIGNED_OUT, {"tasks": [], "running": [ROUND], "notices": []}),
}
MESSAGE = "没有找到该页面，或无权查看。"


def check(site: Site, html: str) -> None:
    """Look at a page at both widths."""
    page = site.show(html)
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) == []
        assert grave_findings(page) == []
    assert site.complaints == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", HOMES)
def test_the_home_page_lists_what_waits_or_says_what_to_do(
    name: str, language: str, site: Site, pictures: Path
):
    actor, context = HOMES[name]
    check(site, page_of("home/home.html", visit("/", language, actor=actor), context))
    keep_picture(site.page, pictures / f"home-{name}-{language}.png")


@pytest.mark.parametrize("actor", [SIGNED_IN, SIGNED_OUT], ids=["signed in", "signed out"])
@pytest.mark.parametrize("code", [403, 404, 409, 422, 429, 500])
def test_an_error_page_says_what_to_do(code: int, actor: Actor, site: Site):
    seen = visit("/nowhere", "zh", actor=actor)
    check(site, page_of("errors/error.html", seen, {"code": code, "message": MESSAGE}))


def test_a_stranger_cannot_tell_forbidden_from_missing():
    seen = visit("/nowhere", "zh", actor=SIGNED_OUT)
    forbidden, missing = (
        page_of("errors/error.html", seen, {"code": code, "message": MESSAGE})
        for code in (403, 404)
    )
    assert forbidden == missing


@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_fits_and_reads_well(language: str, site: Site):
    for topic in TOPICS:
        context = {"topic": topic, "made": set(), "scripts": sealing_scripts()}
        check(site, page_of("help/topic.html", visit(f"/help/{topic.name}", language), context))
    context = {"own": TOPICS[:1], "others": TOPICS[1:]}
    check(site, page_of("help/index.html", visit("/help", language), context))
