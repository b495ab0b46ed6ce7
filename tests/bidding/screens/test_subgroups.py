"""Subgroups against a slow twin, and the three bids that are shown."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given

from bidding.screens import SCREENS
from bidding.screens.altrd import alternative_relative_distance
from bidding.screens.competitive_null import Spread
from bidding.screens.cv import coefficient_of_variation
from bidding.screens.measurement import Measurement, Simulation
from bidding.screens.prices import sorted_prices
from bidding.screens.screened_lot import Evidence, ScreenedRound
from bidding.screens.subgroups import BIDDERS_MAX, summarise_subgroups, tightest_triple_cv
from tests.bidding.screens.rounds import competitive_round, lot_of
from tests.bidding.screens.strategies import fields


@given(fields())
def test_the_tightest_triple_is_found_among_neighbours(prices):
    triples = (coefficient_of_variation(np.array(triple)) for triple in combinations(prices, 3))
    slow = min(float(figure) for figure in triples)
    assert float(tightest_triple_cv(prices)) == pytest.approx(slow, abs=1e-12)


@given(fields())
def test_the_table_is_least_median_and_greatest_of_all_subgroups(prices):
    table = {(row.screen, row.size): row for row in summarise_subgroups(prices)}
    for size in (3, 4):
        groups = [np.array(group) for group in combinations(prices, size)]
        values = [float(alternative_relative_distance(group)) for group in groups]
        defined = [value for value in values if not np.isnan(value)]
        if not defined:
            assert ("altrd", size) not in table
            continue
        row = table["altrd", size]
        assert row.minimum == pytest.approx(min(defined))
        assert row.median == pytest.approx(float(np.median(defined)))
        assert row.maximum == pytest.approx(max(defined))


def test_kurtosis_needs_quads():
    table = summarise_subgroups(sorted_prices([1, 2, 4, 8, 9]))
    assert [row.size for row in table if row.screen == "kurtosis"] == [4]


def measure(prices):
    others = competitive_round(np.random.default_rng(1), lots=8, spread=Spread(0.3))
    lots = (lot_of("A00", prices, winners=2), *others.lots)
    evidence = Evidence(ScreenedRound("round", lots))
    simulation = Simulation(np.random.default_rng(2), 200)
    outcome = SCREENS["subgroups"].assess(evidence, simulation)[0]
    assert isinstance(outcome, Measurement)
    return outcome


def test_the_three_bids_of_the_tightest_triple_are_shown_with_the_table():
    outcome = measure([6, 10, 11, 12, 20])
    assert [bid.bid for bid in outcome.bids] == ["A00-1", "A00-2", "A00-3"]
    assert outcome.figure == pytest.approx(1 / 11)
    named = {detail.name: detail.value for detail in outcome.details}
    assert named["cv of 3, min"] == pytest.approx(1 / 11)
    assert len(named) == 45


def test_the_table_is_left_out_of_crowded_lots():
    assert measure(range(1, BIDDERS_MAX + 2)).details == ()
