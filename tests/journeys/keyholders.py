"""What keyholders and manufacturers do with keys, in their browsers."""

from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.people import Somebody
from tests.procurement.accounts.authority import Holder, seal

PASSPHRASE = "a sentence that nobody else says"  # noqa: S105 - of keys that exist in tests only


def make_key(holder: Somebody, address: str, folder: Path) -> Path:
    """Make a keyholder's key and hand over its public half; returns the key file."""
    page = holder.page
    holder.go(address)
    file = _generated(holder, folder / f"{holder.user}.json")
    page.check("#field-kept")
    page.get_by_role("button", name="提交公钥").click()
    expect(page.locator("main")).to_contain_text("的公钥已于")
    return file


def unseal(holder: Somebody, address: str, file: Path, *, shown: str) -> None:
    """Unseal the holder's shares, post them, and see what the page then says."""
    page = holder.page
    holder.go(address)
    page.set_input_files("#field-key-file", file)
    page.fill("#field-passphrase", PASSPHRASE)
    page.get_by_role("button", name="开启并提交份额").click()
    expect(page.locator("main")).to_contain_text(shown, timeout=60_000)


def bind_key(maker: Somebody, certificate: Holder, folder: Path) -> Path:
    """Bind a fresh signing key to the organisation by its certificate; returns the key file."""
    page = maker.page
    maker.go(maker.organisation)
    page.get_by_role("button", name="绑定签名密钥").click()
    page.wait_for_url("**/keys/*")
    file = folder / f"{maker.user}.json"
    page.fill("#field-new-passphrase", PASSPHRASE)
    page.fill("#field-again", PASSPHRASE)
    page.get_by_role("button", name="生成密钥").click()
    _save(maker, "下载密钥文件", file)
    statement = folder / f"{maker.user}.statement"
    _save(maker, "下载声明", statement)
    signature = folder / f"{maker.user}.p7s"
    signature.write_bytes(seal(certificate, statement.read_bytes(), signed_at=None))
    page.set_input_files("#bind-key [name=seal]", signature)
    page.get_by_role("button", name="绑定", exact=True).click()
    page.wait_for_url(f"**{maker.organisation}")
    return file


def _generated(somebody: Somebody, file: Path) -> Path:
    page = somebody.page
    page.fill("#field-passphrase", PASSPHRASE)
    page.fill("#field-again", PASSPHRASE)
    page.get_by_role("button", name="生成密钥").click()
    _save(somebody, "下载密钥文件", file)
    return file


def _save(somebody: Somebody, link: str, file: Path) -> None:
    found = somebody.page.get_by_role("link", name=link)
    expect(found).to_be_visible(timeout=60_000)
    with somebody.page.expect_download() as download:
        found.click()
    download.value.save_as(file)
