"""A lower bound that is proven in whole numbers, and what follows from it."""

import math
import operator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from procurement.pharmacies.rules.coverage.problem import Cover, Ints

SCALE = 1 << 20
"""Prices of rows are rounded to at best this part of a unit; any prices give a true bound."""

_LARGEST = 1 << 62
# No cost and no sum of prices exceeds it once it is scaled: both fit, and their difference too.


@dataclass(frozen=True, slots=True)
class Relaxed:
    """What the problem without whole numbers says.

    Attributes:
        bound: No choice costs less.
        scale: Parts of a unit in which the next two count.
        scaled: The same before it was rounded up.
        reduced: By column, what it costs beyond the prices of its rows.
        shares: By column, how much of it the relaxed problem takes.
    """

    bound: int
    scale: int
    scaled: int
    reduced: Ints
    shares: NDArray[np.float64]

    def fixed_out(self, best: int) -> NDArray[np.bool_]:
        """Columns that no choice cheaper than the best known one has."""
        return np.asarray(np.maximum(self.reduced, 0) > self._left(best))

    def fixed_in(self, best: int) -> NDArray[np.bool_]:
        """Columns that every choice cheaper than the best known one has."""
        spared = np.maximum(-self.reduced, 0)
        return np.asarray((spared > 0) & (spared > self._left(best)))

    def _left(self, best: int) -> int:
        """How far above the bound a cheaper choice may lie; it may be more than 64 bits hold."""
        return (best - 1) * self.scale - self.scaled


def relax(cover: Cover, *, seconds: float) -> Relaxed:
    """Solve the relaxed problem; where time runs out, the bound is weaker but true.

    Args:
        cover: The problem.
        seconds: How long the solver may take.

    Examples:
        >>> from scipy.sparse import csr_array
        >>> ring = csr_array(np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]]))
        >>> relax(Cover(ring, np.array([1, 1, 1]), np.array([1, 1, 1])), seconds=9).bound
        2
    """
    solved = linprog(  # type: ignore[call-overload] # its types know no sparse matrix
        cover.costs.astype(np.float64),
        A_ub=-cover.rows.astype(np.float64),
        b_ub=-cover.needs.astype(np.float64),
        bounds=(0.0, 1.0),
        method="highs",
        options={"time_limit": seconds},
    )
    duals = np.zeros(len(cover.needs))
    shares = np.zeros(cover.column_count)
    if solved.x is not None and solved.ineqlin.marginals is not None:
        duals = np.maximum(-np.asarray(solved.ineqlin.marginals, dtype=np.float64), 0.0)
        duals = np.nan_to_num(duals, posinf=0.0)
        shares = np.clip(np.asarray(solved.x, dtype=np.float64), 0.0, 1.0)
    return _priced(cover, duals, shares)


def _priced(cover: Cover, duals: NDArray[np.float64], shares: NDArray[np.float64]) -> Relaxed:
    """The bound that prices of rows give: exact, whatever they are."""
    total = sum(cover.costs.tolist())
    duals = np.minimum(duals, total)
    most = max(total, math.ceil(duals.sum()))
    scale = max(1, min(SCALE, _LARGEST // (most + 1)))
    prices: Ints = np.floor(duals * scale).astype(np.int64)
    reduced: Ints = cover.costs * scale - cover.rows.T @ prices
    # In Python's own numbers: these sums may be more than 64 bits hold.
    scaled = sum(map(operator.mul, cover.needs.tolist(), prices.tolist()))
    scaled += sum(np.minimum(reduced, 0).tolist())
    return Relaxed(max(-(-scaled // scale), 0), scale, scaled, reduced, shares)
