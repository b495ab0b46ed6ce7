"""The least cost of a covering problem, proven, or the best found with what it could be below."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from procurement.pharmacies.rules.coverage.greedy import GreedyCover
from procurement.pharmacies.rules.coverage.neighbourhoods import improve
from procurement.pharmacies.rules.coverage.problem import Cover, Ints, parts_of
from procurement.pharmacies.rules.coverage.reducing import reduce
from procurement.pharmacies.rules.coverage.relaxing import Relaxed, relax

RELAXING_SHARE, IMPROVING_SHARE, SEARCHING_SHARE = 0.25, 0.45, 0.3
"""Of the time: for the relaxed problem, for choosing pieces of the map anew, for the search."""

SMALL_ROWS = 300
"""Up to so many rows the search goes on at once: it nearly always ends with a proof."""

NODES_MAX = 200_000
"""The search stops here first on a fast machine, so that its answer does not hang on its speed."""

_LIMIT, _INFEASIBLE = 1, 2
# What `milp` answers: stopped by a limit; nothing fulfils the constraints.

_TRUSTED, _TRUSTED_OF_BOUND = 1e-6, 2.0**-50
# By how much the solver's bound may be off before it is rounded up: it counts with 53 bits.


@dataclass(frozen=True, slots=True)
class Choice:
    """Columns that cover every row.

    Attributes:
        columns: Their numbers, in order.
        cost: Of all of them.
        bound: No choice costs less.
    """

    columns: Ints
    cost: int
    bound: int


def cheapest_cover(cover: Cover, *, seconds: float) -> Choice:
    """Choose columns at the least cost.

    Args:
        cover: A problem that can be covered.
        seconds: How long solvers may search in all.

    Examples:
        >>> from scipy.sparse import csr_array
        >>> rows = csr_array(np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]]))
        >>> cover = Cover(rows, np.array([1, 1, 1]), np.array([3, 1, 1]))
        >>> choice = cheapest_cover(cover, seconds=9)
        >>> choice.columns.tolist(), choice.cost, choice.bound
        ([1, 2], 2, 2)
    """
    reduced = reduce(cover)
    parts = list(parts_of(reduced.cover))
    total = sum(len(columns) for _, columns in parts) or 1
    columns = [reduced.forced]
    cost = bound = int(cover.costs[reduced.forced].sum())
    for rows, members in parts:
        share = seconds * len(members) / total
        choice = _cheapest_of_part(reduced.cover.part(rows, members), share)
        columns.append(reduced.columns[members[choice.columns]])
        cost += choice.cost
        bound += choice.bound
    return Choice(np.sort(np.concatenate(columns)), cost, bound)


def _cheapest_of_part(cover: Cover, seconds: float) -> Choice:
    if len(cover.needs) == 1:
        return _cheapest_of_row(cover)
    relaxed = relax(cover, seconds=seconds * RELAXING_SHARE)
    greedy = GreedyCover(cover)
    chosen = greedy.choose(relaxed.shares)
    best = Choice(chosen, int(cover.costs[chosen].sum()), relaxed.bound)
    if best.cost <= best.bound:
        return best
    if len(cover.needs) <= SMALL_ROWS:
        return _searched(cover, relaxed, best, seconds * (1 - RELAXING_SHARE))
    better = improve(cover, chosen, seconds=seconds * IMPROVING_SHARE)
    better = greedy.without_idle(better.tolist())
    best = Choice(better, int(cover.costs[better].sum()), relaxed.bound)
    if best.cost <= best.bound:
        return best
    return _searched(cover, relaxed, best, seconds * SEARCHING_SHARE)


def _cheapest_of_row(cover: Cover) -> Choice:
    order = np.lexsort((np.arange(cover.column_count), cover.costs))
    chosen = np.sort(order[: int(cover.needs[0])]).astype(np.int64)
    cost = int(cover.costs[chosen].sum())
    return Choice(chosen, cost, cost)


def _searched(cover: Cover, relaxed: Relaxed, best: Choice, seconds: float) -> Choice:
    """Search what is left when columns are set that every better choice has, or has not."""
    taken = np.flatnonzero(relaxed.fixed_in(best.cost)).astype(np.int64)
    out = relaxed.fixed_out(best.cost)
    out[taken] = True
    left = np.flatnonzero(~out).astype(np.int64)
    needs = cover.needs - cover.counts(taken)
    rows = np.flatnonzero(needs > 0).astype(np.int64)
    core = Cover(cover.part(rows, left).rows, needs[rows], cover.costs[left])
    if np.any(core.counts(np.arange(len(left))) < core.needs):
        return Choice(best.columns, best.cost, best.cost)
    spent = int(cover.costs[taken].sum())
    solved = milp(
        core.costs.astype(np.float64),
        integrality=np.ones(len(left), dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(core.rows.astype(np.float64), lb=core.needs),
        options={"time_limit": seconds, "node_limit": NODES_MAX, "mip_rel_gap": 0.0},
    )
    if solved.status == _INFEASIBLE:
        return Choice(best.columns, best.cost, best.cost)
    bound = best.bound
    if solved.mip_dual_bound is not None and math.isfinite(solved.mip_dual_bound):
        # Outside the core nothing is cheaper than the best known.
        trusted = max(_TRUSTED, abs(solved.mip_dual_bound) * _TRUSTED_OF_BOUND)
        in_core = spent + math.ceil(solved.mip_dual_bound - trusted)
        bound = max(bound, min(in_core, best.cost))
    if solved.x is not None:
        found = np.union1d(taken, left[np.flatnonzero(solved.x > 0.5)]).astype(np.int64)
        if cover.covers(found):
            cost = int(cover.costs[found].sum())
            if cost < best.cost:
                return Choice(found, cost, min(bound, cost))
    return Choice(best.columns, best.cost, bound)
