"""Measures of small rounds, computed by hand."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from math import isnan

import pytest

from bidding.bid_sheet import Bid, Category, Lot, Quote, Round, Strength, Volume
from bidding.errors import UnknownRuleError
from bidding.lab.bench import bench_of, figures_of
from bidding.lab.errors import UnsimulableRuleError
from bidding.lab.report import DocumentFigures
from pricing.money import UnitPrice
from rulebooks.vocabulary import ByNumber
from tests.bidding.lab.engine import document, one_lot

PLACES = {"places.by_bidders": ByNumber((1, 2, 2))}
BY_REGIONS = {
    **PLACES,
    "volume.method": "regions",
    "regions.choice": "first-pick-then-turns",
    "share.by_winners": {"general": ByNumber((Decimal("0.5"), Decimal("0.6")))},
}


def figures(round_: Round, rules: Mapping[str, object]) -> DocumentFigures:
    bench = bench_of(round_, document(rules), {})
    return figures_of(bench, bench, {})


def volume(
    region: str, units: int, *, strength: str = "1mg", ratio: str = "1", **more: str
) -> Volume:
    return Volume(region, "L01", strength, Decimal(ratio), units, **more)


def test_two_winners_share_three_regions_two_to_one():
    need = (volume("北京", 100), volume("上海", 200), volume("天津", 300))
    round_ = replace(one_lot({"甲": "4", "乙": "5", "丙": "9"}, ceiling="10"), volumes=need)
    observed = figures(round_, BY_REGIONS).observed
    assert observed["winners"] == 2
    assert observed["agreed_volume"] == pytest.approx(0.6 * 600)
    spend = 360 * (4 * 2 + 5) / 3
    assert observed["spend"] == pytest.approx(spend)
    assert observed["savings"] == pytest.approx(3600 - spend)
    assert observed["concentration"] == pytest.approx(5 / 9)
    assert observed["median_cut"] == pytest.approx(0.55)
    assert observed["highest_to_lowest"] == pytest.approx(1.25)


def test_a_strength_that_nobody_bid_costs_by_its_price_ratio():
    need = (volume("北京", 100), volume("北京", 10, strength="2mg", ratio="2"))
    round_ = replace(one_lot({"甲": "4"}, ceiling="10"), volumes=need)
    observed = figures(round_, {**BY_REGIONS, "conversion.strength_base": Decimal("1.7")}).observed
    assert observed["spend"] == pytest.approx(0.5 * 4 * (100 + 1.7 * 10))
    assert observed["savings"] == pytest.approx(0.5 * (10 - 4) * (100 + 1.7 * 10))
    assert observed["agreed_volume"] == pytest.approx(0.5 * 110)


def test_spend_is_at_the_declared_price_not_at_the_rounded_comparable_one():
    round_ = replace(one_lot({"甲": "0.123456"}), volumes=(volume("北京", 10**6),))
    observed = figures(round_, {**BY_REGIONS, "comparable.decimals": 2}).observed
    assert observed["spend"] == pytest.approx(0.5 * 123456)


def test_a_lot_without_a_ceiling_is_listed_and_left_out_of_savings():
    round_ = replace(one_lot({"甲": "4", "乙": "5"}), volumes=(volume("北京", 100),))
    lab = figures(round_, BY_REGIONS)
    assert lab.lots_without_ceiling == ("L01",)
    assert lab.observed["savings"] == 0
    assert lab.observed["spend"] > 0
    assert isnan(lab.observed["median_cut"])


def test_a_round_without_need_has_winners_and_no_spend():
    lab = figures(one_lot({"甲": "4", "乙": "5"}), PLACES)
    assert lab.observed["winners"] == 2
    assert lab.observed["spend"] == 0
    assert isnan(lab.observed["concentration"])
    assert isnan(lab.top_15_share)


def test_a_split_by_rank_gives_each_a_part_of_what_is_left():
    rules = {
        "places.by_bidders": ByNumber((1, 2, 3)),
        "volume.method": "rank-split",
        "share.of_reported": Decimal("0.6"),
        "split.of_remainder": ByNumber((Decimal(1), Decimal("0.6"))),
    }
    round_ = replace(one_lot({"甲": "1", "乙": "2", "丙": "3"}), volumes=(volume("北京", 1000),))
    observed = figures(round_, rules).observed
    assert observed["spend"] == pytest.approx(600 * (0.6 * 1 + 0.24 * 2 + 0.16 * 3))
    assert observed["concentration"] == pytest.approx(0.6**2 + 0.24**2 + 0.16**2)


def test_winners_keep_their_own_brands_and_share_the_rest():
    need = (volume("北京", 60, brand="甲"), volume("北京", 20, brand="丙"), volume("北京", 20))
    round_ = replace(one_lot({"甲": "1", "乙": "2", "丙": "3"}), volumes=need)
    observed = figures(round_, BY_REGIONS).observed
    # 甲 has 60 of 100 by brand, and as the first to choose the one region the remaining 40.
    assert observed["spend"] == pytest.approx(0.6 * 100 * 1)


def test_own_reported_volume_is_agreed_by_rank():
    rules = {
        **PLACES,
        "volume.method": "own-brand",
        "share.by_rank": ByNumber((Decimal(1), Decimal("0.5"))),
    }
    need = (volume("北京", 60, brand="甲"), volume("北京", 40, brand="乙"))
    round_ = replace(one_lot({"甲": "1", "乙": "2", "丙": "3"}), volumes=need)
    observed = figures(round_, rules).observed
    assert observed["agreed_volume"] == pytest.approx(60 + 0.5 * 40)
    assert observed["spend"] == pytest.approx(60 * 1 + 20 * 2)
    assert observed["concentration"] == pytest.approx((60**2 + 20**2) / 80**2)


def test_need_for_a_maker_is_agreed_once_with_its_best_product():
    rules = {
        **PLACES,
        "bidders.unit": "product",
        "volume.method": "own-brand",
        "share.own_brand": Decimal(1),
    }
    lot = Lot("L01", "支架", {"1mg": Strength("1mg", Decimal(1))})
    bids = tuple(
        Bid("L01", name, "甲", (Quote("1mg", UnitPrice(Decimal(price))),))
        for name, price in (("P1", "1"), ("P2", "2"))
    )
    need = (volume("北京", 100, brand="甲"), volume("北京", 10, brand="P2"))
    observed = figures(Round("r", "invented", None, (lot,), bids, need), rules).observed
    assert observed["spend"] == pytest.approx(100 * 1 + 10 * 2)


def test_own_reported_volume_without_brands_is_refused():
    round_ = replace(one_lot({"甲": "1"}), volumes=(volume("北京", 60),))
    with pytest.raises(UnsimulableRuleError, match=r"volume\.method"):
        figures(round_, {**PLACES, "volume.method": "own-brand", "share.own_brand": Decimal(1)})


def test_a_category_without_a_known_share_is_refused():
    round_ = one_lot({"甲": "1"})
    lots = (replace(round_.lots[0], category=Category.SPECIAL),)
    with pytest.raises(UnknownRuleError, match=r"share\.by_winners"):
        figures(replace(round_, lots=lots, volumes=(volume("北京", 60),)), BY_REGIONS)


def test_tied_bids_leave_the_open_place_filled_and_the_winners_open():
    round_ = replace(
        one_lot({"甲": "1", "乙": "2", "丙": "2"}, ceiling="4"), volumes=(volume("北京", 100),)
    )
    observed = figures(round_, BY_REGIONS).observed
    assert (observed["winners"], observed["tied"]) == (1, 2)
    assert observed["agreed_volume"] == pytest.approx(60)


def test_a_joint_bid_counts_its_members_as_winners_and_supplies_once():
    round_ = one_lot({"甲": "1", "乙": "1", "丙": "2"})
    joint = tuple(
        replace(bid, joint_bid="联合体") if bid.bid in "甲乙" else bid for bid in round_.bids
    )
    lab = figures(replace(round_, bids=joint, volumes=(volume("北京", 100),)), BY_REGIONS)
    assert lab.observed["winners"] == 3
    assert lab.observed["agreed_volume"] == pytest.approx(60)


def test_changes_are_counted_against_the_first_document():
    round_ = one_lot({"甲": "1", "乙": "2", "丙": "3"})
    first = bench_of(round_, document({"places.by_bidders": ByNumber((1,))}), {})
    second = bench_of(round_, document({"places.by_bidders": ByNumber((2,))}), {})
    changes = figures_of(second, first, {}).changes
    assert (changes.newly_selected, changes.no_longer_selected, changes.lots_changed) == (1, 0, 1)
