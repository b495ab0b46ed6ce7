"""The verifier's page in a real browser: files are examined there, and never sent."""

import json
import zipfile

import pytest
from playwright.sync_api import expect

from procurement.app.security import POLICY_WITH_WASM
from tests.bidding.sealing.evidence_cases import FILE, files_of
from tests.browser.accessibility import grave_findings, overflow
from tests.browser.site import SIGNED_OUT, page_of, visit

VECTORS = json.loads(FILE.read_text(encoding="utf-8"))
PATH = "/verify"


@pytest.fixture
def show(site):
    site.policy = POLICY_WITH_WASM

    def open_page(language="en"):
        seen = visit(PATH, language, actor=SIGNED_OUT)
        return site.show(page_of("publication/verify.html", seen), PATH)

    return open_page


def pack(folder, name):
    path = folder / f"{name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in files_of(VECTORS, name):
            archive.writestr(file, content)
    return path


def examine(page, path, *, key=""):
    page.locator("#bureau-key").fill(key)
    page.locator("#files").set_input_files(path)
    page.locator("#verify button").click()
    state = page.locator("main [data-state]")
    expect(state).to_contain_text("not checked.", timeout=30_000)
    return state.text_content()


def test_a_bundle_is_examined_in_the_page_and_nothing_is_sent(show, site, tmp_path):
    page = show()
    said = examine(page, pack(tmp_path, "valid"), key=VECTORS["bureau_key"])
    assert "0 fail, 2 not checked" in said
    assert site.posted == []
    assert site.complaints == []
    assert grave_findings(page) == []


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("wrong-share", "at fault: the keyholder of seat 2"),
        ("dropped-bid", "at fault: the server"),
        ("other-price", "at fault: the evaluation"),
        ("bit-in-receipt", "at fault: who passed the documents on"),
    ],
)
def test_the_page_names_who_is_at_fault(show, tmp_path, name, who):
    page = show()
    examine(page, pack(tmp_path, name), key=VECTORS["bureau_key"])
    assert who in page.locator("[data-findings]").text_content()


def test_a_file_of_another_kind_is_said_to_be_none(show, tmp_path):
    page = show()
    other = tmp_path / "other.zip"
    other.write_bytes(b"no archive")
    page.locator("#files").set_input_files(other)
    page.locator("#verify button").click()
    expect(page.locator("main [data-state]")).to_contain_text("Cannot be checked")
    page.locator("#bureau-key").fill("not a key")
    page.locator("#files").set_input_files(pack(tmp_path, "valid"))
    page.locator("#verify button").click()
    expect(page.locator("main [data-state]")).to_contain_text("Cannot be checked")


def test_the_page_fits_a_phone(show):
    page = show("zh")
    page.set_viewport_size({"width": 360, "height": 700})
    assert overflow(page) == []
