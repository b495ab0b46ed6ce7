"""Fulfilment and agreed volumes: progress, time targets, delivery rates, later years."""

from collections.abc import Mapping
from typing import cast

from pricing.stated_rules import RuleNotStatedError
from procurement.cli.cases.answers import Answers
from procurement.cli.cases.case_file import Case, read_cases
from procurement.cli.cases.expectation import leaves
from procurement.cli.errors import BadCaseError
from procurement.orders.fulfilment.cases import Fields, answer_fulfilment_case


def answers(case: Case) -> Answers:
    """Answers to one case; those to its second entry are called ``2.guizhou_min``.

    A case that gives days alone speaks of the progress of the case before it in the same file.

    Raises:
        BadCaseError: The inputs are neither a table nor a list of tables, or lack something.
    """
    inputs = case.inputs
    entries = inputs if isinstance(inputs, list) else [inputs]
    if not all(isinstance(one, Mapping) for one in entries):
        raise BadCaseError(case.path, [f"{case.id}.inputs: expected a table, or a list of them"])
    earlier, found = _earlier(case), None
    try:
        if isinstance(inputs, list):
            found = answer_fulfilment_case(inputs, title=case.title, earlier=earlier)
        else:
            asked = cast("Fields", inputs)
            found = answer_fulfilment_case(asked, title=case.title, earlier=earlier)
    except RuleNotStatedError as refusal:
        raise BadCaseError(case.path, [f"{case.id}: {refusal}"]) from None
    except (KeyError, TypeError, ValueError, ArithmeticError) as fault:
        # The case is read as it is computed: what it lacks shows there.
        kind = type(fault).__name__
        said = f"{case.id}.inputs: {fault} ({kind}): expected the numbers of the case"
        raise BadCaseError(case.path, [said]) from None
    return Answers(dict(leaves(found)))


def _earlier(case: Case) -> list[Fields]:
    """The inputs of the cases before this one in its file, as far as they are tables."""
    before: list[Fields] = []
    for one in read_cases(case.path):
        if one.id == case.id:
            break
        if isinstance(one.inputs, Mapping):
            before.append(cast("Fields", one.inputs))
    return before
