"""The list of dual-channel drugs in a real browser: readable on a phone, in both languages."""

import shutil
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from procurement.accounts.tables import Person
from procurement.database import make_engine, snapshot
from procurement.pharmacies.listed.kinds import Storage
from tests.browser.in_process import seen_by
from tests.browser.looking import ORIGIN, arrive, look
from tests.browser.pictures import keep_picture
from tests.procurement.pharmacies.listed.test_pages import HEAD, LINE
from tests.procurement.pharmacies.listed.world import CHANGE, DUAL, MOMENT, SEPARATE, ListWorld
from tests.procurement.platform import running_platform

TERMS = {
    "indication_limits": "限经基因检测确诊、既往治疗后进展的晚期患者，并须符合说明书用药。",
    "indication_codes": "C34.900\nC50.900",
    "self_pay_share": Decimal("0.1"),
    "registration_needed": True,
    "papers": "病理报告\n基因检测报告\n出院记录",
    "reevaluation_months": 12,
    "storage": Storage.COLD,
}

PUBLIC = (
    ("/dual-channel", "list"),
    ("/dual-channel?day=2010-01-01", "list-empty"),
    ("/dual-channel/drugs/1", "drug"),
    ("/dual-channel/drugs/9", "drug-removed"),
    ("/dual-channel/changes?since=2022-05-01&until=2022-05-01", "changes"),
    ("/dual-channel/notices", "notices"),
    ("/dual-channel/notices/{public}", "notice"),
)

OFFICERS = (
    ("/dual-channel/decisions", "decisions"),
    ("/dual-channel/decisions/new?drug=1", "decision-new"),
    ("/dual-channel/decisions/{waiting}", "decision"),
    ("/dual-channel/import", "import"),
)


@pytest.fixture
def world(sqlite_template, tmp_path):
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'jicai.sqlite3')}")
    made = ListWorld(engine).settle_in()
    made.list_of_2021()
    made.decide(
        *(made.line(number, DUAL, **TERMS) for number in range(1, 7)),
        made.line(8, SEPARATE, **TERMS),
        made.line(11, SEPARATE, **TERMS),
        made.line(9, None),
    )
    made.propose(made.line(12, DUAL, **TERMS))
    yield made
    engine.dispose()


@pytest.fixture
def platform(world, tmp_path):
    with running_platform(world.engine, tmp_path, clock=lambda: MOMENT) as running:
        yield running


def numbers(world):
    prefix = f"SD{CHANGE:%Y%m%d}-{world.bureau_id:05d}-"
    return {"public": f"{prefix}001", "waiting": f"{prefix}002"}


def person_of(world, actor):
    with snapshot(world.engine) as session:
        return session.get_one(Person, actor.person_id)


def test_anybody_reads_the_list_on_a_phone(chromium, pictures, platform, world):
    with seen_by(chromium, platform.nobody()) as page:
        for path, name in PUBLIC:
            look(page, path.format(**numbers(world)), pictures / f"drug-list-{name}.png")


def test_officers_propose_and_confirm_on_a_phone(chromium, pictures, platform, world):
    with seen_by(chromium, platform.signed_in(person_of(world, world.second))) as page:
        for path, name in OFFICERS:
            look(page, path.format(**numbers(world)), pictures / f"drug-list-{name}.png")
        arrive(page, f"{ORIGIN}/dual-channel/decisions/{numbers(world)['waiting']}?lang=zh")
        page.get_by_role("button", name="复核通过").click()
        expect(page.get_by_text("已生效").first).to_be_visible()


def test_a_refused_form_leads_to_its_faults(chromium, pictures, platform, world):
    with seen_by(chromium, platform.signed_in(person_of(world, world.officer))) as page:
        arrive(page, f"{ORIGIN}/dual-channel/decisions/new?lang=zh")
        for name, text in {
            **HEAD,
            **LINE,
            "self_pay_share-1": "一成",
            "control-1": "toxic",
        }.items():
            field = page.locator(f'[name="{name}"]').first
            if name == "count":
                continue
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(text)
            else:
                field.fill(text)
        page.get_by_role("button", name="提交复核").click()
        assert page.locator(".fault-summary a").count() >= 1
        keep_picture(page, pictures / "drug-list-faults.png")
