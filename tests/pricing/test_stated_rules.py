"""Rules are taken from a rulebook or from an option that it leaves open, and never made up."""

from decimal import Decimal

import pytest

from pricing.faults import ModelError
from pricing.stated_rules import RuleNotStatedError, RuleOptionError, StatedRules
from rulebooks import UnknownRulebookError, load_rulebook

BOOK = "nrdl-renewal-2023"


def test_an_unknown_rule_is_refused_by_name_in_both_languages():
    with pytest.raises(RuleNotStatedError) as refusal:
        StatedRules.of(BOOK).word("halving.method")
    assert refusal.value.key == "halving.method"
    assert refusal.value.rulebook == BOOK
    assert "halving.method" in refusal.value.zh
    assert "5.825%" in refusal.value.en
    assert isinstance(refusal.value, ModelError)


def test_an_option_supplies_an_unknown_rule_and_verifies_nothing():
    rules = StatedRules.of(BOOK, {"halving.method": "combined"})
    assert rules.word("halving.method") == "combined"
    assert not rules.is_verified("halving.method")
    assert rules.cite("halving.method") == "halving.method"


def test_an_option_replaces_a_rule_that_is_not_verified():
    rules = StatedRules.of(BOOK, {"cut.spend_share_of_sales": "0.5"})
    assert rules.decimal("cut.spend_share_of_sales") == Decimal("0.5")


@pytest.mark.parametrize(
    ("key", "raw", "cause"),
    [
        ("halving.from_years", 3, "is not left open"),
        ("halving.luck", 3, "is not left open"),
        ("halving.method", "thrice", "expected one of combined, each"),
        ("price.decimals", "2", "is no count"),
    ],
)
def test_other_options_are_refused(key, raw, cause):
    with pytest.raises(RuleOptionError, match=cause) as refusal:
        StatedRules.of(BOOK, {key: raw})
    assert (refusal.value.rulebook, refusal.value.key) == (BOOK, key)


def test_a_rule_that_the_document_does_not_have_reads_as_none_and_is_refused_where_needed():
    rules = StatedRules.of("nrdl-renewal-2022")
    assert rules.value("halving.from_years") is None
    assert rules.rule("halving.from_years") is None
    assert not rules.is_verified("halving.from_years")
    assert not rules.flag("halving.from_years")
    with pytest.raises(RuleNotStatedError, match="has no such rule"):
        rules.count("halving.from_years")


def test_a_rule_is_cited_with_its_clause_where_it_is_known():
    rules = StatedRules(load_rulebook("national-pilot-expansion-2019"))
    assert rules.cite("places.by_bidders") == "11.1 places.by_bidders"


def test_a_table_with_an_unverified_part_is_not_verified_as_a_whole():
    assert not StatedRules.of(BOOK).is_verified("cut.table")
    assert StatedRules.of(BOOK).is_verified("cut.base")


def test_a_rulebook_that_is_not_there_is_refused():
    with pytest.raises(UnknownRulebookError):
        StatedRules.of("nrdl-renewal-2021")
