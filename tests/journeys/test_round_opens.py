"""A round opens: from an empty database to a closed log, by people at browsers."""

import json
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta

import httpx
import pytest
from playwright.sync_api import expect

from procurement.web.printing import BEIJING
from tests.journeys.hospitals import fill_grid, hand_in, start, upload_form
from tests.journeys.keyholders import PASSPHRASE, bind_key, make_key, unseal
from tests.journeys.makers import hand_in_papers, seal_in_page, typed, withdraw
from tests.journeys.people import Town, invite, register
from tests.procurement.accounts.authority import PLAIN, issue, new_root
from tests.procurement.world import credit_code
from tests.server import environment, running_server

REGION = "340000"
MAKERS = ("甲制药", "乙制药", "丙制药", "丁制药", "戊制药")
HOSPITALS = ("第一医院", "第二医院", "县医院")
HOLDERS = ("公证处", "审计局", "监督所", "药学会", "质控中心", "档案馆", "交易中心")
CLINICS = ("东镇卫生院", "西镇卫生院")
ROUND = "anhui-2026-1"
SOON = 15
"""Seconds in which a form is filled in and sent even on a busy machine."""
BIDDING = 200
"""Seconds from publication to the closing."""
PRICES = {"line-1-1": "97.50", "line-2-1": "3.64"}
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


def prepared(town, folder):
    """Bring a round from an empty database to where it can be published."""
    officer, second, evaluator = bureau(town)
    holders = organisations(town, officer, "keyholder", HOLDERS, start=200)
    hospitals = organisations(town, officer, "hospital", HOSPITALS, start=100)
    group(town, officer, hospitals["县医院"])
    drafted(officer, holders)
    reported(officer, hospitals, folder)
    assert len(keys_made(officer, holders, folder)) == len(HOLDERS)
    return officer, second, evaluator


def test_a_round_opens(town, tmp_path):
    officer, second, evaluator = prepared(town, tmp_path)
    makers = organisations(town, officer, "manufacturer", MAKERS, start=300)
    published(officer, second)
    signing = admitted(town, evaluator, makers, tmp_path)
    receipts = sealed(town, makers, signing, tmp_path)
    closed(town, officer, makers, receipts, tmp_path)


def group(town, officer, lead):
    """Two clinics join the group that the county hospital leads and reports for."""
    for number, name in enumerate(CLINICS, start=150):
        address = register(officer, "hospital", name, credit_code(number), REGION)
        officer.go(f"{address}/relations/new")
        officer.fill({"kind": "member-of-group", "related": credit_code(102)})
        officer.page.locator("main [name=since_date]").fill("2020-01-01")
        officer.press("登记")
    assert lead.organisation


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
    officer.go(f"/rounds/{ROUND}/rules/ranking.tie_breaks")
    officer.tick("choice", "own")
    officer.fill({"value": "prior-supply"})
    officer.press("保存")
    timetable(
        officer,
        volume_opens_at=SOON,
        volume_closes_at=3600,
        comments_close_at=7200,
        bidding_opens_at=7300,
        closes_at=7400,
        opens_at=7500,
    )
    officer.go(f"/rounds/{ROUND}/draft")
    officer.photograph("round-draft")


def advance(officer, status):
    officer.go(f"/rounds/{ROUND}/advance/{status}")
    officer.press("确认")


def reported(officer, hospitals, folder):
    """Two hospitals and a group's lead report; one is sent back; all is added up."""
    advance(officer, "volume-reporting")
    time.sleep(SOON)
    first, second, lead = hospitals.values()
    report = start(first, ROUND)
    fill_grid(first, report, "12000", "3000", "400")
    hand_in(first, report, folder)
    by_excel = start(second, ROUND)
    upload_form(second, by_excel, folder, 8000, "约两千", 100)
    second.sees("两千")
    second.photograph("report-mend")
    second.page.locator("main [name^='cell-'][value='约两千']").fill("2000")
    second.press("保存改正的行")
    hand_in(second, by_excel, folder)
    of_group = start(lead, ROUND)
    fill_grid(lead, of_group, "500", "600", "0")
    lead.go(f"{of_group}/split")
    lead.photograph("report-split")
    lead.press("保存分解")
    hand_in(lead, of_group, folder)
    officer.go(first_report_back := report)
    officer.page.locator("summary", has_text="退回修改").click()
    officer.fill({"reason": "请核对 1mg 的用量"})
    officer.press("退回")
    first.go(f"{first_report_back}/grid")
    first.sees("请核对 1mg 的用量")
    fill_grid(first, report, "11000", "3000", "400")
    hand_in(first, report, folder)
    for address in (report, by_excel, of_group):
        officer.go(address)
        officer.press("审核通过")
    officer.go(f"/rounds/{ROUND}/volumes")
    officer.photograph("volumes-progress")
    timetable(officer, volume_closes_at=SOON)
    time.sleep(SOON)
    officer.go(f"/rounds/{ROUND}/volumes/base")
    officer.press("汇总")
    officer.photograph("volumes-base")
    officer.sees("19,500")


def keys_made(officer, holders, folder):
    """Seven keyholders make keys; four of them open the rehearsal."""
    files = [make_key(holder, ROUND, folder) for holder in holders.values()]
    officer.go(f"/rounds/{ROUND}/rehearsal")
    officer.press("封存演练信封")
    quorum = list(zip(holders.values(), files, strict=True))[:4]
    for count, (holder, file) in enumerate(quorum, start=1):
        unseal(holder, f"/rounds/{ROUND}/rehearsal", file, count=count)
    officer.go(f"/rounds/{ROUND}/rehearsal")
    officer.photograph("rehearsal")
    officer.sees("演练信封已经开启")
    return files


def published(officer, second):
    """The document is open for comments, then published by two officers."""
    officer.go(f"/rounds/{ROUND}/document")
    officer.press("生成征求意见稿")
    officer.photograph("document")
    advance(officer, "comments")
    timetable(
        officer,
        comments_close_at=SOON,
        bidding_opens_at=40,
        closes_at=BIDDING,
        opens_at=BIDDING + 5,
    )
    time.sleep(SOON)
    officer.go(f"/rounds/{ROUND}/proposals/new/publish")
    officer.photograph("propose")
    officer.press("提议")
    second.go("/")
    second.photograph("home-second-officer")
    address = "/" + officer.page.url.split("/", 3)[3]
    second.go(address)
    second.page.locator("main .confirm input[type=checkbox]").check()
    second.photograph("confirm")
    second.press("复核并执行")
    officer.go(f"/rounds/{ROUND}")
    officer.photograph("round-published")


def admitted(town, evaluator, makers, folder):
    """Manufacturers bind keys and hand in papers; the evaluator admits them."""
    root = new_root()
    authorities = folder / "authorities"
    authorities.mkdir(exist_ok=True)
    (authorities / "root.pem").write_bytes(root.pem)
    keys = {}
    for number, (name, maker) in enumerate(makers.items(), start=300):
        issuing = replace(PLAIN, credit_code=credit_code(number))
        keys[name] = bind_key(maker, issue(root, name, issuing=issuing), folder)
        hand_in_papers(maker, ROUND, folder, valid_until="2030-12-31")
        organisation = maker.organisation.rsplit("/", 1)[1]
        evaluator.go(f"/rounds/{ROUND}/papers/{organisation}")
        evaluator.tick("status", "admitted")
        evaluator.press("记录结果")
    return keys


def sealed(town, makers, keys, folder):
    """Three seal in the page and one by command; one replaces, one withdraws."""
    wait_for(town, ROUND, "bidding")
    first, second, third, fourth, _late = makers
    receipts = {
        name: seal_in_page(makers[name], ROUND, keys[name], PRICES)
        for name in (first, second, third)
    }
    receipts[first] = seal_in_page(makers[first], ROUND, keys[first], {"line-1-1": "98.00"})
    withdraw(makers[second], ROUND, keys[second])
    receipts[fourth] = seal_by_command(town, makers[fourth], keys[fourth], folder)
    return receipts


def seal_by_command(town, maker, key, folder):
    """Seal with ``jicai seal``, send the envelope to the interface."""
    token = maker_token(maker)
    headers = {"authorization": f"Bearer {token}", "idempotency-key": "once"}
    manifest, bid = folder / "manifest.json", folder / "bid.csv"
    with httpx.Client(base_url=town.address, headers=headers, timeout=30) as client:
        manifest.write_bytes(client.get(f"/api/v1/rounds/{ROUND}/manifest").content)
        bid.write_text("lot,strength,pack_units,pack_price\nL01,1mg,14,91.00\n", "utf-8")
        passphrase = folder / "passphrase"
        passphrase.write_text(PASSPHRASE, "utf-8")
        envelope, secret = folder / "sealed.json", folder / "sealed.secret.json"
        jicai(
            town,
            *("seal", str(manifest), str(bid), "--key", str(key), "--yes"),
            *("--passphrase-file", str(passphrase), "--bidder", credit_code(303)),
            *("--out", str(envelope), "--secret", str(secret)),
        )
        body = envelope.read_bytes()
        answers = [client.post(f"/api/v1/rounds/{ROUND}/bids", content=body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201], answers[0].text
    assert answers[0].content == answers[1].content
    receipt = folder / "sealed.receipt.json"
    receipt.write_bytes(answers[0].content)
    return receipt


def maker_token(maker):
    maker.go("/account/tokens")
    maker.fill({"name": "命令行"})
    maker.press("生成令牌")
    return maker.page.locator("#token").inner_text().strip()


def closed(town, officer, makers, receipts, folder):
    """One is a second late; the round closes; everybody checks his inclusion proof."""
    late = makers[MAKERS[-1]]
    key = folder / f"{late.user}.json"
    typed(late, ROUND, key, PRICES)
    wait_for(town, ROUND, "closed")
    late.page.get_by_role("button", name="提交信封").click()
    expect(late.page.locator("[data-step=refused]")).to_be_visible(timeout=60_000)
    late.photograph("bid-late")
    late.sees("申报已截止")
    for name in receipts:
        maker = makers[name]
        maker.go(f"/rounds/{ROUND}/receipts")
        maker.page.get_by_role("button", name="在浏览器中核验").click()
        maker.page.get_by_text("全部核验通过").wait_for(timeout=60_000)
        maker.photograph(f"receipts-{maker.user.split('@')[0]}")
        verdicts = maker.page.locator("[data-verdict]").all_inner_texts()
        assert verdicts and all("信封已列入日志" in verdict for verdict in verdicts), verdicts
    officer.go(f"/rounds/{ROUND}/log")
    officer.photograph("log")
    # Two from the one who replaced, two from the one who withdrew, one each from two others.
    assert officer.page.locator("main ol code").count() == 6


def wait_for(town, name, status, seconds=300):
    """Wait until the clock has brought the round there."""
    for _ in range(seconds):
        answer = httpx.get(f"{town.address}/api/v1/rounds/{name}", timeout=30)
        if answer.is_success and answer.json()["status"] == status:
            return
        time.sleep(1)
    raise AssertionError(f"{name} is not {status}: {answer.text}")


def timetable(officer, **seconds):
    """Set dates, so many seconds from now."""
    officer.go(f"/rounds/{ROUND}/timetable")
    now = datetime.now(BEIJING)  # noqa: TID251 - the server's clock is the machine's
    for name, ahead in seconds.items():
        field = officer.page.locator(f"main [name='{name}']")
        field.evaluate("one => { one.step = 1 }")
        field.fill(f"{now + timedelta(seconds=ahead):%Y-%m-%dT%H:%M:%S}")
    officer.press("保存")
    officer.page.wait_for_url("**/draft")


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
