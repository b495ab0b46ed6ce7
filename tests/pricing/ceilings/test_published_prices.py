"""Published outputs put in return the published prices."""

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from pricing.budget_impact import budget_impact
from pricing.ceilings import (
    AtProbability,
    BudgetCumulative,
    BudgetEveryYear,
    BudgetQuantile,
    CostNeutral,
    Icer,
    Method,
    draws_own_ceilings,
    holds_at,
)
from pricing.distributions import make_distribution
from pricing.sensitivity import overrun_curve
from tests.missing import skip_unless_ci
from tests.pricing.ceilings.models import (
    basis_of,
    ceiling,
    disease_x,
    outcome,
    small_budget,
    treatment,
)


@pytest.fixture
def cases(shared):
    """The expected values of a case file, by name."""

    def read(name):
        path = shared / "cases" / "negotiation" / f"{name}.json"
        if not path.exists():
            skip_unless_ci(f"{path} is missing")
        case = json.loads(path.read_text(encoding="utf-8"))
        return {one["name"]: one["value"] for one in case["expected"]}

    return read


@pytest.mark.parametrize("price", ["24480.00", "28800.00", "33120.00"])
def test_the_published_budget_of_disease_x_returns_its_price(price, cases):
    caps = {"24480.00": 42005328, "28800.00": 50999568, "33120.00": 59993808}
    constraint = BudgetQuantile((float(caps[price]),) * 5, AtProbability(0.0), year=5)
    found = ceiling(basis_of(disease_x()), constraint)
    assert found.price == Decimal(price)
    assert found.put_back.holds
    assert found.put_back.fails_above
    assert float(found.price) == cases("bia01_htabim_disease_x")[f"price_ceiling_cap_{caps[price]}"]


def test_the_cumulative_and_yearly_ceilings_of_disease_x(cases):
    expected = cases("bia01_htabim_disease_x")
    basis = basis_of(disease_x())
    cumulative = ceiling(basis, BudgetCumulative(150e6))
    every_year = ceiling(basis, BudgetEveryYear((30e6,) * 5))
    assert cumulative.exact == pytest.approx(expected["price_ceiling_cumulative_150m"], rel=1e-3)
    assert every_year.exact == pytest.approx(expected["price_ceiling_every_year_30m"], rel=1e-3)
    assert every_year.binding_part == "5"
    assert every_year.method is Method.DIVISION


def test_the_ceiling_of_disease_x_at_an_overrun_probability(cases):
    expected = cases("bia01_htabim_disease_x")
    generator, draws = np.random.default_rng(1), 200_000

    def drawn(kind, **arguments):
        return make_distribution(kind, arguments).sample(generator, draws)

    prevalence = drawn("beta", mean=0.003, se=0.0005)
    part = drawn("beta", mean=0.3, se=0.05)
    eligible = 42e6 * 1.005 ** np.arange(5)[:, np.newaxis] * (prevalence * part * 0.6 * 0.45)
    model = disease_x(eligible=eligible, rounding="none")
    factor = drawn("lognormal", mean=1, cv=0.1)
    a, b, c = model.treatments
    others = (
        replace(b, price=drawn("lognormal", mean=22400, cv=0.1)),
        replace(c, price=drawn("lognormal", mean=220, cv=0.1)),
    )
    model = replace(model, treatments=(a, *others), price_factor=factor)
    basis = basis_of(model, factor=factor)
    constraint = BudgetQuantile((60e6,) * 5, AtProbability(0.1), year=5)
    found = ceiling(basis, constraint)
    assert found.exact == pytest.approx(
        expected["price_ceiling_P_overrun_le_10pct_cap60m"], rel=0.01
    )
    own = draws_own_ceilings(basis, constraint)
    curve = overrun_curve(own.lower, own.upper, [28800.0])
    assert curve.probability[0] == pytest.approx(expected["overrun_prob_at_28800_cap60m"], rel=0.01)
    impact = budget_impact(model).impact[4]
    assert impact.mean() == pytest.approx(expected["psa_mean_analytic"], rel=0.003)
    assert impact.std() == pytest.approx(expected["psa_sd_analytic"], rel=0.01)


def test_the_cost_neutral_price_of_ivabradine(cases):
    model = small_budget(patients=2.8085e6, years=1, share=1.0, old_price=0.0, other=0.0)
    old = model.treatments[1]
    saving = treatment("new", price=6240, offset=11951, with_=1)
    model = replace(model, treatments=(saving, old))
    found = ceiling(basis_of(model), CostNeutral())
    assert found.price == Decimal("11951.00")
    expected = cases("bia03_ivabradine_china2019")["breakeven_annual_price"]
    assert found.exact == pytest.approx(expected)


def test_the_cost_neutral_price_of_a_dressing(cases):
    """Jenks 2016: two decision trees of independent events."""
    standard = 9900 * 1.48 * 10 / 1000 + 100 * 0.14 * 10 / 1000 + 6 / 476 + 3 * 1.54
    covered = (9900 * 1.48 * 0.402 + 100 * 0.14 * 0.402) * 10 / 1000 + 6 / 476
    outcomes = (outcome("old", standard, 0, 0), outcome("new", covered, 3, 0))
    found = ceiling(basis_of(outcomes=outcomes), CostNeutral("outcome"))
    expected = cases("cea05_tegaderm_jenks2016")["breakeven_price_per_dressing"]
    assert found.exact == pytest.approx(expected, abs=1e-3)
    assert found.price == Decimal("30.77")


def test_the_published_ratio_of_lamivudine_returns_its_price(cases):
    expected = cases("cea01_hiv_chancellor1997")
    at_zero, slope = expected["d_cost_at_zero_price"], expected["price_slope_d_cost_per_unit_price"]
    outcomes = (
        outcome("old", expected["cost_mono"], 0, expected["ly_mono"]),
        outcome("new", expected["cost_mono"] + at_zero, slope, expected["ly_comb"]),
    )
    basis = basis_of(outcomes=outcomes)
    found = ceiling(basis, Icer(expected["icer"]))
    assert found.exact == pytest.approx(2086.50, abs=0.01)
    for threshold in (10000, 20000, 30000):
        price = ceiling(basis, Icer(threshold)).exact
        assert price == pytest.approx(expected[f"max_price_wtp_{threshold}"], abs=0.01)
    assert found.shadow.value == pytest.approx(expected["d_ly"] / slope)


def test_a_ceiling_that_is_a_whole_cent_is_not_one_cent_lower():
    budget = disease_x(rounding="none")
    impact = budget_impact(budget).impact[:, 0]
    found = ceiling(basis_of(budget), BudgetEveryYear(tuple(map(float, impact))))
    assert found.price == Decimal("28800.00")
    assert holds_at(basis_of(budget), BudgetEveryYear(tuple(map(float, impact))), 28800.0)
    assert Fraction(found.price) - Fraction(repr(found.exact)) < Fraction(1, 10**6)
