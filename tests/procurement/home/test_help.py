"""Help says the same in both languages, and every role has a page."""

import re

import pytest

from procurement.home.help import PICTURES, TOPICS, Topic, sealing_scripts
from procurement.permissions import Role
from procurement.settings import resource_folder

HELP = resource_folder("templates") / "help"
SHAPE = re.compile(r'<(h2|ol|ul|li|p|table|tr)\b|picture\("([\w-]+)"|href="([^"]+)"|<code>([^<]+)')


def shape(topic: Topic, language: str) -> list[tuple[str, ...]]:
    text = (HELP / language / f"{topic.name}.html").read_text("utf-8")
    return [found.groups("") for found in SHAPE.finditer(text)]


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_page_has_the_same_parts_pictures_and_links_in_both_languages(topic: Topic):
    assert shape(topic, "zh") == shape(topic, "en") != []


def test_every_picture_that_a_page_shows_is_there():
    shipped = resource_folder("static") / PICTURES
    shown = {
        (language, name)
        for topic in TOPICS
        for language in ("zh", "en")
        for _, name, _, _ in shape(topic, language)
        if name
    }
    assert {(file.parent.name, file.stem) for file in shipped.glob("*/*.webp")} == shown


def test_every_role_that_signs_in_has_exactly_one_page():
    roles = [role for topic in TOPICS for role in topic.roles]
    assert sorted(roles) == sorted(set(Role) - {Role.PUBLIC})


def test_no_page_is_left_over():
    named = {f"{topic.name}.html" for topic in TOPICS}
    for language in ("zh", "en"):
        assert {file.name for file in (HELP / language).iterdir()} == named


def test_the_sealing_scripts_are_listed_with_their_digests():
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for _, digest in sealing_scripts())
