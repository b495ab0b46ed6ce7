"""The rulebooks of credit rating: both scales are there and claim no more than sources say."""

import re
import tomllib

import pytest

from procurement.cli.describe_rulebook import describe
from rulebooks import load_rulebook, rulebook_ids
from rulebooks.errors import BadRulebookError
from rulebooks.loader import FILE, FOLDER, read_rulebook
from rulebooks.vocabulary.credit import CREDIT_TERMS, GRADES, MATTERS

CREDIT = ("credit-2020", "credit-2025")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def table(rulebook, key):
    """The value of a rule that is a table; empty where the rulebook has no such rule."""
    rule = load_rulebook(rulebook).rules.get(key)
    value = rule.value if rule is not None else {}
    assert isinstance(value, dict)
    return value


def test_the_scales_are_exactly_those_of_the_list():
    kinds = {
        name: tomllib.loads((FOLDER / name / FILE).read_text("utf-8"))["kind"]
        for name in rulebook_ids()
    }
    assert tuple(sorted(name for name, kind in kinds.items() if kind == "credit")) == CREDIT


@pytest.mark.parametrize("rulebook", CREDIT)
def test_sources_and_notes_speak_both_languages(rulebook):
    for rule in load_rulebook(rulebook).rules.values():
        for text in [rule.source, *([rule.note] if rule.note else [])]:
            zh, mark, en = text.partition(" / ")
            assert mark and " / " not in en, text
            assert CHINESE.search(zh) and not CHINESE.search(en), text


@pytest.mark.parametrize("rulebook", CREDIT)
def test_how_long_a_grade_lasts_is_said_to_be_unknown(rulebook):
    book = load_rulebook(rulebook)
    assert {"grades.duration", "grades.bands_of_others"} <= book.unknown.keys()


def test_what_is_only_commonly_known_is_not_marked_verified():
    assert not load_rulebook("credit-2020").rules["bribery.window_years"].verified
    assert load_rulebook("credit-2025").rules["consequences"].unverified == ("dishonest",)


def test_every_key_is_used_by_a_scale_and_every_grade_has_a_name():
    used = {key for name in CREDIT for key in load_rulebook(name).rules}
    unknown = {key for name in CREDIT for key in load_rulebook(name).unknown}
    assert used | unknown == CREDIT_TERMS.keys()
    names = {grade for name in CREDIT for grade in table(name, "grades.names")}
    assert names == set(GRADES)


def test_lower_bounds_rise_with_the_grade():
    for name in CREDIT:
        for key in ("bribery.single", "bribery.cumulated", "tax.amount"):
            bounds = table(name, key)
            assert list(bounds.values()) == sorted(bounds.values())
            assert list(bounds) == sorted(bounds, key=GRADES.index)


def test_each_matter_is_repaired_for_exactly_the_grades_it_can_have():
    clauses, needed = (table("credit-2025", key) for key in ("grades.clauses", "repair.needed"))
    assert set(clauses) == set(MATTERS)
    assert {matter: set(grades) for matter, grades in clauses.items()} == {
        matter: set(grades) for matter, grades in needed.items()
    }


@pytest.mark.parametrize("rulebook", CREDIT)
def test_nothing_chinese_is_left_in_the_english_print_but_the_number_of_the_document(rulebook):
    book = load_rulebook(rulebook)
    text = describe(book, language="en").replace(book.document or "\0", "")
    assert not CHINESE.search(text)
    assert "[options]" not in text


@pytest.mark.parametrize(
    ("wrong", "cause"),
    [
        ('[rule."tax.amount"]\nvalue = { grave = "1" }', "expected one of"),
        ('[rule."tax.amount"]\nvalue = { serious = 1 }', "no decimal"),
        ('[rule."basis.accepted"]\nvalue = ["rumour"]', "expected one of"),
        ('[rule."consequences"]\nvalue = { serious = "mark" }', "expected a list"),
        ('[rule."places.by_bidders"]\nvalue = 1', "not in the vocabulary"),
    ],
)
def test_a_value_of_another_kind_is_refused(tmp_path, wrong, cause):
    head = (FOLDER / "credit-2025" / FILE).read_text("utf-8").split("[rule.")[0]
    path = tmp_path / "credit-2025" / FILE
    path.parent.mkdir()
    path.write_text(f'{head}{wrong}\nsource = "甲 / a"\nverified = true\n', encoding="utf-8")
    with pytest.raises(BadRulebookError, match=cause):
        read_rulebook(path)
