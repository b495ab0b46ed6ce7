"""A round is evaluated by its rulebook, completed by its options, and by nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bidding.bid_sheet import Category
from bidding.errors import BadOptionError, MissingFactError, UnknownRuleError
from bidding.evaluate import evaluate
from rulebooks import load_rulebook
from rulebooks.loader import rulebook_ids
from rulebooks.vocabulary.rounds import ROUND_TERMS
from tests.bidding.settings import DEVICES_6, DEVICES_7, IOL, JOINTS, OPTIONS_12
from tests.bidding.sheets import (
    bid,
    bids,
    evaluated,
    lot,
    round_of,
    strengths,
    volume,
    winners,
    wishes,
)

PLACES = {"places.by_bidders": {"1": 1, "2+": 2}}
TCM = {
    "composite.weights": {"quality": "1"},
    "composite.technical_places": {"1+": 9},
    "talks.places": 1,
    **PLACES,
}
INSULIN = {
    "classes.lines": {"L1": {"a": "10", "b": "20"}},
    "revival.shortlisted": {"price": "highest-winner"},
}
GROUPED = ("joints-2021", "devices-6-2026")
WITHOUT_VOLUMES = ("tcm-alliance-2023",)
FOLLOW_ON = {
    "volume.method": "regions",
    "share.by_winners": {"general": {"1+": "0.5"}},
    "regions.choice": "first-pick-then-turns",
}

NEEDED: Mapping[str, Mapping[str, object]] = {
    "national-pilot-2018": {"share.by_winners": {"general": {"1+": "0.6"}}},
    "national-pilot-expansion-2019": {},
    "national-2": {},
    "national-3": {},
    "national-4": {},
    "national-5": PLACES,
    "national-7": PLACES,
    "national-8": PLACES,
    "national-9": {},
    "national-10": {},
    "national-11": {},
    "national-12": {
        key: OPTIONS_12[key]
        for key in (
            "places.by_bidders",
            "selection.ratio_to_anchor",
            "selection.absolute_low",
            "revival.shortlisted",
            "brand.fallback",
        )
    },
    "insulin-renewal-2024": INSULIN,
    "follow-on-inquiry-2026": FOLLOW_ON,
    "stents-2020": {},
    "stents-2022": {"share.own_brand": "1"},
    "joints-2021": JOINTS,
    "iol-alliance-2020": {"places.by_bidders": IOL["places.by_bidders"]},
    "tcm-alliance-2023": TCM,
    "devices-6-2026": {
        key: DEVICES_6[key]
        for key in DEVICES_6
        if key not in ("groups.by_volume", "revival.shortlisted")
    },
    "devices-7-2026": {
        key: DEVICES_7[key] for key in DEVICES_7 if key not in ("groups.separate", "bidders.unit")
    },
}
"""What a plain round needs to know beyond each rulebook: three bids, need by brand."""


def plain_round(rulebook, options):
    """Three bids of one strength, of which the dearest loses where there is a limit."""
    group = "A" if rulebook in GROUPED else None
    entered = [
        bid(name, price, group=group, quality_score=Decimal(quality), regions_covered=1)
        for name, price, quality in (("A", "10", 90), ("B", "11", 80), ("C", "100", 70))
    ]
    by_brand = "brand.reporting" in load_rulebook(rulebook).rules
    need = [volume("京", 100, name if by_brand else None) for name in "ABC"]
    sheet = lot("800", daily_dose=Decimal(1))
    choices = [choice for name in "ABC" for choice in wishes(name, "京")]
    if rulebook in WITHOUT_VOLUMES:
        need, choices = [], []
    return round_of(rulebook, entered, lots=[sheet], options=options, volumes=need, choices=choices)


@pytest.mark.parametrize("rulebook", NEEDED)
def test_every_rulebook_of_a_round_evaluates_with_what_it_needs(rulebook):
    report = evaluate(plain_round(rulebook, NEEDED[rulebook]), load_rulebook(rulebook))
    assert winners(report.lots[0])
    assert report.rulebook_digest == load_rulebook(rulebook).digest


@pytest.mark.parametrize(
    ("rulebook", "key"), [(book, key) for book, needed in NEEDED.items() for key in needed]
)
def test_an_unknown_rule_that_is_needed_is_refused_by_name(rulebook, key):
    options = {name: value for name, value in NEEDED[rulebook].items() if name != key}
    with pytest.raises(UnknownRuleError) as refusal:
        evaluate(plain_round(rulebook, options), load_rulebook(rulebook))
    assert (refusal.value.rulebook, refusal.value.key) == (rulebook, key)


@pytest.mark.parametrize("rulebook", ["devices-7-2026", "iol-alliance-2020", "tcm-alliance-2023"])
def test_whether_firms_or_products_compete_is_needed_where_two_bids_may_share_a_place(rulebook):
    round_ = plain_round(rulebook, NEEDED[rulebook])
    shared = tuple(replace(one, manufacturer="M") for one in round_.bids)
    with pytest.raises(UnknownRuleError) as refusal:
        evaluate(replace(round_, bids=shared), load_rulebook(rulebook))
    assert refusal.value.key == "bidders.unit"


def test_every_rulebook_of_a_round_is_tested():
    rounds = {book for book in rulebook_ids() if load_rulebook(book).rules.keys() & ROUND_TERMS}
    assert rounds == set(NEEDED)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("selection.ratio_to_lowest", "2"),
        ("places.by_bidder", {"1+": 1}),
        ("regions.spare", True),
        ("nonsense", 1),
    ],
)
def test_an_option_that_the_rulebook_does_not_leave_open_is_refused(key, value):
    with pytest.raises(BadOptionError, match=f"option {key} of rulebook national-2") as refusal:
        evaluated("national-2", bids(A="1"), options={key: value})
    assert refusal.value.key == key


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("places.by_bidders", {"1": 1, "3+": 2}),
        ("places.by_bidders", 3),
        ("ranking.tie_breaks", ["alphabet"]),
        ("ranking.tie_breaks", "prior-supply"),
        ("comparable.decimals", "4"),
        ("conversion.main_pack", {"L1": 0}),
    ],
)
def test_an_option_of_another_kind_is_refused(key, value):
    with pytest.raises(BadOptionError) as refusal:
        evaluated("national-5", bids(A="1"), options=PLACES | {key: value})
    assert refusal.value.key == key


def test_an_option_may_be_taken_from_another_rulebook():
    options = {"places.by_bidders": {"as_in": "national-4"}}
    assert evaluated("national-5", bids(A="1", B="1.1", C="1.2"), options=options).places == 2


def test_an_option_that_the_other_rulebook_does_not_know_either_is_refused():
    options = {"places.by_bidders": {"as_in": "national-12"}}
    with pytest.raises(BadOptionError, match="rulebook national-12 does not know it either"):
        evaluated("national-5", bids(A="1"), options=options)


def test_an_unverified_value_may_be_replaced_by_an_option():
    outcome = evaluated("national-3", bids(A="1.23456"), options={"comparable.decimals": 2})
    assert outcome.outcomes[0].comparable_price == Decimal("1.23")


def test_a_replay_needs_no_rule_about_shares():
    round_ = plain_round("national-pilot-2018", {})
    report = evaluate(round_, load_rulebook("national-pilot-2018"), volumes=False)
    assert report.lots[0].agreed_volume is None
    assert winners(report.lots[0]) == ["A"]


def test_lots_are_reported_in_the_order_of_their_identifiers():
    entered = [bid("A", "1", lot=name) for name in ("L2", "L1", "L3")]
    lots = [lot(name=name) for name in ("L3", "L1", "L2")]
    report = evaluate(round_of("national-3", entered, lots=lots), load_rulebook("national-3"))
    assert [one.lot for one in report.lots] == ["L1", "L2", "L3"]


def test_lots_decide_nothing_about_each_other():
    entered = [bid("A", "1", lot="L1"), bid("B", "1.1", lot="L1"), bid("A", "9", lot="L2")]
    lots = [lot(name="L1"), lot(name="L2")]
    both = evaluate(round_of("national-3", entered, lots=lots), load_rulebook("national-3"))
    alone = evaluate(
        round_of("national-3", entered[:2], lots=lots[:1]), load_rulebook("national-3")
    )
    assert both.lots[0] == alone.lots[0]


def test_a_category_without_shares_is_refused_by_name():
    sheet = lot(category=Category.SPECIAL)
    with pytest.raises(UnknownRuleError, match=r"share\.by_winners is unknown: category special"):
        evaluated("national-4", bids(A="1"), lots=[sheet], volumes=[volume("京", 10)])


def test_a_strength_that_the_main_supplier_cannot_make_needs_its_rule():
    sheet = lot(strengths=strengths(s="1", t="2"))
    entered = [bid("A", "1", strength="s", supplies=frozenset({"s"}))]
    with pytest.raises(UnknownRuleError, match=r"regions\.unsupplied_strength"):
        evaluated("national-10", entered, lots=[sheet], volumes=[volume("京", 10, ratio="2")])


def test_a_bid_whose_group_is_nowhere_given_is_a_missing_fact():
    with pytest.raises(MissingFactError, match="group is not given"):
        evaluated("joints-2021", bids(A="1"), options=JOINTS)


def test_the_day_of_the_opening_decides_nothing():
    round_ = plain_round("national-3", {})
    dated = replace(round_, opened_on=date(2020, 8, 20))
    rulebook = load_rulebook("national-3")
    assert evaluate(round_, rulebook) == evaluate(dated, rulebook)
