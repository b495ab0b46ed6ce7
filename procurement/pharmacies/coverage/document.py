"""A plan as one JSON document."""

from procurement.pharmacies.coverage.wording import why_uncovered
from procurement.pharmacies.rules.coverage.task import CoverageTask, CoveredCounty, Plan, Uncovered

KM_DIGITS = 3


def plan_document(plan: Plan, task: CoverageTask, *, language: str) -> dict[str, object]:
    """Put a plan into plain values; costs are decimal strings, distances and the gap numbers.

    Args:
        plan: The plan.
        task: What it was made for.
        language: ``zh`` or ``en``, of the reasons.
    """
    has_costs = any(one.cost is not None for one in task.pharmacies)
    return {
        "within_km": task.within_km,
        "per_county": task.per_county,
        "chosen": list(plan.chosen),
        "kept": list(plan.kept),
        "further": list(plan.further),
        "uncovered": [_uncovered(one, task, language) for one in plan.uncovered],
        "optimal": plan.optimal,
        "gap": plan.gap,
        "objective": "cost" if has_costs else "number",
        "value": f"{plan.value:f}" if has_costs else int(plan.value),
        "bound": f"{plan.bound:f}" if has_costs else int(plan.bound),
        "counties": [_covered(one) for one in plan.covered],
    }


def _uncovered(one: Uncovered, task: CoverageTask, language: str) -> dict[str, object]:
    zh, en = why_uncovered(one, within_km=task.within_km)
    return {
        "county": one.county,
        "why": en if language == "en" else zh,
        "reason": one.reason.value,
        "needed": one.needed,
        "eligible": one.eligible,
        "nearest": one.nearest,
        "nearest_km": _km(one.nearest_km),
        "patients_left": one.patients_left,
    }


def _covered(one: CoveredCounty) -> dict[str, object]:
    return {
        "county": one.county,
        "needed": one.needed,
        "by": list(one.by),
        "nearest_km": _km(one.nearest_km),
    }


def _km(distance: float | None) -> float | None:
    return None if distance is None else round(distance, KM_DIGITS)
