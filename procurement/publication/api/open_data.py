"""Open data by machine: rounds, releases in the order of the feed, packages, tables."""

from datetime import datetime

from litestar import Response, get
from litestar.params import FromPath
from msgspec import Struct

from procurement.permissions import Action
from procurement.publication.ocds.feed import in_order, published_rounds, release_address
from procurement.publication.ocds.tables import OcdsRelease
from procurement.publication.open_data.columns import PublicTable
from procurement.publication.open_data.written import TABLES, table_named
from procurement.publication.open_data_at_edge import (
    After,
    feed_answer,
    package_answer,
    record_answer,
    release_answer,
)
from procurement.web import Cursor, PageSize, Visit, paginate_by_key, reads

_TAG = ["open data"]


class OpenRound(Struct, kw_only=True):
    """A round of which something is published."""

    name: str
    title: str
    ocid: str
    releases: int
    newest_at: datetime
    package: str
    record: str


class OpenRounds(Struct, kw_only=True):
    """Rounds, the newest first."""

    items: list[OpenRound]


class ReleaseLine(Struct, kw_only=True):
    """A release in the feed, and where it is read."""

    position: int
    id: str
    ocid: str
    tag: list[str]
    date: datetime
    sha256: str
    url: str


class ReleasePage(Struct, kw_only=True):
    """Releases in the order of the feed."""

    items: list[ReleaseLine]
    next_cursor: str | None


class ColumnOut(Struct, kw_only=True):
    """A column of a public table."""

    name: str
    kind: str
    zh: str
    en: str
    unit: str
    source: str


class TableOut(Struct, kw_only=True):
    """A public table with its dictionary."""

    name: str
    title: str
    rows: str
    csv: str
    parquet: str
    columns: list[ColumnOut]


class TableList(Struct, kw_only=True):
    """All public tables."""

    items: list[TableOut]


@get("/api/v1/open-data/rounds", tags=_TAG)
@reads
def list_open_rounds(visit: Visit) -> OpenRounds:
    """List the rounds of which something is published, the newest first."""
    visit.require(Action.READ_OPEN_DATA)
    address = f"{visit.settings.public_address}/open-data/rounds"
    return OpenRounds(
        items=[
            OpenRound(
                name=one.round.name,
                title=one.round.title,
                ocid=one.ocid,
                releases=one.releases,
                newest_at=one.newest_at,
                package=f"{address}/{one.round.name}.json",
                record=f"{address}/{one.round.name}/record.json",
            )
            for one in published_rounds(visit.session)
        ]
    )


@get("/api/v1/open-data/rounds/{published:str}", tags=_TAG, media_type="application/json")
@reads
def read_package(visit: Visit, published: FromPath[str]) -> Response[bytes]:
    """Read the OCDS release package of a round."""
    return package_answer(visit, published)


@get("/api/v1/open-data/rounds/{published:str}/record", tags=_TAG, media_type="application/json")
@reads
def read_record(visit: Visit, published: FromPath[str]) -> Response[bytes]:
    """Read the OCDS record package of a round."""
    return record_answer(visit, published)


@get("/api/v1/open-data/releases", tags=_TAG)
@reads
def list_releases(visit: Visit, cursor: Cursor = None, page_size: PageSize = 50) -> ReleasePage:
    """List releases in the order of the feed: none appears behind one that was read."""
    visit.require(Action.READ_OPEN_DATA)
    page = paginate_by_key(
        visit.session,
        in_order(),
        key=OcdsRelease.id.expression,
        cursor=cursor,
        size=page_size,
    )
    address = visit.settings.public_address
    return ReleasePage(
        items=[_line(one, address) for one in page.rows], next_cursor=page.next_cursor
    )


@get("/api/v1/open-data/releases/{release_id:str}", tags=_TAG, media_type="application/json")
@reads
def read_release(visit: Visit, release_id: FromPath[str]) -> Response[bytes]:
    """Read a package with one release."""
    return release_answer(visit, release_id)


@get("/api/v1/open-data/feed", tags=_TAG, media_type="application/jsonl")
@reads
def read_feed(visit: Visit, after: After = 0) -> Response[bytes]:
    """Read whole releases behind a position, one a line."""
    return feed_answer(visit, after)


@get("/api/v1/open-data/tables", tags=_TAG)
@reads
def list_tables(visit: Visit) -> TableList:
    """List the public tables with their dictionary."""
    visit.require(Action.READ_OPEN_DATA)
    return TableList(items=[_table(visit, one) for one in TABLES.values()])


@get("/api/v1/open-data/tables/{table:str}", tags=_TAG)
@reads
def read_table(visit: Visit, table: FromPath[str]) -> TableOut:
    """Read the dictionary of one public table."""
    visit.require(Action.READ_OPEN_DATA)
    return _table(visit, table_named(table))


def _line(release: OcdsRelease, address: str) -> ReleaseLine:
    return ReleaseLine(
        position=release.id,
        id=release.release_id,
        ocid=release.ocid,
        tag=release.tags.split(),
        date=release.dated_at,
        sha256=release.digest,
        url=release_address(address, release.release_id),
    )


def _table(visit: Visit, table: PublicTable) -> TableOut:
    file = f"{visit.settings.public_address}/open-data/tables/{table.name}"
    return TableOut(
        name=table.name,
        title=visit.text(table.zh, table.en),
        rows=visit.text(table.rows_zh, table.rows_en),
        csv=f"{file}.csv",
        parquet=f"{file}.parquet",
        columns=[
            ColumnOut(
                name=one.name,
                kind=one.kind,
                zh=one.zh,
                en=one.en,
                unit=visit.text(*one.unit),
                source=visit.text(*one.source),
            )
            for one in table.columns
        ],
    )


ROUTES = (
    list_open_rounds,
    read_package,
    read_record,
    list_releases,
    read_release,
    read_feed,
    list_tables,
    read_table,
)
"""Handlers of these addresses."""
