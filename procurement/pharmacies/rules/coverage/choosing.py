"""Choose pharmacies: the fewest, or the cheapest, that cover every county that can be covered."""

from dataclasses import replace
from decimal import Decimal
from math import gcd, lcm

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from procurement.pharmacies.rules.coverage.capacity import Load, cheapest_serving, served
from procurement.pharmacies.rules.coverage.exact import Choice, cheapest_cover
from procurement.pharmacies.rules.coverage.greedy import GreedyCover
from procurement.pharmacies.rules.coverage.problem import Cover, Ints
from procurement.pharmacies.rules.coverage.reach import distance_km, positions, reach_of
from procurement.pharmacies.rules.coverage.task import SECONDS, CoverageTask, CoveredCounty, Plan
from procurement.pharmacies.rules.coverage.uncoverable import needed_of, uncoverable

GAP_DIGITS = 6


def choose_pharmacies(task: CoverageTask, *, seconds: float = SECONDS) -> Plan:
    """Choose further pharmacies so that every county is covered that can be.

    Kept pharmacies stay and count. Where costs are given the cheapest further ones are chosen, else
    the fewest. A county that cannot be covered is named, and covered as far as it can be. The order
    of counties and pharmacies does not matter.

    Args:
        task: Counties and pharmacies, each with a name of its own; a kept one is eligible, and
            either all eligible ones that are not kept have a cost, or none.
        seconds: How long solvers may search; beyond them the answer has a gap.

    Examples:
        >>> from procurement.pharmacies.rules.coverage.task import County, Pharmacy
        >>> counties = [County("E", 32.0, 120.0), County("W", 32.0, 120.3)]
        >>> between = Pharmacy("between", "E", 32.0, 120.15)
        >>> east, west = Pharmacy("east", "E", 32.0, 120.0), Pharmacy("west", "W", 32.0, 120.3)
        >>> choose_pharmacies(CoverageTask(counties, [west, between, east])).chosen
        ('between', 'west')
        >>> plan = choose_pharmacies(CoverageTask(counties, [west, between, east], within_km=20))
        >>> plan.chosen, plan.optimal
        (('between',), True)
    """
    task = _in_order(task)
    reach = reach_of(task)
    eligible = np.array([one.is_eligible for one in task.pharmacies], dtype=np.bool_)
    kept = np.array([one.is_kept for one in task.pharmacies], dtype=np.bool_)
    usable = csr_array(reach * eligible.astype(np.int64))
    usable.eliminate_zeros()
    needed = np.array([needed_of(task, row) for row in range(len(task.counties))], dtype=np.int64)
    needs = np.minimum(needed, usable.sum(axis=1)).astype(np.int64)
    costs, unit = _whole_costs(task)
    cover = Cover(usable, needs, np.where(kept, 0, costs).astype(np.int64))
    load = _load(task)
    left = np.zeros(len(needs), dtype=np.int64)
    if load.patients.any():
        choice = _serving(cover, load, eligible, kept, seconds)
        left = load.patients - served(cover, load, choice.columns)
    else:
        choice = _covering(cover, eligible & ~kept, kept, seconds)
    chosen = np.union1d(choice.columns, np.flatnonzero(kept)).astype(np.int64)
    return Plan(
        chosen=_names(task, chosen),
        kept=_names(task, np.flatnonzero(kept)),
        further=_names(task, chosen[~kept[chosen]]),
        uncovered=uncoverable(task, reach, eligible, left),
        covered=_covered(task, usable, chosen, needed),
        optimal=choice.cost <= choice.bound,
        gap=_gap(choice),
        value=choice.cost * unit,
        bound=min(choice.bound, choice.cost) * unit,
    )


def _in_order(task: CoverageTask) -> CoverageTask:
    return replace(
        task,
        counties=sorted(task.counties, key=lambda one: one.name),
        pharmacies=sorted(task.pharmacies, key=lambda one: one.name),
    )


def _covering(
    cover: Cover, free: NDArray[np.bool_], kept: NDArray[np.bool_], seconds: float
) -> Choice:
    """The choice where nobody's capacity is limited: what kept ones cover is needed no more."""
    needs = np.maximum(cover.needs - cover.counts(np.flatnonzero(kept).astype(np.int64)), 0)
    columns = np.flatnonzero(free).astype(np.int64)
    rows = np.flatnonzero(needs > 0).astype(np.int64)
    part = Cover(cover.part(rows, columns).rows, needs[rows], cover.costs[columns])
    choice = cheapest_cover(part, seconds=seconds)
    # What costs nothing may have been taken without need.
    busy = GreedyCover(part).without_idle(choice.columns.tolist())
    return Choice(columns[busy], int(part.costs[busy].sum()), choice.bound)


def _serving(
    cover: Cover,
    load: Load,
    eligible: NDArray[np.bool_],
    kept: NDArray[np.bool_],
    seconds: float,
) -> Choice:
    columns = np.flatnonzero(eligible).astype(np.int64)
    part = cover.part(np.arange(len(cover.needs)), columns)
    limits = Load(load.patients, load.capacities[columns])
    already = np.flatnonzero(kept[columns]).astype(np.int64)
    choice = cheapest_serving(part, limits, kept=already, seconds=seconds)
    return Choice(columns[choice.columns], choice.cost, choice.bound)


def _load(task: CoverageTask) -> Load:
    patients = np.array([one.patients for one in task.counties], dtype=np.int64)
    total = int(patients.sum())
    if all(one.capacity is None for one in task.pharmacies):
        # Then whoever covers a county serves all of it.
        patients = np.zeros_like(patients)
    capacities = [total if one.capacity is None else one.capacity for one in task.pharmacies]
    return Load(patients, np.array(capacities, dtype=np.int64))


def _whole_costs(task: CoverageTask) -> tuple[Ints, Decimal]:
    """Costs as whole multiples of one amount; without costs each is one."""
    given = [one.cost for one in task.pharmacies if one.is_eligible and not one.is_kept]
    if not any(one is not None for one in given):
        return np.ones(len(task.pharmacies), dtype=np.int64), Decimal(1)
    costs = [Decimal(0) if one.cost is None else one.cost for one in task.pharmacies]
    part = lcm(*(one.as_integer_ratio()[1] for one in costs))
    whole = [int(one * part) for one in costs]
    step = gcd(*whole) or 1
    return np.array([one // step for one in whole], dtype=np.int64), Decimal(step) / Decimal(part)


def _gap(choice: Choice) -> float:
    if choice.cost <= choice.bound:
        return 0.0
    return round((choice.cost - choice.bound) / choice.cost, GAP_DIGITS)


def _names(task: CoverageTask, places: Ints | NDArray[np.intp]) -> tuple[str, ...]:
    return tuple(task.pharmacies[one].name for one in places)


def _covered(
    task: CoverageTask, usable: csr_array, chosen: Ints, needed: Ints
) -> tuple[CoveredCounty, ...]:
    latitude, longitude = positions(task.counties)
    latitude_to, longitude_to = positions(task.pharmacies)
    taken = np.zeros(len(task.pharmacies), dtype=np.bool_)
    taken[chosen] = True
    found = []
    for row, county in enumerate(task.counties):
        columns = usable.indices[usable.indptr[row] : usable.indptr[row + 1]]
        own = columns[taken[columns]].astype(np.int64)
        km = distance_km(
            np.full(len(own), latitude[row]),
            np.full(len(own), longitude[row]),
            latitude_to[own],
            longitude_to[own],
        )
        nearest = float(km.min()) if len(own) else None
        found.append(CoveredCounty(county.name, int(needed[row]), _names(task, own), nearest))
    return tuple(found)
