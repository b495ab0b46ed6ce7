"""Refusals keep what they are about, and say it in one sentence."""

from bidding.errors import (
    BadAnswerError,
    BadOptionError,
    BiddingError,
    MissingFactError,
    UnknownRuleError,
)


def test_every_refusal_of_the_engine_has_one_base():
    refusals = (UnknownRuleError, BadOptionError, MissingFactError, BadAnswerError)
    assert all(issubclass(refusal, BiddingError) for refusal in refusals)


def test_an_unknown_rule_names_the_rulebook_the_key_and_the_way_out():
    refusal = UnknownRuleError("national-12", "places.by_bidders", "the table")
    assert (refusal.rulebook, refusal.key) == ("national-12", "places.by_bidders")
    assert str(refusal) == (
        "rulebook national-12: places.by_bidders is unknown: the table; "
        "expected it in [options] of the round"
    )


def test_a_bad_option_names_the_option_and_the_cause():
    refusal = BadOptionError("national-3", "places", "is not declared")
    assert (refusal.rulebook, refusal.key) == ("national-3", "places")
    assert str(refusal) == "option places of rulebook national-3: is not declared"


def test_a_missing_fact_names_the_lot_and_the_bid_if_it_is_one():
    of_bid = MissingFactError("L1", "A", "price_ceiling", "comparable.basis")
    assert str(of_bid) == "lot L1, bid A: price_ceiling is not given: comparable.basis needs it"
    of_lot = MissingFactError("L1", None, "daily_dose", "comparable.basis")
    assert str(of_lot) == "lot L1: daily_dose is not given: comparable.basis needs it"
    assert (of_lot.lot, of_lot.bid, of_lot.fact, of_lot.key) == (
        "L1",
        None,
        "daily_dose",
        "comparable.basis",
    )


def test_a_bad_answer_names_whose_it_is():
    refusal = BadAnswerError("L1", "A", "price 3 is above 2")
    assert (refusal.lot, refusal.bid) == ("L1", "A")
    assert str(refusal) == "answer of lot L1, bid A: price 3 is above 2"
