"""``bids.csv``: what was declared, one line for each bid and strength."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from bidding.bid_sheet import Bid, Lot, Quote
from pricing.money import UnitPrice
from procurement.rounds.folder.cells import (
    optional,
    parse_count,
    parse_count_from_one,
    parse_day,
    parse_flag,
    parse_name,
    parse_names,
    parse_pack_price,
    parse_score,
    parse_unit_price,
)
from procurement.rounds.folder.faults import quoted
from procurement.rounds.folder.lots import KnownLots, strength_order
from procurement.rounds.folder.merging import merge
from procurement.rounds.folder.tables import Column, Row, Table


def _parse_supplies(text: str) -> frozenset[str] | None:
    return frozenset(parse_names(text)) or None


LOT = Column("lot", parse_name)
MANUFACTURER = Column("manufacturer", parse_name)
STRENGTH = Column("strength", parse_name)
DECLARED_PRICE = Column("declared_price", optional(parse_unit_price))
IS_ORIGINATOR = Column("is_originator", parse_flag)
BID = Column("bid", optional(parse_name), needed=False)
CONTROL_GROUP = Column("control_group", optional(parse_name), needed=False)
GROUP = Column("group", optional(parse_name), needed=False)
PACK_UNITS = Column("pack_units", optional(parse_count_from_one), needed=False)
PACK_PRICE = Column("pack_price", optional(parse_pack_price), needed=False)
CAPACITY = Column("capacity", optional(parse_count), needed=False)
SUPPLIES = Column("supplies", _parse_supplies, needed=False)
JOINT_BID = Column("joint_bid", optional(parse_name), needed=False)
REGIONS_COVERED = Column("regions_covered", optional(parse_count), needed=False)
PRIOR_SUPPLY = Column("prior_supply", optional(parse_count), needed=False)
PASSED_ON = Column("passed_on", optional(parse_day), needed=False)
COST_STATEMENT = Column("cost_statement", optional(parse_flag), needed=False)
QUALITY_SCORE = Column("quality_score", optional(parse_score), needed=False)

_DETAILS = (
    *(CONTROL_GROUP, GROUP, CAPACITY, SUPPLIES, JOINT_BID, REGIONS_COVERED),
    *(PRIOR_SUPPLY, PASSED_ON, COST_STATEMENT, QUALITY_SCORE),
)
COLUMNS = (
    *(LOT, MANUFACTURER, STRENGTH, DECLARED_PRICE, IS_ORIGINATOR),
    *(BID, PACK_UNITS, PACK_PRICE),
    *_DETAILS,
)
_OF_THE_BID = (MANUFACTURER, IS_ORIGINATOR, *_DETAILS)

_Key = tuple[str, str]
"""Lot and bid."""


class KnownBids:
    """Which bids other files may refer to; lines with a fault count too."""

    def __init__(self, bids: Iterable[Bid], table: Table) -> None:
        """Take the bids, and what the broken lines of their file name."""
        self.manufacturers = {(bid.lot, bid.bid): bid.manufacturer for bid in bids}
        self._complete = table.complete
        self._broken = {
            (cells.get(LOT.name, ""), cells.get(BID.name) or cells.get(MANUFACTURER.name, ""))
            for cells in table.broken
        }

    def check(self, row: Row, column: Column[str], lot: str) -> bool:
        """Whether the row's bid is known; if it certainly is not, that is noted as a fault."""
        key = (lot, row[column])
        if key in self.manufacturers or key in self._broken:
            return True
        if self._complete:
            problem = f"{quoted(row[column])} is not a bid in lot {quoted(lot)}"
            row.fault(column, problem, "a bid (or manufacturer) of bids.csv")
        return False


def read_bids(table: Table, lots: KnownLots) -> tuple[Bid, ...]:
    """Read ``bids.csv``; the lines of one bid and several strengths become one bid.

    Returns:
        The bids by lot and identifier, their quotes in the order of the lot's strengths. Faults
        are noted in the table.
    """
    bids: dict[_Key, Bid] = {}
    several: dict[_Key, dict[str, Quote]] = {}
    for row in table.rows(COLUMNS):
        if not lots.check_lot(row, LOT):
            continue
        _check_strengths(row, lots)
        bid = _bid(row)
        key = (bid.lot, bid.bid)
        first = bids.setdefault(key, bid)
        if first is not bid:
            bids[key] = merge(first, bid, row, _OF_THE_BID)
            quotes = several.setdefault(key, {first.quotes[0].strength: first.quotes[0]})
            _add_quote(quotes, bid.quotes[0], row)
    for key, quotes in several.items():
        bids[key] = replace(bids[key], quotes=_in_order(quotes, lots.lots.get(key[0])))
    if not table.rows_read and table.complete:
        table.fault(None, None, "has no line below its header", "one line for each bid")
    return tuple(bids[key] for key in sorted(bids))


def _bid(row: Row) -> Bid:
    """The bid as one line has it, with one quote."""
    manufacturer = row[MANUFACTURER]
    return Bid(
        lot=row[LOT],
        bid=row[BID] or manufacturer,
        manufacturer=manufacturer,
        quotes=(Quote(row[STRENGTH], _unit_price(row)),),
        is_originator=row[IS_ORIGINATOR],
        control_group=row[CONTROL_GROUP],
        joint_bid=row[JOINT_BID],
        group=row[GROUP],
        capacity=row[CAPACITY],
        supplies=row[SUPPLIES],
        regions_covered=row[REGIONS_COVERED],
        prior_supply=row[PRIOR_SUPPLY],
        passed_on=row[PASSED_ON],
        cost_statement=row[COST_STATEMENT],
        quality_score=row[QUALITY_SCORE],
    )


def _check_strengths(row: Row, lots: KnownLots) -> None:
    lots.check_strength(row, STRENGTH, row[LOT], row[STRENGTH])
    for label in row[SUPPLIES] or ():
        lots.check_strength(row, SUPPLIES, row[LOT], label)


def _add_quote(quotes: dict[str, Quote], quote: Quote, row: Row) -> None:
    if quote.strength in quotes:
        name = quoted(row[BID] or row[MANUFACTURER])
        problem = f"{name} bids for {quoted(quote.strength)} in lot {quoted(row[LOT])} already"
        row.fault(STRENGTH, problem, "one line for each bid and strength")
    quotes[quote.strength] = quote


def _in_order(quotes: Mapping[str, Quote], lot: Lot | None) -> tuple[Quote, ...]:
    """Quotes in the order of the lot's strengths; some are missing where it has faults."""
    if lot is None:
        return ()
    strengths = [lot.strengths[label] for label in quotes if label in lot.strengths]
    return tuple(quotes[strength.label] for strength in sorted(strengths, key=strength_order))


def _unit_price(row: Row) -> UnitPrice | None:
    """The exact unit price: the declared one, or the quotient of a pack's price and units."""
    declared, units, pack_price = row[DECLARED_PRICE], row[PACK_UNITS], row[PACK_PRICE]
    if units is None and pack_price is None:
        return None if declared is None else UnitPrice(declared)
    if units is None:
        row.fault(PACK_UNITS, "is empty beside a pack_price", "the units in that pack")
        return None
    if pack_price is None:
        row.fault(PACK_PRICE, "is empty beside pack_units", "the price of that pack in yuan")
        return None
    price = UnitPrice(pack_price, units)
    if declared is not None and not _agrees(declared, price.exact):
        problem = f"{quoted(str(declared))} is not {pack_price} / {units} to its last decimal"
        row.fault(DECLARED_PRICE, problem, f"{price.shown} rounded, or an empty cell")
    return price


def _agrees(declared: Decimal, exact: Fraction) -> bool:
    """Whether a price is the exact one, rounded to the decimals that it is written with."""
    exponent = declared.as_tuple().exponent
    last_decimal = Fraction(10) ** exponent if isinstance(exponent, int) else Fraction(0)
    return 2 * abs(Fraction(declared) - exact) <= last_decimal
