"""Published lists of designated places, taken over from files."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.catalogue.csv_lines import FAULTS_MAX, Column, Row, cell_place, read_lines
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Action, Actor, is_permitted
from procurement.pharmacies.designation.fields import day_of_cell
from procurement.pharmacies.designation.lasting import Agreed, take_over
from procurement.pharmacies.designation.states import SCHEME_NAMES, DesignationScheme
from procurement.pharmacies.designation.tables import Designation
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.service import place_of_code
from procurement.pharmacies.places.subjects import place_subject
from procurement.pharmacies.places.tables import Place

CODE = Column("institution_code", "机构代码")
SCHEME = Column("scheme", "类别")
AGREEMENT = Column("agreement", "协议编号或名单文号")
STARTS = Column("starts_on", "起始日期")
ENDS = Column("ends_on", "截止日期", is_needed=False)
COLUMNS = (CODE, SCHEME, AGREEMENT, STARTS, ENDS)
_BY_FIELD = {column.key: column for column in COLUMNS}
_SCHEMES = {
    **{scheme.value: scheme for scheme in DesignationScheme},
    **{names[0].replace("“", "").replace("”", ""): one for one, names in SCHEME_NAMES.items()},
    **{names[0]: one for one, names in SCHEME_NAMES.items()},
}


def import_designations(session: Session, *, content: bytes, actor: Actor, moment: datetime) -> int:
    """Take over a published list of designated places: all of its lines, or none.

    Args:
        session: Session of the caller's transaction.
        content: CSV with the columns `COLUMNS`.
        actor: Who takes it over; places outside of the own region are faults.
        moment: When, aware.

    Returns:
        How many places were designated.

    Raises:
        InvalidInputError: With every fault of the file by line and column. The caller's
            transaction must be rolled back: lines before a bad one are in it.
    """
    lines = read_lines(content, COLUMNS)
    faults = list(lines.faults)
    for row in sorted(lines.rows, key=lambda one: one.cells[CODE.key]):
        _take(session, row, actor, moment, faults)
    if faults:
        raise InvalidInputError(faults[:FAULTS_MAX])
    record(
        session,
        actor=actor,
        action="import-designations",
        subject="designations",
        facts={"places": str(len(lines.rows)), "digest": sha256(content).hexdigest()},
        moment=moment,
    )
    return len(lines.rows)


def _take(
    session: Session, row: Row, actor: Actor, moment: datetime, faults: list[FieldFault]
) -> None:
    before = len(faults)
    place = place_of_code(session, code=row.cells[CODE.key])
    scheme = _SCHEMES.get(row.cells[SCHEME.key])
    starts_on, ends_on = day_of_cell(row, STARTS, faults), day_of_cell(row, ENDS, faults)
    for field, zh, en in _place_faults(place, scheme, actor):
        faults.append(FieldFault(cell_place(row.number, _BY_FIELD[field]), zh, en))
    if len(faults) > before or place is None or scheme is None or actor.organisation_id is None:
        return
    designation = Designation(place_id=place.id, scheme=scheme, decider_id=actor.organisation_id)
    agreed = Agreed(row.cells[AGREEMENT.key], starts_on, ends_on)
    try:
        take_over(session, row=designation, agreed=agreed, actor=actor, moment=moment)
    except InvalidInputError as refusal:
        faults += [
            FieldFault(cell_place(row.number, _BY_FIELD[one.field]), one.zh, one.en)
            for one in refusal.faults
        ]
    except RefusedError as refusal:
        faults.append(FieldFault(cell_place(row.number, CODE), refusal.zh, refusal.en))


def _place_faults(
    place: Place | None, scheme: DesignationScheme | None, actor: Actor
) -> list[tuple[str, str, str]]:
    faults = []
    if scheme is None:
        known = "、".join(_SCHEMES)
        faults.append(("scheme", f"须为其中之一：{known}。", f"Expected one of {known}."))
    if place is None:
        zh, en = "没有该代码的机构，请先导入机构。", "No place has this code; import it first."
        return [*faults, ("institution_code", zh, en)]
    if not is_permitted(actor, Action.OPEN_DESIGNATION, place_subject(place)):
        zh, en = "该机构不在本单位辖区内。", "The place is not in your region."
        faults.append(("institution_code", zh, en))
    if scheme is DesignationScheme.CONVENIENCE and place.kind != PlaceKind.PHARMACY:
        zh, en = "便民药店须为零售药店。", "A convenience pharmacy is a pharmacy."
        faults.append(("scheme", zh, en))
    return faults
