"""Pure functions of retained savings: assessment, formula, settlement, checks."""

from procurement.savings.rules.bands import Band, NoBandError, assess, read_bands
from procurement.savings.rules.completion import Completion, completed_keys
from procurement.savings.rules.formula import Bases, Formula, MissingRatioError, bases
from procurement.savings.rules.funds import cent_parts, share_out, split_funds
from procurement.savings.rules.scheme_rules import Parameter, SchemeRules
from procurement.savings.rules.settlement import (
    Choices,
    SettledGroup,
    SettledHospital,
    SettledLine,
    Settlement,
    settle,
)
from procurement.savings.rules.terms import Assessed, Terms, Use

__all__ = [
    "Assessed",
    "Band",
    "Bases",
    "Choices",
    "Completion",
    "Formula",
    "MissingRatioError",
    "NoBandError",
    "Parameter",
    "SchemeRules",
    "SettledGroup",
    "SettledHospital",
    "SettledLine",
    "Settlement",
    "Terms",
    "Use",
    "assess",
    "bases",
    "cent_parts",
    "completed_keys",
    "read_bands",
    "settle",
    "share_out",
    "split_funds",
]
