"""What a server gives away by itself: other origins, folders, methods, fields of passwords."""

import re

import pytest

from procurement.accounts.people.passwords import password_faults

UNRELATED = "枣树鲸鱼纸伞四更天下着雨青苔算盘"


@pytest.mark.parametrize("address", ["/", "/rounds", "/api/v1/rounds", "/static/js/base.js"])
def test_no_other_origin_is_ever_let_in(scene, address):
    nobody = scene.platform.nobody()
    for method in ("GET", "OPTIONS"):
        headers = {
            "origin": "https://evil.example",
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization",
        }
        answer = nobody.send(method, address, headers=headers)
        assert not [name for name in answer.headers if name.startswith("access-control-allow")]


@pytest.mark.parametrize("address", ["/static/", "/static/js/", "/static/../pyproject.toml"])
def test_no_folder_is_listed_and_nothing_above_it_given(scene, address):
    answer = scene.platform.nobody().get(address)
    assert answer.status_code in (400, 404), answer.text[:200]


@pytest.mark.parametrize("address", ["/", "/sign-in", "/api/v1/rounds"])
def test_the_server_repeats_no_request_to_its_sender(scene, address):
    answer = scene.platform.nobody().send("TRACE", address, headers={"x-secret": "repeat-me"})
    assert answer.status_code == 405
    assert "repeat-me" not in answer.text


def test_passwords_are_hidden_while_typed_and_managers_may_fill_them_in(scene):
    page = scene.platform.nobody().get("/sign-in").text
    (field,) = re.findall(r'<input[^>]*name="password"[^>]*>', page)
    assert 'type="password"' in field and 'autocomplete="current-password"' in field
    assert "onpaste" not in page


@pytest.mark.parametrize(("length", "is_taken"), [(11, False), (12, True), (64, True), (128, True)])
def test_a_password_has_twelve_to_a_hundred_and_twenty_eight_characters(length, is_taken):
    password = (UNRELATED * 9)[:length]
    assert (not password_faults(password, user="officer@example.org")) == is_taken
