"""What a simulation takes from the lot, and what from the others."""

import numpy as np
import pytest

from bidding.screens.competitive_null import Spread
from bidding.screens.screened_lot import Evidence, ScreenedLot, ScreenedRound
from bidding.screens.simulated_field import SimulatedField, simulated_fields
from tests.bidding.screens.rounds import bid, competitive_round, lot_of

OTHERS = competitive_round(np.random.default_rng(1), lots=9, spread=Spread(0.3)).lots


def simulated(lot):
    field = simulated_fields(Evidence(ScreenedRound("round", (lot, *OTHERS))))[lot.lot]
    assert isinstance(field, SimulatedField)
    return field


def test_no_lot_takes_its_spread_from_itself():
    tight, wide = ([10, 10.1, 10.2, 10.3], [1, 10, 100, 1000])
    spreads = {simulated(lot_of("A", prices, winners=1)).spread for prices in (tight, wide)}
    assert len(spreads) == 1


def test_generics_give_the_level_and_originators_are_held():
    lot = ScreenedLot("A", (bid("a", "2"), bid("b", "8"), bid("o", "40", originator=True)), 1)
    field = simulated(lot)
    assert (field.generics, field.level) == (2, pytest.approx(4.0))
    assert field.held.tolist() == pytest.approx([10.0])
