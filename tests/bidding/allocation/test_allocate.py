"""One lot is allocated by the method of its document, and the explanation adds up."""

from decimal import Decimal

import pytest

from bidding.errors import UnknownRuleError
from tests.bidding.settings import FOLLOW_ON, IOL
from tests.bidding.sheets import bid, bids, evaluated, outcomes, volume, wishes

NEED = [volume("京", 10), volume("沪", 5)]


def codes(report):
    return [step.code for step in report.steps]


def test_without_winners_nothing_is_allocated():
    report = evaluated("national-3", bids(A=None), volumes=NEED)
    assert (report.agreed_volume, report.cycle_years, report.allocations) == (None, None, ())


def test_without_reported_need_nothing_is_allocated():
    report = evaluated("national-3", bids(A="1"))
    assert (report.base_volume, report.agreed_volume, report.share) == (0, None, None)
    assert report.cycle_years == 1


def test_regions_that_need_nothing_are_chosen_all_the_same():
    report = evaluated("national-3", bids(A="1"), volumes=[volume("京", 0), volume("沪", 0)])
    assert outcomes(report)["A"].regions == 2
    assert report.agreed_volume is None


def test_by_regions_the_share_is_one_for_all_winners():
    report = evaluated("national-3", bids(A="1", B="1.2"), volumes=NEED)
    assert report.share == Decimal("0.6")
    assert {"regions", "share", "cycle"} <= set(codes(report))


def test_by_rank_there_are_no_regions():
    report = evaluated("iol-alliance-2020", bids(A="9"), volumes=NEED, options=IOL)
    assert outcomes(report)["A"].regions is None
    assert "rank-split" in codes(report)


def test_by_own_brand_the_share_differs_by_winner():
    report = evaluated("stents-2020", bids(A="500"), volumes=[volume("京", 10, "A")])
    assert report.share is None
    assert {"own-volume", "left-to-hospitals"} <= set(codes(report))


def test_an_unknown_method_is_refused_as_soon_as_there_is_need():
    assert evaluated("follow-on-inquiry-2026", bids(A="1")).agreed_volume is None
    with pytest.raises(UnknownRuleError, match=r"volume\.method is unknown"):
        evaluated("follow-on-inquiry-2026", bids(A="1"), volumes=NEED)


def test_an_option_supplies_the_method():
    report = evaluated("follow-on-inquiry-2026", bids(A="1"), volumes=NEED, options=FOLLOW_ON)
    assert report.agreed_volume == 8


def test_spare_regions_are_chosen_from_the_seventh_round_on():
    choices = [*wishes("A", "京沪"), *wishes("B", "沪京"), *wishes("B", "京", spare=True)]
    entered = bids(A="1", B="1.2", C="9")
    options = {"places.by_bidders": {"1+": 2}}
    third = evaluated("national-3", entered, volumes=NEED, choices=choices)
    seventh = evaluated("national-7", entered, volumes=NEED, choices=choices, options=options)
    assert outcomes(third)["B"].spare_regions is None
    assert outcomes(seventh)["B"].spare_regions == ("京",)


def test_the_volumes_of_the_winners_add_up():
    need = [volume(region, 7 + 2 * position) for position, region in enumerate("京沪粤川桂")]
    choices = [choice for name in "AB" for choice in wishes(name, "桂川粤沪京")]
    report = evaluated("national-3", bids(A="1", B="1.2"), volumes=need, choices=choices)
    volumes = [outcome.agreed_volume or 0 for outcome in report.outcomes]
    assert (
        sum(volumes) == report.agreed_volume == sum(one.agreed_volume for one in report.allocations)
    )


def test_members_of_a_joint_bid_hold_one_volume_together():
    entered = [bid("A", "1", joint_bid="联"), bid("B", "1", joint_bid="联")]
    report = evaluated("national-10", entered, volumes=NEED)
    assert report.share == Decimal("0.5")
    assert outcomes(report)["A"].agreed_volume == 8
    assert outcomes(report)["B"].agreed_volume is None


def test_a_volume_beyond_the_declared_capacity_is_a_prompt_to_check():
    short = evaluated("national-3", [bid("A", "1", capacity=7)], volumes=NEED)
    enough = evaluated("national-3", [bid("A", "1", capacity=8)], volumes=NEED)
    assert outcomes(short)["A"].agreed_volume == 8
    assert ("capacity-short" in codes(short), "capacity-short" in codes(enough)) == (True, False)
