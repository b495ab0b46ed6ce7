"""Small models, and a slow twin of their budget impact written from the formulas."""

from dataclasses import replace

import numpy as np

from pricing.budget_impact import BudgetModel, BudgetTreatment
from pricing.ceilings import Basis, Indication, ceiling_of
from pricing.cost_effectiveness import Outcome
from pricing.draws import as_draws


def treatment(name, *, price=0.0, other=0.0, offset=0.0, without=0.0, with_=0.0, units=1.0):
    return BudgetTreatment(
        name,
        as_draws(price),
        as_draws(units),
        as_draws(other),
        as_draws(offset),
        as_draws(without),
        as_draws(with_),
    )


def disease_x(*, eligible=None, price=28800.0, rounding="half-even", scenario=(0.2, 0.2, 0.6)):
    """The published budget impact of case bia01."""
    a, b, c = scenario
    if eligible is None:
        eligible = 42e6 * 1.005 ** np.arange(5)[:, np.newaxis] * (0.003 * 0.6 * 0.45 * 0.3)
    return BudgetModel(
        years=5,
        eligible=eligible,
        curve=np.minimum(np.arange(1, 6) / 3, 1)[:, np.newaxis],
        payment_ratio=as_draws(1),
        treatments=(
            treatment("A", price=price, other=2454, with_=a),
            treatment("B", price=22400, other=1760, without=0.25, with_=b),
            treatment("C", price=220, other=730, without=0.75, with_=c),
        ),
        patient_rounding=rounding,
        negotiated="A",
    )


def small_budget(*, patients=100.0, years=2, share=0.5, price=50.0, old_price=20.0, other=3.0):
    """One old treatment makes room for the negotiated one."""
    return BudgetModel(
        years=years,
        eligible=np.full((years, 1), float(patients)),
        curve=np.ones((years, 1)),
        payment_ratio=as_draws(0.8),
        treatments=(
            treatment("new", price=price, other=other, with_=share),
            treatment("old", price=old_price, without=1, with_=1 - share),
        ),
        patient_rounding="none",
        negotiated="new",
    )


def basis_of(budget=None, outcomes=(), *, price=None, reference="old", negotiated="new", **more):
    indication = Indication("", budget, tuple(outcomes), reference, negotiated)
    if price is None and budget is not None:
        price = next(one for one in budget.treatments if one.name == budget.negotiated).price[0]
    return Basis(price=float(price or 1.0), indications=(indication,), **more)


def outcome(name, cost, units, effect):
    return Outcome(name, as_draws(cost), as_draws(units), as_draws(effect))


def with_price(budget, price):
    treatments = tuple(
        replace(one, price=as_draws(price)) if one.name == budget.negotiated else one
        for one in budget.treatments
    )
    return replace(budget, treatments=treatments)


def plain_impact(budget, price, draw=0):
    """The fund's impact of each year, one number at a time."""

    def at(array, year):
        whole = np.broadcast_to(array, (budget.years, array.shape[-1]))
        return float(whole[year, min(draw, whole.shape[1] - 1)])

    impacts = []
    for year in range(budget.years):
        total = 0.0
        eligible = at(budget.eligible, year)
        rounded = budget.patient_rounding == "half-even"
        eligible = round(eligible) if rounded else eligible
        for one in budget.treatments:
            own = price * at(budget.price_factor, year)
            cost = own if one.name == budget.negotiated else at(one.price, year)
            cost = cost * at(one.units_a_year, year) + at(one.other_cost, year)
            cost -= at(one.offset, year)
            before = at(one.share_without, year)
            after = before + (at(one.share_with, year) - before) * at(budget.curve, year)
            without, with_ = eligible * before, eligible * after
            if rounded:
                without, with_ = round(without), round(with_)
            total += (with_ - without) * cost
        impacts.append(total * at(budget.payment_ratio, year))
    return impacts


def ceiling(basis, constraint):
    """A ceiling of which a test knows whether it exists."""
    return ceiling_of(basis, constraint)


def plain_noise(budget, price, cap=0.0):
    """What binary numbers may put beside the sums of a budget: a part of all that is added up."""
    costs = 0.0
    for one in budget.treatments:
        own = (
            price * budget.price_factor.max() if one.name == budget.negotiated else one.price.max()
        )
        costs += own * one.units_a_year.max() + one.other_cost.max() + one.offset.max()
    return 1e-14 * (abs(cap) + 2 * budget.years * budget.eligible.max() * costs)
