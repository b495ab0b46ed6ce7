"""Steep splits by rank, and winners that keep what was reported for them."""

from decimal import Decimal
from fractions import Fraction

import pytest

from bidding.allocation.by_rank import steep_split
from bidding.errors import UnknownRuleError
from tests.bidding.settings import INSULIN, IOL, JOINTS
from tests.bidding.sheets import answer, bid, bids, evaluated, outcomes, volume


def volumes_of(report):
    return {outcome.bid: outcome.agreed_volume for outcome in report.outcomes}


@pytest.mark.parametrize(
    ("winners", "part", "shares"),
    [
        (1, "1", ["1"]),
        (2, "0.6", ["3/5", "2/5"]),
        (3, "0.6", ["3/5", "6/25", "4/25"]),
        (4, "0.5", ["1/2", "1/4", "1/8", "1/8"]),
    ],
)
def test_each_takes_a_part_of_what_is_left_and_the_last_takes_the_rest(winners, part, shares):
    found = steep_split(winners, Decimal(part))
    assert found == [Fraction(share) for share in shares]
    assert sum(found) == 1


def test_a_steep_split_goes_by_region_and_adds_up():
    need = [volume("京", 101), volume("沪", 7)]
    report = evaluated("iol-alliance-2020", bids(A="9", B="10"), volumes=need, options=IOL)
    rows = [(one.region, one.bid, one.agreed_volume) for one in report.allocations]
    # 60 % of 101 is 60.6: 61, of 7 is 4.2: 4.
    assert rows == [("京", "A", 37), ("京", "B", 24), ("沪", "A", 2), ("沪", "B", 2)]
    assert report.agreed_volume == 65


def test_a_winner_keeps_what_was_reported_for_it():
    need = [volume("京", 11, "A"), volume("沪", 5, "A"), volume("京", 9, "B"), volume("京", 3)]
    options = {"share.own_brand": "0.5"}
    report = evaluated("stents-2022", bids(A="500", B="900"), volumes=need, options=options)
    assert volumes_of(report) == {"A": 9, "B": None}
    assert [one.agreed_volume for one in report.allocations] == [6, 3]
    assert report.share is None


def test_what_was_reported_for_a_maker_of_two_products_is_agreed_once():
    entered = [bid("P1", "500", manufacturer="M"), bid("P2", "501", manufacturer="M")]
    report = evaluated("stents-2020", entered, volumes=[volume("京", 100, "M")])
    assert volumes_of(report) == {"P1": 100, "P2": 0}


def test_what_was_reported_for_a_product_is_its_own():
    entered = [bid("P1", "500", manufacturer="M"), bid("P2", "501", manufacturer="M")]
    need = [volume("京", 100, "M"), volume("京", 30, "P2"), volume("京", 5, "P1")]
    report = evaluated("stents-2020", entered, volumes=need)
    assert volumes_of(report) == {"P1": 105, "P2": 30}
    assert len(report.allocations) == 2


def test_the_share_of_a_joint_goes_by_rank():
    entered = [bid(name, price, group="A") for name, price in zip("ABC", "123", strict=True)]
    entered += [bid("Z", "9", group="A")]
    need = [volume("京", 100, name) for name in "ABCZ"]
    report = evaluated(
        "joints-2021", entered, volumes=need, options=JOINTS | {"revival.others": "none"}
    )
    assert volumes_of(report) == {"A": 100, "B": 90, "C": 85, "Z": None}


def test_the_share_of_insulin_goes_by_class():
    entered = bids(D="600", E="700", F="750", H="2000")
    need = [volume("京", 100, name) for name in "DEFH"]
    options = INSULIN | {"classes.lines": {"L1": {"a": "700", "b": "900"}}}
    report = evaluated(
        "insulin-renewal-2024",
        entered,
        volumes=need,
        options=options,
        answers=[answer("H", "revive")],
    )
    assert volumes_of(report) == {"D": 100, "E": 80, "F": 55, "H": 45}


def test_classes_need_their_lines_and_say_so():
    with pytest.raises(UnknownRuleError) as refusal:
        evaluated("insulin-renewal-2024", bids(D="600"), volumes=[volume("京", 10, "D")])
    assert refusal.value.key == "classes.lines"


def test_what_is_left_is_recorded_for_the_hospitals():
    need = [volume("京", 100, "A"), volume("京", 50, "Z"), volume("京", 25)]
    report = evaluated("stents-2020", bids(A="500"), volumes=need)
    step = next(step for step in report.steps if step.code == "left-to-hospitals")
    assert step.numbers == {"left": 75, "base": 175}
    assert outcomes(report)["A"].agreed_volume == 100
