"""A bid as a file: CSV or JSON, read completely before anything is sealed."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from bidding.sealing import AnswerLine, Bid, BidLine, FormatError, Manifest, Purpose, parse_json
from bidding.sealing.bid import LINES_MAX, PLAINTEXT_SIZE_MAX, read_answer, read_line, strengths_of
from bidding.sealing.reading import Fields
from pricing.money import CENT
from procurement.cli.sealing_files import read_file
from procurement.rounds.folder.cells import (
    optional,
    parse_count,
    parse_count_from_one,
    parse_flag,
    parse_name,
    parse_names,
    parse_pack_price,
    parse_unit_price,
)
from procurement.rounds.folder.faults import FaultList, quoted
from procurement.rounds.folder.tables import Column, Row, Table
from procurement.rounds.folder.text import read_lines

T = TypeVar("T")

LOT = Column("lot", parse_name)
STRENGTH = Column("strength", parse_name)
DECLARED_PRICE = Column("declared_price", optional(parse_unit_price), needed=False)
PACK_UNITS = Column("pack_units", optional(parse_count_from_one), needed=False)
PACK_PRICE = Column("pack_price", optional(parse_pack_price), needed=False)
PRODUCT = Column("product", optional(parse_name), needed=False)
CAPACITY = Column("capacity", optional(parse_count), needed=False)
SUPPLIES = Column("supplies", parse_names, needed=False)
LINE_COLUMNS = (
    *(LOT, STRENGTH, DECLARED_PRICE, PACK_UNITS, PACK_PRICE, PRODUCT, CAPACITY, SUPPLIES),
)

QUESTION = Column("question", parse_name)
ANSWER = Column("answer", parse_flag)
PRICE = Column("price", optional(parse_unit_price), needed=False)
ANSWER_COLUMNS = (LOT, QUESTION, ANSWER, PRICE, PRODUCT)

Noted = Callable[[int | None, str | None, str, str], None]
"""Notes a fault: line, column, what is wrong, what was expected."""


def read_bid(path: Path, manifest: Manifest, *, encoding: str) -> Bid:
    """Read a bid, or second answers, and check it against the manifest.

    Args:
        path: ``.json`` with ``lines`` and ``answers`` as in the plaintext, or CSV.
        manifest: Says what may be bid for.
        encoding: Of a CSV file.

    Raises:
        BadFolderError: With every fault in the file.
    """
    faults = FaultList()
    if path.suffix == ".json":
        bid = _read_json(path, manifest, faults)
    else:
        bid = _read_csv(path, manifest, faults, encoding)
    faults.raise_if_any()
    return bid


def _read_csv(path: Path, manifest: Manifest, faults: FaultList, encoding: str) -> Bid:
    read_file(path)
    table = Table(path.name, read_lines(path, encoding), faults)
    if manifest.purpose is Purpose.ANSWERS:
        rows = list(table.rows(ANSWER_COLUMNS))
        answers = tuple(_answer_of(row) for row in rows)
        _check_answers(answers, manifest, [row.line for row in rows], table.fault)
        bid = Bid(answers=answers)
    else:
        rows = list(table.rows(LINE_COLUMNS))
        lines = tuple(_line_of(row) for row in rows)
        _check_lines(lines, manifest, [row.line for row in rows], table.fault)
        bid = Bid(lines)
    if not table.rows_read and not faults.faults:
        table.fault(None, None, "has no line below its header", "one line for each price")
    return bid


def _line_of(row: Row) -> BidLine:
    declared, units, price = row[DECLARED_PRICE], row[PACK_UNITS], row[PACK_PRICE]
    if (units is None) != (price is None):
        missing = PACK_UNITS if units is None else PACK_PRICE
        row.fault(missing, "is empty", "the units of the pack and its price, both or none")
    elif (declared is None) == (price is None):
        problem = "there is no price" if price is None else "there are two prices"
        row.fault(DECLARED_PRICE, problem, "a price per unit, or a pack and its price")
    return BidLine(
        lot=row[LOT],
        strength=row[STRENGTH],
        declared_price=_plain(declared),
        pack_units=units,
        pack_price=_plain(price),
        product=row[PRODUCT],
        capacity=row[CAPACITY],
        supplies=row[SUPPLIES],
    )


def _plain(price: Decimal | None) -> Decimal | None:
    # 5.50 and 05.5 are read alike; the sealed text has one spelling.
    return None if price is None else Decimal(f"{price:f}")


def _answer_of(row: Row) -> AnswerLine:
    return AnswerLine(row[LOT], row[QUESTION], row[ANSWER], row[PRICE], row[PRODUCT])


def _read_json(path: Path, manifest: Manifest, faults: FaultList) -> Bid:
    def note(line: int | None, column: str | None, problem: str, expected: str) -> None:
        faults.add(path.name, line, column, problem, expected)

    def read_all(fields: Fields, name: str, read: Callable[[Fields], T]) -> tuple[T, ...]:
        found = []
        for one in fields.objects(name, most=LINES_MAX) if name in fields.names() else ():
            try:
                found.append(read(one))
            except FormatError as refusal:
                note(None, refusal.where, "has another form", refusal.expected)
        return tuple(found)

    try:
        document = parse_json(read_file(path), where="bid", size_max=PLAINTEXT_SIZE_MAX)
        fields = Fields(document, "bid")
        lines = read_all(fields, "lines", read_line)
        answers = read_all(fields, "answers", read_answer)
        fields.done()
    except FormatError as refusal:
        note(None, refusal.where, "has another form", refusal.expected)
        return Bid()
    _check_lines(lines, manifest, [None] * len(lines), note)
    _check_answers(answers, manifest, [None] * len(answers), note)
    if not faults.faults:
        _check_purpose(Bid(lines, answers), manifest, note)
    return Bid(lines, answers)


def _check_purpose(bid: Bid, manifest: Manifest, note: Noted) -> None:
    wanted = "answers" if manifest.purpose is Purpose.ANSWERS else "lines"
    unwanted = "lines" if wanted == "answers" else "answers"
    if getattr(bid, unwanted) or not getattr(bid, wanted):
        note(None, f"bid.{wanted}", "is empty or not alone", f"{wanted} and nothing else")


def _check_lines(
    lines: Sequence[BidLine], manifest: Manifest, places: Sequence[int | None], note: Noted
) -> None:
    strengths = strengths_of(manifest)
    seen: set[tuple[str, str, str | None]] = set()
    for line, place in zip(lines, places, strict=True):
        _check_lot(line.lot, strengths, place, note)
        known = [strength for lot, strength in strengths if lot == line.lot]
        if known and line.strength not in known:
            problem = f"{quoted(line.strength)} is not a strength of lot {quoted(line.lot)}"
            note(place, "strength", problem, f"one of {', '.join(known)}")
        _check_supplies(line, known, place, note)
        if line.pack_price is not None and line.pack_price % CENT:
            note(place, "pack_price", "is finer than a cent", "a price of a pack like 12.34")
        key = (line.lot, line.strength, line.product)
        if key in seen:
            problem = f"lot {quoted(line.lot)}, {quoted(line.strength)} is there already"
            note(place, "strength", problem, "one line for a lot, strength and product")
        seen.add(key)


def _check_supplies(line: BidLine, known: Sequence[str], place: int | None, note: Noted) -> None:
    for strength in line.supplies:
        if known and strength not in known:
            problem = f"{quoted(strength)} is not a strength of lot {quoted(line.lot)}"
            note(place, "supplies", problem, f"some of {', '.join(known)}")


def _check_lot(
    lot: str, strengths: Mapping[tuple[str, str], object], place: int | None, note: Noted
) -> None:
    lots = dict.fromkeys(name for name, _ in strengths)
    if lot not in lots:
        note(place, "lot", f"{quoted(lot)} is not in the manifest", f"one of {', '.join(lots)}")


def _check_answers(
    answers: Sequence[AnswerLine], manifest: Manifest, places: Sequence[int | None], note: Noted
) -> None:
    strengths = strengths_of(manifest)
    seen: set[tuple[str, str, str | None]] = set()
    for answer, place in zip(answers, places, strict=True):
        _check_lot(answer.lot, strengths, place, note)
        key = (answer.lot, answer.question, answer.product)
        if key in seen:
            problem = f"lot {quoted(answer.lot)}, {quoted(answer.question)} is there already"
            note(place, "question", problem, "one line for a lot, question and product")
        seen.add(key)
