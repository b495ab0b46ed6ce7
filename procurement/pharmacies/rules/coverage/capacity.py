"""Pharmacies that serve only so many people: who can be served, and at what least cost."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import maximum_flow

from procurement.pharmacies.rules.coverage.exact import Choice
from procurement.pharmacies.rules.coverage.problem import Cover, Ints

PEOPLE_MAX = 2_000_000_000
"""All patients of a task together; flows are counted in 32 bits."""

_TRUSTED = 1e-6
_INFEASIBLE = 2


@dataclass(frozen=True, slots=True)
class Load:
    """People to be served, and how many each column serves.

    Attributes:
        patients: By row.
        capacities: By column; those without a limit serve all.
    """

    patients: Ints
    capacities: Ints


def served(cover: Cover, load: Load, columns: Ints) -> Ints:
    """How many people of each row some columns can serve at most together, counted exactly.

    Examples:
        >>> rows = csr_array(np.array([[1, 0], [1, 1]]))
        >>> cover = Cover(rows, np.array([1, 1]), np.array([1, 1]))
        >>> load = Load(np.array([50, 30]), np.array([60, 10]))
        >>> served(cover, load, np.array([0, 1])).tolist()
        [50, 20]
    """
    count, size = len(cover.needs), len(cover.needs) + len(columns) + 2
    source, sink = size - 2, size - 1
    edges = cover.rows[:, columns].tocoo()
    tails = np.concatenate([np.full(count, source), edges.row, count + np.arange(len(columns))])
    heads = np.concatenate([np.arange(count), count + edges.col, np.full(len(columns), sink)])
    limits = np.concatenate([load.patients, load.patients[edges.row], load.capacities[columns]])
    graph = csr_array(
        (np.minimum(limits, PEOPLE_MAX).astype(np.int32), (tails, heads)), shape=(size, size)
    )
    flow = csr_array(maximum_flow(graph, source, sink).flow)
    found: Ints = flow[[source]].toarray().ravel()[:count].astype(np.int64)
    return found


def cheapest_serving(cover: Cover, load: Load, *, kept: Ints, seconds: float) -> Choice:
    """Choose columns that cover every row and serve as many people as all could, at the least cost.

    Args:
        cover: What needs how many columns; kept columns count and cost nothing.
        load: People and capacities.
        kept: Columns that are chosen in any case.
        seconds: How long the solver may search.
    """
    everything = np.arange(cover.column_count, dtype=np.int64)
    fallback = Choice(everything, int(cover.costs.sum()), 0)
    if not everything.size:
        return fallback
    people = int(served(cover, load, everything).sum())
    pairs = cover.rows.tocoo()
    edges = np.flatnonzero(load.patients[pairs.row] > 0)
    rows, columns = pairs.row[edges].astype(np.int64), pairs.col[edges].astype(np.int64)
    lower = np.zeros(cover.column_count)
    lower[kept] = 1
    most = np.minimum(load.patients[rows], load.capacities[columns])
    solved = milp(
        np.concatenate([cover.costs.astype(np.float64), np.zeros(len(edges))]),
        integrality=np.concatenate([np.ones(cover.column_count), np.zeros(len(edges))]),
        bounds=Bounds(
            np.concatenate([lower, np.zeros(len(edges))]),
            np.concatenate([np.ones(cover.column_count), most]),
        ),
        constraints=_constraints(cover, load, (rows, columns), people),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    bound = 0
    if solved.mip_dual_bound is not None and math.isfinite(solved.mip_dual_bound):
        bound = max(0, math.ceil(solved.mip_dual_bound - _TRUSTED))
    if solved.x is None:
        return Choice(everything, fallback.cost, bound)
    chosen = np.flatnonzero(solved.x[: cover.column_count] > 0.5).astype(np.int64)
    if not cover.covers(chosen) or served(cover, load, chosen).sum() < people:
        # The solver's tolerance let a person through; with all columns nobody is left out.
        return Choice(everything, fallback.cost, bound)
    cost = int(cover.costs[chosen].sum())
    return Choice(chosen, cost, min(bound, cost))


def _constraints(
    cover: Cover, load: Load, edges: tuple[Ints, Ints], people: int
) -> list[LinearConstraint]:
    """Rows are covered; people are served once; by chosen columns only, within their capacity."""
    rows, columns = edges
    count, wide, flows = len(cover.needs), cover.column_count, len(rows)
    edge = np.arange(flows)
    covered = coo_array(cover.rows)
    needs = csr_array(
        (covered.data.astype(np.float64), (covered.row, covered.col)), shape=(count, wide + flows)
    )
    once = csr_array((np.ones(flows), (rows, wide + edge)), shape=(count, wide + flows))
    whole = csr_array(np.concatenate([np.zeros(wide), np.ones(flows)]).reshape(1, -1))
    limits = csr_array(
        (
            np.concatenate([np.ones(flows), -load.capacities.astype(np.float64)]),
            (
                np.concatenate([columns, np.arange(wide)]),
                np.concatenate([wide + edge, np.arange(wide)]),
            ),
        ),
        shape=(wide, wide + flows),
    )
    single = csr_array(
        (
            np.concatenate([np.ones(flows), -load.patients[rows].astype(np.float64)]),
            (np.concatenate([edge, edge]), np.concatenate([wide + edge, columns])),
        ),
        shape=(flows, wide + flows),
    )
    return [
        LinearConstraint(needs, lb=cover.needs),
        LinearConstraint(once, ub=load.patients),
        LinearConstraint(whole, lb=people),
        LinearConstraint(limits, ub=np.zeros(wide)),
        LinearConstraint(single, ub=np.zeros(flows)),
    ]
