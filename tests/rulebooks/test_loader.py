"""The loader refuses a bad file and says which file, which key and why."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from rulebooks import BadRulebookError, Bilingual, UnknownRulebookError, load_rulebook
from rulebooks.loader import read_rulebook
from rulebooks.vocabulary import ByNumber

GOOD = """\
id = "invented-1"
kind = "round"
title = { zh = "虚构批次", en = "Invented round" }
issuer = { zh = "虚构机构", en = "Invented office" }
document = "XX-2030-1"
in_force_from = 2030-01-02
published_on = 2029-12-01
note = { zh = "仅供测试。", en = "For tests only." }

[rule."selection.ratio_to_lowest"]
value = "1.8"
clause = "4.1"
source = "the document"
verified = true

[rule."places.by_bidders"]
value = { "1" = 1, "2" = 2, "3+" = 2 }
source = "the document"
verified = true
unverified = ["2"]
note = "The second entry is a guess."
in_force_from = 2030-02-01
published_on = 2030-01-15

[unknown."cycle.ends_on"]
zh = "截止日"
en = "the end"
assumed_in_lab = 2032-12-31
"""

RATIO = 'value = "1.8"'
PLACES = 'value = { "1" = 1, "2" = 2, "3+" = 2 }\nsource = "the document"\nverified = true\n'
UNVERIFIED = 'unverified = ["2"]'


def read(folder: Path, text: str | bytes):
    path = folder / "invented-1" / "rulebook.toml"
    path.parent.mkdir()
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return read_rulebook(path)


def with_rule(key: str, value: str) -> str:
    return f'{GOOD}\n[rule."{key}"]\nvalue = {value}\nsource = "the document"\nverified = true\n'


def refused(folder: Path, text: str | bytes) -> BadRulebookError:
    with pytest.raises(BadRulebookError) as refusal:
        read(folder, text)
    assert refusal.value.file == "invented-1/rulebook.toml"
    assert str(refusal.value) == (
        f"{refusal.value.file}: {refusal.value.key}: {refusal.value.cause}"
    )
    return refusal.value


def test_a_good_file_is_read_with_exact_values_dates_and_digest(tmp_path):
    rulebook = read(tmp_path, GOOD)
    assert rulebook.title == Bilingual("虚构批次", "Invented round")
    assert rulebook.document == "XX-2030-1"
    assert len(rulebook.digest) == 64
    ratio = rulebook.rules["selection.ratio_to_lowest"]
    assert ratio.value == Decimal("1.8")
    assert ratio.cited == "4.1 selection.ratio_to_lowest"
    assert ratio.in_force_from == date(2030, 1, 2)
    assert ratio.published_on == date(2029, 12, 1)
    places = rulebook.rules["places.by_bidders"]
    assert places.value == ByNumber((1, 2, 2))
    assert places.cited == "places.by_bidders"
    assert places.unverified == ("2",)
    assert places.in_force_from == date(2030, 2, 1)
    assert places.published_on == date(2030, 1, 15)
    assert rulebook.unknown["cycle.ends_on"].assumed_in_lab == date(2032, 12, 31)


def test_another_file_has_another_digest(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    first = read(tmp_path / "a", GOOD)
    second = read(tmp_path / "b", GOOD.replace('"1.8"', '"1.9"'))
    assert first.digest != second.digest


def test_an_unknown_identifier_is_answered_with_those_that_exist():
    with pytest.raises(UnknownRulebookError, match="national-99") as refusal:
        load_rulebook("national-99")
    assert "national-3" in refusal.value.known


FILES = {
    "not TOML": (GOOD + "\n[rule", "(file)", "Expected"),
    "not UTF-8": (GOOD.encode("gb18030"), "(file)", "utf-8"),
    "a key is given twice": (GOOD + '\nid = "again"\nid = "again"\n', "(file)", "overwrite"),
    "no note": (
        GOOD.replace('note = { zh = "仅供测试。", en = "For tests only." }\n', ""),
        "(top level)",
        "'note' is missing",
    ),
    "a field nobody knows": ("author = 1\n" + GOOD, "(top level)", "'author': expected one of"),
    "another name than the folder": (
        GOOD.replace('id = "invented-1"', 'id = "invented-2"'),
        "id",
        "'invented-2': expected the folder's name",
    ),
    "a kind nobody knows": (
        GOOD.replace('kind = "round"', 'kind = "square"'),
        "kind",
        "'square': expected",
    ),
    "a title in one language": (
        GOOD.replace(', en = "Invented round"', ""),
        "(top level)",
        "title: 'en' is missing",
    ),
    "an empty title": (
        GOOD.replace('"Invented round"', '" "'),
        "(top level)",
        "title: en: ' ': expected a text",
    ),
    "a day as text": (
        GOOD.replace("in_force_from = 2030-01-02", 'in_force_from = "2030-01-02"'),
        "(top level)",
        "in_force_from: '2030-01-02' is no date",
    ),
    "a moment for a day": (
        GOOD.replace("2029-12-01", "2029-12-01T08:00:00"),
        "(top level)",
        "published_on: ",
    ),
    "no rules": (GOOD.partition("\n[rule")[0], "(top level)", "'rule' is missing"),
    "a rule without a source": (
        GOOD.replace('clause = "4.1"\nsource = "the document"\n', ""),
        "selection.ratio_to_lowest",
        "'source' is missing",
    ),
    "an empty source": (
        GOOD.replace('clause = "4.1"\nsource = "the document"', 'source = ""'),
        "selection.ratio_to_lowest",
        "source: '': expected a text",
    ),
    "a rule that does not say whether it is verified": (
        GOOD.replace(PLACES, PLACES.replace("verified = true\n", "")),
        "places.by_bidders",
        "'verified' is missing",
    ),
    "verified by a word": (
        GOOD.replace("verified = true", 'verified = "yes"', 1),
        "selection.ratio_to_lowest",
        "verified: 'yes': expected true or false",
    ),
    "a clause by number": (
        GOOD.replace('clause = "4.1"', "clause = 4"),
        "selection.ratio_to_lowest",
        "clause: 4: expected a text",
    ),
    "a field of a rule nobody knows": (
        GOOD.replace(RATIO, RATIO + '\nurl = "there"'),
        "selection.ratio_to_lowest",
        "'url': expected one of",
    ),
    "a rule that is no table": (
        GOOD.replace('\n[rule."selection', '\n[rule]\n"bidders.unit" = "firm"\n[rule."selection'),
        "bidders.unit",
        "'firm': expected a table with value",
    ),
    "an unverified entry that is not there": (
        GOOD.replace(UNVERIFIED, 'unverified = ["9"]'),
        "places.by_bidders",
        "unverified: '9' is no entry of the value",
    ),
    "unverified entries of a single value": (
        GOOD.replace(RATIO, RATIO + '\nunverified = ["1"]'),
        "selection.ratio_to_lowest",
        "unverified: '1' is no entry of the value",
    ),
    "a rule outside the vocabulary": (
        with_rule("selection.luck", "true"),
        "selection.luck",
        "is not in the vocabulary",
    ),
    "an unknown rule outside the vocabulary": (
        GOOD + '\n[unknown."selection.luck"]\nzh = "运气"\nen = "luck"\n',
        "selection.luck",
        "is not in the vocabulary",
    ),
    "an unknown rule in one language": (
        GOOD.replace('en = "the end"\n', ""),
        "cycle.ends_on",
        "'en' is missing",
    ),
    "an assumption of the wrong kind": (
        GOOD.replace("assumed_in_lab = 2032-12-31", "assumed_in_lab = 2032"),
        "cycle.ends_on",
        "2032 is no date",
    ),
    "known and unknown at once": (
        with_rule("cycle.ends_on", "2032-12-31"),
        "cycle.ends_on",
        "is both a rule and unknown",
    ),
}


@pytest.mark.parametrize(("text", "key", "cause"), FILES.values(), ids=FILES.keys())
def test_a_bad_file_is_refused_with_its_key_and_cause(tmp_path, text, key, cause):
    refusal = refused(tmp_path, text)
    assert refusal.key == key
    assert cause in refusal.cause


VALUES = [
    ("selection.ratio_to_anchor", "1.8", "1.8 is no decimal"),
    ("selection.ratio_to_anchor", '"-1.8"', "is no decimal"),
    ("selection.ratio_to_anchor", '"1,8"', "is no decimal"),
    ("selection.ratio_to_anchor", '"0"', "expected more than zero"),
    ("selection.cut_from_ceiling", '"50"', "above 1: expected a share"),
    ("comparable.decimals", "0", "0 is no count"),
    ("comparable.decimals", '"4"', "is no count"),
    ("comparable.decimals", "true", "True is no count"),
    ("places.unlimited", "1", "1: expected true or false"),
    ("bidders.unit", '"maker"', "'maker': expected one of firm, product"),
    ("requirements", '"one"', "'one': expected a list"),
    ("requirements", "[]", "[]: expected a list"),
    ("requirements", '["a", "a"]', "the same entry twice"),
    ("requirements", '["a", ""]', "'': expected a text"),
    ("ranking.tie_breaks", '["coin"]', "'coin': expected one of regions-covered"),
    ("share.by_rank", '"0.5"', "expected a table such as"),
    ("share.by_rank", "{}", "expected a table such as"),
    ("share.by_rank", '{ "1" = "1", "3+" = "1" }', "'3+': expected \"2\""),
    ("share.by_rank", '{ "one" = "1" }', "'one': expected \"1\""),
    ("share.by_rank", '{ "1" = "1", "2" = "1" }', 'no other, ends in "+"'),
    ("share.by_rank", '{ "1+" = "1", "2+" = "1" }', 'no other, ends in "+"'),
    ("share.by_rank", '{ "1" = "1", "2+" = "2" }', "2+: '2' is above 1"),
    ("share.by_winners", '{ common = { "1+" = "1" } }', "'common': expected one of general"),
    ("share.by_winners", '{ general = "1" }', "general: '1': expected a table"),
    ("share.by_class", "{}", "{}: expected a table"),
    ("groups.by_volume", '{ share = "0.85" }', "'fill_to' is missing"),
    ("groups.by_volume", '{ share = "0.85", fill_to = 7, most = 9 }', "'most': expected one of"),
    ("groups.by_volume", '"0.85"', "expected a table with share, fill_to"),
    ("revival.shortlisted", '{ price = "highest-winner", of = "mean" }', "of: 'mean'"),
    ("disclosure.prices", '"everyone"', "expected one of public, parties, court"),
]


@pytest.mark.parametrize(("key", "value", "cause"), VALUES)
def test_a_value_of_another_kind_is_refused_with_what_was_expected(tmp_path, key, value, cause):
    refusal = refused(tmp_path, with_rule(key, value))
    assert refusal.key == key
    assert cause in refusal.cause
