"""A printed rulebook leaves nothing out, in either language."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal

import pytest

from procurement.cli.aligned import equal_width
from procurement.cli.describe_rulebook import (
    CHAPTERS,
    LANGUAGES,
    as_json,
    describe,
    list_as_json,
    list_rulebooks,
)
from procurement.rounds.rulebook_words import LABELS, UNITS, WORDS, Voice, halves, in_words
from rulebooks import Bilingual, load_rulebook, rulebook_ids
from rulebooks.loader import FILE, FOLDER, read_value
from rulebooks.vocabulary import VOCABULARY, ByNumber
from rulebooks.vocabulary.rounds import ROUND_TERMS

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ROUNDS = tuple(
    name
    for name in rulebook_ids()
    if tomllib.loads((FOLDER / name / FILE).read_text("utf-8"))["kind"] == "round"
)

in_both_languages = pytest.mark.parametrize("language", LANGUAGES)
for_every_rulebook = pytest.mark.parametrize("rulebook", rulebook_ids())


def said(text: Bilingual, language: str) -> str:
    return text.zh if language == "zh" else text.en


def name_of(key: str, language: str) -> set[str]:
    terms = [terms[key] for terms in VOCABULARY.values() if key in terms]
    return {term.zh if language == "zh" else term.en for term in terms}


def leaves(value: object) -> Iterator[object]:
    if isinstance(value, ByNumber):
        for entry in value.entries:
            yield from leaves(entry)
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from leaves(entry)
    elif isinstance(value, tuple):
        for entry in value:
            yield from leaves(entry)
    elif value is not None:
        yield value


@in_both_languages
@for_every_rulebook
def test_every_rule_is_printed_with_its_name_source_clause_and_note(rulebook, language):
    book = load_rulebook(rulebook)
    text = describe(book, language=language)
    lines = [line.strip() for line in text.splitlines()]
    for rule in book.rules.values():
        (about,) = (line for line in lines if line.startswith(f"{rule.key} · "))
        assert rule.in_force_from.isoformat() in about
        assert rule.clause is None or rule.clause in about
        assert name_of(rule.key, language) & set(lines)
        side = LANGUAGES.index(language)
        assert halves(rule.source)[side] in text
        assert halves(rule.note)[side] in text


@in_both_languages
@pytest.mark.parametrize("rulebook", ROUNDS)
def test_every_unknown_rule_is_printed_with_the_option_that_supplies_it(rulebook, language):
    book = load_rulebook(rulebook)
    text = describe(book, language=language)
    assert ("[options]" in text) == bool(book.unknown)
    for unknown in book.unknown.values():
        assert said(unknown.what, language) in text
        assert f'[options] "{unknown.key}" = ' in text


@in_both_languages
@for_every_rulebook
def test_the_head_says_what_the_document_is_and_since_when(rulebook, language):
    book = load_rulebook(rulebook)
    head = "\n".join(describe(book, language=language).splitlines()[:4])
    assert said(book.title, language) in head
    assert said(book.issuer, language) in head
    assert said(book.note, language) in head
    assert book.id in head
    assert book.in_force_from.isoformat() in head


@pytest.mark.parametrize("rulebook", ROUNDS)
def test_nothing_chinese_is_left_in_the_english_print(rulebook):
    text = describe(load_rulebook(rulebook), language="en")
    # Names of products stand as the document has them.
    names = re.compile(r"products: .*|\"names\" = \[.*")
    assert not CHINESE.search(names.sub("", text))


@for_every_rulebook
def test_as_many_rules_are_marked_unverified_as_are(rulebook):
    book = load_rulebook(rulebook)
    expected = sum(not rule.verified for rule in book.rules.values())
    assert describe(book, language="zh").count(" · 未核实 · ") == expected
    assert describe(book, language="en").count(" · not verified · ") == expected


def test_entries_that_are_not_verified_are_named():
    places = "places.by_bidders"
    assert f"{places} · 已核实（9, 10 未核实）" in describe(
        load_rulebook("national-3"), language="zh"
    )
    english = describe(load_rulebook("national-3"), language="en")
    assert f"{places} · verified (but not 9, 10)" in english


def test_a_clause_is_printed_where_it_is_known():
    book = load_rulebook("national-pilot-expansion-2019")
    assert "places.by_bidders · 条款 11.1 · 已核实" in describe(book, language="zh")
    assert "places.by_bidders · clause 11.1 · verified" in describe(book, language="en")


def test_every_key_of_a_round_belongs_to_exactly_one_chapter():
    for key in ROUND_TERMS:
        first = key.partition(".")[0]
        assert sum(first in prefixes.split() for prefixes in CHAPTERS) == 1, key


def test_chapters_and_rules_stand_in_the_order_of_an_evaluation():
    text = describe(load_rulebook("national-11"), language="en")
    titles = [text.index(f"\n{en}\n") for _, en in CHAPTERS.values()]
    assert titles == sorted(titles)
    assert text.index("places.by_bidders ·") < text.index("selection.ratio_to_anchor ·")


@pytest.mark.parametrize("rulebook", ROUNDS)
def test_every_word_and_label_has_a_name_in_both_languages(rulebook):
    book = load_rulebook(rulebook)
    values = {rule.key: rule.value for rule in book.rules.values()}
    values |= {key: unknown.assumed_in_lab for key, unknown in book.unknown.items()}
    for key, value in values.items():
        if key not in ("requirements", "cycle.injections"):
            words = {leaf for leaf in leaves(value) if isinstance(leaf, str)}
            assert words <= WORDS.keys()
        if isinstance(value, Mapping) and key != "conversion.fixed_factors":
            assert value.keys() <= LABELS.keys()


def test_every_unit_of_the_vocabulary_has_a_name():
    # A number of bidders is told by the table around it.
    assert {term.unit for term in ROUND_TERMS.values()} - {"", "bidders"} == UNITS.keys()


WORDED = [
    ("selection.cut_from_ceiling", Decimal("0.5"), "50%", "50%"),
    ("share.of_reported", Decimal("1"), "100%", "100%"),
    ("selection.ratio_to_lowest", Decimal("1.8"), "1.8", "1.8"),
    ("ceiling.default", Decimal("798"), "798 元/最小单位", "798 yuan per unit"),
    ("places.unlimited", True, "是", "yes"),
    ("groups.separate", False, "否", "no"),
    ("places.per_maker", 4, "4 个产品", "4 products"),
    (
        "selection.absolute_low",
        {"oral-solid": Decimal("0.1"), "large-injection": Decimal("2")},
        "口服固体制剂：0.1 元；大容量注射剂：2 元",
        "oral solids: 0.1 yuan; large-volume injections: 2 yuan",
    ),
    (
        "share.by_rank",
        ByNumber((Decimal("1"), Decimal("0.9"), Decimal("0.85"))),
        "第 1 名 → 100%；第 2 名 → 90%；第 3 名及以后 → 85%",
        "rank 1 → 100%; rank 2 → 90%; rank 3 and after → 85%",
    ),
    (
        "groups.by_volume",
        {"share": Decimal("0.85"), "fill_to": 7},
        "累计占比：85%；不足时补至家数：7",
        "cumulative share: 85%; filled up to firms: 7",
    ),
    (
        "revival.shortlisted",
        {"price": "second-quote", "single_winner_ratio": None, "max_rise": Decimal("0.1")},
        "价格：二次报价；涨幅上限：10%",
        "price: a second quote; highest rise: 10%",
    ),
    (
        "ranking.tie_breaks",
        ("prior-supply", "originator"),
        "供应量大者优先、原研药优先",
        "more supplied before, originator",
    ),
]


@pytest.mark.parametrize(("key", "value", "zh", "en"), WORDED)
def test_values_are_told_in_words(key, value, zh, en):
    assert in_words(key, ROUND_TERMS[key], value, Voice("zh")) == [zh]
    assert in_words(key, ROUND_TERMS[key], value, Voice("en")) == [en]


def test_tables_by_category_and_number_are_aligned_lines():
    key = "cycle.by_winners"
    value = {"general": ByNumber((1, 2)), "special": ByNumber((1,))}
    assert in_words(key, ROUND_TERMS[key], value, Voice("zh"), align=equal_width) == [
        "一般品种          1 家 → 1 年；2 家及以上 → 2 年",
        "特殊使用级等品种  1 家及以上 → 1 年",
    ]


def test_products_are_counted_where_products_compete():
    assert "1 个 → 1；" in describe(load_rulebook("stents-2020"), language="zh")
    assert "1 家 → 1；" in describe(load_rulebook("national-3"), language="zh")


@for_every_rulebook
def test_the_option_that_is_printed_can_be_copied(rulebook):
    book = load_rulebook(rulebook)
    options = re.findall(r"^ +\[options\] (.*[^…\n])$", describe(book, language="zh"), re.MULTILINE)
    read = tomllib.loads("\n".join(options))
    assert len(read) == sum(entry.assumed_in_lab is not None for entry in book.unknown.values())
    for key, raw in read.items():
        terms = next(terms for terms in VOCABULARY.values() if key in terms)
        assert read_value("round.toml", key, raw, terms) == book.unknown[key].assumed_in_lab


@for_every_rulebook
def test_json_holds_every_value_as_the_file_writes_it(rulebook):
    book = load_rulebook(rulebook)
    raw = tomllib.loads((FOLDER / rulebook / FILE).read_text(encoding="utf-8"))
    printed = json.loads(json.dumps(as_json(book)))
    assert printed["digest"] == book.digest
    assert printed["rules"].keys() == raw["rule"].keys()
    assert printed["unknown"].keys() == raw.get("unknown", {}).keys()
    for key, rule in raw["rule"].items():
        assert printed["rules"][key]["value"] == json.loads(json.dumps(rule["value"], default=str))
        assert printed["rules"][key]["verified"] == rule["verified"]


@in_both_languages
def test_the_list_has_a_line_for_every_rulebook(language):
    lines = list_rulebooks(language).splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(rulebook_ids())
    for line, rulebook in zip(lines[1:], map(load_rulebook, rulebook_ids()), strict=True):
        verified = sum(rule.verified for rule in rulebook.rules.values())
        assert said(rulebook.title, language) in line
        assert line.split()[-3:] == [
            rulebook.in_force_from.isoformat(),
            f"{verified}/{len(rulebook.rules)}",
            str(len(rulebook.unknown)),
        ]


def test_the_list_as_json_names_what_is_unknown():
    listed = {book["id"]: book for book in json.loads(json.dumps(list_as_json()))}
    assert tuple(listed) == rulebook_ids()
    assert "places.by_bidders" in listed["national-5"]["unknown"]


def test_another_language_is_refused():
    with pytest.raises(ValueError, match="fr"):
        describe(load_rulebook("national-3"), language="fr")
