"""Arrays of draws: the draws are the last axis, and what is certain has one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.draws import as_draws, by_year, chunks, number_of_draws, part_of
from pricing.faults import ModelError


@given(draws=st.integers(1, 50), size=st.integers(1, 20))
def test_chunks_cover_every_draw_once_and_in_order(draws, size):
    covered = [number for part in chunks(draws, size) for number in range(draws)[part]]
    assert covered == list(range(draws))


def test_two_numbers_of_draws_do_not_go_together():
    with pytest.raises(ModelError, match=r"2, 3"):
        number_of_draws([as_draws([1, 2]), as_draws([1, 2, 3])])


def test_what_is_certain_goes_with_every_number_of_draws():
    assert number_of_draws([as_draws(1), np.ones((2, 5)), by_year([1, 2])]) == 5
    assert number_of_draws([]) == 1


def test_a_part_keeps_the_other_axes_and_what_is_certain():
    array = np.arange(6.0).reshape(2, 3)
    assert part_of(array, slice(1, 3)).tolist() == [[1, 2], [4, 5]]
    assert part_of(by_year([1, 2]), slice(1, 3)).tolist() == [[1], [2]]
