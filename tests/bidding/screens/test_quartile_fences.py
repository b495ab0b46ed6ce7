"""Quartile fences, by hand."""

import pytest

from bidding.screens.quartile_fences import lower_fence, upper_fence


def test_quartiles_are_interpolated_linearly():
    # of 1, 2, 3, 4: Q1 = 1.75, Q3 = 3.25
    assert upper_fence([4, 1, 3, 2]) == pytest.approx(3.25 + 1.5 * 1.5)
    assert lower_fence([4, 1, 3, 2]) == pytest.approx(1.75 - 1.5 * 1.5)


def test_equal_values_have_fences_at_their_value():
    assert (lower_fence([0.5] * 5), upper_fence([0.5] * 5)) == (0.5, 0.5)


def test_the_factor_moves_the_fence():
    assert upper_fence([4, 1, 3, 2], factor=3) == pytest.approx(3.25 + 3 * 1.5)
