"""Retained savings: lines by the formula, groups, funds, scores, printed tables."""

from collections.abc import Mapping, Sequence
from typing import cast

from pricing.stated_rules import RuleNotStatedError
from procurement.cli.cases.answers import Answers
from procurement.cli.cases.case_file import Case
from procurement.cli.cases.expectation import leaves
from procurement.cli.errors import BadCaseError
from procurement.savings.case_lines import Fields
from procurement.savings.cases import answer_savings_case

_NOT_DERIVABLE = {
    "max_single_wan": ("各机构金额未公布", "amounts of single institutions were not published"),
    "retained_wan": (
        "基数、集采前价格和支付比例未公布",
        "base volume, price before and payment ratio were not published",
    ),
    "period": ("公布的事实，不由数量得出", "a fact that was announced; volumes do not give it"),
    "paid": ("公布的事实，不由数量得出", "a fact that was announced; volumes do not give it"),
}
"""What bulletins print beside their figures, and why it does not follow from them."""


def answers(case: Case) -> Answers:
    """Answers to one case; those to its second entry are called ``2.grade``.

    Raises:
        BadCaseError: The inputs are neither a table nor a list of tables, or lack something.
    """
    inputs = case.inputs
    entries = inputs if isinstance(inputs, list) else [inputs]
    if not all(isinstance(one, Mapping) for one in entries):
        raise BadCaseError(case.path, [f"{case.id}.inputs: expected a table, or a list of them"])
    asked = cast("Fields | Sequence[Fields]", inputs)
    try:
        found = dict(leaves(answer_savings_case(asked, title=case.title)))
    except RuleNotStatedError as refusal:
        raise BadCaseError(case.path, [f"{case.id}: {refusal}"]) from None
    except (KeyError, TypeError, ValueError, ArithmeticError) as fault:
        # The case is read as it is computed: what it lacks shows there.
        kind = type(fault).__name__
        said = f"{case.id}.inputs: {fault} ({kind}): expected the factors of the case"
        raise BadCaseError(case.path, [said]) from None
    missing = {name: why for name, why in _NOT_DERIVABLE.items() if name not in found}
    return Answers(found, not_derivable=missing)
