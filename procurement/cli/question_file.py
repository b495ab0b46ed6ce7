"""The questions of a sitting as the interface gives them, against which answers are checked."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import msgspec

from bidding.sealing import AnswerLine, Bid
from procurement.cli.sealing_files import BadFileError, read_file
from procurement.rounds.folder.faults import FaultList, quoted


class _Question(msgspec.Struct):
    lot: str
    question: str
    product: str | None = None
    price: str | None = None


class _Questions(msgspec.Struct):
    items: list[_Question]


@dataclass(frozen=True, slots=True)
class Questions:
    """What a manufacturer is asked: the price offered, if any, by lot, question and product."""

    offers: dict[tuple[str, str, str | None], Decimal | None]


def read_questions(path: Path) -> Questions:
    """Read what ``GET /api/v1/rounds/NAME/answers/N`` gave.

    Raises:
        BadFileError: It is something else.
    """
    expected = "the answer of GET /api/v1/rounds/NAME/answers/N"
    try:
        found = msgspec.json.decode(read_file(path), type=_Questions)
        offers = {
            (one.lot, one.question, one.product): None if one.price is None else Decimal(one.price)
            for one in found.items
        }
    except (msgspec.DecodeError, ArithmeticError, UnicodeDecodeError) as refusal:
        raise BadFileError(path, "has another form", expected) from refusal
    return Questions(offers)


def check_answers(bid: Bid, questions: Questions, *, file: str) -> None:
    """Refuse answers to what was not asked, or at a price above the one offered.

    Nobody could tell before the opening, when they would count as not accepted.

    Args:
        bid: The answers.
        questions: What is asked.
        file: Where the answers stand.

    Raises:
        BadFolderError: With every fault.
    """
    faults = FaultList()
    for answer in bid.answers:
        key = (answer.lot, answer.question, answer.product)
        what = f"lot {quoted(answer.lot)}, {quoted(answer.question)}"
        if key not in questions.offers:
            asked = ", ".join(sorted(f"{lot} {word}" for lot, word, _ in questions.offers))
            faults.add(file, None, "question", f"{what} is not asked", f"one of {asked or 'none'}")
        elif _is_above(answer, questions.offers[key]):
            offer = f"at most {questions.offers[key]}, or no price"
            faults.add(file, None, "price", f"{what} names a price above the offer", offer)
    faults.raise_if_any()


def _is_above(answer: AnswerLine, offer: Decimal | None) -> bool:
    return answer.price is not None and offer is not None and answer.price > offer
