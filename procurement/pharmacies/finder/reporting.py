"""Taking in what places have in stock: all lines, or none with every fault."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement import audit
from procurement.catalogue.csv_lines import FAULTS_MAX
from procurement.china_days import day_in_china
from procurement.database import text_digest
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor, NotFoundForActorError
from procurement.pharmacies.finder.flags import watch_prices
from procurement.pharmacies.finder.kinds import StockSource
from procurement.pharmacies.finder.reading import NameCell, SentLine, read_sent
from procurement.pharmacies.finder.stated import Stated, resolve
from procurement.pharmacies.finder.tables import PlaceStock, StockUpload
from procurement.pharmacies.places.service import places_of
from procurement.pharmacies.places.tables import Place

Key = tuple[int, int, str]
"""Place, drug, product: one row of the stock."""

_KEPT = ("product_id", "packs", "level", "price", "as_of", "source", "county")


@dataclass(frozen=True, slots=True)
class Report:
    """How something is reported.

    Attributes:
        is_whole: It is the whole stock of each place named.
        source: How it is known.
        file_name: Empty where it came from no file.
    """

    is_whole: bool
    source: StockSource = StockSource.UPLOAD
    file_name: str = ""


def report_stock(
    session: Session,
    *,
    lines: Sequence[SentLine],
    report: Report,
    name_cell: NameCell,
    actor: Actor,
    moment: datetime,
) -> StockUpload:
    """Take in what an organisation says its places have.

    Args:
        session: Session of the caller's transaction.
        lines: As they were sent.
        report: The whole stock, or changes; from which file.
        name_cell: Names a cell for the faults.
        actor: Of the organisation that keeps the places.
        moment: Now.

    Raises:
        InvalidInputError: With every fault; nothing is stored.
        NotFoundForActorError: The organisation keeps no place.
    """
    places = places_of(session, organisation_id=actor.organisation_id or 0)
    if not places:
        raise NotFoundForActorError
    read, faults = read_sent(lines, today=day_in_china(moment), name_cell=name_cell)
    stated, more = resolve(session, lines=read, places=places, name_cell=name_cell)
    faults += more
    if not faults:
        faults += _older(hold_stock(session, stated), stated, name_cell)
    if faults:
        raise InvalidInputError(faults[:FAULTS_MAX])
    return store_stock(session, stated=stated, report=report, actor=actor, moment=moment)


def hold_places(session: Session, place_ids: Collection[int]) -> None:
    """Let others who report for the same places wait until the transaction ends."""
    # In one order, so that two reports of a chain never wait for each other.
    held = select(Place.id).where(Place.id.in_(place_ids)).order_by(Place.id)
    session.execute(held.with_for_update(key_share=True))


def hold_stock(session: Session, stated: Sequence[Stated]) -> dict[Key, PlaceStock]:
    """Hold the places of a report, and return what is known of their stock."""
    ids = {one.place.id for one in stated}
    hold_places(session, ids)
    known = select(PlaceStock).where(PlaceStock.place_id.in_(ids))
    rows = session.scalars(known.execution_options(populate_existing=True))
    return {(row.place_id, row.generic_product_id, row.product): row for row in rows}


def _older(
    known: Mapping[Key, PlaceStock], stated: Sequence[Stated], name_cell: NameCell
) -> list[FieldFault]:
    """Lines of an earlier day than what is known."""
    faults = []
    for one in stated:
        row = known.get(one.key)
        if row is not None and row.as_of > one.as_of:
            faults.append(_is_older(name_cell(one.number, "as_of"), row.as_of))
    return faults


def _is_older(field: str, known: date) -> FieldFault:
    return FieldFault(
        field,
        f"平台已有 {known} 的库存，不能改回更早的日期。",
        f"Stock of {known} is known already; an earlier day cannot take its place.",
    )


def store_stock(
    session: Session,
    *,
    stated: Sequence[Stated],
    report: Report,
    actor: Actor,
    moment: datetime,
) -> StockUpload:
    """Store what places say, and flag prices that are too high.

    Args:
        session: Session of the caller's transaction.
        stated: Without two of the same product of a place.
        report: The whole stock, or changes; from where.
        actor: Who reports.
        moment: Now.
    """
    known = hold_stock(session, stated)
    upload = _upload(stated, report, actor, moment)
    # What was taken in does not change any more: it is written when its sums are known.
    with session.no_autoflush:
        touched = [_store(session, upload, known.pop(one.key, None), one) for one in stated]
        gone = list(known.values()) if report.is_whole else []
        for row in gone:
            session.delete(row)
        upload.removed = len(gone)
        upload.too_high = watch_prices(session, rows=touched, gone=gone, moment=moment)
        session.add(upload)
        session.flush()
    _record(session, upload, actor, moment)
    return upload


def _store(
    session: Session, upload: StockUpload, row: PlaceStock | None, one: Stated
) -> PlaceStock:
    if row is None:
        upload.added += 1
        row = PlaceStock(
            place_id=one.place.id, generic_product_id=one.generic_product_id, product=one.product
        )
        _take(row, one, upload.source)
        session.add(row)
    else:
        upload.changed += _take(row, one, upload.source)
    row.upload = upload
    return row


def _take(row: PlaceStock, one: Stated, source: StockSource) -> bool:
    """Write what is stated into a row; tell whether anything changed."""
    before = [getattr(row, name, None) for name in _KEPT]
    row.product_id, row.packs, row.level = one.product_id, one.packs, one.level
    row.as_of, row.source, row.county = one.as_of, source, one.place.county
    if one.price is not None or source is StockSource.UPLOAD:
        # A count of stock knows no price: the one that the place reported stays.
        row.price = one.price
    return before != [getattr(row, name) for name in _KEPT]


def _upload(
    stated: Sequence[Stated], report: Report, actor: Actor, moment: datetime
) -> StockUpload:
    return StockUpload(
        organisation_id=actor.organisation_id,
        source=report.source,
        file_name=report.file_name[:200],
        digest=_digest(stated),
        is_whole=report.is_whole,
        places=len({one.place.id for one in stated}),
        lines=len(stated),
        added=0,
        changed=0,
        removed=0,
        too_high=0,
        sent_by=actor.person_id,
        sent_at=moment,
    )


def _digest(stated: Sequence[Stated]) -> str:
    lines = sorted(
        [*map(str, one.key), str(one.packs), one.level, str(one.price), one.as_of.isoformat()]
        for one in stated
    )
    return text_digest(json.dumps(lines, ensure_ascii=False))


def _record(session: Session, upload: StockUpload, actor: Actor, moment: datetime) -> None:
    audit.record(
        session,
        actor=actor,
        action="report-stock",
        subject=f"stock-upload/{upload.id}",
        facts={
            "digest": upload.digest,
            "lines": str(upload.lines),
            "places": str(upload.places),
            "whole": str(upload.is_whole).lower(),
            "removed": str(upload.removed),
        },
        moment=moment,
    )
