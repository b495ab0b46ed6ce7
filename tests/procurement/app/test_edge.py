"""What every page and every address has in common."""

import pytest

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
