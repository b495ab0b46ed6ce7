"""Rulebooks of retained savings: complete, bilingual, no surer than sources."""

import re
import tomllib

import pytest

from procurement.cli.describe_rulebook import describe
from procurement.rounds.rulebook_words import LABELS
from procurement.rounds.savings_words import SAVINGS_WORDS
from rulebooks import load_rulebook, rulebook_ids
from rulebooks.errors import BadRulebookError
from rulebooks.loader import FILE, FOLDER, read_value
from rulebooks.vocabulary import VOCABULARY, kind_of
from rulebooks.vocabulary.savings import LEFT_OPEN, SAVINGS_TERMS

BOOKS = (
    "savings-ankang-2021",
    "savings-changning-2021",
    "savings-guangxi-2021",
    "savings-hunan-2024",
    "savings-national-2020",
    "savings-shenzhen-2024",
    "savings-yibin-2022",
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")

for_every_book = pytest.mark.parametrize("rulebook", BOOKS)


def test_the_books_of_the_kind_are_exactly_those_of_the_list():
    kinds = {
        name: tomllib.loads((FOLDER / name / FILE).read_text("utf-8"))["kind"]
        for name in rulebook_ids()
    }
    assert tuple(sorted(name for name, kind in kinds.items() if kind == "savings")) == BOOKS


def test_every_key_of_the_vocabulary_is_used_by_a_book():
    books = [load_rulebook(name) for name in BOOKS]
    used = {key for book in books for key in (*book.rules, *book.unknown)}
    assert used == SAVINGS_TERMS.keys() == VOCABULARY["savings"].keys()


@for_every_book
def test_the_keys_of_a_book_tell_its_kind(rulebook):
    book = load_rulebook(rulebook)
    assert kind_of({*book.rules, *book.unknown}) == "savings"


@for_every_book
def test_a_book_says_of_all_that_texts_leave_open_whether_it_knows_it(rulebook):
    book = load_rulebook(rulebook)
    assert set(LEFT_OPEN) <= {*book.rules, *book.unknown}
    assert {"negative_base", "completion_unit", "rounding"} <= book.unknown.keys()


@for_every_book
def test_no_score_table_of_a_place_is_called_verified(rulebook):
    rule = load_rulebook(rulebook).rules.get("bands")
    assert rule is None or not rule.verified


def test_the_national_book_has_no_score_table():
    assert "bands" in load_rulebook("savings-national-2020").unknown


@for_every_book
def test_sources_and_notes_speak_both_languages(rulebook):
    for rule in load_rulebook(rulebook).rules.values():
        for text in (rule.source, *([rule.note] if rule.note else [])):
            zh, mark, en = text.partition(" / ")
            assert mark and " / " not in en, text
            assert CHINESE.search(zh) and not CHINESE.search(en), text


@for_every_book
def test_nothing_chinese_is_left_in_the_english_print_but_the_number(rulebook):
    book = load_rulebook(rulebook)
    text = describe(book, language="en").replace(book.document or "\0", "")
    assert not CHINESE.search(text)


def words_in(value):
    if isinstance(value, dict):
        return {word for entry in value.values() for word in words_in(entry)}
    if isinstance(value, tuple):
        return {word for entry in value for word in words_in(entry)}
    return {value} if isinstance(value, str) else set()


@for_every_book
def test_every_word_has_a_name_in_both_languages(rulebook):
    for rule in load_rulebook(rulebook).rules.values():
        if rule.key == "bands":
            continue
        assert words_in(rule.value) <= {*SAVINGS_WORDS, "institution"}
    assert {"ratio", "grade"} <= LABELS.keys()


@pytest.mark.parametrize(
    ("bands", "cause"),
    [
        ({}, "expected bands"),
        ({"80": {"ratio": "0.5"}}, "the last band"),
        ({"60": {"ratio": "0.5"}, "80": {"ratio": "0"}}, "falling scores"),
        ({"best": {"ratio": "0.5"}}, "'best': expected a score"),
        ({"0": {"ratio": "1.5"}}, "0: ratio: '1.5' is above 1"),
        ({"0": {}}, "0: 'ratio' is missing"),
    ],
)
def test_bands_that_are_none_are_refused(bands, cause):
    with pytest.raises(BadRulebookError, match=re.escape(cause)):
        read_value("rulebook.toml", "bands", bands, SAVINGS_TERMS)
