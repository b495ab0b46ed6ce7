"""Uptake that follows the price."""

from dataclasses import replace

import numpy as np

from pricing.budget_impact import BudgetModel, BudgetTreatment
from pricing.draws import Draws, as_draws
from pricing.managed_entry.spending import negotiated_treatment
from pricing.managed_entry.terms import Elasticity

_MULTIPLE_MAX = 1e100


def at_price(
    budget: BudgetModel, price: float | Draws, elasticity: Elasticity | None = None
) -> BudgetModel:
    """A budget model with the negotiated drug at another price.

    Args:
        budget: The model.
        price: Yuan per unit, before the draws' factor: a number, or by draw.
        elasticity: How the uptake follows the price; not at all unless given.

    Examples:
        At a hundredth of the price the share is ten times as high, and others make room:

        >>> one, none = as_draws(1), as_draws(0)
        >>> new = BudgetTreatment("new", as_draws(100), one, none, none, none, as_draws(0.05))
        >>> old = BudgetTreatment("old", one, one, none, none, one, as_draws(0.95))
        >>> ten, drugs = as_draws([[10]]), (new, old)
        >>> model = BudgetModel(1, ten, as_draws([[1]]), one, drugs, "none", "new")
        >>> elasticity = Elasticity(-0.5, reference_price=100.0)
        >>> [
        ...     treatment.share_with.round(9).tolist()
        ...     for treatment in at_price(model, 1.0, elasticity).treatments
        ... ]
        [[0.5], [0.5]]
    """
    drug = negotiated_treatment(budget)
    priced = replace(drug, price=as_draws(price))
    if elasticity is None:
        return _with_treatments(budget, {drug.name: priced})
    before = drug.share_with
    after = elastic_share(before, as_draws(price), elasticity)
    room = _ratio_of_rooms(before, after)
    others = {
        one.name: replace(one, share_with=one.share_with * room)
        for one in budget.treatments
        if one.name != drug.name
    }
    return _with_treatments(budget, {drug.name: replace(priced, share_with=after), **others})


def elastic_share(share: Draws, price: Draws, elasticity: Elasticity) -> Draws:
    """The share of the negotiated drug at a price, at most ``share_max``."""
    if elasticity.value == 0:
        return np.minimum(share, elasticity.share_max) + 0 * price
    # At a price of nothing the uptake has no bound but ``share_max``.
    with np.errstate(over="ignore", divide="ignore"):
        multiple = np.power(price / elasticity.reference_price, elasticity.value)
    return np.minimum(share * np.minimum(multiple, _MULTIPLE_MAX), elasticity.share_max)


def _ratio_of_rooms(before: Draws, after: Draws) -> Draws:
    """By how much the others shrink or grow; where nobody else was, nobody else can come."""
    left = 1 - before
    shape = np.broadcast_shapes(left.shape, after.shape)
    return np.divide(1 - after, left, out=np.ones(shape), where=np.broadcast_to(left, shape) > 0)


def _with_treatments(budget: BudgetModel, changed: dict[str, BudgetTreatment]) -> BudgetModel:
    treatments = tuple(changed.get(one.name, one) for one in budget.treatments)
    return replace(budget, treatments=treatments)
