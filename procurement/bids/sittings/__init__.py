"""Second answers: what manufacturers are asked after the opening, and answer under seal.

A sitting has a manifest, a clock, a log and an opening of its own, all like those of the bids; the
same services carry them, told by the sitting's number (0 = the bids).
"""

from procurement.bids.sittings.questions import Asked, opened_answers, questions_of
from procurement.bids.sittings.service import (
    Clock,
    NotEvaluatedError,
    call_for_answers,
    close_sitting,
    open_sitting,
    sittings_of,
    sittings_to_close,
)

__all__ = [
    "Asked",
    "Clock",
    "NotEvaluatedError",
    "call_for_answers",
    "close_sitting",
    "open_sitting",
    "opened_answers",
    "questions_of",
    "sittings_of",
    "sittings_to_close",
]
