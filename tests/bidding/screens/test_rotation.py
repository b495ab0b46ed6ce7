"""Rotation and regional split over successive rounds."""

import numpy as np
import pytest

from bidding.screens.answer import Answer, ScreenResult
from bidding.screens.measurement import Measurement, Simulation
from bidding.screens.rotation import Limits, assess_rotation
from bidding.screens.screened_lot import (
    Evidence,
    Records,
    ScreenedLot,
    ScreenedRound,
    WonRegions,
)
from tests.bidding.screens.rounds import bid

BIDDERS = ("A", "B", "C", "D")
REGIONS = tuple(f"R{number:02}" for number in range(12))


def history(winners_by_round):
    """Rounds in which the same four bidders bid for each lot; per round and lot its winners."""
    return tuple(
        ScreenedRound(
            f"round {number}",
            tuple(
                ScreenedLot(
                    f"L{lot}",
                    tuple(bid(who, "1", selected=who in winners) for who in BIDDERS),
                    len(winners),
                )
                for lot, winners in enumerate(of_round)
            ),
        )
        for number, of_round in enumerate(winners_by_round)
    )


def split(name, share):
    """One lot won by A and B, A with the regions of the given numbers."""
    lot = ScreenedLot("L", tuple(bid(who, "1", selected=who in "AB") for who in BIDDERS), 2)
    own = tuple(region for number, region in enumerate(REGIONS) if number in share)
    rest = tuple(region for region in REGIONS if region not in own)
    return ScreenedRound(name, (lot,), (WonRegions("L", "A", own), WonRegions("L", "B", rest)))


def assess(rounds, **limits):
    evidence = Evidence(rounds[-1], Records(earlier_rounds=rounds[:-1]))
    simulation = Simulation(np.random.default_rng(3), 4000)
    return assess_rotation(evidence, simulation, limits=Limits(**limits))


def test_taking_turns_in_every_lot_is_unusual():
    turns, _ = assess(history([["AB", "AB", "CD", "AC"], ["CD", "CD", "AB", "BD"]]))
    assert isinstance(turns, Measurement)
    assert (turns.figure, turns.n) == (1.0, 16)
    # every lot has one way in six to deal two wins to four bidders so that all change: 1 / 6^4
    assert turns.chance < 0.003
    assert turns.subject.name == "round 1: turns"


def test_winning_again_is_not():
    turns, _ = assess(history([["AB", "AB", "CD", "AC"], ["AB", "AB", "CD", "AC"]]))
    assert isinstance(turns, Measurement)
    assert (turns.figure, turns.chance) == (0.0, 1.0)


def test_lots_that_all_won_tell_nothing():
    turns, _ = assess(history([["ABCD", "AB"], ["AB", "ABCD"]]), pairs_min=1)
    assert isinstance(turns, ScreenResult)
    assert (turns.answer, turns.n) == (Answer.NOT_ASSESSABLE, 0)


def test_turns_are_counted_over_all_successive_rounds():
    turns, _ = assess(history([["AB"], ["CD"], ["AB"], ["CD"]]))
    assert isinstance(turns, Measurement)
    assert (turns.figure, turns.n) == (1.0, 12)


def test_keeping_every_region_is_unusual():
    first, second = split("first", range(6)), split("second", range(6))
    _, regions = assess((first, second))
    assert isinstance(regions, Measurement)
    assert (regions.figure, regions.n) == (1.0, 12)
    # one of the 924 ways to deal twelve regions to two bidders with six each
    assert regions.chance == pytest.approx(1 / 924, rel=0.5)
    assert [one.bid for one in regions.bids] == ["A", "B"]


def test_regions_dealt_anew_are_ordinary():
    _, regions = assess((split("first", range(6)), split("second", range(0, 12, 2))))
    assert isinstance(regions, Measurement)
    assert regions.chance > 0.3


def test_a_single_winner_of_all_regions_tells_nothing():
    _, regions = assess((split("first", range(12)), split("second", range(12))))
    assert isinstance(regions, ScreenResult)
    assert regions.n == 0


def test_one_round_has_no_history():
    for result in assess(history([["AB"] * 20])):
        assert isinstance(result, ScreenResult)
        assert result.answer is Answer.NOT_ASSESSABLE
        assert "(n = 0)" in result.reason.en


def test_honest_histories_are_flagged_at_no_more_than_the_nominal_rate():
    generator = np.random.default_rng(11)
    chances = []
    for _ in range(150):
        rounds = [
            ["".join(generator.permutation(list(BIDDERS))[:2]) for _ in range(5)] for _ in range(2)
        ]
        evidence = Evidence(history(rounds)[1], Records(earlier_rounds=history(rounds)[:1]))
        turns = assess_rotation(evidence, Simulation(generator, 300))[0]
        assert isinstance(turns, Measurement)
        chances.append(turns.chance)
    assert float(np.mean(np.array(chances) <= 0.1)) <= 0.16
