"""What manufacturers are asked in a sitting, and what they answered once it is open."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.bid_sheet import Answer, QuestionKind
from procurement.bids.kinds import BidVerdict
from procurement.bids.tables import OpenedBid, Opening, Sitting, SittingQuestion

Named = tuple[str, str, str | None]
"""How an answer names its question: lot, question, product."""

SEPARATOR = " · "
"""Between manufacturer and product, in the name of a bid of one that has several in a lot."""

Answered = tuple[bool, Decimal | None]
"""Yes or no, and the price that was named."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to a manufacturer about one of its bids.

    Attributes:
        lot: The lot.
        bid: Identifier of the bid in the lot, as the evaluation names it.
        question: What is asked.
        organisation_id: Whose bid it is, who therefore answers.
        price: The price offered, in yuan per minimal unit, if any.
    """

    lot: str
    bid: str
    question: QuestionKind
    organisation_id: int
    price: Decimal | None = None


def product_in(bid: str, firm: str) -> str | None:
    """Return which of its products a manufacturer answers about; None where it has one bid.

    Args:
        bid: As the evaluation names it: the manufacturer, told apart by its code from another of
            the same name, and its product where it has several in the lot.
        firm: The manufacturer's name.

    Examples:
        >>> product_in("甲药业", "甲药业") is None, product_in("甲药业（9134）", "甲药业") is None
        (True, True)
        >>> product_in("甲药业 · 缓释片", "甲药业")
        '缓释片'
    """
    if not bid.startswith(firm):
        return bid
    _, separator, product = bid.removeprefix(firm).partition(SEPARATOR)
    return product if separator else None


def questions_of(
    session: Session, *, round_id: int, sitting: int, organisation_id: int | None = None
) -> Sequence[SittingQuestion]:
    """Return the questions of a sitting, by lot and bid; of one manufacturer where it is named."""
    asked = (
        select(SittingQuestion)
        .join(Sitting, Sitting.id == SittingQuestion.sitting_id)
        .where(Sitting.round_id == round_id, Sitting.number == sitting)
        .order_by(SittingQuestion.lot, SittingQuestion.bid, SittingQuestion.id)
    )
    if organisation_id is not None:
        asked = asked.where(SittingQuestion.organisation_id == organisation_id)
    return session.scalars(asked).all()


def opened_answers(session: Session, *, round_id: int) -> tuple[Answer, ...]:
    """Return what manufacturers answered in the opened sittings of a round.

    Every question has an answer: who was silent until the clock, withdrew, or sealed something
    that does not open, has not accepted. Nor has who named a price above the one offered. What
    was not asked is not heard.

    Args:
        session: Any session.
        round_id: The round.

    Returns:
        In the order in which the sittings were called; of several answers to one question the
        evaluation takes the last.
    """
    rows = session.execute(
        select(Sitting.number, SittingQuestion)
        .join(Sitting, Sitting.id == SittingQuestion.sitting_id)
        .join(
            Opening,
            (Opening.round_id == Sitting.round_id) & (Opening.sitting == Sitting.number),
        )
        .where(Sitting.round_id == round_id)
        .order_by(Sitting.number, SittingQuestion.lot, SittingQuestion.id)
    ).all()
    given = _given(session, round_id)
    return tuple(
        _answer(asked, given.get((number, asked.organisation_id), {})) for number, asked in rows
    )


def _given(session: Session, round_id: int) -> dict[tuple[int, int], Mapping[Named, Answered]]:
    opened = session.scalars(
        select(OpenedBid).where(
            OpenedBid.round_id == round_id,
            OpenedBid.sitting > 0,
            OpenedBid.verdict == BidVerdict.OPENED,
        )
    )
    return {(one.sitting, one.organisation_id): answers_in(one) for one in opened}


def answers_in(opened: OpenedBid) -> Mapping[Named, Answered]:
    """Read the answers of an envelope that was opened."""
    lines = [] if opened.content is None else json.loads(opened.content)["answers"]
    return {
        (line["lot"], line["question"], line.get("product")): (
            line["answer"],
            Decimal(line["price"]) if "price" in line else None,
        )
        for line in lines
    }


def _answer(asked: SittingQuestion, given: Mapping[Named, Answered]) -> Answer:
    accepts, price = given.get((asked.lot, asked.question, asked.product), (False, None))
    if price is not None and asked.price is not None and price > asked.price:
        accepts = False
    return Answer(
        lot=asked.lot,
        bid=asked.bid,
        question=QuestionKind(asked.question),
        answer=accepts,
        price=price if accepts else None,
    )
