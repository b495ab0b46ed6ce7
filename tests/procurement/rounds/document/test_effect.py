"""The effect of an amendment: what the engine decides by the old and by the new rules."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.bid_sheet import Bid, Lot, Quote, Round, Strength, Volume
from bidding.errors import BadOptionError
from bidding.evaluate import evaluate
from pricing.money import UnitPrice
from procurement.rounds.document.amended import amend_rules, merged_changes
from procurement.rounds.document.amendment import Amendment, read_amendment, write_amendment
from procurement.rounds.document.effect import PastField, effect_of
from procurement.rounds.document.effect_json import read_effects, write_effects
from procurement.rounds.document.past_rounds import _examples
from procurement.rounds.document.rulebook_text import frozen_rulebook, text_of
from rulebooks import load_rulebook
from tests.procurement.rounds.document.plans import at

THIRD = load_rulebook("national-3")


def field_of(prices, ceiling=None):
    limit = None if ceiling is None else Decimal(ceiling)
    lot = Lot("L1", "示例片", {"1mg": Strength("1mg", Decimal(1), limit)})
    bids = tuple(
        Bid("L1", f"B{number}", f"B{number}", (Quote("1mg", UnitPrice(Decimal(price))),))
        for number, price in enumerate(prices, start=1)
    )
    volumes = (Volume("上海", "L1", "1mg", Decimal(1), 1000),)
    return PastField("example", Round("示例", "national-3", None, (lot,), bids, volumes))


def effects(changes, *fields, rulebook=THIRD, options=None):
    old = amend_rules(rulebook, options or {}, {})
    return effect_of(old, amend_rules(rulebook, options or {}, changes), fields)


def test_a_wider_line_lets_another_bid_join():
    (effect,) = effects({"selection.ratio_to_lowest": "2.5"}, field_of(["1", "2.1", "9", "9.5"]))
    (lot,) = effect.changed
    assert (lot.joined, lot.left) == (("B2",), ())
    assert (effect.winners_before, effect.winners_after) == (1, 2)
    assert (lot.share_before, lot.share_after) == (Decimal("0.5"), Decimal("0.6"))


def test_spend_is_the_volume_at_the_prices_of_the_winners():
    field = field_of(["1", "2.1", "9", "9.5"], ceiling="10")
    (effect,) = effects({"selection.cut_from_ceiling": "none"}, field)
    # By the old rules 2.1 wins by its cut; 60 % of 1,000 units at 1 to 2.1 yuan.
    assert (effect.spend_before.least, effect.spend_before.most) == (600, 1260)
    assert (effect.spend_after.least, effect.spend_after.most) == (500, 500)
    assert effect.changed[0].left == ("B2",)


def test_a_rule_that_decides_nothing_here_changes_nothing():
    (effect,) = effects({"disclosure.prices": "parties"}, field_of(["1", "1.5", "3"]))
    assert effect.changed == ()
    assert effect.lots == 1


def test_a_field_that_lacks_a_fact_says_so_instead_of_guessing():
    (effect,) = effects({"comparable.basis": "daily-cost"}, field_of(["1", "2"]))
    assert "daily_dose" in effect.refused
    assert effect.winners_before == effect.winners_after == 0


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["1", "1.2", "1.7", "1.8", "2", "2.6", "5"]), min_size=1, max_size=8),
    st.sampled_from(["1.2", "1.8", "2", "3"]),
)
def test_the_effect_is_the_difference_of_two_evaluations(prices, ratio):
    field = field_of(prices)
    changes = {"selection.ratio_to_lowest": ratio}
    (effect,) = effects(changes, field)
    was = selected(field.sheet, THIRD)
    now = selected(field.sheet, amend_rules(THIRD, {}, changes).rulebook)
    joined = {bid for lot in effect.changed for bid in lot.joined}
    left = {bid for lot in effect.changed for bid in lot.left}
    assert (joined, left) == (now - was, was - now)
    assert (effect.winners_before, effect.winners_after) == (len(was), len(now))


def selected(sheet, rulebook):
    (lot,) = evaluate(sheet, rulebook).lots
    return {outcome.bid for outcome in lot.outcomes if outcome.status.is_selected}


def test_the_examples_that_ship_are_real_fields():
    (field,) = (one for one in _examples() if one.name == "national-3-eight-lots")
    (effect,) = effects({"selection.ratio_to_lowest": "3"}, field)
    assert effect.lots == 8
    assert [(lot.lot, lot.joined) for lot in effect.changed] == [("L05", ("常州四药",))]
    assert effect.spend_after.most > effect.spend_before.most


def test_effects_survive_their_json():
    found = effects({"selection.ratio_to_lowest": "3"}, *_examples())
    found += effects({"comparable.basis": "daily-cost"}, field_of(["1"]))
    assert read_effects(write_effects(found)) == found


# Rules in force


def test_an_amended_rule_takes_the_place_of_a_verified_one():
    rules = amend_rules(THIRD, {}, {"selection.ratio_to_lowest": "2"})
    assert rules.rulebook.rules["selection.ratio_to_lowest"].value == Decimal(2)
    assert rules.rulebook.digest != THIRD.digest
    assert THIRD.rules["selection.ratio_to_lowest"].value == Decimal("1.8")


def test_an_amended_rule_takes_the_place_of_an_option_and_of_what_was_unknown():
    options = {"ranking.tie_breaks": ["originator"]}
    rules = amend_rules(THIRD, options, {"ranking.tie_breaks": ["passed-on"]})
    assert rules.options == {}
    assert rules.rulebook.rules["ranking.tie_breaks"].value == ("passed-on",)
    assert "ranking.tie_breaks" not in rules.rulebook.unknown


def test_a_rule_can_be_dropped():
    rules = amend_rules(THIRD, {}, {"selection.cut_from_ceiling": "none"})
    assert "selection.cut_from_ceiling" not in rules.rulebook.rules


@pytest.mark.parametrize("changes", [{"no.such_rule": "1"}, {"selection.ratio_to_lowest": 2}])
def test_a_change_that_no_rulebook_could_hold_is_refused(changes):
    with pytest.raises(BadOptionError):
        amend_rules(THIRD, {}, changes)


def test_equal_changes_give_equal_digests_in_any_order():
    one = {"selection.ratio_to_lowest": "2", "comparable.decimals": 3}
    other = dict(reversed(one.items()))
    digests = {amend_rules(THIRD, {}, changes).rulebook.digest for changes in (one, other)}
    assert len(digests) == 1
    assert merged_changes(one, {"comparable.decimals": 5})["comparable.decimals"] == 5


def test_a_frozen_rulebook_is_read_again_as_it_was_though_its_file_has_changed():
    text = text_of(THIRD)
    assert frozen_rulebook("national-3", text) is THIRD
    older = text.replace('value = "1.8"', 'value = "1.7"')
    frozen = frozen_rulebook("national-3", older)
    assert frozen.rules["selection.ratio_to_lowest"].value == Decimal("1.7")
    assert frozen.digest != THIRD.digest


def test_an_amendment_survives_its_json():
    amendment = Amendment(
        reason="更正",
        rules={"cycle.ends_on": at(31).date(), "places.by_bidders": {"1": 1, "2+": 2}},
        dates={"closes_at": at(20)},
        prices={("L01", "1mg"): Decimal("1.50")},
    )
    text = write_amendment(amendment)
    assert read_amendment(text) == amendment
    assert write_amendment(read_amendment(text)) == text
