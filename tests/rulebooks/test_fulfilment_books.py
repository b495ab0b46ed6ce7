"""Rulebooks of fulfilment: complete, bilingual, no surer than sources."""

import re
import tomllib

import pytest

from procurement.accounts.divisions import is_division
from procurement.cli.describe_rulebook import describe
from procurement.rounds.fulfilment_words import (
    FULFILMENT_LABELS,
    FULFILMENT_UNITS,
    FULFILMENT_WORDS,
)
from procurement.rounds.rulebook_words import WORDS
from rulebooks import load_rulebook, rulebook_ids
from rulebooks.errors import BadRulebookError
from rulebooks.loader import FILE, FOLDER, read_value
from rulebooks.vocabulary import VOCABULARY, kind_of
from rulebooks.vocabulary.fulfilment import FULFILMENT_TERMS

BOOKS = (
    "fulfilment-changning-2021",
    "fulfilment-fujian-2025",
    "fulfilment-guangdong-2022",
    "fulfilment-guizhou-consumables-2024",
    "fulfilment-hainan-2023",
    "fulfilment-hebei-2025",
    "fulfilment-hunan-2025",
    "fulfilment-huojia",
    "fulfilment-jiangsu-consumables-2022",
    "fulfilment-liaoning-2023",
    "fulfilment-national-2021",
    "fulfilment-national-2024",
    "fulfilment-qinghai-2025",
    "fulfilment-shanghai-2020",
    "fulfilment-shanghai-tcm-2023",
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")

for_every_book = pytest.mark.parametrize("rulebook", BOOKS)


def test_the_books_of_the_kind_are_exactly_those_of_the_list():
    kinds = {
        name: tomllib.loads((FOLDER / name / FILE).read_text("utf-8"))["kind"]
        for name in rulebook_ids()
    }
    assert tuple(sorted(name for name, kind in kinds.items() if kind == "fulfilment")) == BOOKS


def test_every_key_of_the_vocabulary_is_used_by_a_book():
    books = [load_rulebook(name) for name in BOOKS]
    used = {key for book in books for key in (*book.rules, *book.unknown)}
    assert used == FULFILMENT_TERMS.keys() == VOCABULARY["fulfilment"].keys()


@for_every_book
def test_a_book_says_where_it_holds_and_its_keys_tell_its_kind(rulebook):
    book = load_rulebook(rulebook)
    assert is_division(str(book.rules["scope.region"].value))
    assert kind_of({*book.rules, *book.unknown}) == "fulfilment"


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
        if rule.key != "scope.region":
            assert words_in(rule.value) <= FULFILMENT_WORDS.keys() | {"drugs", "consumables"}


def test_no_word_of_fulfilment_means_another_thing_elsewhere():
    assert {word: WORDS[word] for word in FULFILMENT_WORDS} == dict(FULFILMENT_WORDS)


def test_units_and_cases_have_names():
    units = {term.unit for term in FULFILMENT_TERMS.values() if term.unit}
    assert units <= FULFILMENT_UNITS.keys()
    hours = load_rulebook("fulfilment-hunan-2025").rules["delivery.hours"].value
    assert isinstance(hours, dict)
    assert hours.keys() <= FULFILMENT_LABELS.keys()


def test_the_national_day_of_payment_is_not_called_verified():
    assert not load_rulebook("fulfilment-national-2021").rules["paid.deadline"].verified


def test_what_no_source_states_is_unknown_and_not_assumed():
    national = load_rulebook("fulfilment-national-2024")
    assert {"non_winning.share_max", "use.measure", "progress.unit"} <= national.unknown.keys()
    assert "delivery.days_off" in load_rulebook("fulfilment-hunan-2025").unknown
    for name in BOOKS:
        assert all(one.assumed_in_lab is None for one in load_rulebook(name).unknown.values())


@pytest.mark.parametrize(
    ("key", "value", "cause"),
    [
        ("scope.region", "43", "six digits"),
        ("delivery.hours", {"soon": 3}, "'soon'"),
        ("delivery.hours", {"ordinary": 0}, "1 or more"),
        ("delivery.holidays", {"ordinary": "maybe"}, "counted, excluded"),
        ("delivery.days_off", {}, "expected a table"),
        ("delivery.days_off", {"27": []}, "four digits"),
        ("delivery.days_off", {"2027": "2027-01-01"}, "a list of days"),
        ("delivery.days_off", {"2027": ["2026-01-01"]}, "another year"),
        ("delivery.days_off", {"2027": ["2027-01-01", "2027-01-01"]}, "twice"),
        ("delivery.days_off", {"2027": ["2027-13-01"]}, "2027: "),
        ("delivery.days_off", {"2027": [20270101]}, "no date"),
        ("supplier.rate_min", "1.5", "above 1"),
        ("progress.unit", "group", "product, institution"),
    ],
)
def test_a_value_of_another_kind_is_refused(key, value, cause):
    with pytest.raises(BadRulebookError, match=re.escape(cause)):
        read_value("rulebook.toml", key, value, FULFILMENT_TERMS)


def test_a_year_without_days_off_is_a_year():
    read = read_value("rulebook.toml", "delivery.days_off", {"2027": []}, FULFILMENT_TERMS)
    assert read == {2027: ()}
