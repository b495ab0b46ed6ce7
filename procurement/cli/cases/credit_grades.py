"""Credit rating: grades by sum and circumstance, and what repairs them."""

from pricing.faults import ModelFaultsError
from procurement.cli.cases.answers import Answers, given_in_words
from procurement.cli.cases.case_file import Case
from procurement.cli.cases.expectation import leaves
from procurement.cli.errors import BadCaseError
from procurement.credit_rating.cases import answer_credit_case

_IN_WORDS = (
    "以文字表述；评级后果见 jicai rulebooks credit-2020、credit-2025 的 consequences",
    "stated in words: see consequences of jicai rulebooks credit-2020 and credit-2025",
)


def answers(case: Case) -> Answers:
    """Grades by their place, or a repair's missing measures.

    Raises:
        BadCaseError: The inputs lack something.
    """
    if case.inputs is None:
        return given_in_words(case.expected, _IN_WORDS)
    try:
        answer = answer_credit_case(case.inputs, title=case.title)
    except ModelFaultsError:
        raise
    except (KeyError, StopIteration, TypeError, ValueError, ArithmeticError) as fault:
        said = f"{case.id}.inputs: {fault} ({type(fault).__name__}): expected the facts of a matter"
        raise BadCaseError(case.path, [said]) from None
    return Answers(dict(leaves(answer, "expected" if isinstance(answer, str) else "")))
