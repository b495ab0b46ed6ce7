"""Cases: published models computed anew from their inputs; one module for each kind.

The first word of a case's kind decides which module turns its inputs into answers, by way of the
public functions behind it. No result is ever looked up.
"""

from procurement.cli.cases.case_file import Case, read_cases
from procurement.cli.cases.compare import (
    KNOWN,
    MISMATCH,
    NOT_DERIVABLE,
    WITHIN,
    Comparison,
    compare,
)
from procurement.cli.cases.expectation import Expectation
from procurement.cli.cases.kinds import ADAPTERS, adapter_of

__all__ = [
    "ADAPTERS",
    "KNOWN",
    "MISMATCH",
    "NOT_DERIVABLE",
    "WITHIN",
    "Case",
    "Comparison",
    "Expectation",
    "adapter_of",
    "compare",
    "read_cases",
]
