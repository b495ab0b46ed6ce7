"""The lab: the same fields of bids under other documents, and under simulated bidding."""

from bidding.lab.errors import UnsimulableRuleError
from bidding.lab.report import DocumentFigures, LabReport, Range, report_document
from bidding.lab.run import evaluate_bids, prepare_bids, run_lab

__all__ = [
    "DocumentFigures",
    "LabReport",
    "Range",
    "UnsimulableRuleError",
    "evaluate_bids",
    "prepare_bids",
    "report_document",
    "run_lab",
]
