"""A simulation states what it can see."""

import numpy as np
import pytest

from bidding.screens.measurement import Simulation


def test_the_smallest_chance_counts_the_observation_itself():
    assert Simulation(np.random.default_rng(1), 99).chance_min == 0.01


def test_a_simulation_without_draws_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        Simulation(np.random.default_rng(1), 0)
