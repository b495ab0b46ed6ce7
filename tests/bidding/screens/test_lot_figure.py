"""The common path of the screens of one lot: what is refused, and what is measured."""

import numpy as np
import pytest

from bidding.screens import SCREENS
from bidding.screens.answer import Answer, ScreenResult
from bidding.screens.competitive_null import Spread
from bidding.screens.measurement import Measurement, Simulation
from bidding.screens.screened_lot import Evidence, ScreenedLot, ScreenedRound
from tests.bidding.screens.rounds import bid, competitive_round, lot_of

FIELD = ["cv", "spd", "kurtosis", "skewness", "ks", "subgroups"]
CUT = ["diffp", "rd", "altrd"]
OTHERS = competitive_round(np.random.default_rng(1), lots=8, spread=Spread(0.3)).lots


def outcome(screen, lot, others=OTHERS):
    """The outcome for a lot that sorts before all others."""
    evidence = Evidence(ScreenedRound("round", (lot, *others)))
    return SCREENS[screen].assess(evidence, Simulation(np.random.default_rng(2), 300))[0]


def refusal(screen, lot, others=OTHERS):
    result = outcome(screen, lot, others)
    assert isinstance(result, ScreenResult)
    assert result.answer is Answer.NOT_ASSESSABLE
    assert result.reason.zh.startswith("无法评估")
    return result.reason.en


@pytest.mark.parametrize("screen", FIELD + CUT)
def test_three_prices_are_too_few(screen):
    assert "fewer than 4 valid prices (n = 3)" in refusal(screen, lot_of("A", [1, 2, 3], winners=1))


@pytest.mark.parametrize("screen", FIELD + CUT)
def test_four_prices_are_enough(screen):
    measured = outcome(screen, lot_of("A", [1, 2, 3, 5], winners=1))
    assert isinstance(measured, Measurement)
    assert (measured.n, measured.subject.name, measured.chance_min) == (4, "A", 1 / 301)


@pytest.mark.parametrize("screen", FIELD + CUT)
def test_relatives_are_one_bidder(screen):
    related = tuple(bid(name, price, group="G") for name, price in [("a", "2"), ("b", "3")])
    alone = (bid("c", "1", selected=True), bid("d", "4"))
    assert "(n = 3)" in refusal(screen, ScreenedLot("A", related + alone, 1))


@pytest.mark.parametrize("screen", FIELD + CUT)
def test_without_enough_other_lots_there_is_no_spread(screen):
    reason = refusal(screen, lot_of("A", [1, 2, 3, 5], winners=1), OTHERS[:4])
    assert "too few other lots" in reason


@pytest.mark.parametrize("screen", CUT)
def test_without_losers_there_is_no_gap(screen):
    assert "nobody lost" in refusal(screen, lot_of("A", [1, 2, 3, 5], winners=4))


@pytest.mark.parametrize("screen", ["rd", "altrd"])
def test_one_loser_does_not_scatter(screen):
    assert "fewer than 2 losing" in refusal(screen, lot_of("A", [1, 2, 3, 5], winners=3))


def test_one_loser_makes_a_price_difference():
    measured = outcome("diffp", lot_of("A", [1, 2, 4, 5], winners=3))
    assert measured.figure == pytest.approx(0.25)
    assert [one.bid for one in measured.bids] == ["A-2", "A-3"]


@pytest.mark.parametrize("screen", ["rd", "altrd", "kurtosis", "skewness", "ks"])
def test_a_quotient_by_zero_is_refused(screen):
    prices = [1, 2, 2, 2] if screen in CUT else [2, 2, 2, 2]
    assert "prices are equal" in refusal(screen, lot_of("A", prices, winners=1))


def test_the_cut_screens_show_the_last_winner_and_the_losers():
    measured = outcome("rd", lot_of("A", [1, 2, 3, 4, 6], winners=2))
    assert [one.bid for one in measured.bids] == ["A-1", "A-2", "A-3", "A-4"]


def test_a_lot_of_originators_cannot_be_simulated():
    lot = lot_of("A", [1, 2, 3, 5], winners=1)
    originators = tuple(
        bid(one.bid, str(one.comparable_price), selected=one.selected, originator=True)
        for one in lot.bids[1:]
    )
    reason = refusal("cv", ScreenedLot("A", (lot.bids[0], *originators), 1))
    assert "fewer than 2 prices of generics" in reason


def test_an_originator_far_above_raises_no_kurtosis():
    """Its price is held in the simulation; a generic at the same price is unusual."""
    generics = tuple(bid(f"g{number}", price) for number, price in enumerate(["9", "10", "11"]))
    far = {
        kind: ScreenedLot("A", (*generics, bid("far", "200", originator=kind)), 1)
        for kind in (True, False)
    }
    assert outcome("kurtosis", far[True]).chance > 0.05
    assert outcome("kurtosis", far[False]).chance < 0.05
