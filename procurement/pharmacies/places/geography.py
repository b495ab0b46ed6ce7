"""Points of counties: kept by import, and asked whether a place lies where it says."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.catalogue.csv_lines import FAULTS_MAX, Column, Row, fault_in_cell, read_lines
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action, Actor, Subject, is_permitted
from procurement.pharmacies.places.tables import CountyPoint
from procurement.pharmacies.rules.place_facts import (
    CountyFacts,
    county_faults,
    degrees_of,
    point_faults,
)

COUNTY = Column("county", "县区代码")
NAME = Column("name", "县区名称")
LATITUDE = Column("latitude", "纬度")
LONGITUDE = Column("longitude", "经度")
RADIUS = Column("radius_km", "半径公里", is_needed=False)
COLUMNS = (COUNTY, NAME, LATITUDE, LONGITUDE, RADIUS)

RADIUS_MAX_KM = 1_000
_NAME_MAX = 100


def county_facts(
    session: Session, *, counties: Collection[str] | None = None
) -> dict[str, CountyFacts]:
    """Return what is known of counties.

    Args:
        session: Any session.
        counties: Their codes; None for all.
    """
    wanted = select(CountyPoint)
    if counties is not None:
        wanted = wanted.where(CountyPoint.county.in_(counties))
    return {
        point.county: CountyFacts(point.name, point.latitude, point.longitude, point.radius_km)
        for point in session.scalars(wanted)
    }


def import_county_points(
    session: Session, *, content: bytes, source: str, actor: Actor, moment: datetime
) -> int:
    """Take over the points of counties from a file: all of them, or none.

    Args:
        session: Session of the caller's transaction.
        content: CSV with the columns `COLUMNS`.
        source: Where the list comes from, as its importer names it.
        actor: Who imports; counties outside of the own region are faults.
        moment: When, aware.

    Returns:
        How many counties the file holds.

    Raises:
        InvalidInputError: With every fault of the file by line and column; nothing is stored.
    """
    lines = read_lines(content, COLUMNS)
    faults = list(lines.faults)
    if not 0 < len(source) <= 200:
        zh, en = "请写明名单的来源，不超过 200 字。", "Name the source of the list."
        faults.append(FieldFault("source", zh, en))
    points: dict[str, CountyPoint] = {}
    for row in lines.rows:
        point = _read(row, actor, faults)
        if point is not None and point.county in points:
            zh, en = "本文件中重复出现。", "It stands twice in this file."
            fault_in_cell(faults, row, COUNTY, zh, en)
        elif point is not None:
            points[point.county] = point
    if faults:
        raise InvalidInputError(faults[:FAULTS_MAX])
    for point in points.values():
        point.imported_from, point.imported_at = source, moment
        session.merge(point)
    record(
        session,
        actor=actor,
        action="import-counties",
        subject="counties",
        facts={
            "counties": str(len(points)),
            "digest": sha256(content).hexdigest(),
            "source": source,
        },
        moment=moment,
    )
    session.flush()
    return len(points)


def _read(row: Row, actor: Actor, faults: list[FieldFault]) -> CountyPoint | None:
    before = len(faults)
    county, name = row.cells[COUNTY.key], row.cells[NAME.key]
    for fault in county_faults(county, {}):
        fault_in_cell(faults, row, COUNTY, fault.zh, fault.en)
    if not is_permitted(actor, Action.IMPORT_PLACES, Subject(regions=(county,))):
        fault_in_cell(faults, row, COUNTY, "不在本单位辖区内。", "It is not in your region.")
    if not 0 < len(name) <= _NAME_MAX:
        fault_in_cell(faults, row, NAME, f"须为 1 至 {_NAME_MAX} 字。", "Give its name.")
    degrees = [_degrees(row, column, faults) for column in (LATITUDE, LONGITUDE)]
    radius = _radius(row, faults)
    latitude, longitude = degrees
    if latitude is not None and longitude is not None:
        for fault in point_faults(latitude, longitude):
            fault_in_cell(faults, row, LATITUDE, fault.zh, fault.en)
    if len(faults) > before or latitude is None or longitude is None:
        return None
    return CountyPoint(
        county=county, name=name, latitude=latitude, longitude=longitude, radius_km=radius
    )


def _degrees(row: Row, column: Column, faults: list[FieldFault]) -> float | None:
    degrees = degrees_of(row.cells[column.key])
    if degrees is None:
        zh, en = "须为十进制度数，如 31.8612。", "Expected such as 31.8612."
        fault_in_cell(faults, row, column, zh, en)
    return degrees


def _radius(row: Row, faults: list[FieldFault]) -> float | None:
    text = row.cells.get(RADIUS.key, "")
    radius = degrees_of(text)
    if text and (radius is None or not 0 < radius <= RADIUS_MAX_KM):
        zh = f"须为大于 0、不超过 {RADIUS_MAX_KM} 的公里数。"
        en = f"Expected kilometres above 0, at most {RADIUS_MAX_KM}."
        fault_in_cell(faults, row, RADIUS, zh, en)
    return radius
