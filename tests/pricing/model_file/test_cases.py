"""The worked example as a model folder gives every published figure, by year and scenario."""

from pathlib import Path

import numpy as np
import pytest

from pricing.budget_impact import budget_impact
from pricing.ceilings import (
    Basis,
    BudgetEveryYear,
    BudgetQuantile,
    Ceiling,
    Indication,
    ceiling_of,
)
from pricing.model_file import Model, parse_model, read_model
from tests.house_rules import ROOT
from tests.pricing.model_file.samples import budget_of
from tests.pricing.published import Case, read_case

PRICE = "negotiated.price"
DRAWS = 100_000


@pytest.fixture(scope="module")
def case(shared: Path) -> Case:
    return read_case(shared, "bia01_htabim_disease_x")


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model(ROOT / "examples" / "models" / "disease-x")


def basis(model: Model, overrides=None, *, price: float = 28_800) -> Basis:
    evaluated = model.at(overrides or {})
    indication = Indication(budget=evaluated.budget)
    return Basis(price=price, indications=(indication,), factor=evaluated.price_factor)


def price_of(ceiling: Ceiling) -> float:
    assert ceiling.price is not None
    return float(ceiling.price)


def test_eligible_patients_and_the_present_mix(case, model):
    impact = budget_impact(budget_of(model.at()))
    found = {f"eligible_y{year + 1}": impact.eligible[year, 0] for year in range(5)}
    found |= {f"current_y{year + 1}": impact.without[year, 0] for year in range(5)}
    assert case.misses(found) == {}


@pytest.mark.parametrize("scenario", [None, "conservative", "optimistic"])
def test_the_impact_of_each_scenario_by_year_and_cumulative(case, model, scenario):
    impact, name = budget_impact(budget_of(model.at(scenario=scenario))), scenario or "base"
    found = {f"{name}_impact_y{year + 1}": impact.impact[year, 0] for year in range(5)}
    found[f"{name}_cumulative"] = impact.cumulative[0]
    assert case.misses(found) == {}


def test_the_published_one_way_analysis_of_the_price(case, model):
    prices = np.array([0.85, 1.15]) * 28_800
    impact = budget_impact(budget_of(model.at({PRICE: prices}))).impact[4]
    found = {"owsa_price_x085_y5": impact[0], "owsa_price_x115_y5": impact[1]}
    assert case.misses(found) == {}


def test_the_price_comes_back_from_the_published_impact(case, model):
    found = {}
    for cap in (42_005_328, 50_999_568, 59_993_808):
        ceiling = ceiling_of(basis(model), BudgetEveryYear(cap=(cap,) * 5))
        found[f"price_ceiling_cap_{cap}"] = price_of(ceiling)
    assert case.misses(found) == {}


def test_the_ceilings_of_the_file(case, model):
    caps = model.at().constraints
    every_year = ceiling_of(basis(model), BudgetEveryYear(cap=(30e6,) * 5))
    sampled = model.sample(np.random.default_rng(caps[2].at.seed), DRAWS)
    quantile = ceiling_of(basis(model, sampled), caps[2])
    assert isinstance(caps[2], BudgetQuantile)
    found = {
        "price_ceiling_cumulative_150m": price_of(ceiling_of(basis(model), caps[1])),
        "price_ceiling_every_year_30m": price_of(every_year),
        "price_ceiling_P_overrun_le_10pct_cap60m": price_of(quantile),
    }
    assert case.misses(found) == {}


def test_the_published_probabilistic_analysis(case, model):
    year_5 = budget_impact(
        budget_of(model.at(model.sample(np.random.default_rng(1), DRAWS)))
    ).impact[4]
    found = {
        name: value
        for value, names in (
            (year_5.mean(), ("psa_mean_vs_printed_n200", "psa_mean_mc", "psa_mean_analytic")),
            (year_5.std(), ("psa_sd_vs_printed_n200", "psa_sd_mc")),
            ((year_5 > 60e6).mean(), ("overrun_prob_at_28800_cap60m",)),
        )
        for name in names
    }
    assert case.misses(found) == {}


def test_mean_and_deviation_of_the_impact_by_their_formulas(case, model):
    # Not rounded, the impact of a year is prevalence x eligible x a sum over prices.
    text = model.files["model.toml"].replace(b'"half-even"', b'"none"')
    exact = parse_model({"model.toml": text})

    def year_5(overrides) -> float:
        return float(budget_impact(budget_of(exact.at(overrides))).impact[4, 0])

    mean, squared = year_5({}), {"factors": 1.0, "prices": 0.0}
    for one in exact.uncertain:
        cv = one.distribution.sd / one.distribution.mean
        if one.path.startswith("population."):
            squared["factors"] *= 1 + cv**2
        else:
            plain = float(exact.at().values[one.path][0])
            squared["prices"] += ((year_5({one.path: 2 * plain}) - mean) * cv / mean) ** 2
    deviation = mean * (squared["factors"] * (1 + squared["prices"]) - 1) ** 0.5
    assert case.misses({"psa_mean_analytic": mean, "psa_sd_analytic": deviation}) == {}


def test_a_one_way_analysis_of_prevalence_and_eligible_is_not_of_zero_width(model):
    # The defect of the peer: its bars for these two had no width.
    assert set(model.uncertain_paths) == {
        *("population.funnel.prevalence", "population.funnel.eligible", PRICE),
        *("treatment.B.price", "treatment.C.price"),
    }
    for path in model.uncertain_paths:
        ends = np.array([model.quantile(path, 0.025), model.quantile(path, 0.975)])
        low, high = budget_impact(budget_of(model.at({path: ends}))).cumulative
        assert abs(high - low) > 100_000, path


def test_the_bar_of_prevalence_is_as_wide_as_its_patients(model):
    ends = np.array([0.002, 0.004])
    low, high = budget_impact(
        budget_of(model.at({"population.funnel.prevalence": ends}))
    ).cumulative
    assert high / low == pytest.approx(2, rel=0.001)


def test_every_figure_of_the_example_says_where_it_comes_from(model):
    documented = {path for path, one in model.inputs.items() if one.source}
    needed = {
        path for path, one in model.inputs.items() if one.expression.constant not in (None, 0, 1)
    }
    ours = {path for path in needed if path.startswith("constraint.")}
    shares = {path for path in needed if ".share_w" in path}
    assert needed - documented - ours - shares == set()
