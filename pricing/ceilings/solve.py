"""One constraint to one ceiling: by division where the models are affine, else by bracketing."""

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np

from pricing.ceilings.basis import Basis, net_price_at
from pricing.ceilings.bounds import (
    DrawBounds,
    ExactBounds,
    draw_bounds,
    exact_bounds,
    highest_allowed,
)
from pricing.ceilings.bracket import bracketed
from pricing.ceilings.ceiling import Cause, Ceiling, Method, Shadow
from pricing.ceilings.check import check_fits
from pricing.ceilings.conditions import Condition, conditions_of
from pricing.ceilings.constraints import (
    AtProbability,
    BudgetConstraint,
    Constraint,
    CostNeutral,
    Icer,
    InternationalPrice,
    ReferencePrice,
    label,
    probability_of,
)
from pricing.ceilings.given_price import given_price, relief_of
from pricing.ceilings.search import in_yuan, settle
from pricing.ceilings.tried import Tried
from pricing.ceilings.why import why_none
from pricing.managed_entry import list_of

Modelled = BudgetConstraint | CostNeutral | Icer


def ceiling_of(basis: Basis, constraint: Constraint) -> Ceiling:
    """The highest price that a constraint allows.

    Args:
        basis: The models; for a constraint with a probability in as many draws as it asks for, for
            others in one.
        constraint: What must hold.

    Returns:
        The ceiling, checked by putting it back; or why there is none.

    Raises:
        ModelFaultsError: The constraint needs a model that is not there.
        CeilingError: The ceiling did not stand when it was put back.
    """
    check_fits(basis, constraint)
    if isinstance(constraint, ReferencePrice | InternationalPrice):
        return _given(basis, constraint)
    if not basis.is_affine:
        return bracketed(basis, constraint)
    conditions = conditions_of(basis, constraint)
    if probability_of(constraint) is not None:
        return _in_draws(basis, constraint, conditions)
    bounds = exact_bounds(conditions)
    cause = _cause(bounds)
    if cause is not None:
        return _none(constraint, cause, bounds, conditions)
    assert bounds.upper is not None and bounds.binding is not None  # noqa: S101 - no cause means both
    row = bounds.binding
    shadow = _shadow(constraint, float(row.relief.flat[0] / row.slope.flat[0]))
    found = Ceiling(constraint.kind, label(constraint), binding_part=row.label, shadow=shadow)
    return _settled(basis, constraint, bounds.upper, replace(found, method=Method.DIVISION))


def _cause(bounds: ExactBounds) -> Cause | None:
    if bounds.blocked is not None:
        return Cause.NO_VOLUME_FAILS
    if bounds.upper is None:
        return Cause.NO_VOLUME if bounds.lower is None else Cause.ONLY_FROM_BELOW
    if bounds.upper < 0:
        return Cause.TOO_DEAR_FREE
    if bounds.lower is not None and bounds.lower > bounds.upper:
        return Cause.CROSSED
    return None


def _none(
    constraint: Modelled, cause: Cause, bounds: ExactBounds, conditions: list[Condition]
) -> Ceiling:
    part, missing = "", 0.0
    if cause is Cause.CROSSED and bounds.lifted is not None:
        part, missing = bounds.lifted.label, float(bounds.lower or 0)
    elif cause in (Cause.TOO_DEAR_FREE, Cause.NO_VOLUME_FAILS):
        tightest = min(conditions, key=lambda row: float(row.room.flat[0]))
        part, missing = tightest.label, -float(tightest.room.flat[0])
    why = why_none(constraint, cause, part=part, missing=missing)
    return Ceiling(constraint.kind, label(constraint), why=why)


def _in_draws(basis: Basis, constraint: Modelled, conditions: list[Condition]) -> Ceiling:
    at = probability_of(constraint)
    bounds = draw_bounds(conditions)
    failures_max = at.failures_max(bounds.upper.size) if at else 0
    highest = highest_allowed(bounds, failures_max)
    plain = Ceiling(constraint.kind, label(constraint))
    if math.isinf(highest):
        slopes = max(float(row.slope.max()) for row in conditions)
        free = Cause.TOO_DEAR_FREE if slopes > 0 else Cause.NO_VOLUME_FAILS
        cause = Cause.NO_VOLUME if highest > 0 else free
        return replace(plain, why=why_none(constraint, cause, missing=_short(conditions, at)))
    gain = bounds.relief[int(np.abs(bounds.upper - highest).argmin())]
    found = replace(plain, method=Method.ORDER_STATISTIC, shadow=_shadow(constraint, float(gain)))
    return _settled(basis, constraint, Fraction(repr(highest)), found)


def _short(conditions: list[Condition], at: AtProbability | None) -> float:
    """Yuan that are short at a price of 0 in the draw that the probability picks."""
    rooms = np.minimum.reduce(np.broadcast_arrays(*(row.room for row in conditions)))
    # What is the same in all draws may stand there once.
    worst = at.failures_max(rooms.size) if at else 0
    return max(0.0, -float(np.partition(rooms, worst)[worst]))


def _given(basis: Basis, constraint: ReferencePrice | InternationalPrice) -> Ceiling:
    exact = given_price(constraint)
    found = Ceiling(constraint.kind, label(constraint), method=Method.GIVEN)
    found = replace(found, shadow=Shadow("price", float(relief_of(constraint))))
    if constraint.basis == "net":
        highest = list_of(basis.agreement, basis.use, float(exact))
        if highest is None:
            return replace(found, shadow=None, why=why_none(constraint, Cause.NEVER_FAILS))
        if basis.agreement.depends_on_volume:
            return bracketed(basis, constraint)
        factor = Fraction(repr(float(basis.net_factor[0])))
        exact = exact / factor
        found = replace(found, shadow=Shadow("price", float(relief_of(constraint) / factor)))
    return _settled(basis, constraint, exact, found)


def _settled(basis: Basis, constraint: Constraint, exact: Fraction, found: Ceiling) -> Ceiling:
    """Round down to the cent that holds, and put it back."""
    tried = Tried(basis, constraint)
    cents = settle(exact, tried.holds)
    if cents is None:
        why = why_none(constraint, Cause.TOO_DEAR_FREE, part=found.binding_part or "")
        return replace(found, shadow=None, method=None, binding_part=None, why=why)
    return replace(
        found,
        price=in_yuan(cents),
        exact=float(exact),
        net_price=float(np.mean(net_price_at(basis, cents / 100))),
        put_back=tried.put_back(cents),
    )


def _shadow(constraint: Modelled, value: float) -> Shadow:
    return Shadow("threshold" if isinstance(constraint, Icer) else "cap", value)


def draws_own_ceilings(basis: Basis, constraint: Modelled) -> DrawBounds:
    """Each draw's own ceiling of one constraint, for affine models."""
    return draw_bounds(conditions_of(basis, constraint))
