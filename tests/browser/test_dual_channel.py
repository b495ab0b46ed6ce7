"""The dual channel in a real browser at 360 px: doctor, agency, pharmacies and the public."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Browser, Page

from procurement.accounts.sign_in.service import begin_session
from procurement.accounts.sign_in.tokens import make_token
from procurement.accounts.tables import Person
from procurement.clock import now
from procurement.database import database_moment, transaction
from procurement.web import SESSION_COOKIE
from tests.browser.accessibility import grave_findings, overflow
from tests.browser.conftest import served
from tests.browser.dual_channel_world import (
    CITY,
    COUNTY,
    DRUG,
    DualChannelWorld,
    dual_channel_world,
)
from tests.browser.looking import PHONE, arrive, look
from tests.procurement.pharmacies.patients.world import PAPERS, SCAN, insured

CHINA = ZoneInfo("Asia/Shanghai")
AMOUNT = "5000.00"
# 5,000 less 20 % class B is 4,000, less 1,200 deductible is 2,800, of which the fund pays 70 %.
FUND_PART, PATIENT_PART = "1,960.00", "3,040.00"

PUBLIC = (
    ("/dual-channel", "list"),
    ("/dual-channel/drugs/1", "drug"),
    ("/dual-channel/changes?since=2022-01-01&until=2022-12-31", "changes"),
    ("/dual-channel/notices", "notices"),
    ("{notice of the list}", "notice"),
    ("/designations", "designations"),
    ("{call}", "call"),
    ("{notice of designation}", "designation-notice"),
    ("{designation of pharmacy}", "designation"),
    ("/convenience", "convenience"),
    ("/convenience/{pharmacy}", "convenience-pharmacy"),
    ("/find", "find"),
    ("/find?q=" + DRUG, "found"),
    ("/find/regions/320000", "find-region"),
    ("/find/drugs/{drug}", "find-drug"),
    ("/find/drugs/{drug}?province=320000", "find-province"),
    (f"/find/drugs/{{drug}}?county={COUNTY}", "find-county"),
    ("/find/places/{pharmacy}", "find-place"),
    (f"/find/counties/{COUNTY}", "find-places"),
    ("/complaints/new?place={pharmacy}", "complain"),
    ("/complaints/follow", "follow"),
    ("/credit/public", "credit"),
    ("/open-data", "open-data"),
    ("/open-data/dictionary", "open-data-dictionary"),
    ("/monitoring", "monitoring"),
    ("/monitoring/shortages", "shortages"),
)


@dataclass(frozen=True)
class City:
    """The served platform, and who goes about on it."""

    browser: Browser
    address: str
    world: DualChannelWorld

    @contextmanager
    def seen_by(self, who: str = "", *, has_scripts: bool = True) -> Iterator[Page]:
        """Yield the phone of somebody who is signed in, or of anybody."""
        context = self.browser.new_context(
            viewport={"width": PHONE, "height": 640},
            timezone_id="Asia/Shanghai",
            locale="zh-CN",
            java_script_enabled=has_scripts,
        )
        if who:
            cookie = {"name": SESSION_COOKIE, "value": self._session(who), "url": self.address}
            context.add_cookies([cookie])  # type: ignore[list-item]
        yield context.new_page()
        context.close()

    def _session(self, who: str) -> str:
        with transaction(self.world.engine) as session:
            return begin_session(
                session,
                person=session.get_one(Person, self.world.people[who].id),
                address="127.0.0.1",
                moment=database_moment(session),
                has_second_factor=True,
            ).token

    def report(self, *reports: dict[str, object]) -> dict[str, Any]:
        """Let the e-prescription centre report by the agency's machine."""
        with transaction(self.world.engine) as session:
            token, _row = make_token(
                session,
                person_id=self.world.people["agency"].id,
                name="centre",
                life_days=1,
                moment=database_moment(session),
            )
        answer = httpx.post(
            f"{self.address}/api/v1/prescription-reports",
            json={"reports": reports},
            headers={"authorization": f"Bearer {token}"},
        )
        assert answer.is_success, answer.text
        taken: dict[str, Any] = answer.json()
        return taken

    def found(self, text: str) -> str:
        """Fill in an address."""
        named = {**self.world.codes, **self.world.addresses, "drug": self.world.generic_id}
        return text.format(**named)


@pytest.fixture(scope="module")
def city(tmp_path_factory, sqlite_template, chromium):
    """Yield a city with a listed drug and designated places, served."""
    with served(tmp_path_factory.mktemp("city"), sqlite_template) as (engine, address):
        yield City(chromium, address, dual_channel_world(engine, now()))


def press(page: Page, name: str) -> None:
    """Press a button, and see that the page it leads to fits the phone."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()
    assert overflow(page) == [], name


def registered(city: City) -> str:
    """Let the doctor register a patient and hand the papers in; the registration's address."""
    with city.seen_by("doctor") as page:
        arrive(page, f"{city.address}/registrations")
        page.get_by_role("link", name="新建登记").first.click()
        page.get_by_label("患者的社会保障号").fill(insured(1))
        page.get_by_label("职工医保").check()
        page.get_by_label("参保统筹区代码").fill(CITY)
        page.get_by_label("药品").select_option(index=1)
        page.get_by_label("患者选定的药店代码").fill(city.world.codes["pharmacy"])
        # Of another indication the list does not pay for it: said beside the field, nothing lost.
        page.get_by_label("诊断编码").fill("I10")
        press(page, "保存并添加材料")
        assert "C34" in page.inner_text(".fault-summary")
        page.get_by_label("诊断编码").fill("C34.9")
        page.get_by_label("患者的社会保障号").fill(insured(1))
        press(page, "保存并添加材料")
        for kind in PAPERS:
            page.get_by_label("材料名称").select_option(kind)
            page.get_by_label("文件").set_input_files(
                {"name": f"{kind}.pdf", "mimeType": "application/pdf", "buffer": SCAN}
            )
            press(page, "上传材料")
        press(page, "提交申请")
        assert insured(1) not in page.content()
        assert grave_findings(page) == []
        return page.url.removeprefix(city.address)


def approved(city: City, here: str) -> None:
    """Let the agency approve it."""
    with city.seen_by("agency") as page:
        arrive(page, f"{city.address}/")
        assert page.locator('a[href^="/registrations"]').count() >= 1
        arrive(page, f"{city.address}/registrations")
        page.get_by_role("link", name=here.rpartition("/")[2]).click()
        assert "C34.9" in page.inner_text("main")
        page.get_by_label("通过", exact=True).check()
        press(page, "提交决定")
        assert "已通过" in page.inner_text("h1")
        assert grave_findings(page) == []


def prescribed(city: City, here: str, rx: str) -> tuple[str, datetime]:
    """Let the centre report a prescription; its address here, and when it was written."""
    at = now().astimezone(CHINA).replace(second=0, microsecond=0)
    taken = city.report(
        {
            "event_number": f"{rx}-1",
            "rx_number": rx,
            "status": "uploaded",
            "happened_at": at.isoformat(),
            "head": {
                "registration": here.rpartition("/")[2],
                "doctor_code": "D0001",
                "prescribed_at": at.isoformat(),
                "indication": "C34.9",
            },
        }
    )
    (number,) = taken["prescriptions"]
    return f"/prescriptions/{number}", at


def settled(city: City, prescription: str, at: datetime, rx: str) -> None:
    """Let the patient's pharmacy find the prescription and settle the bill."""
    with city.seen_by("pharmacy") as page:
        arrive(page, f"{city.address}/prescriptions")
        page.get_by_label("处方编号").fill(rx)
        press(page, "查找")
        assert page.url == city.address + prescription
        text = page.inner_text("main")
        assert "可以在" in text and "C34.9" not in text
        page.get_by_label("单据号").fill("B1")
        page.get_by_label("总额").fill(AMOUNT)
        page.get_by_label("配药时间").fill(at.strftime("%Y-%m-%dT%H:%M"))
        press(page, "计算待遇并登记")
        text = page.inner_text("main")
        assert FUND_PART in text and PATIENT_PART in text
        assert grave_findings(page) == []


def refused_elsewhere(city: City, prescription: str, rx: str) -> None:
    """See that another pharmacy is told so by the centre's number, and learns nothing else."""
    with city.seen_by("second") as page:
        arrive(page, f"{city.address}/prescriptions")
        page.get_by_label("处方编号").fill(rx)
        press(page, "查找")
        text = page.inner_text("main")
        assert "另一家药店" in text
        assert DRUG not in text
        answer = arrive(page, city.address + prescription)
        assert answer is not None and answer.status == 404


def test_a_patient_is_registered_approved_and_served_by_the_pharmacy_of_his_choice(city, pictures):
    here = registered(city)
    approved(city, here)
    prescription, at = prescribed(city, here, "RX1")
    settled(city, prescription, at, "RX1")
    refused_elsewhere(city, prescription, "RX1")
    taken = city.report(
        {
            "event_number": "RX1-2",
            "rx_number": "RX1",
            "status": "dispensed",
            "happened_at": now().isoformat(),
        }
    )
    assert taken["new"] == 1
    for who, path, name in (
        ("doctor", "/registrations", "registrations-of-doctor"),
        ("doctor", "/registrations/new", "registration-new"),
        ("doctor", here, "registration-of-doctor"),
        ("doctor", f"{here}/review", "registration-review"),
        ("agency", "/registrations", "registrations-of-agency"),
        ("agency", here, "registration-of-agency"),
        ("agency", "/registrations/terms", "registration-terms"),
        ("agency", "/registrations/rules", "registration-rules"),
        ("agency", "/prescriptions/upload", "prescription-upload"),
        ("pharmacy", "/registrations", "registrations-of-pharmacy"),
        ("pharmacy", here, "registration-of-pharmacy"),
        ("pharmacy", "/prescriptions", "prescriptions"),
        ("pharmacy", prescription, "prescription"),
    ):
        with city.seen_by(who) as page:
            look(page, path, pictures / f"dual-channel-{name}.png", origin=city.address)


def test_a_member_of_the_public_finds_the_drug_and_complains_without_scripts(city):
    with city.seen_by(has_scripts=False) as page:
        arrive(page, f"{city.address}/find")
        page.get_by_label("药名").fill(DRUG[:2])
        page.get_by_role("button", name="查找").click()
        page.get_by_role("link", name=DRUG).click()
        page.get_by_role("link", name="江苏").click()
        page.get_by_role("link", name="虎丘区").click()
        text = page.inner_text("main")
        for words in ("示例大药房", "6 盒", "4,500.00", "（今天）", *PAPERS, "08:00-21:00"):
            assert words in text, words
        page.get_by_role("link", name="示例大药房").click()
        page.get_by_role("link", name="在这里写下来").click()
        page.get_by_label("价格", exact=True).check()
        page.get_by_label("怎么回事").fill("价格比公布的高。")
        page.get_by_role("button", name="提交").click()
        shown = page.inner_text("main")
        assert re.search(r"TS\d{6}-\w{6}", shown)
        code = re.search(r"\b\w{5}-\w{5}\b", shown)
        assert code is not None
        page.get_by_role("link", name="查看办理结果").click()
        page.get_by_label("查询码").fill(code[0])
        page.get_by_role("button", name="查看").click()
        assert "已受理" in page.inner_text("main")


@pytest.mark.parametrize(("path", "name"), PUBLIC, ids=[name for _path, name in PUBLIC])
def test_a_public_page_reads_well(city, pictures, path, name):
    with city.seen_by() as page:
        picture = pictures / f"dual-channel-public-{name}.png"
        look(page, city.found(path), picture, origin=city.address)
