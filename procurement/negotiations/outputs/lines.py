"""What is affine in the price: the fund's impact by year, the ratio against each comparator."""

from collections.abc import Sequence

import numpy as np

from pricing.ceilings import (
    Basis,
    BudgetCumulative,
    BudgetEveryYear,
    BudgetQuantile,
    Ceiling,
    Constraint,
    Icer,
    conditions_of,
    priced,
)
from procurement.negotiations.outputs.figures import PriceLine, RatioLine
from procurement.negotiations.outputs.said import Said

POINTS = 41
"""Prices at which an impact is worked out that is not affine in the price."""


def price_lines(
    basis: Basis, constraints: Sequence[Constraint], binding: Sequence[Ceiling], reach: float
) -> list[PriceLine]:
    """The impact by price of each year, and of all years together as the last one.

    Args:
        basis: The models, in one draw.
        constraints: Their caps are drawn.
        binding: The ceilings that decide.
        reach: The highest price of interest, where the impact is no straight line.
    """
    if not basis.budgets:
        return []
    years = basis.budgets[0].years
    pieces = _pieces(basis, years, reach)
    caps = [_cap(constraints, year) for year in range(years)]
    bound = {one.binding_part for one in binding if one.kind.startswith("budget")}
    lines = [
        PriceLine(
            name=Said(f"第{year + 1}年", f"Year {year + 1}"),
            at_zero=at_zero,
            slope=slope,
            cap=caps[year],
            binds=str(year + 1) in bound,
            points=points,
        )
        for year, (at_zero, slope, points) in enumerate(pieces[:-1])
    ]
    totals = [one.cap for one in constraints if isinstance(one, BudgetCumulative)]
    at_zero, slope, points = pieces[-1]
    total = PriceLine(
        name=Said("各年合计", "All years"),
        at_zero=at_zero,
        slope=slope,
        cap=min(totals, default=None),
        binds="cumulative" in bound,
        is_total=True,
        points=points,
    )
    return [*lines, total]


_Points = tuple[tuple[float, float], ...]


def _pieces(basis: Basis, years: int, reach: float) -> list[tuple[float, float, _Points]]:
    """Impact at a price of 0 and what one yuan adds, by year and in all; or points of a curve."""
    if basis.is_affine:
        nothing = BudgetEveryYear((0.0,) * years)
        rows = conditions_of(basis, nothing)
        found = [(-float(row.room.flat[0]), float(row.slope.flat[0])) for row in rows]
        found.append((sum(one for one, _ in found), sum(other for _, other in found)))
        return [(at_zero, slope, ()) for at_zero, slope in found]
    prices = [float(one) for one in np.linspace(0, reach, POINTS)]
    impacts = np.stack([_impact(basis, price, years) for price in prices], axis=1)
    curves = [*impacts, impacts.sum(axis=0)]
    return [
        (float(curve[0]), 0.0, tuple(zip(prices, map(float, curve), strict=True)))
        for curve in curves
    ]


def _impact(basis: Basis, price: float, years: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    impact = priced(basis, price).impact
    return np.broadcast_to(impact, (years, impact.shape[-1]))[:, 0]


def _cap(constraints: Sequence[Constraint], year: int) -> float | None:
    """The cap of a year: that of every year, else that of a year which may overrun."""
    every = [one.cap[year] for one in constraints if isinstance(one, BudgetEveryYear)]
    some = [
        one.cap[year]
        for one in constraints
        if isinstance(one, BudgetQuantile) and one.year in (None, year + 1)
    ]
    return min(every or some, default=None)


def ratio_lines(basis: Basis) -> list[RatioLine]:
    """The drug against each strategy that brings less; only where the cost is affine."""
    if not basis.is_affine or not any(one.outcomes for one in basis.indications):
        return []
    return [
        RatioLine(
            comparator=row.label,
            cost=-float(row.room.flat[0]),
            units=float(row.slope.flat[0]),
            effect=float(row.relief.flat[0]),
        )
        for row in conditions_of(basis, Icer(threshold=0.0))
        if float(row.relief.flat[0]) > 0
    ]
