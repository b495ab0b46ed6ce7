"""How often caps are broken, at the price under discussion and at others."""

import numpy as np

from pricing.ceilings import (
    AtProbability,
    Basis,
    BudgetConstraint,
    BudgetCumulative,
    BudgetQuantile,
    draws_own_ceilings,
    label,
    margin_at,
)
from pricing.draws import Draws
from pricing.negotiation_report.report import Overrun
from pricing.sensitivity import OverrunCurve, overrun_curve

PRICES = 101
"""Points of the curve, from 0 to twice the price under discussion."""

PRICES_NOT_AFFINE = 21
"""Points where each of them needs the models again."""


def overruns_of(basis: Basis, constraint: BudgetConstraint) -> list[Overrun]:
    """One overrun for each cap: of every year, of all years together, or of the year that counts.

    Args:
        basis: The models in many draws.
        constraint: Whose caps may be broken.
    """
    name = label(constraint)
    if isinstance(constraint, BudgetCumulative):
        return [_overrun(basis, constraint, name, None, constraint.cap)]
    if isinstance(constraint, BudgetQuantile):
        year = constraint.year
        cap = constraint.cap[0 if year is None else year - 1]
        return [_overrun(basis, constraint, name, year, cap)]
    return [
        _overrun(basis, BudgetQuantile(constraint.cap, AtProbability(0), year), name, year, cap)
        for year, cap in enumerate(constraint.cap, 1)
    ]


def _overrun(
    basis: Basis, constraint: BudgetConstraint, name: str, year: int | None, cap: float
) -> Overrun:
    points = PRICES if basis.is_affine else PRICES_NOT_AFFINE
    prices = np.linspace(0, 2 * basis.price, points)
    if basis.is_affine:
        own = draws_own_ceilings(basis, constraint)
        curve = overrun_curve(own.lower, own.upper, prices)
    else:
        curve = _by_the_models(basis, constraint, prices)
    return Overrun(name, year, cap, float(curve.probability[points // 2]), curve)


def _by_the_models(basis: Basis, constraint: BudgetConstraint, prices: Draws) -> OverrunCurve:
    held = [float(margin_at(basis, constraint, float(one)).holds.mean()) for one in prices]
    return OverrunCurve(prices, 1 - np.array(held))
