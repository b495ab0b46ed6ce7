"""Arithmetic on price arrays."""

import numpy as np
import pytest

from bidding.screens.prices import quotient, sorted_prices, standard_deviation


def test_prices_are_sorted():
    assert sorted_prices([3.0, 1.0, 2.0]).tolist() == [1.0, 2.0, 3.0]


def test_standard_deviation_divides_by_n_minus_1():
    assert float(standard_deviation(np.array([2.0, 4.0]))) == pytest.approx(2**0.5)


def test_equal_prices_have_exactly_no_deviation():
    assert float(standard_deviation(np.full(7, 0.1))) == 0.0


def test_a_quotient_by_zero_is_not_a_number():
    assert np.isnan(quotient(np.array(0.0), np.array(0.0)))


def test_formulas_work_on_many_fields_at_once():
    fields = np.array([[1.0, 2.0, 3.0], [2.0, 2.0, 2.0]])
    assert standard_deviation(fields).tolist() == [1.0, 0.0]
