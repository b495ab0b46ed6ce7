"""What the small scripts of the pages do."""

import json
import re
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from tests.browser.samples import faults, sample
from tests.browser.site import MOMENT, ORIGIN, Site, page_of, visit

DRAFT = 5200


def shown(site: Site, name: str, language: str = "zh", **context: object) -> Page:
    """Show a sample page without faults."""
    html = page_of(name, visit("/page", language), sample(language) | {"faults": ()} | context)
    return site.show(html)


def test_a_countdown_follows_the_server_and_not_the_visitors_clock(site: Site):
    site.page.clock.install(time=MOMENT + timedelta(days=400))
    page = shown(site, "form.html")
    bar = page.locator("[data-deadline]")
    expect(bar).to_contain_text(re.compile(r"还有 39 分 \d+ 秒"))
    page.clock.run_for(60_000)
    expect(bar).to_contain_text(re.compile(r"还有 38 分 \d+ 秒"))


def test_within_an_hour_the_bar_changes_and_stays_in_view(site: Site):
    site.page.clock.install(time=MOMENT)
    page = shown(site, "form.html", near=MOMENT + timedelta(minutes=61))
    bar = page.locator("[data-deadline]")
    expect(bar).not_to_have_class("deadline deadline-near")
    page.clock.run_for(120_000)
    expect(bar).to_have_class("deadline deadline-near")
    expect(page.locator("[role=status].sr-only")).to_contain_text("申报截止")
    page.mouse.wheel(0, 5000)
    expect(bar).to_be_in_viewport()
    page.clock.run_for(3_600_000)
    expect(bar).to_have_class("deadline deadline-over")
    expect(bar).to_contain_text("已截止")


def test_without_scripts_the_page_says_what_is_left(site: Site):
    html = page_of("form.html", visit("/page", "zh"), sample("zh") | {"faults": ()})
    assert "还有 40 分" in html


def test_a_draft_is_sent_without_secrets_passwords_and_files(site: Site):
    site.page.clock.install(time=MOMENT)
    site.answers["/draft"] = (json.dumps({"saved_at": MOMENT.isoformat()}), "application/json")
    page = shown(site, "form.html", values={})
    page.locator("#field-declared_price").evaluate("field => field.dataset.secret = ''")
    page.locator("#field-title").fill("氨氯地平片")
    page.locator("#field-declared_price").fill("0.3141")
    page.locator("#field-password").fill("secret words")
    page.clock.run_for(DRAFT)
    expect(page.locator(".draft-state")).to_have_text("草稿已保存 14:05:00")
    [(path, body)] = site.posted
    fields = parse_qs(body, keep_blank_values=True)
    assert path == "/draft"
    assert fields["title"] == ["氨氯地平片"]
    assert not {"declared_price", "password", "paper"} & set(fields)
    assert "0.3141" not in body


def test_an_unchanged_form_is_not_sent_again(site: Site):
    site.page.clock.install(time=MOMENT)
    site.answers["/draft"] = ("{}", "application/json")
    page = shown(site, "form.html")
    page.clock.run_for(30_000)
    assert site.posted == []
    page.locator("#field-title").fill("x")
    page.clock.run_for(DRAFT)
    expect(page.locator(".draft-state")).to_contain_text("草稿已保存")
    page.clock.run_for(30_000)
    assert len(site.posted) == 1


def test_a_draft_that_cannot_be_saved_says_so_and_is_tried_again(site: Site):
    site.page.clock.install(time=MOMENT)
    page = shown(site, "form.html")
    page.locator("#field-title").fill("x")
    page.clock.run_for(DRAFT)
    expect(page.locator(".draft-state")).to_contain_text("继续重试")
    site.answers["/draft"] = ("{}", "application/json")
    page.clock.run_for(DRAFT)
    expect(page.locator(".draft-state")).to_contain_text("草稿已保存")


def asked_on_leaving(page: Page) -> list[str]:
    """Leave a page; return what the browser asked before."""
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto(ORIGIN + "/page?again")
    return asked


def typed_early(site: Site, name: str, part: str, field: str) -> Page:
    """Show a page whose script comes only after somebody has typed into a field."""
    held: list[Route] = []
    html = page_of(name, visit("/page", "zh"), sample("zh") | {"faults": ()})
    site.answers["/page"] = (html, "text/html; charset=utf-8")
    site.page.route(f"**/static/js/{part}", lambda route: held.append(route))
    with site.page.expect_request(f"**/static/js/{part}"):
        site.page.goto(ORIGIN + "/page")
    site.page.locator(field).press_sequentially("x")
    [route] = held
    route.fallback()
    site.page.locator("html[data-started]").wait_for(state="attached")
    return site.page


def test_what_is_typed_before_the_script_has_come_is_saved(site: Site):
    site.page.clock.install(time=MOMENT)
    site.answers["/draft"] = ("{}", "application/json")
    page = typed_early(site, "form.html", "drafts.js", "#field-title")
    page.clock.run_for(DRAFT)
    expect(page.locator(".draft-state")).to_contain_text("草稿已保存")
    assert "x" in parse_qs(site.posted[0][1])["title"][0]


def test_leaving_asks_for_what_was_typed_before_the_script_came(site: Site):
    page = typed_early(site, "grid.html", "unsaved.js", "[name=reason-1]")
    assert asked_on_leaving(page) == ["beforeunload"]


@pytest.mark.parametrize(("typed", "asks"), [("x", True), (None, False)])
def test_leaving_asks_only_when_something_was_typed(site: Site, typed: str | None, asks: bool):
    page = shown(site, "grid.html")
    if typed:
        page.locator("[name=reason-1]").press_sequentially(typed)
    assert asked_on_leaving(page) == (["beforeunload"] if asks else [])


@pytest.mark.parametrize(
    ("typed", "kept", "said"),
    [
        ("１２，０００", "12000", None),
        ("1,234", "1234", None),
        ("12.5", "12.5", "请填整数。"),
        ("十二", "十二", "请填整数。"),
        ("", "", None),
    ],
)
def test_a_number_is_checked_when_its_field_is_left(
    site: Site, typed: str, kept: str, said: str | None
):
    page = shown(site, "form.html")
    field = page.locator("#field-capacity")
    field.fill("x")
    field.blur()
    field.fill(typed)
    field.blur()
    assert field.input_value() == kept
    faults_there = page.locator(".field:has(#field-capacity) .field-fault").all_text_contents()
    assert faults_there == ([said] if said else [])


def test_arrows_and_enter_move_in_a_grid_and_enter_does_not_send(site: Site):
    page = shown(site, "grid.html")
    page.locator("[name=demand-1]").focus()
    for key, name in [
        ("ArrowDown", "demand-2"),
        ("Enter", "demand-3"),
        ("Enter", "demand-3"),
        ("ArrowRight", "reason-3"),
        ("ArrowUp", "reason-2"),
        ("ArrowLeft", "demand-2"),
    ]:
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.name") == name
    assert site.posted == []


def test_arrows_stay_in_a_word_until_its_edge(site: Site):
    page = shown(site, "grid.html")
    field = page.locator("[name=reason-1]")
    field.fill("ab")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.name") == "reason-1"


def test_cells_of_a_spreadsheet_can_be_pasted(site: Site):
    page = shown(site, "grid.html")
    page.locator("[name=demand-1]").focus()
    page.evaluate(
        """() => { const clipboard = new DataTransfer();
        clipboard.setData("text/plain", "100\\t升\\r\\n200\\t降\\r\\n300\\t平\\r\\n400\\t多\\r\\n");
        document.activeElement.dispatchEvent(new ClipboardEvent("paste",
        {clipboardData: clipboard, bubbles: true, cancelable: true})); }"""
    )
    values = page.locator("table input").evaluate_all("fields => fields.map(one => one.value)")
    assert values == ["100", "升", "200", "降", "300", "平"]


def test_a_job_is_followed_to_its_end(site: Site):
    site.page.clock.install(time=MOMENT)
    site.answers["/done"] = ("<title>结果</title>", "text/html; charset=utf-8")
    job = {"done": 23000, "total": 46000, "state": "running", "zh": "已读一半", "en": "Half"}
    site.answers["/job"] = (json.dumps(job), "application/json")
    page = shown(site, "job.html")
    page.clock.run_for(2100)
    expect(page.locator(".progress")).to_contain_text("已读一半")
    expect(page.locator(".progress")).to_contain_text("23,000 / 46,000")
    site.answers["/job"] = (
        json.dumps(job | {"state": "done", "next": "/done"}),
        "application/json",
    )
    page.clock.run_for(2100)
    page.wait_for_url("**/done")


def test_a_file_that_is_refused_comes_back_with_its_fault(site: Site):
    page = shown(site, "upload.html")
    refused = page_of("upload.html", visit("/page", "zh"), {"faults": [faults()[0]]})
    site.answers["/page"] = (refused, "text/html; charset=utf-8")
    page.locator("#field-declared_price").set_input_files(
        {"name": "volumes.csv", "mimeType": "text/csv", "buffer": b"a,b\n" * 1000}
    )
    page.get_by_role("button", name="上传").click()
    expect(page.locator(".fault-summary")).to_contain_text("申报价最多 4 位小数。")
    assert page.title().startswith("有误：")
    assert len(site.posted) == 1


def test_a_form_pressed_twice_is_sent_once(site: Site):
    page = shown(site, "form.html")
    barred = page.evaluate(
        """() => [1, 2].map(() => !document.querySelector("form[action='/sent']").dispatchEvent(
        new SubmitEvent("submit", {bubbles: true, cancelable: true})))"""
    )
    assert barred == [False, True]


def test_a_button_copies(site: Site):
    page = shown(site, "job.html")
    button = page.locator("button[data-copy]")
    button.click()
    expect(button).to_have_text("已复制")


def test_the_language_switch_keeps_the_page_and_its_filters(site: Site):
    html = page_of("parts.html", visit("/rounds?sort=-volume&q=片", "zh"), sample("zh"))
    page = site.show(html)
    link = page.get_by_role("link", name="English")
    assert link.get_attribute("href") == "/rounds?sort=-volume&q=%E7%89%87&lang=en"
