"""A round opens: from an empty database to a closed log, by people at browsers."""

import json
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

from procurement.web.printing import BEIJING
from tests.journeys.people import Town, invite, register
from tests.procurement.world import credit_code
from tests.server import environment, running_server

REGION = "340000"
MAKERS = ("甲制药", "乙制药", "丙制药", "丁制药", "戊制药")
HOSPITALS = ("第一医院", "第二医院", "县医院")
HOLDERS = ("公证处", "审计局", "监督所", "药学会", "质控中心", "档案馆", "交易中心")
ROUND = "anhui-2026-1"
LOTS = (
    ("L01", "阿那曲唑口服常释剂型", "片", (("1mg", "1", "12.5"),)),
    ("L02", "阿莫西林口服常释剂型", "粒", (("250mg", "1", "0.32"), ("500mg", "2", "0.544"))),
)


@pytest.fixture
def town(engine, tmp_path, chromium, pictures):
    folder = pictures / "journey"
    folder.mkdir(exist_ok=True)
    with running_server(engine, tmp_path) as server:
        town = Town(chromium, server.address, folder)
        town.environment = {**environment(engine, tmp_path), "JICAI_ADDRESS": server.address}
        yield town
        town.close()


def jicai(town, *words: str) -> str:
    """Run the command on the same database."""
    command = [sys.executable, "-m", "procurement.cli", *words]
    done = subprocess.run(command, env=town.environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_round_opens(town):
    officer, second, evaluator = bureau(town)
    holders = organisations(town, officer, "keyholder", HOLDERS, start=200)
    drafted(officer, holders)
    assert second.user != evaluator.user


def drafted(officer, holders):
    """The officer drafts a round with two lots, seven keyholders and its dates."""
    officer.go("/rounds/new")
    officer.photograph("round-new")
    officer.fill({"name": ROUND, "title": "药品集中带量采购文件", "rulebook": "national-3"})
    officer.tick("regions", REGION)
    officer.press("保存")
    officer.sees("起草与检查")
    for code, product, unit, strengths in LOTS:
        officer.go(f"/rounds/{ROUND}/lots/new")
        officer.fill({"code": code, "product": product, "unit": unit})
        for place, (strength, ratio, ceiling) in enumerate(strengths, start=1):
            officer.fill({f"strength-{place}": strength, f"ratio-{place}": ratio})
            officer.fill({f"ceiling-{place}": ceiling})
        officer.press("保存")
    officer.go(f"/rounds/{ROUND}/keyholders")
    officer.fill({"quorum": "4"})
    for seat, holder in enumerate(holders.values(), start=1):
        officer.fill({f"seat-{seat}": holder.organisation.rsplit("/", 1)[1]})
    officer.press("保存")
    timetable(officer, volume_opens_at=1, volume_closes_at=3600, comments_close_at=7200,
              bidding_opens_at=7300, closes_at=7400, opens_at=7500)  # fmt: skip
    officer.go(f"/rounds/{ROUND}/draft")
    officer.photograph("round-draft")
    print(officer.page.inner_text("main"))


def timetable(officer, **seconds):
    """Set dates, so many seconds from now."""
    officer.go(f"/rounds/{ROUND}/timetable")
    now = datetime.now(BEIJING)  # noqa: TID251 - the server's clock is the machine's
    for name, ahead in seconds.items():
        field = officer.page.locator(f"main [name='{name}']")
        field.evaluate("one => { one.step = 1 }")
        field.fill(f"{now + timedelta(seconds=ahead):%Y-%m-%dT%H:%M:%S}")
    officer.press("保存")


def bureau(town):
    """The first officer comes by the command line, the others by his invitation."""
    said = json.loads(
        jicai(
            town,
            *("invite", "--json", "--name", "省药品集中采购办公室", "--region", REGION),
            *("--credit-code", credit_code(1), "--person", "经办人甲", "--user", "jia@bureau.test"),
        )
    )
    officer = town.join(said["link"], "经办人甲", "jia@bureau.test")
    officer.go("/account")
    officer.photograph("account")
    officer.go("/organisations")
    officer.page.locator("main").get_by_role("link", name="省药品集中采购办公室").first.click()
    officer.page.wait_for_url("**/organisations/*")
    officer.organisation = "/" + officer.page.url.split("/", 3)[3]
    link = invite(officer, officer.organisation, "经办人乙", "yi@bureau.test", "officer")
    second = town.join(link, "经办人乙", "yi@bureau.test")
    link = invite(officer, officer.organisation, "评审人", "ping@bureau.test", "evaluator")
    return officer, second, town.join(link, "评审人", "ping@bureau.test")


def organisations(town, officer, kind, names, *, start, region=REGION):
    """Register organisations and let the first person of each join; by name."""
    joined = {}
    for number, name in enumerate(names, start=start):
        address = register(officer, kind, name, credit_code(number), region)
        role = "keyholder" if kind == "keyholder" else kind
        user = f"{kind}{number}@example.test"
        link = invite(officer, address, name + "经办", user, role, "administrator")
        joined[name] = town.join(link, name + "经办", user)
        joined[name].organisation = address
    return joined
