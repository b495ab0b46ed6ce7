"""Budget impact of a new drug by scenario, its uncertainty, and the prices under a cap."""

import re
from collections.abc import Callable
from functools import cache

import numpy as np

from pricing.budget_impact import BudgetImpact, BudgetModel, budget_impact
from pricing.ceilings import (
    AtProbability,
    Basis,
    BudgetCumulative,
    BudgetEveryYear,
    BudgetQuantile,
    Constraint,
    Indication,
    ceiling_of,
)
from procurement.cli.cases.answers import Answers, FromName, Result
from procurement.cli.cases.budget_inputs import FUNNEL, BudgetInputs, read_budget_inputs
from procurement.cli.cases.case_file import Case
from procurement.cli.cases.given import Given
from procurement.cli.cases.uncertain_budget import UncertainBudget, read_uncertainty

MILLION = 1_000_000


def answers(case: Case) -> Answers:
    """Impact by year and in total, one-way points, probabilistic figures and ceilings.

    Raises:
        BadCaseError: An input is missing or impossible.
    """
    given = Given(case)
    inputs = read_budget_inputs(case, given)
    uncertain = read_uncertainty(inputs, given)
    scenarios = [name for name in inputs.shares if name != "current"]
    first = "base" if "base" in scenarios else scenarios[0]

    @cache
    def impact(scenario: str) -> BudgetImpact:
        return budget_impact(inputs.model(scenario))

    words = "|".join(map(re.escape, scenarios))
    patterns: dict[str, FromName] = {
        r"eligible_y(\d+)": lambda name: _of_year(impact(first).eligible, name[1]),
        r"current_y(\d+)": lambda name: _of_year(impact(first).without, name[1]),
        rf"({words})_impact_y(\d+)": lambda name: _of_year(impact(name[1]).impact, name[2]),
        rf"({words})_y(\d+)": lambda name: _of_year(impact(name[1]).with_, name[2]),
        rf"({words})_cumulative": lambda name: float(impact(name[1]).cumulative[0]),
        **_one_way(inputs, first),
        **_ceilings(inputs, first),
    }
    if uncertain is None:
        return Answers({}, patterns)
    return Answers(_moments(uncertain, first), patterns | _overrun(uncertain, first))


def _of_year(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]], year: str) -> Result:
    number = int(year)
    return float(values[number - 1, 0]) if 1 <= number <= len(values) else None


def _one_way(inputs: BudgetInputs, scenario: str) -> dict[str, FromName]:
    words = "|".join(("price", "population", "growth", *FUNNEL))

    def work_out(name: re.Match[str]) -> Result:
        # x085 is 0.85, x115 is 1.15.
        changed = inputs.scaled(name[1], float(name[2]) / 100)
        return _of_year(budget_impact(changed.model(scenario)).impact, name[3])

    return {rf"owsa_({words})_x(\d+)_y(\d+)": work_out}


def _ceilings(inputs: BudgetInputs, scenario: str) -> dict[str, FromName]:
    last = inputs.years

    def in_last_year(name: re.Match[str]) -> Result:
        cap = BudgetEveryYear((float(name[1]),))
        return _ceiling(inputs, inputs.year(scenario, last), cap)

    def in_all_years(name: re.Match[str]) -> Result:
        cap = BudgetCumulative(float(name[1]) * MILLION)
        return _ceiling(inputs, inputs.model(scenario), cap)

    def every_year(name: re.Match[str]) -> Result:
        cap = BudgetEveryYear((float(name[1]) * MILLION,) * last)
        return _ceiling(inputs, inputs.model(scenario), cap)

    return {
        r"price_ceiling_cap_(\d+)": in_last_year,
        r"price_ceiling_cumulative_(\d+)m": in_all_years,
        r"price_ceiling_every_year_(\d+)m": every_year,
    }


def _moments(uncertain: UncertainBudget, scenario: str) -> dict[str, Callable[[], Result]]:
    def mean() -> Result:
        return float(uncertain.impact(scenario).mean())

    def deviation() -> Result:
        return float(uncertain.impact(scenario).std(ddof=1))

    return {
        "psa_mean_mc": mean,
        "psa_sd_mc": deviation,
        "psa_mean_vs_printed_n200": mean,
        "psa_sd_vs_printed_n200": deviation,
        "psa_mean_analytic": lambda: uncertain.moments(scenario)[0],
        "psa_sd_analytic": lambda: uncertain.moments(scenario)[1],
    }


def _overrun(uncertain: UncertainBudget, scenario: str) -> dict[str, FromName]:
    def probability(name: re.Match[str]) -> Result:
        price, cap = float(name[1]), float(name[2]) * MILLION
        return float((uncertain.impact(scenario, price=price) > cap).mean())

    def ceiling(name: re.Match[str]) -> Result:
        drawn = uncertain.drawn()
        allowed = AtProbability(float(name[1]) / 100)
        cap = BudgetQuantile((float(name[2]) * MILLION,), allowed, year=1)
        return _ceiling(drawn, drawn.year(scenario, uncertain.year), cap)

    return {
        r"overrun_prob_at_(\d+)_cap(\d+)m": probability,
        r"price_ceiling_P_overrun_le_(\d+)pct_cap(\d+)m": ceiling,
    }


def _ceiling(inputs: BudgetInputs, model: BudgetModel, constraint: Constraint) -> Result:
    price = float(inputs.prices[inputs.negotiated][0])
    basis = Basis(price=price, indications=(Indication(budget=model),), factor=inputs.price_factor)
    return ceiling_of(basis, constraint).exact
