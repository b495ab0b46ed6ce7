"""``choices.csv``: the regions that each winner prefers, one line for each place in its list."""

from bidding.bid_sheet import Choice
from procurement.rounds.folder.bids import KnownBids
from procurement.rounds.folder.cells import parse_count_from_one, parse_flag, parse_name
from procurement.rounds.folder.faults import quoted
from procurement.rounds.folder.lots import KnownLots
from procurement.rounds.folder.tables import Column, Row, Table


def _parse_spare(text: str) -> bool:
    return parse_flag(text) if text else False


LOT = Column("lot", parse_name)
BID = Column("bid", parse_name)
ORDER = Column("order", parse_count_from_one)
REGION = Column("region", parse_name)
SPARE = Column("spare", _parse_spare, needed=False)

COLUMNS = (LOT, BID, ORDER, REGION, SPARE)


def read_choices(
    table: Table, lots: KnownLots, bids: KnownBids, regions: frozenset[str] | None
) -> tuple[Choice, ...]:
    """Read ``choices.csv``.

    Args:
        table: The file.
        lots: What ``lots.csv`` has.
        bids: What ``bids.csv`` has.
        regions: Those of ``volumes.csv``; None where they are not known for certain.

    Returns:
        The choices by lot, bid, kind (main before spare) and order. Faults are noted in the table.
    """
    choices = []
    taken: set[tuple[str, str, bool, int | str]] = set()
    for row in table.rows(COLUMNS):
        if not (lots.check_lot(row, LOT) and bids.check(row, BID, row[LOT])):
            continue
        if regions is not None and row[REGION] not in regions:
            row.fault(REGION, f"{quoted(row[REGION])} is not in volumes.csv", "a region in it")
        choice = Choice(row[LOT], row[BID], row[ORDER], row[REGION], row[SPARE])
        _check_once(row, choice, taken)
        choices.append(choice)
    return tuple(sorted(choices, key=lambda one: (one.lot, one.bid, one.spare, one.order)))


def _check_once(row: Row, choice: Choice, taken: set[tuple[str, str, bool, int | str]]) -> None:
    kind = "spare" if choice.spare else "main"
    of_bid = (choice.lot, choice.bid, choice.spare)
    if (*of_bid, choice.order) in taken:
        row.fault(ORDER, f"the bid has its {kind} choice {choice.order} already", "each order once")
    if (*of_bid, choice.region) in taken:
        problem = f"the bid has {quoted(choice.region)} among its {kind} choices already"
        row.fault(REGION, problem, "each region once")
    taken |= {(*of_bid, choice.order), (*of_bid, choice.region)}
