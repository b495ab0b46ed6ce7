"""The chain of prices by machine."""

from datetime import date
from typing import Annotated

from litestar import get
from litestar.params import QueryParameter
from msgspec import Struct

from procurement.permissions import Action
from procurement.prices import listings_api, standards_api
from procurement.prices.kinds import PriceKind
from procurement.prices.listing import PriceFilter, price_list, price_subject, seen_price
from procurement.prices.service import versions_of
from procurement.prices.tables import Price
from procurement.web import Cursor, PageSize, RowId, Visit, paginate_by_key, reads

_TAG = ["prices"]

Kind = Annotated[PriceKind | None, QueryParameter(name="kind")]
Day = Annotated[date | None, QueryParameter(name="on_date")]
Identifier = Annotated[int | None, QueryParameter(name="organisation_id", ge=1, le=2**31 - 1)]
Generic = Annotated[int | None, QueryParameter(name="generic_product_id", ge=1, le=2**31 - 1)]


class PriceOut(Struct, kw_only=True):
    """One version of a price."""

    id: int
    kind: str
    organisation_id: int
    generic_product_id: int | None
    product_id: int | None
    hospital_id: int | None
    region: str
    strength: str
    pack_units: int
    pack_price: str
    starts_on: date
    ends_on: date | None
    source: str
    clause: str
    converted_from_id: int | None
    factor: str | None
    series: str
    version: int
    previous_digest: str
    digest: str


class PricePage(Struct, kw_only=True):
    """Prices in the order of their ids."""

    items: list[PriceOut]
    next_cursor: str | None


class PriceHistory(Struct, kw_only=True):
    """A price with all versions of its series that may be seen, oldest first."""

    price: PriceOut
    versions: list[PriceOut]


@get("/api/v1/prices", tags=_TAG)
@reads
def list_prices(
    visit: Visit,
    cursor: Cursor = None,
    page_size: PageSize = 50,
    kind: Kind = None,
    organisation_id: Identifier = None,
    generic_product_id: Generic = None,
    on_date: Day = None,
) -> PricePage:
    """List prices that may be seen; with ``on_date`` those that hold on that day."""
    wanted = PriceFilter(
        kind=kind,
        organisation_id=organisation_id,
        generic_product_id=generic_product_id,
        day=on_date,
    )
    page = paginate_by_key(
        visit.session,
        price_list(wanted, actor=visit.actor),
        key=Price.id.expression,
        cursor=cursor,
        size=page_size,
    )
    return PricePage(items=[price_out(one) for one in page.rows], next_cursor=page.next_cursor)


@get("/api/v1/prices/{price_id:int}", tags=_TAG)
@reads
def read_price(visit: Visit, price_id: RowId) -> PriceHistory:
    """Read a price and the versions before and after it."""
    visit.require_ever(Action.READ_PRICES)
    price, subject = seen_price(visit.session, price_id=price_id, actor=visit.actor)
    visit.require(Action.READ_PRICES, subject)
    versions = [
        one
        for one in versions_of(visit.session, series=price.series)
        if visit.may(Action.READ_PRICES, price_subject(one))
        or visit.may(Action.READ_PRICES, price_subject(one, as_hospital=True))
    ]
    return PriceHistory(price=price_out(price), versions=[price_out(one) for one in versions])


def price_out(price: Price) -> PriceOut:
    """The price as the interface gives it: exact decimals as strings."""
    values = {name: getattr(price, name) for name in PriceOut.__struct_fields__}
    values["pack_price"] = f"{price.pack_price.normalize():f}"
    values["factor"] = None if price.factor is None else f"{price.factor:f}"
    return PriceOut(**values)


ROUTES = (list_prices, read_price, *standards_api.ROUTES, *listings_api.ROUTES)
