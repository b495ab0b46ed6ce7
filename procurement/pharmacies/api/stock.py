"""Stock by machine: reported by places, and prices that are too high for bureaus."""

from datetime import date, datetime

from litestar import get, post
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from procurement.permissions import Action, Subject
from procurement.pharmacies.api.finder_shapes import exact
from procurement.pharmacies.finder.counts import take_count
from procurement.pharmacies.finder.flags import find_flag, flags_in, settle_flag
from procurement.pharmacies.finder.reading import SentLine, cell_of_list
from procurement.pharmacies.finder.reporting import Report, report_stock
from procurement.pharmacies.finder.subjects import flag_subject
from procurement.pharmacies.finder.tables import StockPriceFlag, StockUpload
from procurement.pharmacies.places.service import find_place
from procurement.pharmacies.places.subjects import place_subject
from procurement.web import Cursor, PageSize, RowId, Visit, paginate_by_key, reads, writes

TAGS = ["finder"]
_FLAGS = "/api/v1/stock-flags"


class StockLineIn(Struct, kw_only=True):
    """What a place has of one product; the drug by its national code, or by name and form."""

    as_of: str
    place: str = ""
    drug_code: str = ""
    name: str = ""
    form: str = ""
    product: str = ""
    packs: int | None = None
    level: str = ""
    price: str = ""


class StockIn(Struct, kw_only=True):
    """A report of stock; ``whole`` says that it is all that the places named have."""

    lines: list[StockLineIn]
    whole: bool = False


class UploadOut(Struct, kw_only=True):
    """What a report did."""

    id: int
    source: str
    sha256: str
    whole: bool
    places: int
    lines: int
    added: int
    changed: int
    removed: int
    too_high: int
    sent_at: datetime


class FlagOut(Struct, kw_only=True):
    """A sale price above what is public as allowed; yuan a pack, as strings."""

    id: int
    place_id: int
    county: str
    product_id: int
    product: str
    price: str | None
    allowed: str | None
    allowed_kind: str
    as_of: date
    raised_at: datetime
    settled_at: datetime | None
    settled_why: str


class FlagPage(Struct, kw_only=True):
    """Prices that are too high, in the order of their ids."""

    items: list[FlagOut]
    next_cursor: str | None


class SettledIn(Struct, kw_only=True):
    """What was found and done."""

    why: str


@post("/api/v1/find/places/{place_code:str}/stock", tags=TAGS, status_code=200)
@writes
def post_place_stock(visit: Visit, place_code: FromPath[str], data: JSONBody[StockIn]) -> UploadOut:
    """Report what one place has: changes, or its whole stock."""
    visit.require_ever(Action.UPLOAD_STOCK)
    place = find_place(visit.session, code=place_code)
    visit.require(Action.UPLOAD_STOCK, place_subject(place))
    return _report(visit, data, place=place.institution_code)


@post("/api/v1/stock-uploads", tags=TAGS, status_code=200)
@writes
def post_stock(visit: Visit, data: JSONBody[StockIn]) -> UploadOut:
    """Report what several places of one's own have; each line names its place."""
    visit.require(Action.UPLOAD_STOCK, Subject(organisation_id=visit.actor.organisation_id))
    return _report(visit, data, place="")


def _report(visit: Visit, data: StockIn, *, place: str) -> UploadOut:
    lines = [
        SentLine(
            number,
            {
                "place": one.place or place,
                "drug_code": one.drug_code,
                "name": one.name,
                "form": one.form,
                "product": one.product,
                "packs": "" if one.packs is None else str(one.packs),
                "level": one.level,
                "price": one.price,
                "as_of": one.as_of,
            },
        )
        for number, one in enumerate(data.lines, start=1)
    ]
    upload = report_stock(
        visit.session,
        lines=lines,
        report=Report(is_whole=data.whole),
        name_cell=cell_of_list,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _upload_of(upload)


@post("/api/v1/stock-uploads/count", tags=TAGS, status_code=200)
@writes
def post_count(visit: Visit) -> UploadOut:
    """Take the newest stock count (3501) of a hospital as the whole stock of its place."""
    visit.require(Action.UPLOAD_STOCK, Subject(organisation_id=visit.actor.organisation_id))
    return _upload_of(take_count(visit.session, actor=visit.actor, moment=visit.moment))


def _upload_of(upload: StockUpload) -> UploadOut:
    return UploadOut(
        id=upload.id,
        source=upload.source,
        sha256=upload.digest,
        whole=upload.is_whole,
        places=upload.places,
        lines=upload.lines,
        added=upload.added,
        changed=upload.changed,
        removed=upload.removed,
        too_high=upload.too_high,
        sent_at=upload.sent_at,
    )


@get(_FLAGS, tags=TAGS)
@reads
def list_flags(visit: Visit, cursor: Cursor = None, page_size: PageSize = 50) -> FlagPage:
    """List the open prices of one's region that are too high."""
    visit.require(Action.READ_STOCK_FLAG, Subject(regions=(visit.actor.region,)))
    page = paginate_by_key(
        visit.session,
        flags_in(region=visit.actor.region, is_open=True).order_by(None),
        key=StockPriceFlag.id.expression,
        cursor=cursor,
        size=page_size,
    )
    return FlagPage(items=[_flag_of(one) for one in page.rows], next_cursor=page.next_cursor)


@get(_FLAGS + "/{flag_id:int}", tags=TAGS)
@reads
def read_flag(visit: Visit, flag_id: RowId) -> FlagOut:
    """Read a price that is too high."""
    visit.require_ever(Action.READ_STOCK_FLAG)
    flag = find_flag(visit.session, flag_id=flag_id)
    visit.require(Action.READ_STOCK_FLAG, flag_subject(flag))
    return _flag_of(flag)


@post(_FLAGS + "/{flag_id:int}/settlement", tags=TAGS, status_code=200)
@writes
def post_settlement(visit: Visit, flag_id: RowId, data: JSONBody[SettledIn]) -> FlagOut:
    """Say what became of a price that was too high."""
    visit.require_ever(Action.WATCH_STOCK)
    visit.require(Action.WATCH_STOCK, flag_subject(find_flag(visit.session, flag_id=flag_id)))
    return _flag_of(
        settle_flag(
            visit.session,
            flag_id=flag_id,
            why=data.why.strip(),
            actor=visit.actor,
            moment=visit.moment,
        )
    )


def _flag_of(flag: StockPriceFlag) -> FlagOut:
    return FlagOut(
        id=flag.id,
        place_id=flag.place_id,
        county=flag.county,
        product_id=flag.product_id,
        product=flag.product,
        price=exact(flag.price),
        allowed=exact(flag.allowed),
        allowed_kind=flag.allowed_kind,
        as_of=flag.as_of,
        raised_at=flag.raised_at,
        settled_at=flag.settled_at,
        settled_why=flag.settled_why,
    )


ROUTES = (post_place_stock, post_stock, post_count, list_flags, read_flag, post_settlement)
"""Handlers of this interface."""
