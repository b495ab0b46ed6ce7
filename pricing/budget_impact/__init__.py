"""What a drug costs the fund and the patients by year, beside the mix of treatments without it.

After the principles of the ISPOR task force on budget impact: the payer's view, the mix of
treatments with the drug compared with the mix without it, by budget year, not discounted, offsets
shown apart.
"""

from pricing.budget_impact.curves import (
    linear_curve,
    logistic_curve,
    step_curve,
    table_curve,
)
from pricing.budget_impact.impact import (
    BudgetImpact,
    budget_impact,
    per_member_per_month,
)
from pricing.budget_impact.model import BudgetModel, BudgetTreatment
from pricing.budget_impact.population import cohorts, funnel, stacked_cohorts

__all__ = [
    "BudgetImpact",
    "BudgetModel",
    "BudgetTreatment",
    "budget_impact",
    "cohorts",
    "funnel",
    "linear_curve",
    "logistic_curve",
    "per_member_per_month",
    "stacked_cohorts",
    "step_curve",
    "table_curve",
]
