"""Lists of places from files: new places are added, known ones changed; all lines or none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.audit import record
from procurement.catalogue.csv_lines import FAULTS_MAX, Column, Row, fault_in_cell, read_lines
from procurement.catalogue.spreadsheets import as_csv
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action, Actor, Subject, is_permitted
from procurement.pharmacies.places.geography import county_facts
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.place_facts import (
    FIELDS,
    Counties,
    PlaceReader,
    code_faults,
    kind_of_code,
    place_warnings,
)

CODE = Column("institution_code", "机构代码")
KEEPER = Column("organisation", "所属机构统一社会信用代码", is_needed=False)
_NAMES = {
    "name": "名称",
    "chain": "连锁品牌",
    "county": "县区代码",
    "address": "地址",
    "latitude": "纬度",
    "longitude": "经度",
    "phone": "电话",
    "opening_hours": "营业时间",
    "route_zh": "乘车路线",
    "route_en": "英文路线",
    "is_barrier_free": "无障碍",
}
COLUMNS = (
    CODE,
    *(Column(name, zh, is_needed=name in ("name", "county")) for name, zh in _NAMES.items()),
    KEEPER,
)
_BY_FIELD = {column.key: column for column in COLUMNS}
_BATCH = 1_000

# Any number that no other lock of the database takes: two files at once follow each other.
_PLACES_LOCK = 20_261_125


@dataclass(slots=True)
class ImportedPlaces:
    """What a file came to.

    Attributes:
        added: Places that were not known.
        changed: Places of which something changed.
        unchanged: The others.
        warnings: What could not be checked, with the line: Chinese, English.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    warnings: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the lines of a file are read against."""

    places: dict[str, Place]
    keepers: dict[str, Organisation]
    counties: Counties


def import_places(
    session: Session, *, content: bytes, actor: Actor, moment: datetime
) -> ImportedPlaces:
    """Take over a list of places: all of its lines, or none.

    An empty cell is not given: what is known of the place stays.

    Args:
        session: Session of the caller's transaction.
        content: CSV with the columns `COLUMNS`, in Chinese or English.
        actor: Who imports; places outside of the own region are faults.
        moment: When, aware.

    Raises:
        InvalidInputError: With every fault of the file by line and column; nothing is stored.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PLACES_LOCK})
    lines = read_lines(content, COLUMNS)
    faults = list(lines.faults)
    known = _known(session, lines.rows)
    outcome = ImportedPlaces()
    wanted: dict[str, tuple[Row, dict[str, object]]] = {}
    for row in lines.rows:
        values = _read(row, known, actor, faults)
        code = row.cells[CODE.key]
        if code in wanted:
            first = wanted[code][0].number
            fault_in_cell(faults, row, CODE, f"与第 {first} 行重复。", f"The same as line {first}.")
        wanted[code] = (row, values)
    if faults:
        raise InvalidInputError(faults[:FAULTS_MAX])
    for code, (row, values) in wanted.items():
        _store(session, code, row, values, known, outcome, moment)
    session.flush()
    record(
        session,
        actor=actor,
        action="import-places",
        subject="places",
        facts={
            "added": str(outcome.added),
            "changed": str(outcome.changed),
            "digest": sha256(content).hexdigest(),
        },
        moment=moment,
    )
    return outcome


def place_template() -> bytes:
    """Write the heading of a list of places, to be filled in."""
    return as_csv([[column.zh for column in COLUMNS]])


def _known(session: Session, rows: Sequence[Row]) -> _Known:
    codes = sorted({row.cells[CODE.key] for row in rows})
    keepers = sorted({row.cells.get(KEEPER.key, "") for row in rows} - {""})
    places: dict[str, Place] = {}
    organisations: dict[str, Organisation] = {}
    for start in range(0, len(codes), _BATCH):
        some = select(Place).where(Place.institution_code.in_(codes[start : start + _BATCH]))
        places.update((place.institution_code, place) for place in session.scalars(some))
    for start in range(0, len(keepers), _BATCH):
        chosen = Organisation.credit_code.in_(keepers[start : start + _BATCH])
        found = session.scalars(select(Organisation).where(chosen))
        organisations.update((one.credit_code or "", one) for one in found)
    return _Known(places, organisations, county_facts(session))


def _read(row: Row, known: _Known, actor: Actor, faults: list[FieldFault]) -> dict[str, object]:
    code, county = row.cells[CODE.key], row.cells["county"]
    present = known.places.get(code)
    held = {} if present is None else {name: getattr(present, name) for name in FIELDS}
    texts = {name: row.cells[name] for name in FIELDS if row.cells.get(name)}
    # A cell that must be filled in says so when it is empty.
    texts |= {name: row.cells[name] for name in ("name", "county")}
    values, wrong = PlaceReader(texts, known.counties, held).read()
    wrong += code_faults(code, county=county)
    wrong += _region_faults(actor, county, present)
    wrong += _keeper_faults(row, code, known)
    for fault in wrong:
        fault_in_cell(faults, row, _BY_FIELD[fault.field], fault.zh, fault.en)
    return values


def _region_faults(actor: Actor, county: str, present: Place | None) -> list[FieldFault]:
    counties = {county} if present is None else {county, present.county}
    outside = [
        one
        for one in sorted(counties)
        if not is_permitted(actor, Action.IMPORT_PLACES, Subject(regions=(one,)))
    ]
    zh, en = "县区 {} 不在本单位辖区内。", "The county {} is not in your region."
    return [FieldFault("county", zh.format(one), en.format(one)) for one in outside]


def _keeper_faults(row: Row, code: str, known: _Known) -> list[FieldFault]:
    text = row.cells.get(KEEPER.key, "")
    if not text:
        return []
    keeper = known.keepers.get(text)
    kinds = {OrganisationKind.HOSPITAL, OrganisationKind.PHARMACY}
    if keeper is not None and keeper.kind in kinds and keeper.kind == kind_of_code(code):
        return []
    zh = f"没有统一社会信用代码为“{text[:40]}”的同类机构。"
    en = f"No organisation of this kind has the credit code “{text[:40]}”."
    return [FieldFault(KEEPER.key, zh, en)]


def _store(
    session: Session,
    code: str,
    row: Row,
    values: dict[str, object],
    known: _Known,
    outcome: ImportedPlaces,
    moment: datetime,
) -> None:
    keeper = known.keepers.get(row.cells.get(KEEPER.key, ""))
    if keeper is not None:
        values["organisation_id"] = keeper.id
    place = known.places.get(code)
    if place is None:
        kind = PlaceKind(kind_of_code(code) or "")
        place = Place(institution_code=code, kind=kind, changed_at=moment, **values)
        session.add(place)
        outcome.added += 1
    elif all(getattr(place, name) == value for name, value in values.items()):
        outcome.unchanged += 1
    else:
        for name, value in values.items():
            setattr(place, name, value)
        place.version += 1
        place.changed_at = moment
        outcome.changed += 1
    warnings = place_warnings(
        place.county, known.counties, latitude=place.latitude, longitude=place.longitude
    )
    outcome.warnings += [
        (f"第 {row.number} 行，{code}：{zh}", f"Line {row.number}, {code}: {en}")
        for zh, en in warnings
    ]
