"""Listing prices from a CSV file: all lines, or none, with every fault by line and column."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from pricing.money import PriceError, parse_price
from procurement.catalogue.csv_lines import FAULTS_MAX, Column, Row, cell_place, read_lines
from procurement.errors import FieldFault, InvalidInputError
from procurement.prices.listing_prices import Listing

PRODUCT = Column("product", "产品编码")
REGION = Column("region", "行政区划")
PRICE = Column("pack_price", "包装价格")
STARTS_ON = Column("starts_on", "起始日")
ENDS_ON = Column("ends_on", "终止日", is_needed=False)
SOURCE = Column("source", "依据")
COLUMNS = (PRODUCT, REGION, PRICE, STARTS_ON, ENDS_ON, SOURCE)

_BY_KEY = {column.key: column for column in COLUMNS}
_NEVER = date.min

T = TypeVar("T")


def read_listings(content: bytes) -> list[tuple[int, Listing]]:
    """Read a file of listing prices.

    Args:
        content: CSV with the columns `COLUMNS`.

    Returns:
        Each listing with the number of its line.

    Raises:
        InvalidInputError: With every fault that the file shows by itself.
    """
    found = read_lines(content, COLUMNS)
    faults = list(found.faults)
    listings = []
    for row in found.rows:
        listing, own = _listing(row)
        listings.append((row.number, listing))
        faults += own
    if faults:
        raise InvalidInputError(faults[:FAULTS_MAX])
    return listings


def in_file(error: InvalidInputError, numbers: list[int]) -> InvalidInputError:
    """Say of faults of `record_listings` where they stand in the file.

    Args:
        error: Its fields are ``lines.1.product`` and so on.
        numbers: Numbers of the lines, in the order of the listings.
    """
    placed = []
    for fault in error.faults:
        _, number, key = fault.field.split(".")
        place = cell_place(numbers[int(number) - 1], _BY_KEY[key])
        placed.append(FieldFault(place, fault.zh, fault.en))
    return InvalidInputError(placed[:FAULTS_MAX])


def _listing(row: Row) -> tuple[Listing, list[FieldFault]]:
    faults: list[FieldFault] = []

    def read(column: Column, reader: Callable[[str], T], otherwise: T, expected: str) -> T:
        text = row.cells.get(column.key, "")
        try:
            return reader(text)
        except ValueError:
            zh, en = f"应如 {expected}。", f"Expected something like {expected}."
            faults.append(FieldFault(cell_place(row.number, column), zh, en))
            return otherwise

    listing = Listing(
        product=row.cells[PRODUCT.key],
        region=row.cells[REGION.key],
        pack_price=read(PRICE, _price, Decimal(0), "12.34"),
        starts_on=read(STARTS_ON, date.fromisoformat, _NEVER, "2027-03-01"),
        ends_on=read(ENDS_ON, _day_or_none, None, "2027-12-31"),
        source=row.cells[SOURCE.key],
    )
    return listing, faults


def _price(text: str) -> Decimal:
    try:
        return parse_price(text)
    except PriceError as error:
        raise ValueError(text) from error


def _day_or_none(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
