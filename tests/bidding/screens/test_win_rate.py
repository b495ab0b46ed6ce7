"""Win rate: R025 over rounds, with several winners a lot."""

import numpy as np
import pytest

from bidding.screens.answer import Answer
from bidding.screens.measurement import Simulation
from bidding.screens.screened_lot import Evidence, Records, ScreenedLot, ScreenedRound
from bidding.screens.win_rate import Limits, assess_win_rate, win_records
from tests.bidding.screens.rounds import bid

SIMULATION = Simulation(np.random.default_rng(1), 1)


def history(wins):
    """One round: bidder -> (lots won, lots bid); each lot holds whoever still has lots to bid."""
    lots = []
    for number in range(max(bids for _, bids in wins.values())):
        bids = tuple(
            bid(who, "5", selected=number < won)
            for who, (won, count) in wins.items()
            if number < count
        )
        lots.append(ScreenedLot(f"L{number:02}", bids, 1))
    return ScreenedRound("round", tuple(lots))


def answers(*rounds, **limits):
    evidence = Evidence(rounds[-1], Records(earlier_rounds=rounds[:-1]))
    results = assess_win_rate(evidence, SIMULATION, limits=Limits(**limits))
    return {one.subject.name: one for one in results}


BUSY_LOSER = {"A": (2, 4), "B": (2, 4), "C": (3, 4), "D": (3, 4), "E": (3, 4), "F": (1, 20)}


def test_a_busy_bidder_below_the_fence_is_flagged():
    # rates 0.5, 0.5, 0.75, 0.75, 0.75, 0.05: Q1 = 0.5, Q3 = 0.75, fence 0.125
    found = answers(history(BUSY_LOSER))
    assert found["F"].answer is Answer.FLAGGED
    assert (found["F"].figure, found["F"].n) == (0.05, 20)
    assert found["F"].threshold == pytest.approx(0.125)
    assert len(found["F"].bids) == 19
    assert "Won 1 of 20" in found["F"].reason.en


def test_who_bids_as_often_and_wins_is_not_flagged():
    found = answers(history(BUSY_LOSER | {"G": (15, 20)}))
    assert found["G"].answer is Answer.NOT_FLAGGED


def test_who_seldom_bids_is_not_assessable():
    found = answers(history(BUSY_LOSER | {"Z": (0, 1)}))
    assert found["Z"].answer is Answer.NOT_ASSESSABLE
    assert "fewer than the third quartile" in found["Z"].reason.en


def test_under_a_negative_fence_nobody_is_assessable():
    found = answers(history({"A": (0, 4), "B": (0, 4), "C": (4, 4), "D": (4, 4)}))
    assert {one.answer for one in found.values()} == {Answer.NOT_ASSESSABLE}
    assert "below every possible rate" in found["A"].reason.en


def test_a_fence_can_be_given():
    wins = {"A": (0, 4), "B": (0, 4), "C": (4, 4), "D": (4, 4)}
    found = answers(history(wins), rate_max=0.05)
    assert [who for who, one in found.items() if one.answer is Answer.FLAGGED] == ["A", "B"]


def test_three_bidders_are_too_few():
    found = answers(history({"A": (0, 4), "B": (0, 4), "C": (4, 4)}))
    assert {one.answer for one in found.values()} == {Answer.NOT_ASSESSABLE}


def test_earlier_rounds_count():
    once, twice = answers(history(BUSY_LOSER)), answers(history(BUSY_LOSER), history(BUSY_LOSER))
    assert (once["F"].n, twice["F"].n) == (20, 40)


def test_a_bidder_counts_once_in_a_lot_and_wins_with_any_bid():
    bids = (bid("a", "5", group="G"), bid("b", "4", group="G", selected=True), bid("c", "6"))
    records = win_records((ScreenedRound("round", (ScreenedLot("L", bids, 1),)),))
    assert (records["G"].lots, records["G"].rate, records["G"].won[0].bid) == (1, 1.0, "b")
    assert records["c"].rate == 0.0


def test_invalid_bids_do_not_count():
    bids = (bid("a", "5", valid=False), bid("b", "4", selected=True))
    records = win_records((ScreenedRound("round", (ScreenedLot("L", bids, 1),)),))
    assert list(records) == ["b"]
