"""The frontier: against the definitions, and its ratios."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.cost_effectiveness import FRONTIER, frontier
from tests.pricing.cost_effectiveness import twin

# Whole numbers, so that ties and straight lines happen.
POINTS = st.lists(st.tuples(st.integers(0, 12), st.integers(-3, 9)), min_size=1, max_size=8)


@given(POINTS)
def test_statuses_are_those_of_the_definitions(points):
    costs, effects = [float(one) for one, _ in points], [float(one) for _, one in points]
    names = [str(number) for number in range(len(points))]
    for row in frontier(costs, effects, names):
        assert row.status == twin.status(int(row.strategy), costs, effects)


@given(POINTS)
def test_ratios_rise_along_the_frontier_and_lead_from_one_to_the_next(points):
    names = [str(number) for number in range(len(points))]
    rows = [
        row
        for row in frontier([one for one, _ in points], [one for _, one in points], names)
        if row.status == FRONTIER
    ]
    assert rows[0].icer is None
    ratios = [row.icer for row in rows[1:] if row.icer is not None]
    assert len(ratios) == len(rows) - 1
    assert ratios == sorted(ratios)
    for before, row in pairwise(rows):
        step = (row.cost - before.cost) / (row.effect - before.effect)
        assert row.icer == pytest.approx(step)


@given(POINTS)
def test_at_any_threshold_the_best_strategy_is_on_the_frontier(points):
    names = [str(number) for number in range(len(points))]
    rows = frontier([one for one, _ in points], [one for _, one in points], names)
    on = [row for row in rows if row.status == FRONTIER]
    for threshold in (0.0, 0.5, 1.0, 3.0, 100.0):
        best = max(threshold * row.effect - row.cost for row in rows)
        assert max(threshold * row.effect - row.cost for row in on) == pytest.approx(best)


def test_of_two_equal_strategies_the_first_one_named_stands():
    first, second = frontier([5.0, 5.0], [1.0, 1.0], ["A", "B"])
    assert (first.strategy, first.status) == ("A", "frontier")
    assert (second.strategy, second.status) == ("B", "dominated")


def test_three_strategies_on_one_line_all_stand():
    rows = frontier([0.0, 10.0, 20.0], [0.0, 1.0, 2.0], ["A", "B", "C"])
    assert [row.icer for row in rows] == [None, 10.0, 10.0]
