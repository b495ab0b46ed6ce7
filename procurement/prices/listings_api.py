"""Recording listing prices by machine."""

from datetime import date

from litestar import post
from litestar.params import JSONBody
from msgspec import Struct

from pricing.money import PriceError, parse_price
from procurement.catalogue.csv_lines import BYTES_MAX
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action, Subject
from procurement.prices.listing_file import in_file, read_listings
from procurement.prices.listing_prices import Listing, record_listings
from procurement.web import Visit, writes

_TAG = ["prices"]
_ROOM = 100_000
"""Bytes of a form around its file."""


class ListingIn(Struct, kw_only=True):
    """A listing price.

    Attributes:
        product: National drug code of the pack, or its id in the catalogue.
        region: Division code of where it holds.
        pack_price: Yuan a pack, as a decimal.
        starts_on: First day.
        ends_on: Last day; null where it is not known.
        source: The document or decision.
    """

    product: str
    region: str
    pack_price: str
    starts_on: date
    source: str
    ends_on: date | None = None


class ListingsIn(Struct, kw_only=True):
    """Listing prices; all are recorded, or none."""

    items: list[ListingIn]


class ListingsOut(Struct, kw_only=True):
    """What was recorded, in the order of the lines."""

    price_ids: list[int]


@post("/api/v1/prices/listings", tags=_TAG, status_code=201)
@writes
def post_listings(visit: Visit, data: JSONBody[ListingsIn]) -> ListingsOut:
    """Record at which prices products are listed in a region."""
    visit.require_ever(Action.RECORD_LISTING)
    faults: list[FieldFault] = []
    listings = [_listing(number, one, faults) for number, one in enumerate(data.items, start=1)]
    if faults:
        raise InvalidInputError(faults)
    return _record(visit, listings)


@post(
    "/api/v1/prices/listing-files",
    tags=_TAG,
    status_code=201,
    request_max_body_size=BYTES_MAX + _ROOM,
)
@writes
def post_listing_file(visit: Visit) -> ListingsOut:
    """Record the listing prices of a CSV file (multipart: ``file``)."""
    visit.require_ever(Action.RECORD_LISTING)
    upload = visit.form.files.get("file")
    if upload is None:
        raise InvalidInputError([FieldFault("file", "请选择文件。", "Choose a file.")])
    numbered = read_listings(upload.file.read(BYTES_MAX + 1))
    try:
        return _record(visit, [one for _, one in numbered])
    except InvalidInputError as error:
        raise in_file(error, [number for number, _ in numbered]) from error


def _record(visit: Visit, listings: list[Listing]) -> ListingsOut:
    for region in sorted({one.region for one in listings}):
        visit.require(Action.RECORD_LISTING, Subject(regions=(region,)))
    prices = record_listings(
        visit.session, listings=listings, actor=visit.actor, moment=visit.moment
    )
    return ListingsOut(price_ids=[one.id for one in prices])


def _listing(number: int, given: ListingIn, faults: list[FieldFault]) -> Listing:
    try:
        price = parse_price(given.pack_price)
    except PriceError:
        zh, en = "须为大于 0 的金额，如 12.34。", "Expected an amount above 0, such as 12.34."
        faults.append(FieldFault(f"lines.{number}.pack_price", zh, en))
        price = parse_price("0.01")
    return Listing(
        product=given.product,
        region=given.region,
        pack_price=price,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        source=given.source,
    )


ROUTES = (post_listings, post_listing_file)
