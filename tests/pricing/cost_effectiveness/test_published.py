"""Published models, and the traps in which other programs were caught."""

from dataclasses import replace

import numpy as np
import pytest

from pricing.cost_effectiveness import (
    CohortSettings,
    CohortStrategy,
    Increment,
    apply_hazard_ratio,
    apply_relative_risk,
    by_age,
    drawn_proportions,
    run_cohort,
    weibull_probabilities,
    with_staying,
)
from tests.pricing.cost_effectiveness.models import (
    HIV_COUNTS,
    LAMIVUDINE,
    hiv_comb,
    hiv_mono,
    hiv_settings,
)


def hiv_increment(**changed):
    settings = hiv_settings(**changed)
    return Increment.between(run_cohort(hiv_comb(), settings), run_cohort(hiv_mono(), settings))


def test_the_hiv_model_gives_the_published_ratio_and_the_price_back():
    increment = hiv_increment()
    assert increment.ratio(LAMIVUDINE)[0] == pytest.approx(6275.956, abs=0.001)
    assert increment.price_at(6275.956)[0] == pytest.approx(2086.50, abs=0.005)


def test_the_first_cycle_is_discounted():
    # A peer discounts cycle 1 by 1: costs are 6 % too high, and with them the ratio.
    published = hiv_increment().ratio(LAMIVUDINE)[0]
    assert published == pytest.approx(6275.956, abs=0.001)
    assert published * 1.06 == pytest.approx(6652.5, abs=0.05)


def test_life_years_with_half_cycle_correction_are_as_published():
    settings = hiv_settings(count_effect="half-cycle")
    assert run_cohort(hiv_mono(), settings).effect[0] == pytest.approx(8.475, abs=0.001)
    assert run_cohort(hiv_comb(), settings).effect[0] == pytest.approx(9.42, abs=0.005)


def test_the_ratio_at_a_price_and_the_price_at_a_ratio_are_inverse_in_every_draw():
    generator = np.random.default_rng(1)
    drawn = drawn_proportions(HIV_COUNTS, generator=generator, draws=500)
    risk = generator.lognormal(np.log(0.509), 0.17, 500)
    comb = np.stack([drawn, apply_relative_risk(drawn, risk)])
    settings = hiv_settings()
    increment = Increment.between(
        run_cohort(hiv_comb(transitions=comb), settings),
        run_cohort(hiv_mono(transitions=drawn[np.newaxis]), settings),
    )
    prices = increment.price_at(20_000.0)
    assert increment.ratio(prices) == pytest.approx(20_000.0)


def test_a_hazard_ratio_on_a_probability_is_not_a_relative_risk():
    probability, ratio = np.array([0.6]), np.array([0.5])
    assert apply_hazard_ratio(probability, ratio)[0] == pytest.approx(1 - 0.4**0.5)
    matrix = np.array([[[0.4], [0.6]], [[0.0], [1.0]]])
    assert apply_relative_risk(matrix, ratio)[0, 1, 0] == pytest.approx(0.3)


def hip(*, hazard, price):
    """Hip prostheses of Briggs 2006: Weibull revision, deaths by age at the end of a year."""
    cycles, operative = 60, 0.02
    revision = weibull_probabilities(
        scale=np.array([hazard]), shape=np.array([np.exp(0.3740968)]), cycles=cycles
    )[:, 0]
    deaths = np.array([[0.0067], [0.0193], [0.0535], [0.1548]])
    death = by_age([55, 65, 75, 85], deaths, start_age=61, cycles=cycles)[:, 0]
    leaving = np.zeros((cycles, 5, 5, 1))
    leaving[:, 0, 1], leaving[:, 0, 4] = 1 - operative, operative
    leaving[:, 1, 2, 0], leaving[:, 1, 4, 0] = revision, death
    leaving[:, 2, 4, 0] = operative + death
    leaving[:, 2, 3] = 1 - leaving[:, 2, 4]
    leaving[:, 3, 2], leaving[:, 3, 4, 0] = 0.04, death
    return CohortStrategy(
        "hip",
        start=np.eye(5)[:, :1],
        transitions=with_staying(leaving),
        cost=np.array([0, 0, 5294, 0, 0.0]).reshape(1, 5, 1),
        effect=np.array([0, 0.85, 0.3, 0.75, 0]).reshape(1, 5, 1),
        negotiated_units_once=np.array([price]),
    )


def test_a_time_varying_model_gives_the_published_figures_and_the_price_back():
    hazard = np.exp(-5.490935 - 0.0367022 * 60)
    settings = CohortSettings(60, 1.0, np.array([0.06]), np.array([0.015]), "start", "start")
    old = run_cohort(hip(hazard=hazard, price=0.0), settings)
    new = run_cohort(hip(hazard=hazard * np.exp(-1.344474), price=1.0), settings)
    assert old.cost[0] + 394 == pytest.approx(512.4327, abs=5e-5)
    assert new.cost_at(579.0)[0] == pytest.approx(610.3112, abs=6e-5)
    with_price = replace(old, cost=old.cost + 394)
    increment = Increment.between(new, with_price)
    assert increment.ratio(579.0)[0] == pytest.approx(2198.977, abs=5e-4)
    assert increment.price_at(2198.977)[0] == pytest.approx(579, abs=1e-4)
