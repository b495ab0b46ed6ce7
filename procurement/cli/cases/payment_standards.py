"""Payment standards: of products that did not win, of a bidding, and how a bill is split."""

from collections.abc import Mapping, Sequence
from typing import cast

from pricing.payment_standard.cases import Fields, answer_standard_case
from pricing.stated_rules import RuleNotStatedError
from procurement.cli.cases.answers import Answers
from procurement.cli.cases.case_file import Case
from procurement.cli.cases.expectation import leaves
from procurement.cli.errors import BadCaseError


def answers(case: Case) -> Answers:
    """Answers to one question or several; those of the second are called ``2.standard``.

    Raises:
        BadCaseError: The inputs are neither a question nor a list of questions.
    """
    inputs = case.inputs
    questions = inputs if isinstance(inputs, list) else [inputs]
    if not all(isinstance(one, Mapping) for one in questions):
        raise BadCaseError(case.path, [f"{case.id}.inputs: expected a table, or a list of them"])
    asked = cast("Fields | Sequence[Fields]", inputs)
    try:
        return Answers(dict(leaves(answer_standard_case(asked, title=case.title))))
    except RuleNotStatedError as refusal:
        raise BadCaseError(case.path, [f"{case.id}: {refusal}"]) from None
    except (KeyError, TypeError, ArithmeticError) as fault:
        # The question is read as it is asked: what it lacks shows there.
        kind = type(fault).__name__
        said = f"{case.id}.inputs: {fault} ({kind}): expected the numbers of the question"
        raise BadCaseError(case.path, [said]) from None
