"""The dual channel: benefit, prescriptions, registrations, convenience pharmacies."""

from collections.abc import Mapping, Sequence
from typing import cast

from pricing.stated_rules import RuleNotStatedError
from procurement.cli.cases.answers import Answers
from procurement.cli.cases.case_file import Case
from procurement.cli.cases.expectation import leaves
from procurement.cli.errors import BadCaseError
from procurement.pharmacies.cases import Fields, answer_dual_case

_OF_A_BILL = ("channel", "bill")
"""Facts of a bill that case files list among the results."""


def answers(case: Case) -> Answers:
    """Answers to one entry or several; those of the second are called ``2.valid``.

    Raises:
        BadCaseError: The inputs lack something.
    """
    asked = cast("Fields | Sequence[Fields]", case.inputs)
    try:
        return Answers(dict(leaves(answer_dual_case(asked, bills=_bills(case)))))
    except RuleNotStatedError as refusal:
        raise BadCaseError(case.path, [f"{case.id}: {refusal}"]) from None
    except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError) as fault:
        said = f"{case.id}.inputs: {fault} ({type(fault).__name__}): expected the case's facts"
        raise BadCaseError(case.path, [said]) from None


def _bills(case: Case) -> Sequence[Mapping[str, object]]:
    """The bills of a year, which such a case lists beside their results."""
    found: dict[str, dict[str, object]] = {}
    for one in case.expected:
        place, _, name = one.name.partition(".")
        if name in _OF_A_BILL:
            found.setdefault(place, {})[name] = one.value
    return list(found.values())
