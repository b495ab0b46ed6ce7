"""Options: typed by people, kept as text, read as the rules take them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.errors import BadOptionError
from bidding.rules import RoundRules
from procurement.rounds.options import (
    TERMS,
    Openness,
    check_option,
    open_rules,
    option_text,
    parse_option,
    read_options,
    round_rulebooks,
    write_options,
)
from rulebooks import load_rulebook

RULEBOOKS = round_rulebooks()
OPEN = [
    (rulebook, rule.key)
    for rulebook in RULEBOOKS
    for rule in open_rules(load_rulebook(rulebook), {})
]


def test_credit_criteria_are_no_rules_of_rounds():
    assert all(name.startswith(("credit", "standard")) is False for name in RULEBOOKS)
    assert len(RULEBOOKS) >= 21


@pytest.mark.parametrize("rulebook", RULEBOOKS)
def test_every_unknown_rule_must_be_decided(rulebook):
    book = load_rulebook(rulebook)
    missing = {rule.key for rule in open_rules(book, {}) if rule.is_missing}
    assert missing == set(book.unknown)
    decided = open_rules(book, dict.fromkeys(book.unknown, "none"))
    assert not any(rule.is_missing for rule in decided)


@pytest.mark.parametrize(("rulebook", "key"), OPEN)
def test_every_open_rule_can_be_left_out_or_taken_from_another_rulebook(rulebook, key):
    book = load_rulebook(rulebook)
    (rule,) = (one for one in open_rules(book, {}) if one.key == key)
    check_option(book, key, "none")
    for other in rule.elsewhere:
        check_option(book, key, {"as_in": other})


@pytest.mark.parametrize(
    ("key", "typed", "raw"),
    [
        ("selection.ratio_to_anchor", "1.8", "1.8"),
        ("selection.ratio_to_anchor", " 2 ", "2"),
        ("selection.ratio_to_anchor", '"1.5"', "1.5"),
        ("places.by_bidders", "1 = 1\n2 = 2\n3+ = 3", {"1": 1, "2": 2, "3+": 3}),
        ("places.by_bidders", "1：1\n2+：2", {"1": 1, "2+": 2}),
        ("places.by_bidders", '{ "1" = 1, "2+" = 2 }', {"1": 1, "2+": 2}),
        ("ranking.tie_breaks", "originator", ["originator"]),
        ("ranking.tie_breaks", "prior-supply、originator", ["prior-supply", "originator"]),
        ("ranking.tie_breaks", '["originator"]', ["originator"]),
        ("cycle.ends_on", "2029-12-31", date(2029, 12, 31)),
        ("brand.fallback", "main-supplier", "main-supplier"),
        ("selection.absolute_low", "oral-solid = 0.1\nany = 1", {"oral-solid": "0.1", "any": "1"}),
    ],
)
def test_what_people_type_is_read_as_it_is_meant(key, typed, raw):
    assert parse_option(load_rulebook("national-12"), key, typed) == raw


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("selection.ratio_to_anchor", "viel"),
        ("selection.ratio_to_anchor", "-1"),
        ("selection.ratio_to_anchor", "0"),
        ("selection.ratio_to_anchor", "none"),
        ("places.by_bidders", "1 = 1\n3+ = 2"),
        ("places.by_bidders", "1 = eins"),
        ("ranking.tie_breaks", "originator, originator"),
        ("ranking.tie_breaks", "by-mood"),
        ("cycle.ends_on", "2029-13-01"),
        ("ceiling.above_is_invalid", "false"),
        ("ranking.tie_breaks", '{ as_in = "no-such-book" }'),
        ("selection.ratio_to_anchor", "9" * 5000),
    ],
)
def test_a_value_that_the_rule_does_not_take_is_refused(key, typed):
    with pytest.raises(BadOptionError):
        parse_option(load_rulebook("national-12"), key, typed)


@given(st.sampled_from(OPEN), st.text(max_size=60))
def test_any_text_is_a_value_or_refused_and_never_an_error(which, typed):
    rulebook, key = which
    book = load_rulebook(rulebook)
    try:
        raw = parse_option(book, key, typed)
    except BadOptionError:
        return
    RoundRules(book, {key: raw})
    kept = read_options(write_options({key: raw}))
    assert RoundRules(book, kept).value(key) == RoundRules(book, {key: raw}).value(key)


@pytest.mark.parametrize("rulebook", RULEBOOKS)
def test_assumed_values_survive_being_typed_and_kept(rulebook):
    """What another rulebook states can be shown in the form, typed back and kept."""
    book = load_rulebook(rulebook)
    for key, raw in SAMPLES.items():
        if not any(rule.key == key for rule in open_rules(book, {})):
            continue
        typed = parse_option(book, key, option_text(raw))
        assert RoundRules(book, {key: typed}).value(key) == RoundRules(book, {key: raw}).value(key)


SAMPLES = {
    "share.by_winners": {"general": {"1": "0.5", "2+": "0.6"}},
    "revival.shortlisted": {"price": "highest-winner", "single_winner_ratio": "1.8"},
    "places.by_bidders": {"1": 1, "2+": 2},
    "places.by_group": {"A": {"1+": 3}},
    "ranking.tie_breaks": ["regions-covered", "passed-on"],
    "cycle.ends_on": date(2028, 12, 31),
    "places.unlimited": True,
    "share.own_brand": "0.8",
}


def test_unverified_rules_may_be_corrected_and_verified_ones_not():
    book = load_rulebook("national-12")
    for key, rule in book.rules.items():
        found = [one.openness for one in open_rules(book, {}) if one.key == key]
        is_open = not rule.verified or bool(rule.unverified)
        assert found == ([Openness.UNVERIFIED] if is_open else []), key


def test_equal_options_are_kept_as_equal_texts():
    assert write_options({"b": "1", "a": [True]}) == write_options({"a": [True], "b": "1"})
    assert set(read_options(write_options({"cycle.ends_on": "none"})).values()) == {"none"}
    assert "cycle.ends_on" in TERMS
