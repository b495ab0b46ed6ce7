"""Cost-effectiveness: decision trees, cohort Markov models, partitioned survival, the frontier.

A model gives one `Outcome` for each strategy, with the price of the negotiated drug kept apart:
its cost is affine in that price. All numbers are arrays whose last axis are the draws of a
probabilistic analysis; what is certain has one draw. Nothing here draws randomness of its own.
"""

from pricing.cost_effectiveness.check import check_cohort
from pricing.cost_effectiveness.cohort import run_cohort, trace
from pricing.cost_effectiveness.counting import COUNTING_RULES, CycleWeights, cycle_weights
from pricing.cost_effectiveness.frontier import (
    DOMINATED,
    EXTENDED_DOMINATED,
    FRONTIER,
    FrontierRow,
    frontier,
)
from pricing.cost_effectiveness.outcome import Increment, Outcome
from pricing.cost_effectiveness.partitioned import PartitionedStrategy, run_partitioned_survival
from pricing.cost_effectiveness.rates import (
    apply_hazard_ratio,
    apply_relative_risk,
    by_age,
    given_survival,
    over_another_time,
    probability_to_rate,
    rate_to_probability,
    weibull_probabilities,
    with_staying,
)
from pricing.cost_effectiveness.rewards import CohortSettings
from pricing.cost_effectiveness.strategy import CohortStrategy
from pricing.cost_effectiveness.survival import CURVES, SurvivalCurve, SurvivalTable
from pricing.cost_effectiveness.transitions import (
    Expansion,
    drawn_proportions,
    expand_tunnels,
    proportions,
)
from pricing.cost_effectiveness.tree import TreeNode, run_tree

__all__ = [
    "COUNTING_RULES",
    "CURVES",
    "DOMINATED",
    "EXTENDED_DOMINATED",
    "FRONTIER",
    "CohortSettings",
    "CohortStrategy",
    "CycleWeights",
    "Expansion",
    "FrontierRow",
    "Increment",
    "Outcome",
    "PartitionedStrategy",
    "SurvivalCurve",
    "SurvivalTable",
    "TreeNode",
    "apply_hazard_ratio",
    "apply_relative_risk",
    "by_age",
    "check_cohort",
    "cycle_weights",
    "drawn_proportions",
    "expand_tunnels",
    "frontier",
    "given_survival",
    "over_another_time",
    "probability_to_rate",
    "proportions",
    "rate_to_probability",
    "run_cohort",
    "run_partitioned_survival",
    "run_tree",
    "trace",
    "weibull_probabilities",
    "with_staying",
]
