"""The public finder and complaints in a real browser: on a small phone, without scripts."""

import re
import shutil
from datetime import date

import pytest

from procurement.accounts.tables import Person
from procurement.database import make_engine, snapshot, transaction
from procurement.pharmacies.complaints.filing import Wanted, file_complaint
from procurement.pharmacies.complaints.handling import (
    Handling,
    answer_complaint,
    assign_complaint,
    grade_complaint,
)
from tests.browser.accessibility import grave_findings, overflow
from tests.browser.in_process import seen_by
from tests.browser.looking import ORIGIN, look
from tests.procurement.pharmacies.finder.test_pages import listed
from tests.procurement.pharmacies.finder.world import (
    CODE,
    FIRST,
    MOMENT,
    SECOND_CODE,
    finder_world,
)
from tests.procurement.platform import KEY, running_platform

PUBLIC = (
    ("/find", "start"),
    ("/find?q=希替", "found"),
    ("/find?q=人民路&region=340000", "found-place"),
    ("/find?q=没有这种药", "nothing"),
    ("/find/regions/340000", "region"),
    ("/find/drugs/{drug}", "drug"),
    ("/find/drugs/{drug}?province=340000", "drug-province"),
    ("/find/drugs/{drug}?county=341502", "holders"),
    ("/find/drugs/{drug}?county=341503", "holders-none"),
    ("/find/places/" + FIRST, "place"),
    ("/find/counties/341502", "county"),
    ("/complaints/new?place=" + FIRST, "complain"),
    ("/complaints/follow", "follow"),
)


@pytest.fixture
def world(sqlite_template, tmp_path):
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'jicai.sqlite3')}")
    made = finder_world(engine)
    listed(made)
    made.report(
        {"drug_code": CODE, "packs": "5", "price": "4400", "as_of": "2026-11-10"}, by="hospital"
    )
    made.report(
        {"place": FIRST, "drug_code": CODE, "level": "few", "price": "4600"},
        {"place": FIRST, "drug_code": SECOND_CODE, "packs": "0", "level": "ordered"},
    )
    yield made
    engine.dispose()


@pytest.fixture
def platform(world, tmp_path):
    with running_platform(world.engine, tmp_path, clock=lambda: MOMENT) as running:
        yield running


def person_of(world, name):
    with snapshot(world.engine) as session:
        return session.get_one(Person, world.actors[name].person_id)


def answered(world):
    """A complaint that was answered; its receipt."""
    officer = world.actors["officer"]
    with transaction(world.engine) as session:
        wanted = Wanted(
            about="price", text="价格比公布的高。", place_code=FIRST, contact="0564-3333333"
        )
        filed = file_complaint(session, wanted=wanted, address="", key=KEY, moment=MOMENT)

        def now():
            return Handling(filed.number, None, officer, MOMENT)

        grade_complaint(session, now(), grade="ordinary", due_on=date(2026, 12, 1))
        assign_complaint(session, now(), organisation_id=officer.organisation_id)
        answer_complaint(session, now(), text="已核查，门店已改正并退还差价。", key=KEY)
    return filed


def test_public_pages_read_well_on_a_phone_in_both_languages(world, platform, chromium, pictures):
    with seen_by(chromium, platform.nobody()) as page:
        for path, name in PUBLIC:
            look(
                page,
                path.format(drug=world.drugs["奥希替尼"]),
                pictures / f"finder-{name}.png",
            )


def test_pages_of_places_and_officers_read_well(world, platform, chromium, pictures):
    filed = answered(world)
    for name, path, shown in (
        ("chain", "/find/stock", "stock"),
        ("officer", "/find/prices", "prices"),
        ("officer", "/complaints", "complaints"),
        ("officer", f"/complaints/{filed.number}", "complaint"),
    ):
        with seen_by(chromium, platform.signed_in(person_of(world, name))) as page:
            look(page, path, pictures / f"finder-{shown}.png")


def test_an_old_phone_without_scripts_finds_a_drug_and_complains(world, platform, chromium):
    with seen_by(chromium, platform.nobody()) as page:
        # Not switched off in the browser: what looks for faults is a script itself.
        page.route("**/*.js*", lambda route: route.abort())
        page.set_viewport_size({"width": 360, "height": 640})
        page.goto(f"{ORIGIN}/find")
        page.get_by_label("药名").fill("希替")
        page.get_by_role("button", name="查找").click()
        page.get_by_role("link", name="奥希替尼").click()
        page.get_by_role("link", name="安徽").click()
        page.get_by_role("link", name="金安区").click()
        text = page.inner_text("main")
        for words in ("大药房人民路店", "基因检测报告", "4,600.00", "（今天）", "今天 09:00-12:00"):
            assert words in text, words
        page.get_by_role("link", name="大药房人民路店").click()
        assert "乘 1 路到人民路站" in page.inner_text("main")
        page.get_by_role("link", name="在这里写下来").click()
        page.get_by_label("价格", exact=True).check()
        page.get_by_label("怎么回事").fill("价格比公布的高。")
        page.get_by_role("button", name="提交").click()
        shown = page.inner_text("main")
        number = re.search(r"TS\d{6}-\w{6}", shown)
        code = re.search(r"\b\w{5}-\w{5}\b", shown)
        assert number and code, shown
        assert overflow(page) == [] and grave_findings(page) == []
        page.get_by_role("link", name="查看办理结果").click()
        page.get_by_label("查询码").fill(code[0].lower())
        page.get_by_role("button", name="查看").click()
        assert "已受理" in page.inner_text("main")
        assert overflow(page) == [] and grave_findings(page) == []
