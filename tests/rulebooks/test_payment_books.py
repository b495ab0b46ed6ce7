"""Rulebooks of renewal, talks and payment standards: complete, bilingual, no surer than sources."""

import re
import tomllib
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from procurement.cli.describe_rulebook import describe
from procurement.rounds.payment_words import PAYMENT_UNITS, PAYMENT_WORDS
from procurement.rounds.rulebook_words import LABELS, UNITS
from rulebooks import load_rulebook, rulebook_ids
from rulebooks.errors import BadRulebookError
from rulebooks.loader import FILE, FOLDER, read_rulebook
from rulebooks.vocabulary import VOCABULARY, kind_of

RENEWAL = tuple(f"nrdl-renewal-{year}" for year in range(2022, 2027))
NEGOTIATION = (
    "negotiation-nrdl-2022",
    "negotiation-nrdl-2023",
    "negotiation-rare-disease-jiangsu-2022",
)
STANDARD = (
    "standard-fujian-2025",
    "standard-heilongjiang-2020",
    "standard-heilongjiang-2022",
    "standard-national-2019",
    "standard-national-2021",
    "standard-xian-2019",
)
BOOKS = (*RENEWAL, *NEGOTIATION, *STANDARD)
KINDS = {"renewal": RENEWAL, "negotiation": NEGOTIATION, "standard": STANDARD}
CHINESE = re.compile(r"[\u4e00-\u9fff]")

# Commonly known or read, never stated by a source that was seen: it may stand, not as verified.
NOT_VERIFIED = {
    "regular.standard": RENEWAL,
    "simple.original_scope_first": RENEWAL,
    "scope_change.after_failure": RENEWAL,
    "class_1.cut_at_most": RENEWAL,
    "cut.spend_share_of_sales": RENEWAL,
    "cut.table": (RENEWAL[0], *RENEWAL[2:]),
    "renegotiation.at_wish": (RENEWAL[0], *RENEWAL[2:]),
    "class_1.may_ask": RENEWAL[2:],
    "cut.combination": (RENEWAL[0], *RENEWAL[2:]),
    "session.ends_above": NEGOTIATION,
    "session.deal_at_most": NEGOTIATION,
    "session.negotiators_see": NEGOTIATION,
    "bidding.needs_bid_within": NEGOTIATION,
    "bidding.floor_share": NEGOTIATION,
    "bidding.years": NEGOTIATION,
    "ladder.passed": ("standard-national-2021",),
    "negotiated.takes": STANDARD,
}
UNKNOWN = {
    "halving.method": RENEWAL[1:],
    "class_1.after_failure": RENEWAL[1:],
    "price.decimals": RENEWAL,
    "session.first_within": NEGOTIATION[:2],
    "pool.payment_ratio": NEGOTIATION[2:],
    "ladder.passed": ("standard-fujian-2025",),
    "not_passed.standard": ("standard-xian-2019", "standard-national-2021"),
}

for_every_book = pytest.mark.parametrize("rulebook", BOOKS)


def pairs(table):
    return [(rulebook, key) for key, books in table.items() for rulebook in books]


@pytest.mark.parametrize(("kind", "books"), KINDS.items())
def test_the_books_of_a_kind_are_exactly_those_of_the_list(kind, books):
    kinds = {
        name: tomllib.loads((FOLDER / name / FILE).read_text("utf-8"))["kind"]
        for name in rulebook_ids()
    }
    assert tuple(sorted(name for name, one in kinds.items() if one == kind)) == books


@for_every_book
def test_the_keys_of_a_book_tell_its_kind(rulebook):
    book = load_rulebook(rulebook)
    assert rulebook in KINDS[kind_of({*book.rules, *book.unknown})]


def test_no_key_belongs_to_two_kinds_of_document():
    keys = [key for terms in VOCABULARY.values() for key in terms]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(("kind", "books"), KINDS.items())
def test_every_key_of_the_vocabulary_is_used_by_a_book(kind, books):
    used = {key for name in books for key in load_rulebook(name).rules}
    unknown = {key for name in books for key in load_rulebook(name).unknown}
    assert used | unknown == VOCABULARY[kind].keys()


@for_every_book
def test_sources_and_notes_speak_both_languages(rulebook):
    for rule in load_rulebook(rulebook).rules.values():
        texts = [rule.source, *([rule.note] if rule.note else [])]
        if rule.key == "simple.major_changes":
            assert isinstance(rule.value, tuple)
            texts += rule.value
        for text in texts:
            zh, mark, en = text.partition(" / ")
            assert mark and " / " not in en, text
            assert CHINESE.search(zh) and not CHINESE.search(en), text


@for_every_book
def test_nothing_chinese_is_left_in_the_english_print_but_the_number_of_the_document(rulebook):
    book = load_rulebook(rulebook)
    text = describe(book, language="en").replace(book.document or "\0", "")
    assert not CHINESE.search(text)
    assert "[options]" not in text


def words_in(value):
    if isinstance(value, dict):
        return {word for entry in value.values() for word in words_in(entry)}
    if isinstance(value, tuple):
        return {word for entry in value for word in words_in(entry)}
    return {value} if isinstance(value, str) else set()


def names_in(value):
    if not isinstance(value, dict):
        return set()
    return {*value, *(name for entry in value.values() for name in names_in(entry))}


@for_every_book
def test_every_word_and_every_entry_has_a_name(rulebook):
    texts = ("simple.major_changes", "regular.non_exclusive_on", "regular.years_on", "cut.table")
    for rule in load_rulebook(rulebook).rules.values():
        if rule.key in texts:
            continue
        assert words_in(rule.value) <= PAYMENT_WORDS.keys()
        is_ladder = rule.key.startswith("ladder.")
        bands = set(rule.value) if is_ladder and isinstance(rule.value, dict) else set()
        assert names_in(rule.value) - bands <= LABELS.keys()


@pytest.mark.parametrize(("rulebook", "key"), pairs(NOT_VERIFIED))
def test_what_is_only_commonly_known_is_not_marked_verified(rulebook, key):
    rule = load_rulebook(rulebook).rules.get(key)
    assert rule is None or not rule.verified


@pytest.mark.parametrize(("rulebook", "key"), pairs(UNKNOWN))
def test_what_no_source_states_is_said_to_be_unknown(rulebook, key):
    book = load_rulebook(rulebook)
    assert key in book.unknown
    assert key not in book.rules


@pytest.mark.parametrize("rulebook", RENEWAL[3:])
def test_nothing_is_verified_in_the_renewal_of_2025_and_2026(rulebook):
    book = load_rulebook(rulebook)
    assert not any(rule.verified for rule in book.rules.values())
    table = book.rules["cut.table"].value
    assert isinstance(table, dict)
    assert table["columns"] == tuple(Decimal(yi) * 10**8 for yi in (3, 15, 30, 60))


def test_columns_before_2025_are_those_of_fund_spending():
    for name in RENEWAL[:3]:
        rules = load_rulebook(name).rules
        table = rules["cut.table"].value
        assert isinstance(table, dict)
        assert table["columns"] == tuple(Decimal(yi) * 10**8 for yi in (2, 10, 20, 40))
        assert rules["cut.base"].value == "fund-spend"


def test_the_percentages_are_the_same_in_every_year_and_rise_with_row_and_column():
    tables = [load_rulebook(name).rules["cut.table"].value for name in RENEWAL]
    cuts = {table["cuts"] for table in tables if isinstance(table, dict)}
    (rows,) = cuts
    assert set(rows[0]) == {Decimal(0)}
    assert all(low < high for row in rows[1:] for low, high in pairwise(row))
    assert all(a < b for low, high in pairwise(rows) for a, b in zip(low, high, strict=True))


def test_2022_halves_nothing_and_knows_no_request_of_class_1_drugs():
    book = load_rulebook("nrdl-renewal-2022")
    named = book.rules.keys() | book.unknown.keys()
    assert not any(key.startswith(("halving", "class_1")) for key in named)
    assert "regular.years" not in named


def test_every_unit_of_the_payment_vocabularies_has_a_name():
    units = {term.unit for kind in KINDS for term in VOCABULARY[kind].values()}
    assert units - {""} <= UNITS.keys() | PAYMENT_UNITS.keys()
    assert PAYMENT_UNITS.keys() <= units


def test_a_table_of_cuts_is_printed_as_rows():
    english = describe(load_rulebook("nrdl-renewal-2023"), language="en")
    assert "A up to 140%, B up to 40%: 5% | 7% | 9% | 11% | 15%" in english
    chinese = describe(load_rulebook("nrdl-renewal-2025"), language="zh")
    assert "列（亿元/年）：不高于 3 | 不高于 15 | 不高于 30 | 不高于 60 | 以上" in chinese


def test_a_ladder_is_printed_band_by_band():
    english = describe(load_rulebook("standard-xian-2019"), language="en")
    assert "above that: standard: its own price; paid first by the patient: class A: 10%" in english
    chinese = describe(load_rulebook("standard-national-2019"), language="zh")
    assert "不高于中选价 2 倍的：支付标准：中选价" in chinese


def refused(folder: Path, rulebook: str, text: str) -> BadRulebookError:
    head = (FOLDER / rulebook / FILE).read_text("utf-8").split("[rule.")[0]
    path = folder / rulebook / FILE
    path.parent.mkdir()
    path.write_text(f"{head}{text}\n", encoding="utf-8")
    with pytest.raises(BadRulebookError) as refusal:
        read_rulebook(path)
    return refusal.value


def rule_text(key: str, value: str) -> str:
    return f'[rule."{key}"]\nvalue = {value}\nsource = "甲 / a"\nverified = true'


ROW = '["0", "0.05"]'


def table_text(columns='["2"]', a='["1.1"]', b='["0.1"]', cuts=f"[{ROW}]"):
    return f"{{ columns = {columns}, ratio_a = {a}, ratio_b = {b}, cuts = {cuts} }}"


@pytest.mark.parametrize(
    ("key", "value", "cause"),
    [
        ("cut.table", table_text(columns='["2", "2"]'), "columns: .*rising"),
        ("cut.table", table_text(a='["1.4", "1.1"]'), "ratio_a: .*rising"),
        ("cut.table", table_text(columns="[]"), "columns: .*rising"),
        ("cut.table", table_text(cuts=f"[{ROW}, {ROW}]"), "2 rows: expected one for each edge"),
        ("cut.table", table_text(b='["0.1", "0.4"]'), "1 rows: expected one for each edge"),
        ("cut.table", table_text(cuts='[["0"]]'), "a row of 1: expected 2 columns"),
        ("cut.table", table_text(cuts='[["0", "1.1"]]'), "above 1: expected a share"),
        ("cut.table", table_text(cuts='"0"'), "cuts: '0': expected a list"),
        ("regular.years_on", '"13-31"', "no day of the year"),
        ("regular.years_on", '"1231"', "no day of the year"),
        ("regular.years_on", "1231", "no day of the year"),
        ("halving.method", '"both"', "expected one of combined, each"),
        ("session.ends_above", '"1.15"', "not in the vocabulary"),
    ],
)
def test_a_value_of_another_kind_is_refused_in_renewal(tmp_path, key, value, cause):
    refusal = refused(tmp_path, "nrdl-renewal-2023", rule_text(key, value))
    assert refusal.key == key
    assert re.search(cause, refusal.cause)


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        ('{ 1 = { standard = "own-price" } }', "expected bands"),
        ('{ above = { standard = "own-price" }, 1 = {} }', "expected bands"),
        ('"winning-price"', "expected bands"),
        ("{ 2 = {}, 1 = {}, above = {} }", "expected rising edges"),
        ("{ zero = {}, above = {} }", "is no decimal"),
        ('{ above = { standard = "half" } }', "above: standard: 'half'"),
        ('{ above = { standard = "own-price-cut" } }', "cut: expected with own-price-cut"),
        ('{ above = { standard = "own-price", cut = "0.3" } }', "cut: expected with own-price-cut"),
        ('{ above = { first_self_paid = { class-c = "0.1" } } }', "expected one of class-a"),
    ],
)
def test_a_ladder_that_is_none_is_refused(tmp_path, value, cause):
    text = rule_text("ladder.passed", value)
    refusal = refused(tmp_path, "standard-national-2019", text)
    assert refusal.key == "ladder.passed"
    assert cause in refusal.cause
