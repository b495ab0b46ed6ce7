"""Models that several tests use, and strategies for random ones."""

import numpy as np
from hypothesis import strategies as st

from pricing.cost_effectiveness import (
    COUNTING_RULES,
    CohortSettings,
    CohortStrategy,
    apply_relative_risk,
    proportions,
)

HIV_COUNTS = np.array(
    [[1251, 350, 116, 17], [0, 731, 512, 15], [0, 0, 1312, 437], [0, 0, 0, 0]], dtype=float
)
HIV_COST = np.array([5034.0, 5330.0, 11285.0, 0.0]).reshape(1, 4, 1)
LAMIVUDINE = 2086.50


def hiv_settings(**changed):
    chosen = {
        "cycles": 20,
        "discount_cost": np.array([0.06]),
        "discount_effect": np.zeros(1),
        "count_cost": "end",
        "count_effect": "end",
        "states": ("A", "B", "C", "D"),
    }
    return CohortSettings(**{**chosen, **changed})


def hiv_mono(**changed):
    chosen = {
        "name": "mono",
        "start": np.array([[1.0], [0.0], [0.0], [0.0]]),
        "transitions": proportions(HIV_COUNTS)[np.newaxis],
        "cost": HIV_COST,
        "effect": np.array([1.0, 1.0, 1.0, 0.0]).reshape(1, 4, 1),
    }
    return CohortStrategy(**{**chosen, **changed})


def hiv_comb(**changed):
    plain = proportions(HIV_COUNTS)
    takes = (np.arange(20) < 2).astype(float)
    alive = np.array([1.0, 1.0, 1.0, 0.0]).reshape(4, 1)
    return hiv_mono(
        **{
            "name": "comb",
            "transitions": np.stack([plain, apply_relative_risk(plain, np.array([0.509]))]),
            "matrix_of_cycle": tuple(int(one) for one in takes),
            "negotiated_units": takes[:, np.newaxis, np.newaxis] * alive,
            **changed,
        }
    )


def arrays(draw, *shape, least=0.0, most=100.0):
    """Numbers of a shape, from a seed: hypothesis need not shrink each of them."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return least + (most - least) * generator.random(shape)


@st.composite
def cohort_models(draw):
    """A strategy and its settings; every axis long or of length 1."""
    cycles, states = draw(st.integers(1, 7)), draw(st.integers(1, 4))
    draws = draw(st.sampled_from([1, 1, 3]))

    def long(length):
        return draw(st.sampled_from([1, length]))

    number = long(cycles)
    matrix = arrays(draw, number, states, states, long(draws))
    matrix = matrix * (arrays(draw, number, states, states, 1) > 40)
    matrix[:, range(states), range(states)] += 1.0
    start = arrays(draw, states, long(draws)) + 0.01
    chosen = None
    if draw(st.booleans()):
        chosen = tuple(draw(st.integers(0, number - 1)) for _ in range(cycles))
    strategy = CohortStrategy(
        "any",
        start=start / start.sum(axis=0),
        transitions=matrix / matrix.sum(axis=2, keepdims=True),
        cost=arrays(draw, long(cycles), long(states), long(draws)),
        effect=arrays(draw, long(cycles), long(states), long(draws), least=-1.0, most=1.0),
        negotiated_units=arrays(draw, long(cycles), long(states), long(draws)),
        one_off_cost=arrays(draw, long(draws)),
        negotiated_units_once=arrays(draw, long(draws)),
        matrix_of_cycle=chosen,
    )
    settings = CohortSettings(
        cycles=cycles,
        cycle_years=draw(st.sampled_from([1.0, 0.5, 1 / 12])),
        discount_cost=arrays(draw, long(draws), most=0.1),
        discount_effect=arrays(draw, long(draws), most=0.1),
        count_cost=draw(st.sampled_from(COUNTING_RULES)),
        count_effect=draw(st.sampled_from(COUNTING_RULES)),
    )
    return strategy, settings
