"""Taking over what the e-prescription centre reports: late, twice, and in any order.

This platform follows prescriptions and writes none. All reports of one delivery are taken, or none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.permissions.decide import covers
from procurement.pharmacies.patients.deciding import keep_registered
from procurement.pharmacies.patients.holding import (
    hold_patient,
    hold_prescription,
    hold_registration,
    new_number,
)
from procurement.pharmacies.patients.incoming import (
    Head,
    IncomingReport,
    Name,
    cell_of_list,
    report_faults,
)
from procurement.pharmacies.patients.tables import (
    Prescription,
    PrescriptionReport,
    Registration,
)
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.following import PrescriptionStatus, Report, follow

REPORTS_MAX = 500

NameCell = Callable[[int, str], str]
"""Names a field of the report of a number, from 1."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a delivery.

    Attributes:
        new: Reports that were not known before.
        known: Reports that had arrived before: they change nothing.
        numbers: Numbers of the prescriptions concerned, as addresses use them.
    """

    new: int
    known: int
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    """Rows that the reports name."""

    places: Mapping[str, Place]
    registrations: Mapping[str, Registration]


def take_reports(
    session: Session,
    *,
    reports: Sequence[IncomingReport],
    actor: Actor,
    moment: datetime,
    name_cell: NameCell = cell_of_list,
) -> Taken:
    """Take over reports of the centre.

    Args:
        session: Session of the caller's transaction.
        reports: In any order; some may have arrived before.
        actor: Of the agency that hands them on.
        moment: Now, aware.
        name_cell: Names a field of the report of a number, from 1, for the faults.

    Raises:
        InvalidInputError: With every fault: a field that cannot be read; a place or registration
            that nobody knows or that is another region's; a report whose number came before with
            other contents; a prescription that now says something else.
    """
    if not 0 < len(reports) <= REPORTS_MAX:
        zh, en = f"须为 1 至 {REPORTS_MAX} 条。", f"Expected 1 to {REPORTS_MAX} reports."
        raise InvalidInputError([FieldFault("reports", zh, en)])
    named = _named(session, reports)
    faults: list[FieldFault] = []
    for number, report in enumerate(reports, start=1):
        name = partial(name_cell, number)
        faults += report_faults(report, name=name, moment=moment)
        faults += _name_faults(report, name, named, actor)
    if faults:
        raise InvalidInputError(faults)
    rx_numbers = sorted({one.rx_number for one in reports})
    _keep(session, named, rx_numbers, moment)
    held = _held(session, rx_numbers, actor, moment)
    fresh = _fresh(session, reports, held, (named, name_cell))
    _store(session, fresh, held, (named, moment))
    for prescription in held.values():
        _follow(session, prescription)
    numbers = tuple(sorted(one.number for one in held.values()))
    record(
        session,
        actor=actor,
        action="take-prescription-reports",
        subject=f"organisation/{actor.organisation_id}",
        facts={"new": str(len(fresh)), "prescriptions": str(len(numbers))},
        moment=moment,
    )
    return Taken(len(fresh), len(reports) - len(fresh), numbers)


def reports_of(session: Session, *, prescription_id: int) -> Sequence[PrescriptionReport]:
    """Return the reports on a prescription, in the order of the centre's clock."""
    return session.scalars(
        select(PrescriptionReport)
        .where(PrescriptionReport.prescription_id == prescription_id)
        .order_by(PrescriptionReport.happened_at, PrescriptionReport.id)
    ).all()


def contradictions_of(session: Session, *, prescription_id: int) -> tuple[str, ...]:
    """Return the numbers of reports that do not follow from what the centre reported before."""
    rows = reports_of(session, prescription_id=prescription_id)
    return follow(_read(rows)).contradictions if rows else ()


def _named(session: Session, reports: Sequence[IncomingReport]) -> _Named:
    codes = {one.place_code for one in reports if one.place_code}
    numbers = {one.head.registration for one in reports if one.head is not None}
    places = session.scalars(select(Place).where(Place.institution_code.in_(codes)))
    registrations = session.scalars(select(Registration).where(Registration.number.in_(numbers)))
    return _Named(
        {one.institution_code: one for one in places}, {one.number: one for one in registrations}
    )


def _name_faults(
    report: IncomingReport, name: Name, named: _Named, actor: Actor
) -> list[FieldFault]:
    faults = []
    if report.place_code and report.place_code not in named.places:
        zh, en = "没有这家机构。", "There is no such institution."
        faults.append(FieldFault(name("place"), zh, en))
    if report.head is not None:
        registration = named.registrations.get(report.head.registration)
        is_known = registration is not None and registration.patient_id is not None
        if registration is None or not is_known or not covers(actor.region, registration.region):
            zh, en = "本地区没有这份登记。", "There is no such registration in your region."
            faults.append(FieldFault(name("registration"), zh, en))
    return faults


def _store(
    session: Session,
    fresh: Sequence[IncomingReport],
    held: Mapping[str, Prescription],
    known: tuple[_Named, datetime],
) -> None:
    named, moment = known
    for report in fresh:
        place = named.places.get(report.place_code)
        session.add(
            PrescriptionReport(
                prescription_id=held[report.rx_number].id,
                event_number=report.event_number,
                status=PrescriptionStatus(report.status),
                stock_check=report.stock_check,
                place_id=None if place is None else place.id,
                happened_at=report.happened_at,
                received_at=moment,
            )
        )
    session.flush()


def _keep(session: Session, named: _Named, rx_numbers: Sequence[str], moment: datetime) -> None:
    """Hold the patients and registrations concerned; the retention of their facts begins anew.

    They come before the prescriptions: see the order of `holding`.
    """
    known = session.scalars(
        select(Registration)
        .join(Prescription, Prescription.registration_id == Registration.id)
        .where(Prescription.rx_number.in_(rx_numbers))
    )
    by_id = {one.id: one for one in (*known, *named.registrations.values())}
    rows = sorted(by_id.values(), key=lambda one: (one.patient_id or 0, one.id))
    for patient_id in dict.fromkeys(one.patient_id for one in rows):
        hold_patient(session, patient_id=patient_id or 0)
    for row in sorted(rows, key=lambda one: one.id):
        held = hold_registration(session, registration_id=row.id)
        keep_registered(session, registration=held, day=day_in_china(moment))


def _held(
    session: Session, rx_numbers: Sequence[str], actor: Actor, moment: datetime
) -> dict[str, Prescription]:
    """Hold the prescriptions, in one order, making those that are new."""
    held = {}
    for rx_number in rx_numbers:
        known = select(Prescription.id).where(Prescription.rx_number == rx_number)
        prescription_id = session.scalar(known)
        if prescription_id is None:
            try:
                with session.begin_nested():
                    fresh = _new(rx_number, actor, moment)
                    session.add(fresh)
            except IntegrityError:
                prescription_id = session.scalars(known).one()
            else:
                prescription_id = fresh.id
        held[rx_number] = hold_prescription(session, prescription_id=prescription_id)
    return held


def _new(rx_number: str, actor: Actor, moment: datetime) -> Prescription:
    return Prescription(
        number=new_number("P"),
        rx_number=rx_number,
        reported_by_id=actor.organisation_id,
        is_reusable=False,
        times_max=1,
        interval_days_min=0,
        status=PrescriptionStatus.DRAFTED,
        status_at=moment,
    )


def _fresh(
    session: Session,
    reports: Sequence[IncomingReport],
    held: Mapping[str, Prescription],
    known: tuple[_Named, NameCell],
) -> list[IncomingReport]:
    """The reports that did not arrive before; heads are taken on the way."""
    named, name_cell = known
    events = {one.event_number for one in reports}
    stored = session.scalars(
        select(PrescriptionReport).where(PrescriptionReport.event_number.in_(events))
    )
    seen = {one.event_number: _content(one) for one in stored}
    faults: list[FieldFault] = []
    fresh: list[IncomingReport] = []
    for number, report in enumerate(reports, start=1):
        prescription = held[report.rx_number]
        place = named.places.get(report.place_code)
        content = _content_of(report, prescription, None if place is None else place.id)
        before = seen.setdefault(report.event_number, content)
        if before != content:
            zh, en = "该编号曾以其他内容上报。", "This number came before with other contents."
            faults.append(FieldFault(name_cell(number, "event_number"), zh, en))
        faults += _take_head(prescription, report.head, named, partial(name_cell, number))
        if before is content:
            fresh.append(report)
    if faults:
        raise InvalidInputError(faults)
    return fresh


_Content = tuple[int, str, int | None, int | None, datetime]


def _content(row: PrescriptionReport) -> _Content:
    return (row.prescription_id, row.status, row.stock_check, row.place_id, row.happened_at)


def _content_of(
    report: IncomingReport, prescription: Prescription, place_id: int | None
) -> _Content:
    status = PrescriptionStatus(report.status)
    return (prescription.id, status, report.stock_check, place_id, report.happened_at)


def _take_head(
    prescription: Prescription, head: Head | None, named: _Named, name: Name
) -> list[FieldFault]:
    if head is None:
        return []
    wanted = {
        "registration_id": named.registrations[head.registration].id,
        "doctor_code": head.doctor_code,
        "indication": head.indication or None,
        "prescribed_at": head.prescribed_at,
        "valid_until": head.valid_until,
        "is_reusable": head.is_reusable,
        "times_max": head.times_max,
        "interval_days_min": head.interval_days_min,
    }
    if prescription.registration_id is None:
        for column, value in wanted.items():
            setattr(prescription, column, value)
        return []
    zh, en = "与此前上报的处方内容不同。", "It differs from what was reported of the prescription."
    return [
        FieldFault(name(column.removesuffix("_id")), zh, en)
        for column, value in wanted.items()
        if getattr(prescription, column) != value
    ]


def _follow(session: Session, prescription: Prescription) -> None:
    standing = follow(_read(reports_of(session, prescription_id=prescription.id)))
    prescription.status, prescription.status_at = standing.status, standing.status_at
    prescription.stock_check, prescription.place_id = standing.stock, standing.place
    prescription.times_reported = standing.times
    prescription.last_dispensed_at = standing.last_dispensed_at
    prescription.version += 1
    session.flush()


def _read(rows: Sequence[PrescriptionReport]) -> list[Report]:
    return [
        Report(
            row.event_number,
            PrescriptionStatus(row.status),
            row.happened_at,
            row.stock_check,
            row.place_id,
        )
        for row in rows
    ]
