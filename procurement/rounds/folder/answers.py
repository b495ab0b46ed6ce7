"""``answers.csv``: what people answered after the opening, one line for each question."""

from bidding.bid_sheet import Answer, QuestionKind
from procurement.rounds.folder.bids import KnownBids
from procurement.rounds.folder.cells import (
    optional,
    parse_flag,
    parse_name,
    parse_unit_price,
    parse_word,
)
from procurement.rounds.folder.lots import KnownLots
from procurement.rounds.folder.tables import Column, Table

LOT = Column("lot", parse_name)
BID = Column("bid", parse_name)
QUESTION = Column("question", parse_word(QuestionKind))
ANSWER = Column("answer", parse_flag)
PRICE = Column("price", optional(parse_unit_price), needed=False)

COLUMNS = (LOT, BID, QUESTION, ANSWER, PRICE)


def read_answers(table: Table, lots: KnownLots, bids: KnownBids) -> tuple[Answer, ...]:
    """Read ``answers.csv``; a line that repeats another one counts once.

    Returns:
        The answers by lot, bid and question. Faults are noted in the table.
    """
    answers: dict[tuple[str, str, QuestionKind], Answer] = {}
    for row in table.rows(COLUMNS):
        if not (lots.check_lot(row, LOT) and bids.check(row, BID, row[LOT])):
            continue
        answer = Answer(row[LOT], row[BID], row[QUESTION], row[ANSWER], row[PRICE])
        key = (answer.lot, answer.bid, answer.question)
        first = answers.setdefault(key, answer)
        if first != answer:
            column = ANSWER if first.answer != answer.answer else PRICE
            row.fault(column, "contradicts an earlier line", "one answer to each question")
        # 7 and 7.00 are one price: keep one form, whatever the order of the lines.
        answers[key] = min(first, answer, key=lambda one: str(one.price))
    return tuple(answers[key] for key in sorted(answers))
