"""Missing bids: the differences by a slow twin, and rounds with and without a gap."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.screens import SCREENS
from bidding.screens.answer import Answer, ScreenResult
from bidding.screens.competitive_null import Spread
from bidding.screens.measurement import Measurement, Simulation
from bidding.screens.missing_bids import Limits, assess_missing_bids, count_beside, differences
from bidding.screens.prices import sorted_prices
from bidding.screens.screened_lot import Evidence, ScreenedRound
from bidding.screens.standing_bids import field_prices, standing_bids
from tests.bidding.screens.rounds import competitive_round, lot_of
from tests.bidding.screens.strategies import fields


def slow_differences(prices, winners, ceiling):
    for own, price in enumerate(prices):
        rivals = sorted(prices[:own] + prices[own + 1 :])
        yield (price - rivals[winners - 1]) / ceiling


@given(fields(), st.data())
def test_the_price_to_beat_is_the_kth_of_the_rivals(prices, data):
    winners = data.draw(st.integers(1, prices.size - 1))
    slow = list(slow_differences(prices.tolist(), winners, 50.0))
    assert differences(prices, winners, 50.0).tolist() == pytest.approx(slow)


def test_bids_within_the_window_are_counted():
    prices = sorted_prices([40, 41, 70, 90])
    assert int(count_beside(prices, 1, 100.0, 0.02)) == 2
    assert int(count_beside(prices, 2, 100.0, 0.02)) == 0


def measure(lots, **limits):
    evidence = Evidence(ScreenedRound("round", lots))
    simulation = Simulation(np.random.default_rng(7), 2000)
    (outcome,) = assess_missing_bids(evidence, simulation, limits=Limits(**limits))
    return outcome


def competitive_lots(seed):
    fields = competitive_round(np.random.default_rng(seed), lots=25, spread=Spread(0.25)).lots
    return tuple(
        lot_of(lot.lot, field_prices(standing_bids(lot)).tolist(), winners=1, ceiling="2")
        for lot in fields
    )


def with_gap(lot):
    """The same lot with every loser moved 12 % of the ceiling away from the winner."""
    prices = field_prices(standing_bids(lot)).tolist()
    moved = [prices[0], *(price + 0.24 for price in prices[1:])]
    return lot_of(lot.lot, moved, winners=1, ceiling="2")


def test_a_competitive_round_is_ordinary():
    outcome = measure(competitive_lots(1))
    assert isinstance(outcome, Measurement)
    assert outcome.chance > 0.05
    expected = {one.name: one.value for one in outcome.details}["share in simulated competition"]
    assert outcome.figure == pytest.approx(expected, abs=0.05)


def test_a_round_with_a_gap_around_the_price_to_beat_is_unusual():
    outcome = measure(tuple(with_gap(lot) for lot in competitive_lots(1)))
    assert isinstance(outcome, Measurement)
    assert outcome.figure == 0.0
    assert outcome.chance < 0.01


def test_few_differences_are_refused():
    outcome = measure(competitive_lots(1), differences_min=1000)
    assert isinstance(outcome, ScreenResult)
    assert outcome.answer is Answer.NOT_ASSESSABLE
    assert outcome.n < 1000


def test_lots_without_ceiling_or_losers_do_not_count():
    everybody_wins = lot_of("X", [1, 2, 3, 4], winners=4, ceiling="9")
    without_ceiling = lot_of("Y", [1, 2, 3, 4], winners=1)
    lots = competitive_lots(1)
    assert measure((*lots, everybody_wins, without_ceiling)).n == measure(lots).n


def test_the_registered_screen_uses_the_default_limits():
    evidence = Evidence(ScreenedRound("round", competitive_lots(1)))
    (outcome,) = SCREENS["missing_bids"].assess(
        evidence, Simulation(np.random.default_rng(7), 2000)
    )
    assert outcome == measure(competitive_lots(1))
