"""The document says every rule of its rulebook, each in its own clause, and invents nothing."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.rules import RoundRules
from procurement.rounds.document.as_json import as_fields, read_json, write_json
from procurement.rounds.document.clause import Certainty
from procurement.rounds.document.content import SECTIONS, write_document
from procurement.rounds.document.plan import Keyholders
from procurement.rounds.document.sentences import SENTENCES
from rulebooks import Rule, load_rulebook, rulebook_ids
from rulebooks.vocabulary import VOCABULARY, ByNumber
from tests.procurement.rounds.document.plans import plan, strength, without_open_rules

TERMS = VOCABULARY["round"]
ROUNDS = [name for name in rulebook_ids() if set(load_rulebook(name).rules) <= set(TERMS)]
FORBIDDEN = re.compile("投标|中标|开标|招标")

# What the sentences must show of each rule of these documents, as a bidder would look for it.
SHOWN = {
    ("national-3", "places.by_bidders"): ["11 及以上", "8"],
    ("national-3", "selection.ratio_to_lowest"): ["1.8 倍"],
    ("national-3", "selection.cut_from_ceiling"): ["50%"],
    ("national-3", "selection.absolute_low"): ["各剂型", "0.10 元"],
    ("national-3", "conversion.strength_base"): ["1.7"],
    ("national-3", "conversion.pack_base"): ["1.95"],
    ("national-3", "comparable.decimals"): ["4 位小数"],
    ("national-3", "share.by_winners"): ["50%", "80%", "4 及以上", "限制类"],
    ("national-3", "cycle.by_winners"): ["3 年"],
    ("national-3", "cycle.injections"): ["1 年", "阿扎胞苷"],
    ("national-7", "selection.highest_out_after"): ["前 6 名"],
    ("national-11", "anchor.share_of_mean"): ["50%"],
    ("national-11", "selection.ratio_to_anchor"): ["锚点价 1.8 倍"],
    ("national-11", "revival.shortlisted"): ["最高单位可比价", "锚点价的 1.8 倍"],
    ("national-11", "revival.others"): ["不低于各品牌平均报量", "不是同品种最高价"],
    ("national-11", "reporting.minimum_share"): ["80%"],
    ("national-11", "disclosure.prices"): ["不向社会公开"],
    ("national-11", "cycle.ends_on"): ["2028年12月31日"],
    ("national-12", "anchor.sds_below_mean"): ["1 倍标准差"],
    ("national-12", "band.zero_volume_below_sds"): ["2 倍标准差", "不占入围名额"],
    ("national-12", "revival.reference"): ["参比制剂", "不带量"],
    ("national-pilot-2018", "talks.after_direct"): ["前 7 名", "3 家"],
    ("national-pilot-2018", "ranking.tie_breaks"): ["覆盖地区多", "供应量大"],
    ("insulin-renewal-2024", "conversion.fixed_factors"): ["1.5ml:450u", "1.3"],
    ("insulin-renewal-2024", "share.by_class"): ["A1", "100%", "45%"],
    ("joints-2021", "groups.by_volume"): ["85%", "7 家"],
    ("joints-2021", "share.by_rank"): ["100%", "6 及以上", "70%"],
    ("iol-alliance-2020", "split.of_remainder"): ["60%", "50%"],
    ("iol-alliance-2020", "share.of_reported"): ["60%"],
    ("stents-2020", "places.per_maker"): ["4 个产品"],
    ("stents-2020", "selection.reference_price"): ["2850 元"],
    ("stents-2022", "ceiling.default"): ["798 元"],
}


def test_every_rule_of_the_vocabulary_has_a_sentence():
    assert set(SENTENCES) == set(TERMS)
    assert {sentence.section for sentence in SENTENCES.values()} <= set(SECTIONS)


@pytest.mark.parametrize("name", ROUNDS)
def test_every_rule_of_a_rulebook_is_a_clause_in_both_languages(name):
    rulebook = load_rulebook(name)
    document = write_document(plan(), rulebook)
    for key in (*rulebook.rules, *rulebook.unknown):
        clause = document.clause(key)
        assert clause is not None, key
        assert clause.plain("zh").strip(), key
        assert clause.plain("en").strip(), key
        assert clause.is_open == (key in rulebook.unknown), key
    assert not FORBIDDEN.search("\n".join(clause.plain("zh") for clause in document.clauses))
    assert not re.search("[一-鿿]", "".join(_english(clause) for clause in document.clauses))


def _english(clause):
    """The English words of a clause, without names of the round that have no translation."""
    if clause.id.startswith(("products.", "sealing.keyholders", "opening.observers", "general.")):
        return ""
    if clause.id in ("cycle.injections", "volume.brands") or clause.id.startswith("forms."):
        return ""
    return clause.plain("en") + clause.title.en


@pytest.mark.parametrize(("name", "key"), SHOWN)
def test_the_values_of_rules_stand_in_their_clauses(name, key):
    clause = write_document(plan(), load_rulebook(name)).clause(key)
    for words in SHOWN[name, key]:
        assert words in clause.plain(), clause.plain()


@pytest.mark.parametrize("name", ROUNDS)
def test_a_document_whose_rules_are_all_supplied_can_be_published(name):
    rulebook = load_rulebook(name)
    options = without_open_rules(rulebook)
    assert write_document(plan(options=options), rulebook).open_clauses == ()


def test_an_unknown_rule_is_printed_as_to_be_decided_and_never_as_assumed():
    document = write_document(plan(), load_rulebook("national-12"))
    clause = document.clause("places.by_bidders")
    assert clause.said.text.zh.startswith("待定：")
    assert "测算" not in clause.plain()
    assert "simulation" not in clause.plain("en")
    assert clause.certainty is Certainty.OPEN


def test_an_option_of_the_round_is_marked_as_such():
    options = {"ranking.tie_breaks": ["originator"]}
    document = write_document(plan(options=options), load_rulebook("national-3"))
    clause = document.clause("ranking.tie_breaks")
    assert clause.certainty is Certainty.OPTION
    assert "原研药" in clause.plain()
    assert document.open_clauses == ()


def test_certainty_and_source_follow_the_rulebook():
    document = write_document(plan(), load_rulebook("national-3"))
    marks = {clause.id: clause.certainty for clause in document.clauses}
    assert marks["places.by_bidders"] is Certainty.PARTLY
    assert marks["comparable.decimals"] is Certainty.UNVERIFIED
    assert marks["selection.ratio_to_lowest"] is Certainty.STATED
    assert marks["sealing.late"] is Certainty.STANDING
    assert marks["products.lots"] is Certainty.FACT
    assert document.clause("places.by_bidders").note.startswith("待核条目：9, 10")


def gaps(**changed):
    document = write_document(
        plan(options={"ranking.tie_breaks": "none"}, **changed), load_rulebook("national-3")
    )
    return [clause.id for clause in document.open_clauses]


def test_facts_that_are_missing_forbid_publication():
    assert gaps() == []
    assert gaps(regions=()) == ["general.regions"]
    assert gaps(lots=()) == ["products.lots"]
    bare = replace(plan().lots[0], strengths=(strength("1g", "1", None),))
    assert gaps(lots=(bare,)) == ["products.lots"]
    assert (
        "待定"
        in write_document(plan(lots=(bare,)), load_rulebook("national-3"))
        .clause("products.lots")
        .plain()
    )
    unset = replace(plan().timetable, closes_at=None)
    assert gaps(timetable=unset) == ["general.timetable", "sealing.submit"]


@pytest.mark.parametrize(("holders", "quorum"), [(5, None), (5, 1), (3, 3), (2, 2)])
def test_keyholders_must_be_more_than_the_quorum_and_the_quorum_two_or_more(holders, quorum):
    names = tuple(f"机构{seat}" for seat in range(holders))
    assert "sealing.keyholders" in gaps(keyholders=Keyholders(names, quorum))


def test_a_common_ceiling_stands_for_lots_without_their_own():
    bare = replace(plan().lots[0], strengths=(strength("A", "1", None),))
    rulebook = load_rulebook("stents-2022")
    document = write_document(plan(lots=(bare,), options=without_open_rules(rulebook)), rulebook)
    assert not document.open_clauses
    assert "统一" in document.clause("products.lots").plain()


def test_an_inquiry_prints_benchmark_prices():
    rulebook = load_rulebook("follow-on-inquiry-2026")
    document = write_document(plan(is_inquiry=True), rulebook)
    assert "基准价" in document.clause("products.lots").plain()
    assert document.find("general.inquiry") is not None


def test_a_withdrawn_lot_leaves_the_table_and_is_named_with_its_reason():
    first, *others = plan().lots
    gone = replace(first, failed_reason="竞争不足")
    document = write_document(plan(lots=(gone, *others)), load_rulebook("national-3"))
    assert gone.product not in document.clause("products.lots").plain()
    assert "竞争不足" in document.clause("products.withdrawn").plain()


# A changed rule changes its own clause and no other.


def other_value(key, value):
    """Another value of the same kind as a rule's, if there is one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, Decimal):
        return value / 2 + Decimal("0.0001")
    if isinstance(value, int):
        return value + 1
    if isinstance(value, date):
        return value + timedelta(days=1)
    if isinstance(value, ByNumber):
        return ByNumber((*value.entries[:-1], other_value(key, value.entries[-1])))
    if isinstance(value, tuple):
        return value[1:] if len(value) > 1 else other_words(key, value)
    if isinstance(value, dict):
        first = next(name for name, entry in value.items() if entry is not None)
        return {**value, first: other_value(key, value[first])}
    return other_word(key, value)


def other_words(key, value):
    return ("originator",) if value != ("originator",) else ("quality-score",)


def other_word(key, value):
    words = {
        "bidders.unit": ("firm", "product"),
        "comparable.basis": ("unit-price", "daily-cost"),
        "band.prices": ("shortlisted", "valid"),
        "volume.method": ("regions", "own-brand"),
        "regions.unsupplied_strength": ("spare-then-rank", "next-rank"),
        "disclosure.prices": ("public", "court"),
        "revival.shortlisted": ("highest-winner", "second-quote"),
        "revival.others": ("highest-winner", "second-quote"),
    }
    return next((word for word in words.get(key, ()) if word != value), value)


@pytest.mark.parametrize("name", ROUNDS)
def test_changing_the_value_of_a_rule_changes_the_text_of_exactly_its_clause(name):
    rulebook = load_rulebook(name)
    before = {clause.id: clause for clause in write_document(plan(), rulebook).clauses}
    for key, rule in rulebook.rules.items():
        value = other_value(key, rule.value)
        if value == rule.value:
            # A rule of which only one value is known to the vocabulary.
            assert key in ("regions.choice", "brand.fallback", "revival.reference")
            continue
        changed = replace(rulebook, rules={**rulebook.rules, key: replace(rule, value=value)})
        after = {clause.id: clause for clause in write_document(plan(), changed).clauses}
        for language in ("zh", "en"):
            differ = [
                one for one in before if before[one].plain(language) != after[one].plain(language)
            ]
            assert differ == [key]
        assert {one: clause.number for one, clause in before.items()} == {
            one: clause.number for one, clause in after.items()
        }


decimals = st.decimals("0.0001", "1", places=4)
tables = st.lists(st.integers(1, 30), min_size=1, max_size=20).map(
    lambda places: ByNumber(tuple(places))
)


@given(decimals, decimals)
def test_two_ratios_read_the_same_only_if_they_are_equal(one, other):
    for key in ("selection.ratio_to_lowest", "anchor.share_of_mean", "share.own_brand"):
        write = SENTENCES[key].write
        assert (write(one) == write(other)) == (one == other)


@given(tables, tables)
def test_two_tables_of_places_read_the_same_only_if_they_are_equal(one, other):
    write = SENTENCES["places.by_bidders"].write
    assert (write(one) == write(other)) == (one == other)


@given(tables)
def test_a_table_of_places_can_be_read_off_the_document(table):
    grid = SENTENCES["places.by_bidders"].write(table).grid
    assert grid is not None
    cells = [cell.zh for row in grid.rows for cell in row]
    pairs = dict(zip(cells[::2], cells[1::2], strict=True))
    for number, places in enumerate(table.entries, start=1):
        last = number == len(table.entries)
        assert pairs[f"{number} 及以上" if last else str(number)] == str(places)


# Every kind of rule that a rulebook could hold, not only those that one holds today.

EXAMPLES: dict[str, object] = {
    "groups.by_volume": {"share": Decimal("0.85"), "fill_to": 7},
    "requirements": ("甲 / a", "乙 / b"),
    "conversion.main_pack": {"L01": 30},
    "conversion.fixed_factors": {"1g": Decimal("1.3")},
    "conversion.product_factors": {"L01/甲": Decimal("1.05")},
    "composite.weights": {"cut": Decimal("0.6"), "quality": Decimal("0.4")},
    "ranking.tie_breaks": ("originator", "passed-on"),
    "places.by_group": {"A": ByNumber((1, 2)), "B": ByNumber((1,))},
    "selection.absolute_low": {"oral-solid": Decimal("0.1")},
    "revival.shortlisted": {"price": "second-quote", "max_rise": Decimal("0.1")},
    "revival.others": {"price": "second-quote", "max_rise": Decimal("0.1")},
    "revival.reference": {"price": "highest-winner"},
    "talks.after_direct": {"direct": 7, "floor_bidders": 3},
    "classes.lines": {"L01": {"a": Decimal(10), "b": Decimal(12)}},
    "share.by_winners": {"general": ByNumber((Decimal("0.5"), Decimal("0.6")))},
    "share.by_class": {"A1": Decimal(1)},
    "cycle.by_winners": {"general": ByNumber((1, 2))},
    "cycle.injections": {"years": 1, "names": ("甲",)},
    "cycle.ends_on": date(2028, 12, 31),
}
WORDS = {
    "bidders.unit": "firm",
    "comparable.basis": "price-cut",
    "band.prices": "valid",
    "volume.method": "rank-split",
    "regions.choice": "first-pick-then-turns",
    "regions.unsupplied_strength": "next-rank",
    "brand.fallback": "main-supplier",
    "disclosure.prices": "court",
}


def example_of(key):
    if key in EXAMPLES:
        return EXAMPLES[key]
    if key in WORDS:
        return WORDS[key]
    for raw, value in ((True, True), ("0.5", Decimal("0.5")), (3, 3), ({"1": 2, "2+": 3}, None)):
        try:
            read = TERMS[key].kind(raw)
        except ValueError:
            continue
        return read if value is None else value
    try:
        return TERMS[key].kind({"1": "0.5", "2+": "0.6"})
    except ValueError:
        raise AssertionError(f"no example for {key}") from None


@pytest.mark.parametrize("key", TERMS)
def test_every_kind_of_rule_can_be_said(key):
    rulebook = load_rulebook("national-3")
    rule = Rule(key, example_of(key), None, "s", True, (), rulebook.in_force_from, None, "")
    changed = replace(rulebook, rules={**rulebook.rules, key: rule})
    clause = write_document(plan(), changed).clause(key)
    assert clause is not None
    for language in ("zh", "en"):
        assert clause.plain(language).strip()
        assert "None" not in clause.plain(language)
    assert clause.said.text.zh.endswith(("。", "：", "）", "；"))


@pytest.mark.parametrize("name", ROUNDS)
def test_a_document_survives_its_json(name):
    document = write_document(plan(), load_rulebook(name))
    text = write_json(document)
    assert read_json(text) == document
    assert write_json(read_json(text)) == text


def test_what_is_issued_holds_no_marks_of_certainty():
    document = write_document(plan(), load_rulebook("national-3"))
    fields = as_fields(document, marks=False)
    clause = fields["sections"][0]["clauses"][0]
    assert not {"certainty", "source", "note"} & set(clause)


def test_clauses_are_numbered_within_their_sections_and_named_once():
    document = write_document(plan(), load_rulebook("national-11"))
    ids = [clause.id for clause in document.clauses]
    assert len(set(ids)) == len(ids)
    for number, section in enumerate(document.sections, start=1):
        assert section.number == number
        for position, clause in enumerate(section.clauses, start=1):
            expected = f"附件 {position}" if section.is_annex else f"{number}.{position}"
            assert clause.number == expected


def test_rules_stand_in_the_order_of_an_evaluation():
    document = write_document(plan(), load_rulebook("national-11"))
    for section in document.sections:
        rules = [clause.id for clause in section.clauses if clause.id in TERMS]
        assert rules == [key for key in TERMS if key in rules]


def test_what_the_engine_reads_is_what_the_document_says():
    options = {"regions.unsupplied_strength": "next-rank"}
    rulebook = load_rulebook("national-11")
    rules = RoundRules(rulebook, options)
    document = write_document(plan(options=options), rulebook)
    for key in TERMS:
        assert (document.find(key) is not None) == rules.mentions(key)
        if rules.knows(key):
            said = SENTENCES[key].write(rules.value(key))
            assert document.clause(key).said.text == said.text
