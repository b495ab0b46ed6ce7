"""A negotiation model from its files to a report: budget, outcomes, ceilings, uncertainty."""

from pricing.negotiation_report.document import Document, report_json
from pricing.negotiation_report.joint import ImpactResult, joint_impact
from pricing.negotiation_report.lines import HeatMap, PriceLines, heat_map, price_lines
from pricing.negotiation_report.report import (
    BudgetUncertainty,
    CeilingSet,
    CostEffectiveness,
    IncrementResult,
    IndicationResult,
    OutcomeUncertainty,
    Overrun,
    Report,
    StrategyResult,
    Uncertainty,
)
from pricing.negotiation_report.run import BASE, run_model
from pricing.negotiation_report.runs import DRAWS, Part, Runs, Sampled, Worked, basis_of, parts_of

__all__ = [
    "BASE",
    "DRAWS",
    "BudgetUncertainty",
    "CeilingSet",
    "CostEffectiveness",
    "Document",
    "HeatMap",
    "ImpactResult",
    "IncrementResult",
    "IndicationResult",
    "OutcomeUncertainty",
    "Overrun",
    "Part",
    "PriceLines",
    "Report",
    "Runs",
    "Sampled",
    "StrategyResult",
    "Uncertainty",
    "Worked",
    "basis_of",
    "heat_map",
    "joint_impact",
    "parts_of",
    "price_lines",
    "report_json",
    "run_model",
]
