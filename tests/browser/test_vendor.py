"""The libraries of sealed bids, as `make vendor` leaves them."""

import hashlib

import pytest

from procurement.app.security import POLICY_WITH_WASM
from tests.browser.site import Site
from tests.house_rules import ROOT
from tests.missing import skip_unless_ci

STATIC = ROOT / "static"
BLANK = "<!doctype html><title>x</title>"


@pytest.fixture(autouse=True)
def vendored() -> None:
    if not (STATIC / "vendor").is_dir():
        skip_unless_ci("static/vendor is missing: run make vendor")


def test_every_file_has_the_digest_that_was_agreed_on():
    lines = (STATIC / "vendor.sha256").read_text("utf-8").splitlines()
    agreed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    found = {
        file.relative_to(STATIC).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (STATIC / "vendor").rglob("*")
        if file.is_file()
    }
    assert found == agreed


def test_the_libraries_load_where_the_policy_allows_webassembly(site: Site):
    site.policy = POLICY_WITH_WASM
    page = site.show(BLANK)
    sealed = page.evaluate(
        """async () => {
        const sodium = (await import("/static/vendor/libsodium-wrappers.mjs")).default;
        await sodium.ready;
        const { split, combine } = await import("/static/vendor/shamir-secret-sharing/index.js");
        const shares = await split(new Uint8Array([1, 2, 3]), 5, 3);
        const secret = await combine(shares.slice(1, 4));
        return [sodium.to_hex(sodium.crypto_generichash(32, "abc")), [...secret]]; }"""
    )
    assert sealed == [hashlib.blake2b(b"abc", digest_size=32).hexdigest(), [1, 2, 3]]
    assert site.complaints == []
