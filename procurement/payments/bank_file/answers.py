"""What a bank answers to a file, whatever the format; pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from procurement.errors import FieldFault

FILE_BYTES_MAX = 20_000_000
LINES_MAX = 20_000


class Outcome(StrEnum):
    """What became of a transfer."""

    PAID = "paid"
    RETURNED = "returned"
    """Not carried out, or sent back by the payee's bank."""
    PENDING = "pending"
    """The bank has it and has not finished: nothing changes."""


OUTCOME_NAMES = {
    Outcome.PAID: ("已支付", "paid"),
    Outcome.RETURNED: ("退回", "returned"),
    Outcome.PENDING: ("银行处理中", "with the bank"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one transfer.

    Attributes:
        line: Row of a table with its heading, or number of the transaction in a message.
        number: Of the instruction.
        outcome: What became of it.
        amount: As the bank says it; None where it says none.
        on: Day on which it was paid or sent back; None while pending.
        reference: The bank's own number of it, empty where it gives none.
        reason: Why it was returned, in the bank's words.
    """

    line: int
    number: str
    outcome: Outcome
    amount: Decimal | None
    on: date | None
    reference: str
    reason: str


def at_place(place: tuple[str, str], zh: str, en: str) -> FieldFault:
    """Say what is wrong at a place of a file.

    Examples:
        >>> at_place(("第 2 行", "row 2"), "须为日期。", "Expected a day.").en
        'row 2: Expected a day.'
    """
    return FieldFault("file", f"{place[0]}：{zh}", f"{place[1]}: {en}")
