"""Coverage: fewest pharmacies for a province and for the nation, beside the bare solver.

``python -m benchmarks.coverage [province|nation …]``. The worlds are made up: counties at random
over a rectangle, pharmacies around them, some of both designated already and not eligible.
"""

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from procurement.pharmacies.rules.coverage.choosing import choose_pharmacies
from procurement.pharmacies.rules.coverage.reach import reach_of
from procurement.pharmacies.rules.coverage.task import County, CoverageTask, Pharmacy, Plan

SEED = 20_261_122


@dataclass(frozen=True, slots=True)
class Scale:
    """A world of one size.

    Attributes:
        counties: How many.
        pharmacies: How many.
        box: Degrees: south, north, west, east.
        spread: Standard deviation in degrees of pharmacies around the point of their county.
        distances: Tasks: km, or None for the own county.
        aim: Seconds.
        proves: Whether the optimum must be proven.
    """

    counties: int
    pharmacies: int
    box: tuple[float, float, float, float]
    spread: float
    distances: tuple[float | None, ...]
    aim: float
    proves: bool


SCALES: Mapping[str, Scale] = {
    "province": Scale(120, 3_000, (31, 35, 116.5, 121.5), 0.15, (None, 20, 30, 50), 1, True),
    "nation": Scale(3_000, 20_000, (22, 42, 100, 122), 0.2, (None, 25, 50, 80), 60, False),
}


def main(names: Sequence[str] = tuple(SCALES)) -> None:
    """Print seconds, pharmacies and gap of each task, and what the bare solver does in its time."""
    print("Coverage: fewest pharmacies, one core (wall-clock seconds; the machine may be shared)")
    for name in names:
        scale = SCALES[name]
        aim = f"{scale.aim:g} s, {'proven' if scale.proves else 'with the gap'}"
        print(f"  {name}: {scale.counties:,} counties, {scale.pharmacies:,} pharmacies; aim {aim}")
        for within_km in scale.distances:
            _one(scale, within_km)
    print()


def make_task(scale: Scale, within_km: float | None) -> CoverageTask:
    """Make a world up; the same for the same scale."""
    random = np.random.default_rng(SEED)
    south, north, west, east = scale.box
    latitude = random.uniform(south, north, scale.counties)
    longitude = random.uniform(west, east, scale.counties)
    counties = [
        County(f"c{number:05}", float(latitude[number]), float(longitude[number]))
        for number in range(scale.counties)
    ]
    home = random.integers(0, scale.counties, scale.pharmacies)
    away = random.normal(0, scale.spread, (scale.pharmacies, 2))
    state = random.uniform(0, 1, scale.pharmacies)
    pharmacies = [
        Pharmacy(
            f"p{number:05}",
            counties[home[number]].name,
            float(latitude[home[number]] + away[number, 0]),
            float(longitude[home[number]] + away[number, 1]),
            is_eligible=bool(state[number] > 0.1),
            is_kept=bool(state[number] > 0.995),
        )
        for number in range(scale.pharmacies)
    ]
    return CoverageTask(counties, pharmacies, within_km)


def _one(scale: Scale, within_km: float | None) -> None:
    task = make_task(scale, within_km)
    start = time.perf_counter()
    plan = choose_pharmacies(task)
    took = time.perf_counter() - start
    how = "own county" if within_km is None else f"within {within_km:g} km"
    proof = "proven" if plan.optimal else f"gap {plan.gap:.2%}"
    met = took <= scale.aim and (plan.optimal or not scale.proves)
    print(
        f"    {how:<14} {took:7.2f} s  {len(plan.further):5,} further, "
        f"{len(plan.uncovered):4,} uncovered, {proof:<11} {'' if met else 'AIM MISSED '}| "
        f"{_bare(task, plan, took)}",
        flush=True,
    )


def _bare(task: CoverageTask, plan: Plan, seconds: float) -> str:
    """What the solver alone does with the same problem in the same time, at least one second."""
    reach = reach_of(task)
    eligible = np.array([one.is_eligible for one in task.pharmacies])
    kept = np.array([one.is_kept for one in task.pharmacies])
    needs = np.minimum(1, reach @ eligible.astype(np.int64))
    start = time.perf_counter()
    solved = milp(
        np.where(kept, 0.0, 1.0),
        integrality=np.ones(len(kept), dtype=np.int64),
        bounds=Bounds(kept.astype(np.float64), eligible.astype(np.float64)),
        constraints=LinearConstraint(reach.astype(np.float64), lb=needs),
        options={"time_limit": max(seconds, 1.0), "mip_rel_gap": 0.0},
    )
    took = time.perf_counter() - start
    if solved.x is None:
        return f"bare solver {took:.2f} s: nothing found"
    further = round(float(solved.fun))
    proof = "proven" if solved.status == 0 else f"gap {solved.mip_gap:.2%}"
    if solved.status == 0 and plan.optimal and further != len(plan.further):
        return f"bare solver {took:.2f} s: {further:,} further: THE TWO DIFFER"
    return f"bare solver {took:.2f} s: {further:,} further, {proof}"


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or tuple(SCALES))
