"""Notices, evidence and manufacturers by machine."""

from datetime import date, datetime

from litestar import Response, get
from litestar.params import FromPath
from msgspec import Struct

from procurement.accounts.tables import Organisation
from procurement.bids.at_edge import public_round
from procurement.permissions import Action
from procurement.publication.at_edge import evidence_answer, letters_answer, seen_standing
from procurement.publication.board import Notice, board, notice_of, notices_on
from procurement.publication.standing import Standing, WonLot, manufacturers
from procurement.web import (
    Cursor,
    PageNumber,
    PageSize,
    RowId,
    Visit,
    paginate,
    paginate_by_key,
    reads,
)

_TAG = ["publication"]


class NoticeOut(Struct, kw_only=True):
    """One notice."""

    round: str
    title: str
    kind: str
    published_at: datetime
    reason: str
    number: int | None
    lot: str | None
    address: str


class NoticeList(Struct, kw_only=True):
    """Notices, the newest first; a numbered page of them."""

    items: list[NoticeOut]
    page: int
    pages: int


class RoundNotices(Struct, kw_only=True):
    """All notices of a round, the newest first."""

    items: list[NoticeOut]


class ManufacturerLine(Struct, kw_only=True):
    """A manufacturer in a list."""

    id: int
    name: str
    region: str
    awards: int


class ManufacturerPage(Struct, kw_only=True):
    """Manufacturers in the order of their ids."""

    items: list[ManufacturerLine]
    next_cursor: str | None


class GradeLine(Struct, kw_only=True):
    """A grade that a province gave; of ``000000`` the highest of all."""

    region: str
    grade: str
    since: date | None
    ends_on: date | None


class WonLine(Struct, kw_only=True):
    """A lot that was won; the price is null where it is not disclosed to the reader."""

    round: str
    lot: str
    product: str
    bid: str
    status: str
    strength: str
    pack_units: int
    pack_price: str | None
    agreed_volume: int | None
    ends_on: date | None


class StandingOut(Struct, kw_only=True):
    """What everybody may know of a manufacturer."""

    id: int
    name: str
    region: str
    grade: GradeLine
    grades: list[GradeLine]
    won: list[WonLine]


@get("/api/v1/publications", tags=_TAG)
@reads
def list_publications(visit: Visit, page: PageNumber = 1, page_size: PageSize = 50) -> NoticeList:
    """List what was published of all rounds, the newest first."""
    found = paginate(visit.session, board(actor=visit.actor), number=page, size=page_size)
    notices = [_notice(notice_of(row)) for row in found.rows]
    return NoticeList(items=notices, page=found.number, pages=found.count)


@get("/api/v1/rounds/{name:str}/publications", tags=_TAG)
@reads
def list_round_publications(visit: Visit, name: FromPath[str]) -> RoundNotices:
    """List what was published of a round, the newest first."""
    round_ = public_round(visit, name, Action.READ_ROUND)
    found = notices_on(visit.session, actor=visit.actor, round_name=round_.name)
    return RoundNotices(items=[_notice(one) for one in found])


@get("/api/v1/rounds/{name:str}/evidence", tags=_TAG)
@reads
def read_evidence(visit: Visit, name: FromPath[str]) -> Response[bytes]:
    """Download the bundle of evidence for ``jicai verify``, as far as the reader may see it."""
    return evidence_answer(visit, name)


@get("/api/v1/rounds/{name:str}/evidence/letters", tags=_TAG)
@reads
def read_letters(visit: Visit, name: FromPath[str]) -> Response[bytes]:
    """Download the own letters, signed, to be verified beside a bundle."""
    return letters_answer(visit, name)


@get("/api/v1/manufacturers", tags=_TAG)
@reads
def list_firms(visit: Visit, cursor: Cursor = None, page_size: PageSize = 50) -> ManufacturerPage:
    """List manufacturers with the number of their awards."""
    visit.require(Action.READ_STANDING)
    page = paginate_by_key(
        visit.session,
        manufacturers().order_by(None).add_columns(Organisation.id),
        key=Organisation.id.expression,
        cursor=cursor,
        size=page_size,
    )
    items = [
        ManufacturerLine(
            id=row.Organisation.id,
            name=row.Organisation.name,
            region=row.Organisation.region,
            awards=row.awards,
        )
        for row in page.rows
    ]
    return ManufacturerPage(items=items, next_cursor=page.next_cursor)


@get("/api/v1/manufacturers/{organisation_id:int}", tags=_TAG)
@reads
def read_standing(visit: Visit, organisation_id: RowId) -> StandingOut:
    """Read a manufacturer's awards and grade, prices as far as they are disclosed."""
    return _standing(seen_standing(visit, organisation_id))


def _notice(notice: Notice) -> NoticeOut:
    return NoticeOut(
        round=notice.round_name,
        title=notice.round_title,
        kind=notice.kind,
        published_at=notice.published_at,
        reason=notice.reason,
        number=notice.number,
        lot=notice.lot,
        address=notice.address,
    )


def _standing(standing: Standing) -> StandingOut:
    grades = {"000000": standing.grade, **standing.grades}
    highest, *others = (
        GradeLine(region=region, grade=str(one.word), since=one.since, ends_on=one.ends_on)
        for region, one in grades.items()
    )
    return StandingOut(
        id=standing.organisation.id,
        name=standing.organisation.name,
        region=standing.organisation.region,
        grade=highest,
        grades=others,
        won=[_won(one) for one in standing.won],
    )


def _won(one: WonLot) -> WonLine:
    price = one.pack_price
    return WonLine(
        round=one.round.name,
        lot=one.lot.code,
        product=one.lot.product,
        bid=one.bid.bid,
        status=one.bid.status,
        strength=one.bid.strength,
        pack_units=one.bid.pack_units,
        pack_price=None if price is None else f"{price.normalize():f}",
        agreed_volume=one.bid.agreed_volume,
        ends_on=one.bid.ends_on,
    )


ROUTES = (
    list_publications,
    list_round_publications,
    read_evidence,
    read_letters,
    list_firms,
    read_standing,
)
"""Handlers of these addresses."""
