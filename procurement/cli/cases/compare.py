"""Puts what is computed beside what was published."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pricing.faults import ModelError
from procurement.cli.cases.answers import Answers, UnknownNameError
from procurement.cli.cases.case_file import Case
from procurement.cli.cases.expectation import Expectation, Value
from procurement.cli.cases.kinds import adapter_of
from procurement.cli.errors import BadCaseError

WITHIN = "within"
KNOWN = "known"
MISMATCH = "mismatch"
NOT_DERIVABLE = "not-derivable"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One published result beside the computed one.

    Attributes:
        case: Id of the case.
        expectation: What was published.
        computed: What was computed; nothing where no such result exists.
        why: Why nothing was computed, in Chinese and English.
        is_derivable: Whether it follows from the inputs at all.
    """

    case: str
    expectation: Expectation
    computed: Value
    why: tuple[str, str] | None = None
    is_derivable: bool = True

    @property
    def status(self) -> str:
        """``within`` the tolerance; a ``known`` mismatch, a ``mismatch``, or ``not-derivable``."""
        if not self.is_derivable:
            return NOT_DERIVABLE
        if self.why is None and self.expectation.holds(self.computed):
            return WITHIN
        return KNOWN if self.expectation.known_mismatch else MISMATCH


def compare(cases: Sequence[Case]) -> list[Comparison]:
    """Compute every expected result of the cases, in their order.

    Raises:
        BadCaseError: A case cannot be computed: its kind is unknown, or its inputs are bad.
    """
    # First all kinds, so that a bad file prints nothing but its faults.
    adapters = [adapter_of(case) for case in cases]
    found = []
    for case, adapter in zip(cases, adapters, strict=True):
        try:
            # Numbers beyond all bounds give no result, which is said of each.
            with np.errstate(all="ignore"):
                answers = adapter(case)
                found += [_comparison(case, one, answers) for one in case.expected]
        except ModelError as refusal:
            raise BadCaseError(case.path, str(refusal).splitlines()) from None
        except ArithmeticError as fault:
            said = f"{case.id}.inputs: {fault}: expected numbers of a usual size"
            raise BadCaseError(case.path, [said]) from None
    return found


def _comparison(case: Case, expectation: Expectation, answers: Answers) -> Comparison:
    given = answers.not_derivable.get(expectation.name)
    if given is not None:
        return Comparison(case.id, expectation, None, given, is_derivable=False)
    try:
        computed = answers[expectation.name]
    except UnknownNameError:
        known = ", ".join(answers.known)
        why = (f"没有这一结果；可用：{known}", f"no result of this name: expected one of {known}")
        return Comparison(case.id, expectation, None, why)
    nothing = computed is None and expectation.value is not None
    if nothing or (isinstance(computed, float) and not math.isfinite(computed)):
        return Comparison(case.id, expectation, None, ("不存在", "there is none"))
    return Comparison(case.id, expectation, computed)
