"""What people answered after the opening, ready to be asked by lot, bid and question."""

from collections.abc import Iterable
from decimal import Decimal

from bidding.bid_sheet import Answer, QuestionKind
from bidding.contender import Contender
from bidding.errors import BadAnswerError
from pricing.money import EXACT, UnitPrice


class Answers:
    """The answers of a round.

    Examples:
        >>> answers = Answers([Answer("L01", "A", QuestionKind.REVIVE, True)])
        >>> answers.given("L01", "A", QuestionKind.REVIVE).answer
        True
        >>> answers.given("L01", "B", QuestionKind.REVIVE) is None
        True
    """

    def __init__(self, answers: Iterable[Answer] = ()) -> None:
        """Keep the answers by lot, bid and question."""
        self._given = {(given.lot, given.bid, given.question): given for given in answers}

    def given(self, lot: str, bid: str, question: QuestionKind) -> Answer | None:
        """The answer to a question, or None if it is still open."""
        return self._given.get((lot, bid, question))

    def yes(self, lot: str, bid: str, question: QuestionKind) -> bool | None:
        """Yes, no, or None if the question is still open."""
        given = self.given(lot, bid, question)
        return None if given is None else given.answer

    def order_in_tie(self, lot: str, bid: str) -> tuple[int, str]:
        """Where a bid goes among its equals: those preferred first, then by name."""
        preferred = self.yes(lot, bid, QuestionKind.TIE)
        return (1 if preferred is None else 0 if preferred else 2, bid)

    def withdrawn(self, lot: str, bid: str) -> bool:
        """Whether the bidder has withdrawn after the opening."""
        return self.yes(lot, bid, QuestionKind.WITHDRAW) is True


def accepted_price(lot: str, contender: Contender, answer: Answer, offer: UnitPrice) -> UnitPrice:
    """The price at which an offer was accepted: the offer, or a lower one that was named.

    Raises:
        BadAnswerError: The price named is above the one offered.
    """
    if answer.price is None:
        return offer
    pack_price = EXACT.multiply(answer.price, Decimal(offer.pack_units))
    if pack_price > offer.pack_price:
        cause = f"price {answer.price} is above {offer.shown}, the highest that is accepted"
        raise BadAnswerError(lot, contender.name, cause)
    return UnitPrice(pack_price, offer.pack_units)
