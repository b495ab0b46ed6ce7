"""Ceilings of models that are not affine in the price: uptake that follows it, tiers, caps."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from pricing.ceilings.basis import Basis, net_price_at
from pricing.ceilings.ceiling import Cause, Ceiling, Method, Shadow
from pricing.ceilings.constraints import (
    BudgetCumulative,
    Constraint,
    CostNeutral,
    label,
    probability_of,
    relaxed,
)
from pricing.ceilings.margins import deciding_margin, holds_at, margin_at
from pricing.ceilings.search import (
    Cents,
    Held,
    Interval,
    first_failure,
    first_interval,
    in_yuan,
    last_from,
    within_a_cent,
)
from pricing.ceilings.tried import Tried
from pricing.ceilings.why import why_none
from pricing.draws import Draws
from pricing.managed_entry import negotiated_treatment

_POINTS = 1025
_POINTS_IN_DRAWS = 129
_RELAXED_PART = 1e-4


@dataclass(frozen=True, slots=True)
class _Question:
    """Whether one constraint of one basis holds, at many prices or at one."""

    basis: Basis
    constraint: Constraint

    @property
    def is_in_draws(self) -> bool:
        return probability_of(self.constraint) is not None

    def of_cents(self, cents: Cents) -> Held:
        if self.is_in_draws:
            return np.array([self.of_price(float(one) / 100) for one in cents], dtype=np.bool_)
        held = margin_at(self.basis, self.constraint, cents / 100).holds
        return np.broadcast_to(held, cents.shape)

    def of_price(self, price: float) -> bool:
        return holds_at(self.basis, self.constraint, price)


def bracketed(basis: Basis, constraint: Constraint) -> Ceiling:
    """The highest price up to which a constraint holds, from the first price at which it does.

    Where uptake follows the price the fund's impact may fall again at still higher prices. Those
    are no ceiling: what counts is the end of the lowest interval.
    """
    question = _Question(basis, constraint)
    points = _POINTS_IN_DRAWS if question.is_in_draws else _POINTS
    interval = first_interval(question.of_cents, near=round(basis.price * 100), points=points)
    if interval is None or interval.last is None:
        cause = Cause.TOO_DEAR_FREE if interval is None else Cause.NEVER_FAILS
        at_zero = deciding_margin(margin_at(basis, constraint, 0.0), constraint)
        missing = -at_zero if interval is None else 0.0
        why = why_none(constraint, cause, missing=missing)
        return Ceiling(constraint.kind, label(constraint), why=why)
    last = _tried_one_by_one(question, interval)
    price = last / 100
    exact = within_a_cent(question.of_price, last)
    return Ceiling(
        constraint.kind,
        label(constraint),
        price=in_yuan(last),
        exact=exact,
        net_price=float(np.mean(net_price_at(basis, price))),
        method=Method.BRACKETING,
        shadow=_shadow(basis, constraint, exact),
        put_back=Tried(basis, constraint).put_back(last),
    )


def _shadow(basis: Basis, constraint: Constraint, exact: float) -> Shadow | None:
    """The gain of a slightly relaxed constraint, by the same models."""
    wider = relaxed(constraint, _RELAXED_PART)
    if wider is None:
        return None
    gained = last_from(_of_price(basis, wider.constraint), exact)
    return None if gained is None else Shadow(wider.of, (gained - exact) / wider.by)


def _of_price(basis: Basis, constraint: Constraint) -> Callable[[float], bool]:
    return _Question(basis, constraint).of_price


def _tried_one_by_one(question: _Question, interval: Interval) -> int:
    """The last cent of the interval before any that fails by a single patient.

    Where whole patients come and go with the price, single cents may fail below the interval's end:
    each of those that rounding could make fail is tried.
    """
    basis, last = question.basis, interval.last or 0
    rounded = any(budget.patient_rounding != "none" for budget in basis.budgets)
    if basis.elasticity is None or not rounded or question.is_in_draws:
        return last
    smooth = replace(
        basis,
        indications=tuple(
            replace(one, budget=one.budget and replace(one.budget, patient_rounding="none"))
            for one in basis.indications
        ),
    )

    def is_safe(cents: Cents) -> Held:
        margin = margin_at(smooth, question.constraint, cents / 100)
        return np.asarray(margin.left > _jump(basis, question.constraint, cents / 100))

    safe = first_interval(is_safe, near=last)
    low = interval.first if safe is None or safe.first > interval.first else safe.last or 0
    return first_failure(question.of_cents, low=min(low, last), high=last + 1)


def _jump(basis: Basis, constraint: Constraint, price: Draws) -> Draws:
    """At most what rounding can add to the impact: a patient of each treatment, in both mixes."""
    total = np.zeros(1)
    for budget in basis.budgets:
        drug = negotiated_treatment(budget)
        for one in budget.treatments:
            unit = price if one is drug else one.price.max()
            cost = unit * one.units_a_year.max() + one.other_cost.max() + one.offset.max()
            total = total + 2 * cost
    is_sum = isinstance(constraint, BudgetCumulative) or (
        isinstance(constraint, CostNeutral) and constraint.over == "cumulative"
    )
    return total * (basis.budgets[0].years if is_sum else 1)
