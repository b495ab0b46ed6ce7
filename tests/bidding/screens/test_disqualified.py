"""Disqualified bids: R035 and R036 for lots, R038 for bidders."""

import numpy as np
import pytest

from bidding.screens.answer import Answer, SubjectKind
from bidding.screens.disqualified import Limits, assess_disqualified
from bidding.screens.measurement import Simulation
from bidding.screens.screened_lot import Evidence, Records, ScreenedLot, ScreenedRound
from tests.bidding.screens.rounds import bid

SIMULATION = Simulation(np.random.default_rng(1), 1)


def assess(*lots, earlier=(), **limits):
    evidence = Evidence(ScreenedRound("round", lots), Records(earlier_rounds=earlier))
    return assess_disqualified(evidence, SIMULATION, limits=Limits(**limits))


def lot_answer(*bids, **limits):
    result = assess(ScreenedLot("L", bids, 1), **limits)[0]
    assert result.subject.kind is SubjectKind.LOT
    return result


WINNER = bid("W", "5", selected=True)


def test_r035_all_but_the_winners_are_disqualified():
    result = lot_answer(WINNER, bid("A", "6", valid=False))
    assert result.answer is Answer.FLAGGED
    assert {one.name: one.value for one in result.details} == {"R035": 1.0, "R036": 0.0}
    assert [one.bid for one in result.bids] == ["A"]
    assert "R035" in result.reason.en


def test_a_valid_loser_answers_r035():
    result = lot_answer(WINNER, bid("A", "6", valid=False), bid("B", "7"))
    assert result.answer is Answer.NOT_FLAGGED
    assert result.figure == pytest.approx(1 / 3)


def test_r035_can_ask_for_more_disqualified_bidders():
    bids = (WINNER, bid("A", "6", valid=False))
    assert lot_answer(*bids, disqualified_bidders_min=2).answer is Answer.NOT_FLAGGED


def test_another_bid_of_the_winner_is_not_another_bidder():
    second = bid("W 2", "6", valid=False, manufacturer="W")
    assert lot_answer(WINNER, second).answer is Answer.NOT_FLAGGED


def test_r036_the_lowest_bid_is_disqualified():
    result = lot_answer(WINNER, bid("A", "4", valid=False), bid("B", "7"))
    assert result.answer is Answer.FLAGGED
    assert "R036" in result.reason.en
    assert "R036" in result.reason.zh


def test_a_price_above_the_ceiling_is_the_bidders_own_doing():
    result = lot_answer(WINNER, bid("O", "60", ceiling="50", valid=False))
    assert (result.answer, result.figure) == (Answer.NOT_FLAGGED, 0.0)


def test_a_lot_that_nobody_won_is_not_assessable():
    result = lot_answer(bid("A", "4", valid=False), bid("B", "7"))
    assert result.answer is Answer.NOT_ASSESSABLE


def lots_with_shares(shares, *, per_bidder=10):
    """Lots in which each bidder has ten bids, the given share of them disqualified."""
    return tuple(
        ScreenedLot(
            f"L{number}",
            tuple(bid(who, "5", valid=number >= share) for who, share in shares.items()),
            1,
        )
        for number in range(per_bidder)
    )


def bidder_answers(*lots, earlier=(), **limits):
    results = assess(*lots, earlier=earlier, **limits)
    return {one.subject.name: one for one in results if one.subject.kind is SubjectKind.BIDDER}


def test_r038_flags_a_share_at_the_upper_fence():
    # shares 0, 0, 0.2, 0.2, 0.5: quartiles 0 and 0.2, fence 0.5
    answers = bidder_answers(*lots_with_shares({"A": 0, "B": 0, "C": 2, "D": 2, "E": 5}))
    assert answers["E"].answer is Answer.FLAGGED
    assert answers["E"].figure == 0.5
    assert answers["E"].threshold == pytest.approx(0.5)
    assert answers["E"].n == len(answers["E"].bids) * 2 == 10
    assert {answers[who].answer for who in "ABCD"} == {Answer.NOT_FLAGGED}


def test_nobody_is_flagged_where_nobody_is_disqualified():
    answers = bidder_answers(*lots_with_shares({"A": 0, "B": 0, "C": 0, "D": 0}))
    assert {one.answer for one in answers.values()} == {Answer.NOT_FLAGGED}


def test_a_fence_can_be_given():
    answers = bidder_answers(*lots_with_shares({"A": 1, "B": 2, "C": 3, "D": 4}), share_min=0.3)
    assert [who for who, one in answers.items() if one.answer is Answer.FLAGGED] == ["C", "D"]


def test_one_bid_or_three_bidders_are_too_few():
    single = bidder_answers(*lots_with_shares({"A": 0, "B": 0, "C": 0, "D": 0}, per_bidder=1))
    three = bidder_answers(*lots_with_shares({"A": 0, "B": 0, "C": 5}))
    assert {one.answer for one in (single | three).values()} == {Answer.NOT_ASSESSABLE}


def test_earlier_rounds_count():
    lots = lots_with_shares({"A": 0, "B": 0, "C": 2, "D": 2, "E": 5})
    answers = bidder_answers(earlier=(ScreenedRound("earlier", lots),))
    assert answers["E"].answer is Answer.FLAGGED
    assert {one.round_name for one in answers["E"].bids} == {"earlier"}


def test_bidders_come_by_name_not_by_share():
    answers = bidder_answers(*lots_with_shares({"D": 0, "A": 5, "C": 0, "B": 1}))
    assert list(answers) == ["A", "B", "C", "D"]
