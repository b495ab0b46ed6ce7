"""A round opens: from an empty database to a closed log, by people at browsers."""

from pathlib import Path

import httpx
from playwright.sync_api import expect

from tests.journeys.bureau import jicai, wait_for
from tests.journeys.databases import goes_on
from tests.journeys.keyholders import PASSPHRASE
from tests.journeys.makers import seal_in_page, typed, withdraw
from tests.journeys.people import Somebody, Town
from tests.journeys.preparing import FIRST_MAKER, Cast, prepare
from tests.journeys.story import LEAD, Story
from tests.procurement.world import credit_code

STORY = Story(
    name="anhui-2026-1",
    rulebook="national-3",
    bureau="340000",
    regions=("340000",),
    lots=(
        ("L01", "阿那曲唑口服常释剂型", "片", (("1mg", "1", "12.5"),)),
        ("L02", "阿莫西林口服常释剂型", "粒", (("250mg", "1", "0.32"), ("500mg", "2", "0.544"))),
    ),
    rules=(("ranking.tie_breaks", "own", "prior-supply"),),
    hospitals=(("第一医院", "340000"), ("第二医院", "340000"), (LEAD, "340000")),
    demands=(("12000", "3000", "400"), ("8000", "2000", "100"), ("500", "600", "0")),
    total="19,500",
    makers=("甲制药", "乙制药", "丙制药", "丁制药", "戊制药"),
    bidding_seconds=200,
)
PRICES = {"line-1-1": "97.50", "line-2-1": "3.64"}


@goes_on("postgresql")
def test_a_round_opens(town: Town, tmp_path: Path) -> None:
    cast = prepare(town, STORY, tmp_path)
    receipts = sealed(town, cast, tmp_path)
    closed(town, cast, receipts)


def sealed(town: Town, cast: Cast, folder: Path) -> dict[str, Path]:
    """Three seal in the page and one by command; one replaces, one withdraws."""
    wait_for(town, STORY, "bidding")
    makers, keys = cast.makers, cast.maker_keys
    first, second, third, fourth, _late = makers
    receipts = {
        name: seal_in_page(makers[name], STORY.name, keys[name], PRICES)
        for name in (first, second, third)
    }
    replacing = {"line-1-1": "98.00"}
    receipts[first] = seal_in_page(makers[first], STORY.name, keys[first], replacing)
    withdraw(makers[second], STORY.name, keys[second])
    receipts[fourth] = seal_by_command(town, makers[fourth], keys[fourth], folder)
    return receipts


def seal_by_command(town: Town, maker: Somebody, key: Path, folder: Path) -> Path:
    """Seal with ``jicai seal``, send the envelope to the interface."""
    headers = {"authorization": f"Bearer {token_of(maker)}", "idempotency-key": "once"}
    manifest, bid = folder / "manifest.json", folder / "bid.csv"
    with httpx.Client(base_url=town.address, headers=headers, timeout=30) as client:
        manifest.write_bytes(client.get(f"/api/v1{STORY.at('/manifest')}").content)
        bid.write_text("lot,strength,pack_units,pack_price\nL01,1mg,14,91.00\n", "utf-8")
        passphrase = folder / "passphrase"
        passphrase.write_text(PASSPHRASE, "utf-8")
        envelope, secret = folder / "sealed.json", folder / "sealed.secret.json"
        jicai(
            town,
            *("seal", str(manifest), str(bid), "--key", str(key), "--yes"),
            *("--passphrase-file", str(passphrase), "--bidder", credit_code(FIRST_MAKER + 3)),
            *("--out", str(envelope), "--secret", str(secret)),
        )
        body = envelope.read_bytes()
        answers = [client.post(f"/api/v1{STORY.at('/bids')}", content=body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201], answers[0].text
    assert answers[0].content == answers[1].content
    receipt = folder / "sealed.receipt.json"
    receipt.write_bytes(answers[0].content)
    return receipt


def token_of(maker: Somebody) -> str:
    """Make a token for the maker's machine."""
    maker.go("/account/tokens")
    maker.fill({"name": "命令行"})
    maker.press("生成令牌")
    return maker.page.locator("#token").inner_text().strip()


def closed(town: Town, cast: Cast, receipts: dict[str, Path]) -> None:
    """One is a second late; the round closes; everybody checks his inclusion proof."""
    late = cast.makers[STORY.makers[-1]]
    typed(late, STORY.name, cast.maker_keys[STORY.makers[-1]], PRICES)
    wait_for(town, STORY, "closed")
    late.page.get_by_role("button", name="提交信封").click()
    expect(late.page.locator("[data-step=refused]")).to_be_visible(timeout=60_000)
    late.photograph("bid-late")
    late.sees("申报已截止")
    for name in receipts:
        maker = cast.makers[name]
        maker.go(STORY.at("/receipts"))
        maker.page.get_by_role("button", name="在浏览器中核验").click()
        maker.page.get_by_text("全部核验通过").wait_for(timeout=60_000)
        maker.photograph(f"receipts-{maker.user.split('@')[0]}")
        verdicts = maker.page.locator("[data-verdict]").all_inner_texts()
        assert verdicts and all("信封已列入日志" in verdict for verdict in verdicts), verdicts
    cast.officer.go(STORY.at("/log"))
    cast.officer.photograph("log")
    # Two from the one who replaced, two from the one who withdrew, one each from two others.
    assert cast.officer.page.locator("main ol code").count() == 6
