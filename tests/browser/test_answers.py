"""Second answers in a real browser: chosen, sealed, submitted, and opened by the keyholders."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from bidding.bid_sheet import QuestionKind
from bidding.sealing import KeyUse, check_record, read_record
from procurement.bids.sittings import opened_answers
from tests.browser.pictures import keep_picture
from tests.browser.test_bids import (  # noqa: F401 - fixtures
    PASSPHRASE,
    People,
    engine,
    key_file,
    server,
    submit,
    unseal,
)
from tests.procurement.bids.answering import asked, call, close, evaluated, open_answers
from tests.procurement.bids.world import World

OFFER = Decimal("0.9957142857142857142857142857")


@pytest.fixture
def people(chromium, engine, server):  # noqa: F811
    made = People(chromium, World(engine, holders=4), server.address)
    yield made
    made.close()


def test_an_offer_is_accepted_under_seal_and_opened(people, tmp_path, pictures):
    world = people.world
    firm, _ = evaluated(world, world.prepare(), makers=2)
    call(
        world,
        asked(firm),
        asked(firm, question=QuestionKind.CUT, price=OFFER),
    )
    chooses_and_seals(people, firm, tmp_path, pictures)
    close(world)
    checks_the_receipt(people, firm)
    for seat in (1, 2, 3):
        page = people.at(world.holder_actors[seat - 1].person_id, "answers/1/opening")
        unseal(page, key_file(tmp_path, world.keys[seat - 1], KeyUse.HOLDER))
        expect(page.locator("table tbody tr").nth(seat - 1)).to_contain_text("齐全")
    open_answers(world)
    page = people.at(world.officers[0].id, "answers/1/opening")
    expect(page.locator("main")).to_contain_text("0.995")
    keep_picture(page, pictures / "answers-opened.png")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载开启记录").click()
    record = tmp_path / "opening.json"
    download.value.save_as(record)
    check_record(read_record(record.read_bytes()))
    with world.read() as session:
        given = opened_answers(session, round_id=world.round_id)
    assert {(one.question, one.answer, one.price) for one in given} == {
        (QuestionKind.REVIVE, False, None),
        (QuestionKind.CUT, True, Decimal("0.995")),
    }


def chooses_and_seals(people, firm, folder, pictures):
    sent: list[str] = []
    page = people.at(firm.person_id, "answers/1")
    page.on("request", lambda request: sent.append(request.post_data or ""))
    expect(page.locator("main")).to_contain_text("逾期未答复视为不接受")
    page.get_by_role("button", name="核对答复").click()
    expect(page.locator("[data-summary]")).to_contain_text("请选择是否接受")
    cut, revive = (page.locator(f"[data-question={word}]") for word in ("cut", "revive"))
    revive.locator("select").select_option("no")
    cut.locator("select").select_option("yes")
    cut.locator("[data-field=price]").fill("0.995715")
    page.get_by_role("button", name="核对答复").click()
    expect(page.locator("[data-summary]")).to_contain_text("高于所列价格")
    cut.locator("[data-field=price]").fill("0.995")
    page.get_by_role("button", name="核对答复").click()
    expect(page.locator("[data-check]")).to_contain_text("0.995")
    keep_picture(page, pictures / "answers-check.png")
    page.set_input_files("#field-key-file", key_file(folder, firm.key, KeyUse.BIDDER))
    page.fill("#field-passphrase", PASSPHRASE)
    page.check("#field-sure")
    page.get_by_role("button", name="密封", exact=True).click()
    submit(page, folder)
    expect(page.get_by_role("heading", name="已收到答复")).to_be_visible()
    assert not any("0.995" in body or "content_key" in body for body in sent)


def checks_the_receipt(people, firm):
    page = people.at(firm.person_id, "answers/1/receipts")
    page.get_by_role("button", name="在浏览器中核验").click()
    expect(page.locator("[data-state]")).to_have_text("全部核验通过。")
    page = people.at(firm.person_id, "answers/1/log")
    page.get_by_role("button", name="在浏览器中核验日志").click()
    expect(page.locator("[data-state]")).to_contain_text("核验通过：1 个摘要")
