"""``expected.csv``: the published outcome of a past round, one line for each manufacturer."""

from dataclasses import dataclass

from procurement.rounds.folder.bids import KnownBids
from procurement.rounds.folder.cells import optional, parse_flag, parse_name, parse_names
from procurement.rounds.folder.lots import KnownLots
from procurement.rounds.folder.tables import Column, Row, Table

LOT = Column("lot", parse_name)
MANUFACTURER = Column("manufacturer", optional(parse_name), needed=False)
BID = Column("bid", optional(parse_name), needed=False)
SELECTED = Column("selected", parse_flag)
REGIONS = Column("regions", parse_names, needed=False)

COLUMNS = (LOT, MANUFACTURER, BID, SELECTED, REGIONS)


@dataclass(frozen=True, slots=True)
class Expected:
    """What was published about one manufacturer, or one of its bids, in one lot.

    Attributes:
        lot: The lot.
        bid: Identifier of the bid, where the outcome was published by bid; None where it was
            published by manufacturer.
        manufacturer: As published; for an outcome by bid, the bid's manufacturer (or the
            identifier itself, if nobody made such a bid).
        selected: Whether it was selected.
        regions: Those it supplies, as published; empty if none or not published.
    """

    lot: str
    bid: str | None
    manufacturer: str
    selected: bool
    regions: tuple[str, ...] = ()


def read_expected(table: Table, lots: KnownLots, bids: KnownBids) -> tuple[Expected, ...]:
    """Read ``expected.csv``; it may name manufacturers that made no bid.

    Returns:
        The outcomes by lot, manufacturer and bid; a line that repeats another one counts once.
        Faults are noted in the table.
    """
    outcomes: dict[tuple[str, str, str], Expected] = {}
    for row in table.rows(COLUMNS):
        if not lots.check_lot(row, LOT):
            continue
        outcome = _outcome(row, bids)
        if outcome is None:
            row.fault(MANUFACTURER, "is empty", "a manufacturer, or a bid in the column bid")
            continue
        key = (outcome.lot, outcome.manufacturer, outcome.bid or "")
        first = outcomes.setdefault(key, outcome)
        if first != outcome:
            column = SELECTED if first.selected != outcome.selected else REGIONS
            row.fault(column, "contradicts an earlier line", "one outcome for each bid")
    return tuple(outcomes[key] for key in sorted(outcomes))


def _outcome(row: Row, bids: KnownBids) -> Expected | None:
    lot, bid = row[LOT], row[BID]
    manufacturer = row[MANUFACTURER]
    if manufacturer is None and bid is not None:
        manufacturer = bids.manufacturers.get((lot, bid), bid)
    if manufacturer is None:
        return None
    return Expected(lot, bid, manufacturer, row[SELECTED], row[REGIONS])
