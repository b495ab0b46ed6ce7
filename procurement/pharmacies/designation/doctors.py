"""Responsible doctors of designated hospitals: one by one, or by a list from a file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Person
from procurement.audit import record
from procurement.catalogue.csv_lines import FAULTS_MAX, Column, Row, cell_place, read_lines
from procurement.errors import FieldFault, InvalidInputError, StaleError
from procurement.permissions import Action, Actor, NotFoundForActorError, is_permitted
from procurement.pharmacies.designation.fields import day_of_cell, document_faults, span_faults
from procurement.pharmacies.designation.tables import DesignatedDoctor
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.service import lock_place, place_of_code
from procurement.pharmacies.places.subjects import place_subject
from procurement.pharmacies.places.tables import Place

HOSPITAL = Column("institution_code", "机构代码")
CODE = Column("code", "医师代码")
NAME = Column("name", "姓名", is_needed=False)
SPECIALTY = Column("specialty", "专科")
STARTS = Column("starts_on", "起始日期")
ENDS = Column("ends_on", "截止日期", is_needed=False)
DOCUMENT = Column("document", "文号")
USER = Column("user", "账号", is_needed=False)
COLUMNS = (HOSPITAL, CODE, NAME, SPECIALTY, STARTS, ENDS, DOCUMENT, USER)
_BY_FIELD = {column.key: column for column in COLUMNS}
_CODE = re.compile(r"[0-9A-Za-z]{1,20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDoctor:
    """A responsible doctor as a list names him.

    Attributes:
        hospital: Code of the hospital.
        code: The doctor's code.
        specialty: What he treats.
        starts_on: First day.
        ends_on: Last day; None while no end is known.
        document: Number of the list.
        name: Empty where the list publishes no names.
        user: The account with which he signs in; empty where there is none yet.
    """

    hospital: str
    code: str
    specialty: str
    starts_on: date | None
    document: str
    ends_on: date | None = None
    name: str = ""
    user: str = ""


def designate_doctor(
    session: Session, *, new: NewDoctor, actor: Actor, moment: datetime
) -> DesignatedDoctor:
    """Name a responsible doctor of a hospital.

    Args:
        session: Session of the caller's transaction.
        new: The doctor.
        actor: Whoever is in charge of the hospital's county.
        moment: When, aware.

    Raises:
        InvalidInputError: With every fault; among them a hospital that is not there or not in
            the actor's region, an account of another organisation, and a doctor who is named for
            the same days already.
    """
    hospital = place_of_code(session, code=new.hospital)
    if hospital is not None:
        # Two lists at once: the second waits here, and then finds the first.
        hospital = lock_place(session, place_id=hospital.id)
    faults = _plain_faults(new) + _hospital_faults(hospital, actor)
    person, wrong = _person(session, new, hospital)
    faults += wrong
    if not faults and hospital is not None:
        faults += _twice(session, new, hospital)
    if faults or hospital is None or new.starts_on is None:
        raise InvalidInputError(faults)
    row = DesignatedDoctor(
        place_id=hospital.id,
        person_id=None if person is None else person.id,
        code=new.code,
        name=new.name.strip(),
        specialty=new.specialty.strip(),
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        document=new.document.strip(),
        changed_at=moment,
    )
    session.add(row)
    session.flush()
    facts = {"hospital": new.hospital, "code": new.code, "document": row.document}
    _record(session, row, "designate-doctor", facts, actor, moment)
    return row


def _plain_faults(new: NewDoctor) -> list[FieldFault]:
    faults = span_faults(new.starts_on, new.ends_on, names=("starts_on", "ends_on"))
    faults += document_faults(new.document)
    if not _CODE.fullmatch(new.code):
        zh, en = "须为 1 至 20 位字母或数字。", "Expected 1 to 20 letters or digits."
        faults.append(FieldFault("code", zh, en))
    if not 0 < len(new.specialty.strip()) <= 100:
        faults.append(FieldFault("specialty", "请填写专科。", "Give the specialty."))
    if len(new.name) > 100:
        faults.append(FieldFault("name", "不得超过 100 字。", "At most 100 characters."))
    return faults


def _hospital_faults(hospital: Place | None, actor: Actor) -> list[FieldFault]:
    if hospital is None or hospital.kind != PlaceKind.HOSPITAL:
        zh, en = "没有该代码的医疗机构。", "No hospital has this code."
        return [FieldFault("institution_code", zh, en)]
    if not is_permitted(actor, Action.DESIGNATE_DOCTOR, place_subject(hospital)):
        zh, en = "该机构不在本单位辖区内。", "The hospital is not in your region."
        return [FieldFault("institution_code", zh, en)]
    return []


def _person(
    session: Session, new: NewDoctor, hospital: Place | None
) -> tuple[Person | None, list[FieldFault]]:
    if not new.user:
        return None, []
    person = session.scalars(select(Person).where(Person.user == new.user.lower())).one_or_none()
    is_own = (
        person is not None
        and hospital is not None
        and person.organisation_id == hospital.organisation_id
    )
    if is_own:
        return person, []
    zh, en = "该医疗机构没有这个账号。", "The hospital has no such account."
    return None, [FieldFault("user", zh, en)]


def _twice(session: Session, new: NewDoctor, hospital: Place) -> list[FieldFault]:
    overlapping = select(DesignatedDoctor).where(
        DesignatedDoctor.place_id == hospital.id,
        DesignatedDoctor.code == new.code,
        or_(DesignatedDoctor.ends_on.is_(None), DesignatedDoctor.ends_on >= new.starts_on),
    )
    if new.ends_on is not None:
        overlapping = overlapping.where(DesignatedDoctor.starts_on <= new.ends_on)
    present = session.scalars(overlapping.limit(1)).one_or_none()
    if present is None:
        return []
    until = present.ends_on or "…"
    zh = f"该医师在 {present.starts_on} 至 {until} 已是本院责任医师。"
    en = f"The doctor is named for {present.starts_on} to {until} already."
    return [FieldFault("code", zh, en)]


def end_doctor(
    session: Session,
    *,
    doctor_id: int,
    ends_on: date | None,
    version: int,
    actor: Actor,
    moment: datetime,
) -> DesignatedDoctor:
    """Say until when somebody is a responsible doctor.

    Raises:
        InvalidInputError: The day is missing, or before the first one.
        NotFoundForActorError: There is none.
        StaleError: Somebody changed it since.
    """
    held = select(DesignatedDoctor).where(DesignatedDoctor.id == doctor_id).with_for_update()
    row = session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFoundForActorError
    if row.version != version:
        raise StaleError
    faults = span_faults(row.starts_on, ends_on, names=("starts_on", "ends_on"), open_end=False)
    if faults:
        raise InvalidInputError(faults)
    before = row.ends_on
    row.ends_on = ends_on
    row.version += 1
    row.changed_at = moment
    _record(
        session,
        row,
        "end-designated-doctor",
        {"before": str(before), "after": str(ends_on)},
        actor,
        moment,
    )
    return row


def import_doctors(session: Session, *, content: bytes, actor: Actor, moment: datetime) -> int:
    """Take over a list of responsible doctors: all of its lines, or none.

    Returns:
        How many were named.

    Raises:
        InvalidInputError: With every fault of the file by line and column. The caller's
            transaction must be rolled back: lines before a bad one are in it.
    """
    lines = read_lines(content, COLUMNS)
    faults = list(lines.faults)
    # In one order, so that two lists at once wait for each other and never crosswise.
    for row in sorted(lines.rows, key=lambda one: one.cells[HOSPITAL.key]):
        try:
            designate_doctor(session, new=_read(row, faults), actor=actor, moment=moment)
        except InvalidInputError as refusal:
            faults += [
                FieldFault(cell_place(row.number, _BY_FIELD[one.field]), one.zh, one.en)
                for one in refusal.faults
            ]
    if faults:
        raise InvalidInputError(list(dict.fromkeys(faults))[:FAULTS_MAX])
    return len(lines.rows)


def _read(row: Row, faults: list[FieldFault]) -> NewDoctor:
    return NewDoctor(
        hospital=row.cells[HOSPITAL.key],
        code=row.cells[CODE.key],
        specialty=row.cells[SPECIALTY.key],
        starts_on=day_of_cell(row, STARTS, faults),
        ends_on=day_of_cell(row, ENDS, faults),
        document=row.cells[DOCUMENT.key],
        name=row.cells.get(NAME.key, ""),
        user=row.cells.get(USER.key, ""),
    )


def _record(
    session: Session,
    row: DesignatedDoctor,
    action: str,
    facts: dict[str, str],
    actor: Actor,
    moment: datetime,
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=f"designated-doctor/{row.id}",
        facts=facts,
        moment=moment,
    )


def doctors_at(session: Session, *, place_id: int) -> Sequence[DesignatedDoctor]:
    """Return everybody who is or was a responsible doctor of a hospital, by specialty and code."""
    own = select(DesignatedDoctor).where(DesignatedDoctor.place_id == place_id)
    return session.scalars(
        own.order_by(DesignatedDoctor.specialty, DesignatedDoctor.code, DesignatedDoctor.starts_on)
    ).all()
