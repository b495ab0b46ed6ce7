"""The budget impact that a report shows: of one indication, or of several under one price."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from pricing.budget_impact import BudgetImpact
from pricing.draws import Draws


@dataclass(frozen=True, slots=True, eq=False)
class ImpactResult:
    """What a drug costs at the price under discussion, by [year, draw], in yuan, not discounted.

    Attributes:
        eligible: Eligible patients.
        patients: By treatment: its patients without and with the drug.
        without: What the fund pays for the mix without the drug.
        with_: What it pays for the mix with the drug.
        impact: What it pays more with the drug than without.
        offsets: The part of the impact that is saved elsewhere.
        patient_view: What the patients pay more with the drug than without.
        cumulative: The fund's impact in all years together, by [draw].
    """

    eligible: Draws
    patients: Mapping[str, tuple[Draws, Draws]]
    without: Draws
    with_: Draws
    impact: Draws
    offsets: Draws
    patient_view: Draws
    cumulative: Draws


def joint_impact(impacts: Mapping[str, BudgetImpact]) -> ImpactResult:
    """Add up the budget impacts of indications; treatments carry their indication's name.

    Args:
        impacts: By name of the indication, at least one; the only one may have no name.
    """
    return ImpactResult(
        eligible=_sum(impacts, lambda one: one.eligible),
        patients={
            f"{name}: {treatment}" if name else treatment: patients
            for name, impact in impacts.items()
            for treatment, patients in impact.patients.items()
        },
        without=_sum(impacts, lambda one: one.without),
        with_=_sum(impacts, lambda one: one.with_),
        impact=_sum(impacts, lambda one: one.impact),
        offsets=_sum(impacts, lambda one: one.offsets),
        patient_view=_sum(impacts, lambda one: one.patient_view),
        cumulative=_sum(impacts, lambda one: one.cumulative),
    )


def _sum(impacts: Mapping[str, BudgetImpact], part: Callable[[BudgetImpact], Draws]) -> Draws:
    first, *others = (part(one) for one in impacts.values())
    return np.asarray(sum(others, first), dtype=np.float64)
