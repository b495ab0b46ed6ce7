"""The slow twin: every set of further pharmacies, tried one after the other."""

from decimal import Decimal
from itertools import chain, combinations

from procurement.pharmacies.rules.coverage.task import CoverageTask
from procurement.pharmacies.rules.distance import great_circle_km


def covers(task, county, pharmacy):
    """Whether a pharmacy covers a county, by the words of the interface."""
    if task.within_km is None:
        return pharmacy.county == county.name
    km = great_circle_km(
        county.latitude,
        county.longitude,
        other_latitude=pharmacy.latitude,
        other_longitude=pharmacy.longitude,
    )
    return km <= task.within_km


def most_served(task, chosen, patients):
    """How many patients some pharmacies serve at most: the least cut over all sets of counties."""
    counties = list(task.counties)
    total = sum(patients.values())
    least = total
    for cut in chain.from_iterable(combinations(counties, n) for n in range(len(counties) + 1)):
        reaching = [one for one in chosen if any(covers(task, county, one) for county in cut)]
        room = sum(total if one.capacity is None else one.capacity for one in reaching)
        least = min(least, room + total - sum(patients[one.name] for one in cut))
    return least


def least_value(task: CoverageTask) -> Decimal:
    """The least cost (or number) of further pharmacies that cover as much as all could."""
    eligible = [one for one in task.pharmacies if one.is_eligible]
    kept = [one for one in eligible if one.is_kept]
    free = [one for one in eligible if not one.is_kept]
    has_costs = any(one.cost is not None for one in free)
    limited = any(one.capacity is not None for one in task.pharmacies)
    patients = {one.name: one.patients if limited else 0 for one in task.counties}
    needs = {
        one.name: min(
            task.per_county if one.minimum is None else one.minimum,
            sum(covers(task, one, each) for each in eligible),
        )
        for one in task.counties
    }
    goal = most_served(task, eligible, patients)
    best: Decimal | None = None
    for further in chain.from_iterable(combinations(free, n) for n in range(len(free) + 1)):
        chosen = [*kept, *further]
        if any(
            sum(covers(task, county, one) for one in chosen) < needs[county.name]
            for county in task.counties
        ):
            continue
        if most_served(task, chosen, patients) < goal:
            continue
        value = sum(
            ((one.cost or Decimal(0)) if has_costs else Decimal(1) for one in further), Decimal(0)
        )
        best = value if best is None else min(best, value)
    assert best is not None
    return best
