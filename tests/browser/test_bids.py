"""Keys, sealing, receipts and the opening in a real browser: what Python reads is what it wrote."""

import json
import secrets
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bidding.sealing import (
    KeyUse,
    check_record,
    lock_key,
    read_key_file,
    read_record,
    seed_from_words,
    unlock_holder_key,
)
from procurement.accounts.sign_in.service import begin_session
from procurement.accounts.tables import Person
from procurement.clock import now
from procurement.database import make_engine, transaction
from procurement.web import SESSION_COOKIE
from tests.browser.looking import arrive
from tests.browser.pictures import keep_picture
from tests.procurement.bids.test_opening import decide
from tests.procurement.bids.world import World
from tests.server import running_server

PASSPHRASE = "a sentence that nobody else says"  # noqa: S105 - of keys that exist in tests only


@pytest.fixture
def engine(sqlite_template, tmp_path):
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'jicai.sqlite3')}")
    yield engine
    engine.dispose()


@pytest.fixture
def server(engine, tmp_path):
    with running_server(engine, tmp_path) as running:
        yield running


class People:
    """Opens browsers for people of a world."""

    def __init__(self, chromium, world, address):
        self.chromium, self.world, self.address = chromium, world, address
        self.contexts = []

    def at(self, person_id, path):
        with transaction(self.world.engine) as session:
            person = session.get_one(Person, person_id)
            moment = now()
            signed_in = begin_session(
                session, person=person, address="127.0.0.1", moment=moment, has_second_factor=True
            )
        context = self.chromium.new_context(accept_downloads=True, timezone_id="Asia/Shanghai")
        self.contexts.append(context)
        context.add_cookies(
            [{"name": SESSION_COOKIE, "value": signed_in.token, "url": self.address}]
        )
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: pytest.fail(f"script failed: {error}"))
        arrive(page, f"{self.address}/rounds/{self.world.name}/{path}")
        return page

    def close(self):
        for context in self.contexts:
            context.close()


@pytest.fixture
def people(chromium, engine, server):
    made = People(chromium, World(engine, holders=3), server.address)
    yield made
    made.close()


def key_file(folder: Path, key, use) -> Path:
    file = folder / f"{secrets.token_hex(4)}.json"
    file.write_bytes(
        lock_key(key, use=use, passphrase=PASSPHRASE, random_bytes=secrets.token_bytes)
    )
    return file


def unseal(page, file):
    page.set_input_files("#field-key-file", file)
    page.fill("#field-passphrase", PASSPHRASE)
    page.get_by_role("button", name="开启并提交份额").click()


def test_a_holder_makes_a_key_that_opens_the_rehearsal(people, tmp_path, pictures):
    world = people.world
    page = people.at(world.holder_actors[0].person_id, "keys")
    page.fill("#field-passphrase", "short")
    page.get_by_role("button", name="生成密钥").click()
    expect(page.locator("[data-fault=passphrase]")).to_contain_text("12")
    page.fill("#field-passphrase", PASSPHRASE)
    page.fill("#field-again", PASSPHRASE)
    page.get_by_role("button", name="生成密钥").click()
    words = page.locator("[data-words] li")
    expect(words).to_have_count(33)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载密钥文件").click()
    file = tmp_path / "holder.json"
    download.value.save_as(file)
    key = unlock_holder_key(read_key_file(file.read_bytes()), passphrase=PASSPHRASE)
    assert seed_from_words(words.all_inner_texts()) == key.seed
    keep_picture(page, pictures / "holder-key.png")
    page.check("#field-kept")
    page.get_by_role("button", name="提交公钥").click()
    expect(page.locator("main")).to_contain_text("席位 1 的公钥已于")
    world.keys[0] = key
    for seat in (2, 3):
        world.hand_over_key(seat)
    world.rehearse(seats=1)
    page = people.at(world.holder_actors[1].person_id, "rehearsal")
    unseal(page, key_file(tmp_path, world.keys[1], KeyUse.HOLDER))
    expect(page.locator("main")).to_contain_text("演练信封已经开启")
    # Another seat's key is refused at once, in words.
    page = people.at(world.holder_actors[2].person_id, "rehearsal")
    unseal(page, key_file(tmp_path, world.keys[1], KeyUse.HOLDER))
    expect(page.locator("[data-state]")).to_contain_text("这不是本席位")


def fill(page, line, units, price):
    page.fill(f"#{line}-units", units)
    page.fill(f"#{line}-price", price)


def seal(page, file):
    page.get_by_role("button", name="核对申报").click()
    page.set_input_files("#field-key-file", file)
    page.fill("#field-passphrase", PASSPHRASE)
    page.check("#field-sure")
    page.get_by_role("button", name="密封", exact=True).click()


def test_a_bid_is_sealed_replaced_withdrawn_and_opened(people, engine, tmp_path, pictures):
    world = people.world
    manifest = world.prepare()
    first, second, late = (world.new_maker() for _ in range(3))
    world.bid(second, manifest)
    seals_the_first_bid(people, first, tmp_path, pictures)
    replaces_it(people, first, tmp_path)
    withdraws(people, second, tmp_path)
    is_a_second_late(people, late, tmp_path)
    everyone_checks(people, first, second, pictures)
    keyholders_open(people, engine, tmp_path)


def seals_the_first_bid(people, maker, folder, pictures):
    sent: list[str] = []
    page = people.at(maker.person_id, "bid")
    page.on("request", lambda request: sent.append(request.post_data or ""))
    fill(page, "line-1-1", "14", "9,876.5")
    expect(page.locator("#line-1-1-words")).to_contain_text("玖仟捌佰柒拾陆元伍角")
    page.get_by_role("button", name="核对申报").click()
    expect(page.locator("[data-summary]")).to_contain_text("高于最高有效申报价")
    fill(page, "line-1-1", "14", "98.765")
    expect(page.locator("[data-draft-state]")).to_contain_text("已加密保存")
    page.reload()
    # Prices that were typed come back from this browser, and from nowhere else.
    expect(page.locator("#line-1-1-price")).to_have_value("98.765")
    page.get_by_role("button", name="核对申报").click()
    expect(page.locator("[data-check]")).to_contain_text("玖拾捌元柒角陆分伍厘")
    keep_picture(page, pictures / "bid-check.png")
    page.get_by_role("button", name="返回修改").click()
    seal(page, key_file(folder, maker.key, KeyUse.BIDDER))
    expect(page.get_by_role("button", name="提交信封")).to_be_disabled()
    submit(page, folder)
    expect(page.get_by_role("heading", name="已收到申报")).to_be_visible()
    keep_picture(page, pictures / "bid-received.png")
    assert not any("98.765" in body or "content_key" in body for body in sent)


def submit(page, folder):
    with page.expect_download() as download:
        page.get_by_role("link", name="下载内容密钥文件").click()
    secret = folder / f"{secrets.token_hex(4)}-secret.json"
    download.value.save_as(secret)
    assert json.loads(secret.read_bytes())["type"] == "receipt-secret/1"
    page.get_by_role("button", name="提交信封").click()


def replaces_it(people, maker, folder):
    page = people.at(maker.person_id, "bid")
    expect(page.locator("main")).to_contain_text("第 1 版")
    fill(page, "line-1-1", "14", "87.5")
    seal(page, key_file(folder, maker.key, KeyUse.BIDDER))
    submit(page, folder)
    expect(page.get_by_role("heading", name="已收到申报")).to_be_visible()


def withdraws(people, maker, folder):
    page = people.at(maker.person_id, "bid")
    page.locator("summary", has_text="撤回申报").click()
    page.set_input_files("#field-withdraw-file", key_file(folder, maker.key, KeyUse.BIDDER))
    page.fill("#field-withdraw-passphrase", PASSPHRASE)
    page.get_by_role("button", name="撤回申报").click()
    expect(page.get_by_role("heading", name="已收到申报")).to_be_visible()


def is_a_second_late(people, maker, folder):
    page = people.at(maker.person_id, "bid")
    fill(page, "line-2-1", "1", "0.3")
    seal(page, key_file(folder, maker.key, KeyUse.BIDDER))
    log = people.world.close()
    assert (len(log.leaves), len(log.standing)) == (4, 1)
    submit(page, folder)
    expect(page.get_by_role("heading", name="未收到申报")).to_be_visible()
    expect(page.get_by_role("link", name="下载平台签名的拒收通知")).to_be_visible()


def everyone_checks(people, maker, other, pictures):
    page = people.at(maker.person_id, "receipts")
    page.get_by_role("button", name="在浏览器中核验").click()
    expect(page.locator("[data-state]")).to_have_text("全部核验通过。")
    keep_picture(page, pictures / "receipts-checked.png")
    page = people.at(other.person_id, "log")
    page.get_by_role("button", name="在浏览器中核验日志").click()
    expect(page.locator("[data-state]")).to_contain_text("核验通过：4 个摘要")


def keyholders_open(people, engine, folder):
    world = people.world
    for seat, words in ((1, "份额不足"), (2, "份额齐全")):
        page = people.at(world.holder_actors[seat - 1].person_id, "opening")
        unseal(page, key_file(folder, world.keys[seat - 1], KeyUse.HOLDER))
        expect(page.locator("ul.checks")).to_contain_text(words)
        expect(page.locator("table tbody tr").nth(seat - 1)).to_contain_text("齐全")
    decide(world)
    world.open()
    page = people.at(world.officers[0].id, "opening")
    expect(page.locator("main")).to_contain_text("87.5")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载开标记录").click()
    record = folder / "opening.json"
    download.value.save_as(record)
    check_record(read_record(record.read_bytes()))


def test_a_bid_that_was_sealed_before_an_amendment_still_checks(people):
    world = people.world
    manifest = world.prepare()
    maker = world.new_maker()
    world.bid(maker, manifest)
    assert world.amend().digest != manifest.digest
    world.close()
    page = people.at(maker.person_id, "receipts")
    page.get_by_role("button", name="在浏览器中核验").click()
    expect(page.locator("[data-state]")).to_have_text("全部核验通过。")


def test_prices_that_were_refused_after_an_amendment_need_not_be_typed_again(people, tmp_path):
    world = people.world
    world.prepare()
    maker = world.new_maker()
    page = people.at(maker.person_id, "bid")
    fill(page, "line-1-1", "14", "98.765")
    expect(page.locator("[data-draft-state]")).to_contain_text("已加密保存")
    seal(page, key_file(tmp_path, maker.key, KeyUse.BIDDER))
    expect(page.get_by_role("link", name="下载内容密钥文件")).to_be_visible()
    world.amend()
    submit(page, tmp_path)
    expect(page.locator("[data-refused]")).to_contain_text("采购文件已修改")
    page.reload()
    expect(page.locator("#line-1-1-price")).to_have_value("98.765")
