"""Every Chinese text of the templates has its English, and every English text is used."""

import re
from collections.abc import Iterator

from babel.messages.extract import extract_from_dir
from jinja2.ext import babel_extract  # noqa: F401 - what the extraction method below names

from procurement.web.language import catalogues, translations
from tests.house_rules import ROOT

METHODS = [("**.html", "jinja2.ext:babel_extract"), ("**.svg", "jinja2.ext:babel_extract")]
OPTIONS = {"**.html": {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "silent": "false"}}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def texts() -> Iterator[tuple[str, str]]:
    for file, _line, message, _comments, _context in extract_from_dir(
        ROOT / "templates", METHODS, OPTIONS
    ):
        for text in message if isinstance(message, tuple) else (message,):
            if text:
                yield str(file), text


def test_every_text_of_the_templates_has_its_english():
    english = translations("en")
    missing = {
        text: file
        for file, text in texts()
        if CHINESE.search(text)
        and english.gettext(text) == text
        and english.ngettext(text, text, 1) == text
    }
    assert missing == {}


def test_every_english_text_belongs_to_a_template():
    used = {text for _file, text in texts()}
    left_over = {
        (name, message.id)
        for name, catalogue in catalogues("en").items()
        for message in catalogue
        if message.id
        and (message.id[0] if isinstance(message.id, tuple) else message.id) not in used
    }
    assert left_over == set()


def test_no_english_text_holds_chinese_words():
    mixed = {
        str(message.id)
        for catalogue in catalogues("en").values()
        for message in catalogue
        if message.id and CHINESE.search(str(message.string)) and "集采" not in str(message.string)
    }
    assert mixed == set()


def test_a_text_that_two_catalogues_translate_has_one_translation():
    seen: dict[str, set[str]] = {}
    for catalogue in catalogues("en").values():
        for message in catalogue:
            if message.id and message.string:
                seen.setdefault(str(message.id), set()).add(str(message.string))
    assert {text: words for text, words in seen.items() if len(words) > 1} == {}
