"""The uncertainty of a budget impact case: beta factors of the funnel, lognormal prices."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from pricing.budget_impact import budget_impact
from pricing.draws import Draws, as_draws
from procurement.cli.cases.budget_inputs import FUNNEL, BudgetInputs
from procurement.cli.cases.given import Given
from procurement.cli.cases.uncertain_counts_model import lognormal

DRAWS = DRAWS_MAX = 1_000_000

SPREAD_MIN = 1e-6
"""Of the largest standard error that a beta distribution of a mean can have."""


@dataclass(frozen=True, slots=True, eq=False)
class UncertainBudget:
    """What is uncertain, and how much.

    Attributes:
        inputs: The certain inputs.
        standard_errors: Of factors of the funnel, by name; they are beta distributed.
        price_cv: Coefficient of variation of each drug's lognormal price.
        year: The year that is looked at, from 1.
        draws: How many.
        seed: Where chance starts.
    """

    inputs: BudgetInputs
    standard_errors: Mapping[str, float]
    price_cv: float
    year: int
    draws: int
    seed: int

    def drawn(self) -> BudgetInputs:
        """The inputs with draws; those of the negotiated price are its factor."""
        generator = np.random.default_rng(self.seed)
        factors = dict(self.inputs.factors)
        for name, error in self.standard_errors.items():
            factors[name] = beta(float(factors[name][0]), error, generator, self.draws)
        prices = dict(self.inputs.prices)
        relative = as_draws(1)
        for drug, price in prices.items():
            drawn = lognormal(1.0, self.price_cv, generator=generator, draws=self.draws)
            if drug == self.inputs.negotiated:
                relative = drawn
            else:
                prices[drug] = price * drawn
        return replace(self.inputs, factors=factors, prices=prices, price_factor=relative)

    def impact(self, scenario: str, *, price: float | None = None) -> Draws:
        """[draw]: impact in the year, at another mean price if given."""
        drawn = self.drawn()
        if price is not None:
            drawn = replace(drawn, prices={**drawn.prices, drawn.negotiated: as_draws(price)})
        impact: Draws = budget_impact(drawn.year(scenario, self.year)).impact[0]
        return impact

    def moments(self, scenario: str) -> tuple[float, float]:
        """Mean and standard deviation of the impact by the formula for products; no rounding."""
        inputs = self.inputs
        model = replace(inputs, rounding="none").year(scenario, self.year)
        added = float(model.curve[0, 0])
        mean = variance = 0.0
        for one in model.treatments:
            change = added * float((one.share_with - one.share_without)[0])
            price = float(one.price[0])
            mean += change * (price + float(one.other_cost[0]))
            variance += (change * price * self.price_cv) ** 2
        eligible = float(model.eligible[0, 0])
        # E[X^2] / E[X]^2 of each factor that is independent of the others.
        squares = 1 + variance / mean**2
        for name, error in self.standard_errors.items():
            squares *= 1 + (error / float(inputs.factors[name][0])) ** 2
        total = eligible * mean
        return total, abs(total) * (squares - 1) ** 0.5


def read_uncertainty(inputs: BudgetInputs, given: Given) -> UncertainBudget | None:
    """Read the table ``psa``, if there is one.

    Raises:
        BadCaseError: With every fault.
    """
    if not given.table.is_table("psa"):
        return None
    table = given.table.table("psa")
    errors = {
        name: table.number(f"{name}_se", above=0.0) for name in FUNNEL if table.has(f"{name}_se")
    }
    uncertain = UncertainBudget(
        inputs=inputs,
        standard_errors=errors,
        price_cv=table.number("drug_cost_cv", default=0.0, at_least=0.0),
        year=int(
            table.number("year", default=float(inputs.years), at_least=1.0, at_most=inputs.years)
        ),
        draws=int(table.number("draws", default=float(DRAWS), at_least=1.0, at_most=DRAWS_MAX)),
        seed=int(table.number("seed", default=1.0, at_least=0.0)),
    )
    for name, error in errors.items():
        mean = float(inputs.factors[name][0])
        most = (mean * (1 - mean)) ** 0.5
        if not SPREAD_MIN * most < error < most:
            said = f"{SPREAD_MIN * most:.6g} ~ {most:.6g}"
            table.fault(f"{name}_se", f"应在 {said} 之间", f"is {error:g}: expected {said}")
    given.check()
    return uncertain


def beta(mean: float, error: float, generator: np.random.Generator, draws: int) -> Draws:
    """Draws of a beta distribution with this mean and standard error.

    Examples:
        >>> drawn = beta(0.3, 0.05, np.random.default_rng(1), 100_000)
        >>> round(float(drawn.mean()), 3), round(float(drawn.std()), 3)
        (0.3, 0.05)
    """
    size = mean * (1 - mean) / error**2 - 1
    return generator.beta(mean * size, (1 - mean) * size, draws)
