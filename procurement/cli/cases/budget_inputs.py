"""The inputs of a budget impact case: a funnel, shares by scenario, costs by drug."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from pricing.budget_impact import BudgetModel, BudgetTreatment, funnel, linear_curve
from pricing.budget_impact.model import PatientRounding
from pricing.draws import Draws, as_draws
from pricing.plain_table import PlainTable
from procurement.cli.cases.case_file import Case
from procurement.cli.cases.given import Given

FUNNEL = ("prevalence", "diagnosed", "treated", "eligible")
_PRICES = ("drug", "price", "prices", "drug_cost", "cost", "costs")
_POPULATION = ("n_total_pop", "population", "size")
YEARS_MAX = 100

Shares = Mapping[str, float]
"""By drug."""


@dataclass(frozen=True, slots=True, eq=False)
class BudgetInputs:
    """The inputs as read, each certain or drawn.

    Attributes:
        population: Persons in the first year.
        growth: A year.
        factors: Of the funnel, by name.
        years: Number of years.
        shares: By scenario and drug; ``current`` is the mix without the new drug.
        ramp_years: Years until the mix is that of the scenario.
        prices: Yuan a year, by drug.
        other_costs: Yuan a year, by drug.
        negotiated: The new drug.
        rounding: Of patients.
        price_factor: The negotiated price relative to its mean.
    """

    population: Draws
    growth: Draws
    factors: Mapping[str, Draws]
    years: int
    shares: Mapping[str, Shares]
    ramp_years: float
    prices: Mapping[str, Draws]
    other_costs: Mapping[str, float]
    negotiated: str
    rounding: PatientRounding
    price_factor: Draws

    def model(self, scenario: str) -> BudgetModel:
        """The budget impact model of a scenario."""
        return BudgetModel(
            years=self.years,
            eligible=funnel(
                self.population, self.growth, list(self.factors.values()), years=self.years
            ),
            curve=linear_curve(as_draws(self.ramp_years), years=self.years),
            payment_ratio=as_draws(1),
            treatments=tuple(self._treatment(drug, scenario) for drug in self.prices),
            patient_rounding=self.rounding,
            negotiated=self.negotiated,
            price_factor=self.price_factor,
        )

    def year(self, scenario: str, year: int) -> BudgetModel:
        """A single year (from 1) of that model."""
        model = self.model(scenario)
        chosen = slice(year - 1, year)
        return replace(model, years=1, eligible=model.eligible[chosen], curve=model.curve[chosen])

    def scaled(self, name: str, factor: float) -> "BudgetInputs":
        """The inputs with one of them multiplied: the negotiated ``price``, or one by its name."""
        if name == "price":
            prices = {**self.prices, self.negotiated: self.prices[self.negotiated] * factor}
            return replace(self, prices=prices)
        if name in self.factors:
            return replace(self, factors={**self.factors, name: self.factors[name] * factor})
        if name == "growth":
            return replace(self, growth=self.growth * factor)
        return replace(self, population=self.population * factor)

    def _treatment(self, drug: str, scenario: str) -> BudgetTreatment:
        return BudgetTreatment(
            name=drug,
            price=self.prices[drug],
            units_a_year=as_draws(1),
            other_cost=as_draws(self.other_costs[drug]),
            offset=as_draws(0),
            share_without=as_draws(self.shares["current"].get(drug, 0.0)),
            share_with=as_draws(self.shares[scenario].get(drug, 0.0)),
        )


def read_budget_inputs(case: Case, given: Given) -> BudgetInputs:
    """Read the inputs of a case.

    Raises:
        BadCaseError: With every fault.
    """
    table = given.table
    price_table = given.name_of(*_PRICES)
    prices = table.named_numbers(price_table)
    shares = _shares(table)
    years = int(table.number("years", default=5.0, at_least=1.0, at_most=YEARS_MAX))
    if table.number("discount", default=0.0) != 0:
        table.fault(
            "discount", "预算影响不贴现，应为 0", "a budget impact is not discounted: expected 0"
        )
    if "current" not in shares or len(shares) < 2:
        table.fault(
            "shares_current",
            "应有 shares_current 和至少一个情景",
            "expected shares_current and at least one scenario",
        )
    given.check()
    inputs = BudgetInputs(
        population=as_draws(table.number(given.name_of(*_POPULATION), above=0.0)),
        growth=as_draws(table.number("growth", default=0.0, above=-1.0)),
        factors={
            name: as_draws(table.number(name, default=1.0, at_least=0.0, at_most=1.0))
            for name in FUNNEL
        },
        years=years,
        shares=shares,
        ramp_years=table.number("ramp_years", default=1.0, above=0.0),
        prices={drug: as_draws(price) for drug, price in prices.items()},
        other_costs=_other_costs(table, price_table, list(prices)),
        negotiated=_negotiated(table, shares, list(prices)),
        rounding=_rounding(table),
        price_factor=np.ones(1),
    )
    given.check()
    return inputs


def _shares(table: PlainTable) -> dict[str, Shares]:
    found: dict[str, Shares] = {}
    if table.is_table("shares"):
        inside = table.table("shares")
        found |= {name: inside.named_numbers(name) for name in inside.names()}
    for name in table.names():
        match = re.fullmatch(r"shares?_(\w+)", name)
        if match is not None and table.is_table(name):
            found[match[1]] = table.named_numbers(name)
    return found


def _other_costs(table: PlainTable, price_table: str, drugs: list[str]) -> dict[str, float]:
    """Whatever else is given by drug: administration, monitoring, adverse events."""
    costs = dict.fromkeys(drugs, 0.0)
    for name in table.names():
        if name == price_table or name.startswith("share") or not table.is_table(name):
            continue
        inside = table.table(name)
        if set(inside.names()) <= set(drugs):
            for drug in inside.names():
                costs[drug] += inside.number(drug, at_least=0.0)
    return costs


def _negotiated(table: PlainTable, shares: Mapping[str, Shares], drugs: list[str]) -> str:
    """The drug that the file names, else the one whose share the scenarios raise most."""
    others = [mix for name, mix in shares.items() if name != "current"]
    now = shares["current"]

    def gain(drug: str) -> float:
        return sum(mix.get(drug, 0.0) - now.get(drug, 0.0) for mix in others)

    return table.word("negotiated", drugs, default=max(drugs, key=gain))


def _rounding(table: PlainTable) -> PatientRounding:
    said = table.word("patient_rounding", ("half-even", "none"), default="half-even")
    return "none" if said == "none" else "half-even"
