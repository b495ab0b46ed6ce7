"""Matrices from counts, and tunnels."""

import numpy as np
import pytest

from pricing.cost_effectiveness import (
    CohortSettings,
    CohortStrategy,
    drawn_proportions,
    expand_tunnels,
    proportions,
    run_cohort,
    trace,
)
from pricing.faults import ModelError
from tests.pricing.cost_effectiveness.models import HIV_COUNTS


def test_counts_become_proportions_and_a_row_without_counts_keeps_everybody():
    matrix = proportions(HIV_COUNTS)[..., 0]
    assert matrix[0] == pytest.approx(np.array([1251, 350, 116, 17]) / 1734)
    assert matrix[3].tolist() == [0.0, 0.0, 0.0, 1.0]


def test_drawn_rows_have_the_moments_of_their_dirichlet_distribution():
    drawn = drawn_proportions(HIV_COUNTS, generator=np.random.default_rng(5), draws=200_000)
    total = 1734
    mean = 350 / total
    assert drawn.sum(axis=1) == pytest.approx(1.0)
    assert drawn[0, 1].mean() == pytest.approx(mean, rel=1e-3)
    assert drawn[0, 1].var() == pytest.approx(mean * (1 - mean) / (total + 1), rel=0.02)
    assert not drawn[1, 0].any()


def test_the_same_generator_gives_the_same_draws():
    one, two = (
        drawn_proportions(HIV_COUNTS, generator=np.random.default_rng(5), draws=10) for _ in "12"
    )
    assert (one == two).all()


@pytest.mark.parametrize("counts", [np.ones((2, 3)), -np.ones((2, 2)), np.ones(2)])
def test_counts_that_are_none_are_refused(counts):
    with pytest.raises(ModelError):
        proportions(counts)


def model(matrix, effect):
    start = np.zeros((matrix.shape[1], 1))
    start[0] = 1.0
    return CohortStrategy("x", start=start, transitions=matrix, effect=effect)


def test_tunnels_that_are_all_alike_change_nothing():
    generator = np.random.default_rng(7)
    matrix = generator.random((1, 3, 3, 1))
    matrix /= matrix.sum(axis=2, keepdims=True)
    effect = np.array([1.0, 0.5, 0.0]).reshape(1, 3, 1)
    rows = np.repeat(matrix[0, 1][np.newaxis], 4, axis=0)
    new = expand_tunnels(matrix, state=1, rows=rows, states=("well", "ill", "dead"))
    settings = CohortSettings(cycles=9)
    plain = run_cohort(model(matrix, effect), settings)
    expanded = run_cohort(model(new.transitions, new.by_state(effect)), settings)
    assert expanded.effect == pytest.approx(plain.effect)


def test_tunnels_remember_the_time_in_the_state_and_begin_anew():
    # The ill recover in their second cycle and fall ill again at once.
    matrix = np.array([[[[0.0], [1.0]], [[0.5], [0.5]]]])
    rows = np.array([[[0.0], [1.0]], [[1.0], [0.0]]])
    new = expand_tunnels(matrix, state=1, rows=rows, states=("well", "ill"))
    assert new.states == ("well", "ill 1", "ill 2")
    points = trace(model(new.transitions, np.zeros((1, 1, 1))), CohortSettings(cycles=6))
    assert points[:, :, 0].argmax(axis=1).tolist() == [0, 1, 2, 0, 1, 2, 0]


def test_tunnels_fit_their_model():
    with pytest.raises(ModelError):
        expand_tunnels(np.ones((1, 2, 2, 1)), state=0, rows=np.ones((2, 3, 1)), states=("a", "b"))
