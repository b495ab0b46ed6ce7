"""The rules of a round are a rulebook, completed by options; unknown ones are refused by name."""

from decimal import Decimal

import pytest

from bidding.errors import BadOptionError, UnknownRuleError
from bidding.rules import PER_ROUND, RoundRules
from rulebooks import load_rulebook
from tests.bidding.sheets import rules_of


def test_a_rule_reads_as_its_value():
    rules = rules_of("national-3")
    assert rules.decimal("selection.ratio_to_lowest") == Decimal("1.8")
    assert rules.count("comparable.decimals") == 4
    assert rules.flag("bidders.above_ceiling_count") is True
    assert rules.word("volume.method") == "regions"
    places = rules.by_number("places.by_bidders")
    assert places is not None
    assert (places.at(4), places.at(99)) == (3, 8)


def test_a_rule_that_the_document_does_not_have_reads_as_none():
    rules = rules_of("national-3")
    assert rules.decimal("anchor.share_of_mean") is None
    assert rules.table("revival.shortlisted") is None
    assert rules.flag("places.unlimited") is False


def test_an_unknown_rule_is_refused_as_soon_as_it_is_asked_for():
    with pytest.raises(UnknownRuleError) as refusal:
        rules_of("national-5").by_number("places.by_bidders")
    assert refusal.value.key == "places.by_bidders"
    assert not rules_of("national-5").knows("places.by_bidders")


def test_a_rule_without_which_nothing_can_be_computed_is_required():
    with pytest.raises(UnknownRuleError, match="the rulebook has no such rule"):
        rules_of("national-3").required("share.own_brand")


def test_an_option_supplies_an_unknown_rule():
    rules = rules_of("national-5", places__by_bidders={"1+": 2})
    places = rules.by_number("places.by_bidders")
    assert places is not None
    assert places.at(7) == 2
    assert rules.knows("places.by_bidders")


@pytest.mark.parametrize("key", sorted(PER_ROUND))
def test_facts_of_one_round_are_open_in_every_rulebook(key):
    assert key in {"conversion.main_pack", "conversion.product_factors"}
    assert rules_of("national-2", **{key.replace(".", "__"): {"L1": 7}} if "pack" in key else {})


@pytest.mark.parametrize(
    ("rulebook", "key", "value"),
    [
        ("national-2", "selection.ratio_to_lowest", "2"),
        ("national-2", "selection.ratio_to_anchor", "2"),
        ("national-2", "nonsense", "2"),
        ("national-9", "places.by_bidders", {"1+": 2}),
    ],
)
def test_what_is_verified_or_not_declared_cannot_be_replaced(rulebook, key, value):
    with pytest.raises(BadOptionError, match=r"is not declared: expected .*main_pack"):
        RoundRules(load_rulebook(rulebook), {key: value})


def test_what_is_not_verified_may_be_replaced():
    assert rules_of("national-2", comparable__decimals=2).count("comparable.decimals") == 2


def test_an_option_may_say_that_the_document_has_no_such_rule():
    rules = rules_of("national-12", revival__shortlisted="none")
    assert rules.table("revival.shortlisted") is None
    assert not rules.knows("revival.shortlisted")


def test_an_option_may_point_to_another_rulebook():
    there = rules_of("national-4").by_number("places.by_bidders")
    assert (
        rules_of("national-5", places__by_bidders={"as_in": "national-4"}).by_number(
            "places.by_bidders"
        )
        == there
    )


def test_a_decision_cites_the_clause_where_it_is_known():
    expansion = rules_of("national-pilot-expansion-2019")
    assert expansion.cite("places.by_bidders") == "11.1 places.by_bidders"
    assert rules_of("national-3").cite("places.by_bidders") == "places.by_bidders"


def test_simulations_may_take_the_assumptions_openly():
    rules = RoundRules(load_rulebook("national-5"), assume=True)
    assert rules.knows("places.by_bidders")
    assert "places.by_bidders" in rules.assumed


def test_an_option_stands_before_an_assumption():
    options = {"places.by_bidders": {"1+": 1}}
    rules = RoundRules(load_rulebook("national-5"), options, assume=True)
    places = rules.by_number("places.by_bidders")
    assert places is not None
    assert places.at(9) == 1
    assert "places.by_bidders" not in rules.assumed


def test_decisions_never_take_assumptions():
    assert RoundRules(load_rulebook("national-5")).assumed == ()
