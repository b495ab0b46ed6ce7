"""What manufacturers do: papers, sealing in the page or by command, replacing, withdrawing."""

from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.keyholders import PASSPHRASE
from tests.journeys.people import Somebody

PAPER = b"%PDF-1.4\n%a scanned paper\n"
PAPERS = ("application", "authorisation", "certificate", "promise")


def hand_in_papers(maker: Somebody, round_name: str, folder: Path, *, valid_until: str) -> None:
    """Upload every paper that is needed, and submit them for the check."""
    maker.go(f"/rounds/{round_name}/papers")
    kinds = maker.page.locator("main [name=kind] option").evaluate_all(
        "options => options.map((option) => option.value).filter(Boolean)"
    )
    for kind in kinds:
        paper = folder / f"{kind}.pdf"
        paper.write_bytes(PAPER)
        maker.go(f"/rounds/{round_name}/papers")
        maker.fill({"kind": kind, "title": f"材料 {kind}", "number": "A-1"})
        maker.page.locator("main [name=expires_on]").fill(valid_until)
        maker.page.set_input_files("main [name=file]", paper)
        maker.press("上传")
    maker.photograph("papers")
    maker.press("提交审核")


def seal_in_page(maker: Somebody, round_name: str, key: Path, prices: dict[str, str]) -> Path:
    """Type prices, read them over, seal, keep the secret and submit; returns the receipt."""
    page = maker.page
    typed(maker, round_name, key, prices)
    page.get_by_role("button", name="提交信封").click()
    expect(page.locator("[data-step=done]")).to_be_visible(timeout=60_000)
    maker.photograph("bid-done")
    receipt = key.with_suffix(".receipt.json")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载回执").click()
    download.value.save_as(receipt)
    return receipt


def typed(maker: Somebody, round_name: str, key: Path, prices: dict[str, str]) -> None:
    """Go as far as the sealed envelope; the secret is kept, nothing is submitted yet."""
    page = maker.page
    maker.go(f"/rounds/{round_name}/bid")
    for line, price in prices.items():
        page.fill(f"#{line}-units", "14")
        page.fill(f"#{line}-price", price)
    maker.photograph("bid-fill")
    page.get_by_role("button", name="核对申报").click()
    page.set_input_files("[data-seal] input[type=file]", key)
    page.fill("[data-seal] #field-passphrase", PASSPHRASE)
    page.check("#field-sure")
    maker.photograph("bid-check")
    page.get_by_role("button", name="密封", exact=True).click()
    expect(page.locator("[data-step=send]")).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载内容密钥文件").click()
    download.value.save_as(key.with_suffix(".secret.json"))


def withdraw(maker: Somebody, round_name: str, key: Path) -> None:
    """Take the bid back."""
    page = maker.page
    maker.go(f"/rounds/{round_name}/bid")
    page.locator("summary", has_text="撤回申报").click()
    page.set_input_files("#field-withdraw-file", key)
    page.fill("#field-withdraw-passphrase", PASSPHRASE)
    page.locator("[data-withdraw]").get_by_role("button", name="撤回申报").click()
    expect(page.locator("[data-step=done]")).to_be_visible(timeout=60_000)
