"""Prices in the browser: read exactly, written in words, compared with a ceiling."""

from decimal import ROUND_DOWN, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect

from tests.browser.samples import sample
from tests.browser.site import Site, page_of, visit

MODULE = "/static/js/amounts.js"
DIGITS = {word: digit for digit, word in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}
PARTS = {word: Decimal(1).scaleb(-place) for place, word in enumerate("角分厘毫丝忽", start=1)}


def call(site: Site, function: str, *arguments: object) -> object:
    """Call a function of the module in the browser."""
    return site.page.evaluate(
        f"async (given) => (await import('{MODULE}')).{function}(...given)", list(arguments)
    )


@pytest.fixture
def amounts(site: Site) -> Site:
    site.show("<!doctype html><title>x</title>")
    return site


def read_words(words: str) -> Decimal:
    """Read an amount in words back: written apart from the script that writes it."""
    yuan, _, rest = words.removesuffix("整").rpartition("元")
    total, group, digit = 0, 0, 0
    for word in yuan:
        if word in DIGITS:
            digit = DIGITS[word]
        elif word in PLACES:
            group, digit = group + digit * PLACES[word], 0
        else:
            total += (group + digit) * {"万": 10**4, "亿": 10**8}[word]
            group, digit = 0, 0
    value = Decimal(total + group + digit)
    for word in rest:
        if word in DIGITS:
            digit = DIGITS[word]
        else:
            value, digit = value + digit * PARTS[word], 0
    return value


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("0", "零元整"),
        ("0.01", "壹分"),
        ("0.0912", "玖分壹厘贰毫"),
        ("0.1", "壹角"),
        ("1", "壹元整"),
        ("1.05", "壹元零伍分"),
        ("1.005", "壹元零伍厘"),
        ("0.405", "肆角零伍厘"),
        ("10", "壹拾元整"),
        ("105.20", "壹佰零伍元贰角"),
        ("10005", "壹万零伍元整"),
        ("100010", "壹拾万零壹拾元整"),
        ("100000005", "壹亿零伍元整"),
        ("2030405.06", "贰佰零叁万零肆佰零伍元零陆分"),
        ("0.000001", "壹忽"),
        ("１２．５", "壹拾贰元伍角"),
        ("1,234.5", "壹仟贰佰叁拾肆元伍角"),
        ("007", "柒元整"),
    ],
)
def test_an_amount_is_written_as_on_a_contract(amounts: Site, typed: str, words: str):
    assert call(amounts, "inWords", typed) == words


@pytest.mark.parametrize("typed", ["", "-1", "1.", ".5", "1e3", "1.2345678", "壹元", "1 元", "0x1"])
def test_what_is_no_amount_has_no_words(amounts: Site, typed: str):
    assert call(amounts, "inWords", typed) is None


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amount=st.decimals(min_value=0, max_value=10**12 - 1, places=6))
def test_words_read_back_are_the_amount(amounts: Site, amount: Decimal):
    words = call(amounts, "inWords", f"{amount:f}")
    assert isinstance(words, str)
    assert read_words(words) == amount


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    price=st.decimals(min_value="0.0001", max_value=10**6, places=4),
    ceiling=st.decimals(min_value="0.0001", max_value=10**6, places=4),
)
def test_the_cut_is_exact_and_never_overstated(amounts: Site, price: Decimal, ceiling: Decimal):
    exact = abs(ceiling - price) * 100 / ceiling
    expected = {
        "sign": (ceiling > price) - (ceiling < price),
        "percent": str(exact.quantize(Decimal("0.01"), rounding=ROUND_DOWN)),
    }
    assert call(amounts, "cutBelow", f"{price:f}", f"{ceiling:f}") == expected


@pytest.mark.parametrize(
    ("typed", "shown", "is_bad"),
    [
        ("0.456", "肆角伍分陆厘，比最高有效申报价低 25.00%", False),
        ("0.608", "陆角零捌厘，等于最高有效申报价", False),
        ("0.7", "柒角，高于最高有效申报价 15.13%", True),
        ("0.12345", "最多 4 位小数。", True),
        ("abc", "不是金额。", True),
        ("", "", False),
    ],
)
def test_words_and_cut_stand_under_the_price_while_it_is_typed(
    site: Site, typed: str, shown: str, is_bad: bool
):
    page = site.show(page_of("form.html", visit("/page", "zh"), sample("zh") | {"values": {}}))
    page.locator("#field-declared_price").fill(typed)
    words = page.locator("#words-declared_price")
    # The script is fetched once the page asks for it, so that it may come after the typing.
    expect(words).to_have_text(shown)
    assert ("bad" in (words.get_attribute("class") or "").split()) is is_bad


def test_full_width_digits_become_plain_ones(site: Site):
    page = site.show(page_of("form.html", visit("/page", "en"), sample("en") | {"values": {}}))
    field = page.locator("#field-declared_price")
    field.fill("０．４５６")
    words = page.locator("#words-declared_price")
    expect(words).to_have_text("肆角伍分陆厘, 25.00% below the ceiling")
    field.blur()
    expect(field).to_have_value("0.456")
    expect(words).to_have_text("肆角伍分陆厘, 25.00% below the ceiling")
