"""``jicai rulebooks``: the list, and one document with sources and certainty."""

import pytest

from rulebooks import load_rulebook
from tests.procurement.cli.shapes import assert_shape, parse


def documents(jicai, *more):
    said = jicai("rulebooks", "--json", *more)
    assert (said.status, said.err) == (0, "")
    return parse(said.out)


def test_the_list_names_every_rulebook_with_its_counts(jicai):
    listed = documents(jicai)
    assert_shape(listed, [{"id": str, "in_force_from": str, "rules": int, "verified": int}])
    for entry in listed:
        rulebook = load_rulebook(entry["id"])
        verified = sum(rule.verified for rule in rulebook.rules.values())
        assert (entry["rules"], entry["verified"]) == (len(rulebook.rules), verified)


def test_the_list_is_read_by_people_in_their_language(jicai):
    chinese, english = jicai("rulebooks").out, jicai("rulebooks", "--lang", "en").out
    assert chinese == jicai("rulebooks", "--lang", "zh").out
    assert "第三批国家组织药品集中采购" in chinese
    assert "Third national round of drug procurement" in english
    assert len(chinese.splitlines()) == len(english.splitlines())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_rulebook_tells_what_is_known_and_what_is_not(jicai, language):
    said = jicai("rulebooks", "national-12", "--lang", language)
    assert said.status == 0
    for key in load_rulebook("national-12").unknown:
        assert key in said.out


def test_one_rulebook_as_json_keeps_values_exact(jicai):
    rulebook = documents(jicai, "national-3")
    assert rulebook["id"] == "national-3"
    rules = rulebook["rules"]
    rule = (
        rules["selection.ratio_to_lowest"]
        if isinstance(rules, dict)
        else next(one for one in rules if one["key"] == "selection.ratio_to_lowest")
    )
    assert rule["value"] == "1.8"
    assert rule["verified"] is True
    assert rule["source"]


def test_an_unknown_rulebook_is_refused_with_those_there_are(jicai):
    (fault,) = jicai("rulebooks", "national-99", "--json").faults
    assert "national-99" in fault
    assert "national-3" in fault
