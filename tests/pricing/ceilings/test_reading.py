"""The tables of constraints, and what is wrong with bad ones."""

from fractions import Fraction

import pytest

from pricing.ceilings import (
    PRESETS,
    AtProbability,
    BudgetCumulative,
    BudgetEveryYear,
    BudgetQuantile,
    CostNeutral,
    Icer,
    InternationalPrice,
    ReferencePrice,
    given_price,
    read_constraint,
    threshold_of,
)
from pricing.faults import ModelFaultsError

QUANTILE = {"kind": "budget-quantile", "cap": 5.0, "overrun_probability": 0.1}
ABROAD = {"kind": "international-price", "prices": {"X": 3.0, "Y": 1.0}}


def read(table, *, years):
    return read_constraint(table, years=years)


def worth(preset, **more):
    return threshold_of(preset, **more)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"kind": "budget-every-year", "cap": [1.0, 2.0]}, BudgetEveryYear((1.0, 2.0))),
        ({"kind": "budget-cumulative", "cap": 7, "name": "all"}, BudgetCumulative(7.0, "all")),
        ({"kind": "budget-cumulative", "cap": [3.0, 4.0]}, BudgetCumulative(7.0)),
        (
            QUANTILE | {"year": 2, "draws": 100, "seed": 3},
            BudgetQuantile((5.0, 5.0), AtProbability(0.1, 100, 3), 2),
        ),
        (QUANTILE, BudgetQuantile((5.0, 5.0), AtProbability(0.1))),
        ({"kind": "cost-neutral"}, CostNeutral("cumulative")),
        ({"kind": "icer", "threshold": 9.0}, Icer(9.0)),
        (
            {"kind": "icer", "threshold": 9.0, "overrun_probability": 0.2},
            Icer(9.0, AtProbability(0.2)),
        ),
        ({"kind": "reference-price", "price": 24000}, ReferencePrice(Fraction(24000))),
        (
            {"kind": "reference-price", "annual_cost": 365.0, "units_a_year": 730, "premium": 0.1},
            ReferencePrice(Fraction(1, 2), 0.1),
        ),
        (ABROAD | {"rule": "min"}, InternationalPrice((("X", 3.0), ("Y", 1.0)), "min")),
    ],
)
def test_every_kind_is_read(table, expected):
    assert read(table, years=2) == expected


def test_cost_neutrality_without_a_population_is_that_of_the_outcomes():
    assert read({"kind": "cost-neutral"}, years=None) == CostNeutral("outcome")


@pytest.mark.parametrize(
    ("table", "where", "said"),
    [
        ({}, "kind", "is missing"),
        ({"kind": "budget"}, "kind", "expected budget-every-year | "),
        ({"kind": "budget-every-year"}, "cap", "is missing"),
        ({"kind": "budget-every-year", "cap": [1.0]}, "cap", "has 1 years: expected 2"),
        (QUANTILE | {"year": 3}, "year", "expected at most 2"),
        (QUANTILE | {"year": 1.5}, "year", "whole number"),
        (QUANTILE | {"overrun_probability": 1}, "overrun_probability", "no constraint"),
        (QUANTILE | {"overrun_probability": -0.1}, "overrun_probability", "at least 0"),
        (QUANTILE | {"draws": 0}, "draws", "at least 1"),
        ({"kind": "icer", "threshold": -1}, "threshold", "at least 0"),
        ({"kind": "icer", "threshold": {"preset": "mine"}}, "threshold.preset", "ochalek-2020"),
        (
            {"kind": "icer", "threshold": {"preset": "cai-2022"}},
            "threshold.gdp_per_head",
            "missing",
        ),
        (
            {"kind": "icer", "threshold": {"preset": "guideline-2020", "gdp_per_head": 1.0}},
            "threshold.bound",
            "states a range only",
        ),
        (ABROAD, "rule", "is missing"),
        (ABROAD | {"rule": "max"}, "rule", "min | mean | rank-K"),
        (ABROAD | {"rule": "rank-3"}, "rule", "only 2 prices"),
        (ABROAD | {"rule": "min", "prices": {}}, "prices", "at least one"),
        (ABROAD | {"rule": "min", "prices": {"X": 0}}, "prices.X", "above 0"),
        (
            ABROAD
            | {"rule": "gdp-adjusted-mean", "gdp_per_head": {"X": 1.0}, "own_gdp_per_head": 1},
            "gdp_per_head.Y",
            "is missing",
        ),
        ({"kind": "reference-price", "price": 1, "basis": "gross"}, "basis", "list | net"),
    ],
)
def test_a_bad_constraint_says_where_and_what_was_expected(table, where, said):
    with pytest.raises(ModelFaultsError) as caught:
        read(table, years=2)
    assert said in {fault.where: fault.en for fault in caught.value.faults}[where]


def test_a_cap_without_a_population_is_refused():
    with pytest.raises(ModelFaultsError, match="needs \\[population\\]"):
        read({"kind": "budget-cumulative", "cap": 1.0}, years=None)


def test_a_preset_is_a_multiple_of_a_figure_that_the_model_states():
    table = {"preset": "ochalek-2020", "gdp_per_head": 80_000.0}
    found = read({"kind": "icer", "threshold": table}, years=None)
    assert found.threshold == 50_400
    assert "Ochalek" in found.source[1]


@pytest.mark.parametrize("name", list(PRESETS))
def test_every_preset_has_its_source_and_ordered_bounds(name):
    preset = PRESETS[name]
    low, high = (worth(name, gdp_per_head=1.0, bound=bound) for bound in ("low", "high"))
    assert low < high
    assert preset.source_zh
    assert preset.source_en
    assert preset.verified or "not checked" in preset.source_en or "no document" in preset.source_en


def test_prices_abroad_are_adjusted_by_the_product_per_head():
    found = read(
        ABROAD
        | {
            "rule": "gdp-adjusted-mean",
            "gdp_per_head": {"X": 30_000.0, "Y": 5_000.0},
            "own_gdp_per_head": 10_000.0,
        },
        years=None,
    )
    assert given_price(found) == Fraction(3, 2)
