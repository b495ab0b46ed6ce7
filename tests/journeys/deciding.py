"""What people do after the opening: open, answer, object, award, choose regions, sign."""

import time
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.bureau import confirm, day_from_now, fill_moment, path_of, wait_for
from tests.journeys.keyholders import PASSPHRASE, unseal
from tests.journeys.people import Somebody, Town
from tests.journeys.preparing import Cast
from tests.journeys.story import Story

QUORUM = (0, 2, 4, 6)
"""Places of the holders who come; three are absent."""
NOTICE_SECONDS = 120
STARTS_IN_DAYS = 10
"""Until the procurement cycle begins."""


def open_bids(town: Town, cast: Cast, story: Story) -> None:
    """Two officers decide to open; four of seven keyholders open; the bids are evaluated."""
    wait_for(town, story, "closed")
    cast.officer.go(story.at("/proposals/new/open-bids"))
    time.sleep(6)
    cast.officer.go(story.at("/proposals/new/open-bids"))
    cast.officer.press("提议")
    confirm(cast.second, path_of(cast.officer), "confirm-opening")
    _quorum(cast, story, "/opening")
    wait_for(town, story, "evaluated")
    cast.officer.go(story.at("/opening"))
    cast.officer.photograph("opening")
    cast.officer.sees("已全部解密")


def _quorum(cast: Cast, story: Story, place: str) -> None:
    holders = list(cast.holders.values())
    for number in QUORUM:
        unseal(holders[number], story.at(place), cast.holder_keys[number], shown="齐全")


def decide_tie(cast: Cast, story: Story, lot: str, chosen: str) -> None:
    """One officer decides between equal prices, the other confirms it."""
    officer = cast.officer
    officer.go(story.at("/questions"))
    officer.photograph("questions")
    card = officer.page.locator("article", has_text=lot)
    card.get_by_label(chosen, exact=True).check()
    card.locator("textarea").fill("参照以往供应情况，经评审会议研究确定。")
    with officer.page.expect_navigation():
        card.get_by_role("button", name="提出裁定").click()
    confirm(cast.second, path_of(officer), "confirm-tie")


def call_for_answers(cast: Cast, story: Story) -> None:
    """Ask the firms that the rules ask, with the shortest clock."""
    for _ in range(60):
        cast.officer.go(story.at("/questions"))
        if not cast.officer.page.locator("article.card").count():
            break
        time.sleep(1)
    cast.officer.fill({"minutes": "2"})
    cast.officer.press("发起二次答复")


def answer(maker: Somebody, key: Path, story: Story, choice: str) -> None:
    """Answer the one question in the page, sealed like a bid."""
    page = maker.page
    for _ in range(60):
        maker.go(story.at("/answers/1"))
        if page.locator("[data-question]").count():
            break
        time.sleep(1)
    page.locator("[data-question] [data-field=answer]").select_option(choice)
    page.get_by_role("button", name="核对答复").click()
    page.set_input_files("[data-seal] input[type=file]", key)
    page.fill("[data-seal] #field-passphrase", PASSPHRASE)
    page.check("#field-sure")
    maker.photograph(f"answer-{choice}")
    page.get_by_role("button", name="密封", exact=True).click()
    expect(page.locator("[data-step=send]")).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载内容密钥文件").click()
    download.value.save_as(key.with_suffix(".answer-secret.json"))
    page.get_by_role("button", name="提交信封").click()
    expect(page.locator("[data-step=done]")).to_be_visible(timeout=60_000)


def open_answers(town: Town, cast: Cast, story: Story) -> None:
    """After the clock the quorum opens the answers; the round is evaluated again."""
    holder = list(cast.holders.values())[QUORUM[0]]
    for _ in range(180):
        holder.go(story.at("/answers/1/opening"))
        if holder.page.locator("#unseal").count():
            break
        time.sleep(1)
    _quorum(cast, story, "/answers/1/opening")
    wait_for(town, story, "evaluated")


def announce(cast: Cast, story: Story) -> None:
    """Put the provisional selection on notice."""
    officer = cast.officer
    officer.go(story.at("/result"))
    officer.photograph("result")
    officer.go(story.at("/announcement"))
    fill_moment(officer, "closes_at", NOTICE_SECONDS)
    officer.page.locator("main .confirm input[type=checkbox]").check()
    officer.press("公示")
    officer.photograph("announcement")


def object_to(loser: Somebody, officer: Somebody, story: Story) -> None:
    """A bidder objects in real name; the bureau answers."""
    loser.go(story.at("/objections"))
    name = f"{loser.page.locator('header').inner_text()}"
    signed_by = next(line for line in name.splitlines() if line.endswith("经办"))
    loser.fill({"text": "请说明第二个品种的价格上限如何计算。", "signed_by": signed_by})
    loser.photograph("objection")
    loser.press("提交质疑")
    officer.go(story.at("/objections"))
    officer.page.locator("main tbody a").first.click()
    officer.page.wait_for_url("**/objections/*")
    officer.tick("verdict", "rejected")
    officer.fill({"text": "按采购文件的规则计算，见评审步骤；计算无误。"})
    officer.press("答复")
    officer.photograph("objection-answered")


def fix_award(cast: Cast, story: Story, started: float) -> None:
    """After the notice two officers fix the award."""
    time.sleep(max(0.0, NOTICE_SECONDS + 2 - (time.monotonic() - started)))
    cast.officer.go(story.at("/award"))
    cast.officer.fill_days(starts_on=day_from_now(STARTS_IN_DAYS))
    cast.officer.press("提议确定中选结果")
    confirm(cast.second, path_of(cast.officer), "confirm-award")


def choose_regions(
    town: Town, cast: Cast, story: Story, *, active: Somebody, silent: Somebody
) -> None:
    """Winners choose in turn; a silent one gets what it had listed before."""
    silent.go(story.at("/regions"))
    for place in range(silent.page.locator("details", has_text="我的志愿").count()):
        silent.go(story.at("/regions"))
        wishes = silent.page.locator("details", has_text="我的志愿").nth(place)
        wishes.locator("summary").click()
        wishes.locator("[name=main]").fill("江苏、上海、安徽")
        with silent.page.expect_navigation():
            wishes.get_by_role("button", name="提交志愿").click()
    cast.officer.go(story.at("/regions"))
    cast.officer.fill({"minutes_per_turn": "1"})
    cast.officer.press("开始选区")
    for _ in range(200):
        active.go(story.at("/regions"))
        own = active.page.locator("form[action$='/choose']")
        if own.count():
            active.photograph("regions-turn")
            own.first.locator("[name=region]").first.check()
            with active.page.expect_navigation():
                own.first.get_by_role("button", name="选定").click()
            continue
        if "已完成" in active.text():
            break
        time.sleep(1)
    wait_for(town, story, "regions-chosen")
    cast.officer.go(story.at("/regions"))
    cast.officer.photograph("regions")
