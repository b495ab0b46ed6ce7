"""Price ceilings: the highest price at which a constraint still holds.

`ceiling_of` turns one constraint into one ceiling, checked by putting it back; `combine` makes one
price of several by a named policy.
"""

from pricing.ceilings.basis import NO_AGREEMENT, Basis, Indication, Priced, net_price_at, priced
from pricing.ceilings.bounds import DrawBounds, draw_bounds, highest_allowed
from pricing.ceilings.ceiling import Cause, Ceiling, Method, PutBack, Shadow, Why
from pricing.ceilings.combine import (
    POLICIES,
    Combination,
    CombinedCeiling,
    Policy,
    combine,
    read_combination,
)
from pricing.ceilings.conditions import Condition, blend_weights, conditions_of
from pricing.ceilings.constraints import (
    AtProbability,
    BudgetConstraint,
    BudgetCumulative,
    BudgetEveryYear,
    BudgetQuantile,
    Constraint,
    CostNeutral,
    Icer,
    InternationalPrice,
    ReferencePrice,
    label,
    labels,
    probability_of,
    without_probability,
)
from pricing.ceilings.errors import CeilingError
from pricing.ceilings.given_price import given_price
from pricing.ceilings.margins import Margin, holds_at, margin_at
from pricing.ceilings.reading import KINDS, read_constraint
from pricing.ceilings.solve import ceiling_of, draws_own_ceilings
from pricing.ceilings.thresholds import PRESETS, ThresholdPreset, threshold_of

__all__ = [
    "KINDS",
    "NO_AGREEMENT",
    "POLICIES",
    "PRESETS",
    "AtProbability",
    "Basis",
    "BudgetConstraint",
    "BudgetCumulative",
    "BudgetEveryYear",
    "BudgetQuantile",
    "Cause",
    "Ceiling",
    "CeilingError",
    "Combination",
    "CombinedCeiling",
    "Condition",
    "Constraint",
    "CostNeutral",
    "DrawBounds",
    "Icer",
    "Indication",
    "InternationalPrice",
    "Margin",
    "Method",
    "Policy",
    "Priced",
    "PutBack",
    "ReferencePrice",
    "Shadow",
    "ThresholdPreset",
    "Why",
    "blend_weights",
    "ceiling_of",
    "combine",
    "conditions_of",
    "draw_bounds",
    "draws_own_ceilings",
    "given_price",
    "highest_allowed",
    "holds_at",
    "label",
    "labels",
    "margin_at",
    "net_price_at",
    "priced",
    "probability_of",
    "read_combination",
    "read_constraint",
    "threshold_of",
    "without_probability",
]
