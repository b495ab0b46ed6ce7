"""What ceilings are computed from: models already worked out, with the price left open."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from pricing.budget_impact import BudgetImpact, BudgetModel, budget_impact
from pricing.cost_effectiveness.outcome import Outcome
from pricing.draws import Draws, as_draws
from pricing.managed_entry import Elasticity, ManagedEntry, Use, at_price, joint_use, net_of, use_of
from pricing.managed_entry import spending as spending_at

NO_AGREEMENT = ManagedEntry()
"""The list price is the net price."""


@dataclass(frozen=True, slots=True, eq=False)
class Indication:
    """One use of the drug: whom it costs and whom it helps; one of the two may be missing.

    Attributes:
        name: Empty where there is only one.
        budget: Its budget impact model.
        outcomes: Of the strategies of its cost-effectiveness model.
        reference: Name of the strategy that is compared with.
        negotiated: Name of the strategy with the drug.
    """

    name: str = ""
    budget: BudgetModel | None = None
    outcomes: tuple[Outcome, ...] = ()
    reference: str = ""
    negotiated: str = ""

    def outcome(self, strategy: str) -> Outcome:
        """The outcome of a strategy by its name."""
        return next(one for one in self.outcomes if one.strategy == strategy)


@dataclass(frozen=True, eq=False)
class Basis:
    """Models of all indications under one price, in one draw or in many.

    Attributes:
        price: Under discussion, yuan per unit.
        indications: At least one.
        factor: A draw's price relative to its mean, by [draw]; ceilings are ceilings of the mean.
        agreement: Between fund and maker.
        elasticity: How uptake follows the price.
    """

    price: float
    indications: tuple[Indication, ...]
    factor: Draws = field(default_factory=lambda: as_draws(1))
    agreement: ManagedEntry = NO_AGREEMENT
    elasticity: Elasticity | None = None

    @property
    def is_affine(self) -> bool:
        """Whether every result is affine in the price, so that one division inverts it."""
        return self.elasticity is None and not self.agreement.depends_on_volume

    @property
    def budgets(self) -> tuple[BudgetModel, ...]:
        """The budget impact models, one for each indication that has one."""
        return tuple(one.budget for one in self.indications if one.budget is not None)

    @cached_property
    def impacts(self) -> tuple[BudgetImpact, ...]:
        """The budget impacts at the price under discussion, without elasticity and agreement."""
        return tuple(budget_impact(budget) for budget in self.budgets)

    @cached_property
    def use(self) -> Use | None:
        """Units of the drug that an agreement is about, as long as they do not follow its price."""
        if not self.budgets or self.agreement == NO_AGREEMENT:
            return None
        pairs = zip(self.budgets, self.impacts, strict=True)
        return joint_use([use_of(budget, impact, self.agreement) for budget, impact in pairs])

    @cached_property
    def fund_pieces(self) -> tuple[Draws, Draws]:
        """The fund's impact at price 0, and units that it pays, by [year, draw]; if affine."""
        at_zero = sum((one.at_zero_price for one in self.impacts), np.zeros(1))
        units = sum((one.paid_units for one in self.impacts), np.zeros(1))
        if self.use is not None:
            # Of each yuan of list price, what the agreement gives back.
            spent = spending_at(self.agreement, self.use, 1.0)
            units = units - (spent.list_ - spent.net)
        years = self.budgets[0].years
        return _rows(at_zero, years), _rows(units, years)

    @cached_property
    def net_factor(self) -> Draws:
        """The net price of a list price of one yuan, by draw; for affine agreements."""
        if self.agreement == NO_AGREEMENT:
            return as_draws(1)
        return net_of(self.agreement, self.use, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Priced:
    """What the fund spends at a price, by [year, draw], agreement and elasticity included.

    Attributes:
        impact: The fund's impact.
        scale: Size of the sums that it is the difference of.
        net_price: What a unit costs on average after the agreement, by [draw].
        refund: What the maker pays back because of the cap.
    """

    impact: Draws
    scale: Draws
    net_price: Draws
    refund: Draws


def priced(basis: Basis, price: float | Draws) -> Priced:
    """Put a price into the models and compute what the fund spends.

    Args:
        basis: The models.
        price: List price in yuan per unit: a number, by draw, or several for a basis of one draw.
    """
    budgets = [at_price(budget, price, basis.elasticity) for budget in basis.budgets]
    impacts = [budget_impact(budget) for budget in budgets]
    impact = sum((one.impact for one in impacts), np.zeros(1))
    scale = sum((np.abs(one.with_) + np.abs(one.without) for one in impacts), np.zeros(1))
    refund = np.zeros(1)
    if basis.agreement == NO_AGREEMENT:
        return Priced(impact, scale, as_draws(price), refund)
    pairs = zip(budgets, impacts, strict=True)
    use = joint_use([use_of(*pair, basis.agreement) for pair in pairs]) if budgets else None
    if use is not None:
        spent = spending_at(basis.agreement, use, price)
        impact, refund = impact - spent.list_ + spent.net, spent.refund
    return Priced(impact, scale, net_of(basis.agreement, use, price), refund)


def _rows(by_year: Draws, years: int) -> Draws:
    return np.broadcast_to(by_year, np.broadcast_shapes(by_year.shape, (years, 1)))


def net_price_at(basis: Basis, price: float | Draws) -> Draws:
    """The net price of a list price, by draw."""
    if basis.agreement == NO_AGREEMENT:
        return as_draws(price)
    if basis.elasticity is not None and basis.agreement.needs_population:
        return priced(basis, price).net_price
    return net_of(basis.agreement, basis.use, price)
