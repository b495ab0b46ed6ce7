"""What every page and every address has in common."""

import pytest
from sqlalchemy.exc import OperationalError

from procurement.app import health
from procurement.permissions import Role
from tests.procurement.app.cells.asking import Ask, document, form, get
from tests.procurement.platform import running_platform


@pytest.fixture
def platform(engine, tmp_path):
    with running_platform(engine, tmp_path) as running:
        yield running


def test_the_home_page_is_chinese_first_and_english_by_a_switch(platform):
    visitor = platform.nobody()
    assert 'lang="zh-Hans"' in visitor.get("/").text
    answer = visitor.get("/?lang=en")
    assert 'lang="en"' in answer.text
    assert answer.cookies["jicai_language"] == "en"


def test_every_answer_has_a_strict_content_policy(platform):
    for address in ("/", "/health", "/no-such-page", "/api/v1/no-such-thing"):
        policy = platform.nobody().get(address).headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy


def test_an_unknown_address_is_a_page_for_people_and_a_problem_for_machines(platform):
    page = platform.nobody().get("/no-such-page")
    assert (page.status_code, "没有找到" in page.text) == (404, True)
    problem = platform.nobody().get("/api/v1/no-such-thing")
    assert problem.status_code == 404
    assert problem.headers["content-type"].startswith("application/problem+json")
    assert problem.json()["status"] == 404


def test_a_form_without_its_token_changes_nothing_and_says_what_to_do(platform):
    answer = platform.client.post("/sign-out")
    assert answer.status_code == 403
    assert "已过期" in answer.text


def test_the_state_of_jobs_can_be_scraped(platform):
    assert 'jicai_jobs{status="queued"} 0.0' in platform.nobody().get("/metrics").text


def test_a_stranger_is_led_over_the_sign_in_to_the_page_and_a_machine_is_told(scene):
    page = scene.answer(Role.PUBLIC, get("/rounds/no%20round/keys"))
    assert page.status_code == 303
    assert page.headers["location"] == "/sign-in?next=/rounds/no%20round/keys"
    posted = scene.answer(Role.PUBLIC, form("/account/password"))
    assert (posted.status_code, "location" in posted.headers) == (401, False)
    problem = scene.answer(Role.PUBLIC, get("/api/v1/me"))
    assert problem.status_code == 401
    assert problem.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("character", ["%00", "%0d%0aset-cookie%3a%20a%3db", "%22%3E", "%E9%95%BF"])
def test_nothing_in_an_address_reaches_the_headers_of_an_answer(scene, character):
    answer = scene.answer(Role.PUBLIC, get(f"/rounds/{character}/keys"))
    assert answer.status_code == 303
    assert answer.headers["location"].lower() == f"/sign-in?next=/rounds/{character}/keys".lower()
    assert "a=b" not in answer.headers.get("set-cookie", "")


def test_the_interface_takes_tokens_only_and_pages_take_no_token(scene):
    officer = scene.ours.people[Role.OFFICER]
    browser, machine = scene.platform.signed_in(officer), scene.platform.with_token(officer)
    assert browser.get("/api/v1/me").status_code == 401
    assert machine.get("/account").status_code == 303
    assert machine.get("/api/v1/me").json()["person_id"] == officer.id


def test_a_wrong_token_is_refused_even_where_none_is_needed(scene):
    made_up = {"authorization": "Bearer jicai_made-up"}
    answer = scene.platform.nobody().get("/api/v1/rounds", headers=made_up)
    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:jicai:problem:unknown-token"


def test_what_is_too_large_is_refused_before_it_is_read(scene):
    address = f"/api/v1/rounds/{scene.ours.rounds['bidding']}/bids"
    answer = scene.answer(Role.MANUFACTURER, document(address, b"x" * (4 * 2**20)))
    assert answer.status_code == 413
    assert answer.json()["detail_zh"] == "文件过大。"


def test_an_address_of_another_method_says_which_it_takes(scene):
    answer = scene.answer(Role.PUBLIC, get("/sign-out"))
    assert answer.status_code == 405
    assert scene.answer(Role.PUBLIC, Ask("DELETE", "/api/v1/me")).status_code == 405


def test_a_failure_tells_nothing_of_what_was_sent(platform, monkeypatch, caplog):
    def fail(*_arguments, **_options):
        raise RuntimeError("the price is 7.654")

    monkeypatch.setattr(health, "database_moment", fail)
    for address in ("/clock", "/metrics"):
        answer = platform.nobody().get(address)
        assert answer.status_code == 500
        assert "7.654" not in answer.text + caplog.text
        assert "RuntimeError" in caplog.text


def test_a_database_that_is_away_is_said_to_be_away(platform, monkeypatch, caplog):
    def away(session):
        raise OperationalError("SELECT 7.654", {}, RuntimeError("7.654"))

    monkeypatch.setattr(health, "database_moment", away)
    answer = platform.nobody().get("/clock")
    assert answer.status_code == 503
    assert "OperationalError" in caplog.text
    assert "7.654" not in answer.text + caplog.text
