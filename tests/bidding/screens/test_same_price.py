"""Equal prices between bidders under different control."""

import numpy as np

from bidding.screens.answer import Answer
from bidding.screens.measurement import Simulation
from bidding.screens.same_price import Limits, assess_same_price
from bidding.screens.screened_lot import Evidence, ScreenedLot, ScreenedRound
from tests.bidding.screens.rounds import bid

SIMULATION = Simulation(np.random.default_rng(1), 1)


def assess(*bids, **limits):
    evidence = Evidence(ScreenedRound("round", (ScreenedLot("L", bids, 1),)))
    (result,) = assess_same_price(evidence, SIMULATION, limits=Limits(**limits))
    return result


def test_strangers_at_one_price_are_flagged():
    result = assess(bid("A", "0.30"), bid("B", "0.3"), bid("C", "0.31"))
    assert result.answer is Answer.FLAGGED
    assert [one.bid for one in result.bids] == ["A", "B"]
    assert (result.figure, result.n, result.threshold, result.chance) == (2.0, 3, 2.0, None)
    assert "0.3 yuan" in result.reason.en
    assert "not a finding" in result.reason.en


def test_relatives_at_one_price_are_not():
    result = assess(bid("A", "0.3", group="G"), bid("B", "0.3", group="G"), bid("C", "0.4"))
    assert result.answer is Answer.NOT_FLAGGED
    assert (result.figure, result.n) == (1.0, 2)


def test_several_bids_of_one_manufacturer_are_one_bidder():
    one, two = bid("A 1", "0.3", manufacturer="A"), bid("A 2", "0.3", manufacturer="A")
    assert assess(one, two, bid("B", "0.4")).answer is Answer.NOT_FLAGGED


def test_a_hair_apart_is_not_equal():
    apart = bid("A", "0.300000001"), bid("B", "0.3")
    assert assess(*apart).answer is Answer.NOT_FLAGGED


def test_invalid_bids_count():
    bids = bid("A", "0.3", valid=False), bid("B", "0.3", valid=False)
    assert assess(*bids).answer is Answer.FLAGGED


def test_the_published_ceiling_is_no_coincidence():
    bids = bid("A", "0.5", ceiling="0.5"), bid("B", "0.5", ceiling="0.50")
    assert assess(*bids).answer is Answer.NOT_FLAGGED
    assert assess(*bids, count_at_ceiling=True).answer is Answer.FLAGGED


def test_three_at_one_price_can_be_asked_for():
    bids = [bid(name, "1") for name in "ABC"]
    assert assess(*bids[:2], bids_other(), bidders_sharing_min=3).answer is Answer.NOT_FLAGGED
    assert assess(*bids, bidders_sharing_min=3).figure == 3.0


def bids_other():
    return bid("other", "2")


def test_one_known_price_is_not_assessable():
    assert assess(bid("A", "1"), bid("B", None)).answer is Answer.NOT_ASSESSABLE
