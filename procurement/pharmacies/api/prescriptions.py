"""Prescriptions by machine: the e-prescription centre's reports, reading, settling, reversing."""

from dataclasses import dataclass
from datetime import datetime

from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from procurement.permissions import Action, NotFoundForActorError
from procurement.pharmacies.api.registration_shapes import BenefitEntry, benefit_entry
from procurement.pharmacies.patients.at_edge import (
    place_for,
    prescription_for,
    registration_for,
    yuan,
)
from procurement.pharmacies.patients.dispensing import NewBill, reverse_bill, settle_bill
from procurement.pharmacies.patients.following import view_prescription
from procurement.pharmacies.patients.incoming import Head, IncomingReport
from procurement.pharmacies.patients.listing import (
    prescriptions_seen,
    registration_by_id,
    registrations_by_id,
)
from procurement.pharmacies.patients.reading import find_bill_numbered
from procurement.pharmacies.patients.reporting import take_reports
from procurement.pharmacies.patients.subjects import area_subject
from procurement.pharmacies.patients.tables import Prescription
from procurement.pharmacies.rules.following import PrescriptionStatus
from procurement.web import Cursor, PageSize, Visit, paginate_by_key, reads, writes

TAGS = ["patients"]
PATH = "/api/v1/prescriptions"


@dataclass(frozen=True, slots=True)
class HeadBody:
    """What a prescription says; sent with at least one of its reports.

    Attributes:
        registration: Number of the registration.
        doctor_code: The prescriber's code in the list of responsible doctors.
        prescribed_at: When it was written, with its zone.
        indication: Code of its diagnosis, where the centre passes it on.
        valid_until: Last moment; left out: by the pooling area's hours.
        is_reusable: Whether it may be used more than once.
        times_max: How often in all (maxReptCnt).
        interval_days_min: Days from one use to the next (minInrvDays).
    """

    registration: str
    doctor_code: str
    prescribed_at: datetime
    indication: str = ""
    valid_until: datetime | None = None
    is_reusable: bool = False
    times_max: int = 1
    interval_days_min: int = 0


@dataclass(frozen=True, slots=True)
class ReportBody:
    """One report of the centre.

    Attributes:
        event_number: The centre's number of the report; sent again it counts once.
        rx_number: The centre's number of the prescription (hiRxno).
        status: drafted, pre-checked, signed, uploaded, pharmacist-audited, stock-checked,
            dispensed, settled, closed, undone, expired or refused.
        happened_at: By the centre's clock, with its zone; the order of sending does not matter.
        stock_check: With stock-checked: 1 all there, 0 in part, -1 none, -2 the check failed.
        place: Institution code, where the report names one.
        head: What the prescription says.
    """

    event_number: str
    rx_number: str
    status: str
    happened_at: datetime
    stock_check: int | None = None
    place: str = ""
    head: HeadBody | None = None


@dataclass(frozen=True, slots=True)
class ReportsBody:
    """Reports of the centre, at most 500; all are taken, or none."""

    reports: list[ReportBody]


@dataclass(frozen=True, slots=True)
class TakenEntry:
    """What became of the reports.

    Attributes:
        new: Not known before.
        known: Had arrived before: they change nothing.
        prescriptions: Numbers of the prescriptions concerned, as addresses use them.
    """

    new: int
    known: int
    prescriptions: list[str]


@dataclass(frozen=True, slots=True)
class ObstacleEntry:
    """Why a prescription cannot be dispensed as covered at the registered pharmacy now."""

    key: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class PrescriptionEntry:
    """A prescription, as the centre reported it.

    Attributes:
        number: Names it in addresses.
        registration: Number of its registration; null until its head arrived.
        status: The centre's state.
        status_at: Since when, by the centre's clock.
        stock_check: Of the last stock check.
        prescribed_at: When it was written.
        valid_until: Last moment, where the centre says so.
        is_reusable: Whether it may be used more than once.
        times_max: How often in all.
        interval_days_min: Days from one use to the next.
        times_reported: How often the centre reported it dispensed.
    """

    number: str
    registration: str | None
    status: str
    status_at: datetime
    stock_check: int | None
    prescribed_at: datetime | None
    valid_until: datetime | None
    is_reusable: bool
    times_max: int
    interval_days_min: int
    times_reported: int


@dataclass(frozen=True, slots=True)
class CheckedEntry:
    """A prescription, and what stands against dispensing it at the registered pharmacy now."""

    prescription: PrescriptionEntry
    obstacles: list[ObstacleEntry]


@dataclass(frozen=True, slots=True)
class PrescriptionList:
    """Prescriptions, by id."""

    items: list[PrescriptionEntry]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class BillBody:
    """A bill on a prescription.

    Attributes:
        bill_number: Of the place's own books; the same bill sent again is settled once.
        amount: Yuan, a decimal as text.
        dispensed_at: When, with its zone.
        place: Institution code; left out: the registered pharmacy.
    """

    bill_number: str
    amount: str
    dispensed_at: datetime
    place: str = ""


@dataclass(frozen=True, slots=True)
class ReversalBody:
    """Which bill is taken back: its number, and the place where it is not the pharmacy."""

    bill_number: str
    place: str = ""


def _entry(row: Prescription, registration: str | None) -> PrescriptionEntry:
    return PrescriptionEntry(
        number=row.number,
        registration=registration,
        status=row.status,
        status_at=row.status_at,
        stock_check=row.stock_check,
        prescribed_at=row.prescribed_at,
        valid_until=row.valid_until,
        is_reusable=row.is_reusable,
        times_max=row.times_max,
        interval_days_min=row.interval_days_min,
        times_reported=row.times_reported,
    )


@post("/api/v1/prescription-reports", tags=TAGS, status_code=200)
@writes
def report(visit: Visit, data: JSONBody[ReportsBody]) -> TakenEntry:
    """Hand on what the e-prescription centre reports, as an agency; twice and in any order."""
    visit.require(Action.REPORT_PRESCRIPTION, area_subject(visit.actor.region))
    reports = [_incoming(one) for one in data.reports]
    taken = take_reports(visit.session, reports=reports, actor=visit.actor, moment=visit.moment)
    return TakenEntry(taken.new, taken.known, list(taken.numbers))


def _incoming(body: ReportBody) -> IncomingReport:
    head = body.head
    return IncomingReport(
        event_number=body.event_number,
        rx_number=body.rx_number,
        status=body.status,
        happened_at=body.happened_at,
        stock_check=body.stock_check,
        place_code=body.place,
        head=None
        if head is None
        else Head(
            registration=head.registration,
            doctor_code=head.doctor_code,
            prescribed_at=head.prescribed_at,
            indication=head.indication,
            valid_until=head.valid_until,
            is_reusable=head.is_reusable,
            times_max=head.times_max,
            interval_days_min=head.interval_days_min,
        ),
    )


@get(PATH, tags=TAGS)
@reads
def list_prescriptions(
    visit: Visit,
    status: FromQuery[PrescriptionStatus | None] = None,
    page_size: PageSize = 50,
    cursor: Cursor = None,
) -> PrescriptionList:
    """List the prescriptions that one sees, as doctor, pharmacy or agency."""
    visit.require_ever(Action.READ_PRESCRIPTION)
    page = paginate_by_key(
        visit.session,
        prescriptions_seen(actor=visit.actor, status="" if status is None else status.value),
        key=Prescription.id.expression,
        cursor=cursor,
        size=page_size,
    )
    registrations = registrations_by_id(visit.session, prescriptions=list(page.rows))
    items = []
    for row in page.rows:
        registration = registrations.get(row.registration_id)
        items.append(_entry(row, None if registration is None else registration.number))
    return PrescriptionList(items, page.next_cursor)


@get(PATH + "/{prescription_number:str}", tags=TAGS)
@reads
def show(visit: Visit, prescription_number: FromPath[str]) -> CheckedEntry:
    """Return a prescription, and whether it may be dispensed at the registered pharmacy now."""
    row = prescription_for(visit, prescription_number, Action.READ_PRESCRIPTION)
    view = view_prescription(
        visit.session, prescription=row, actor=visit.actor, moment=visit.moment
    )
    registration = None if view.registration is None else view.registration.row.number
    found = [ObstacleEntry(one.key, one.zh, one.en) for one in view.obstacles]
    if view.missing is not None:
        found.append(ObstacleEntry(view.missing.key, view.missing.zh, view.missing.en))
    return CheckedEntry(_entry(row, registration), found)


@post(PATH + "/{prescription_number:str}/bills", tags=TAGS, status_code=201)
@writes
def settle(
    visit: Visit, prescription_number: FromPath[str], data: JSONBody[BillBody]
) -> BenefitEntry:
    """Settle a bill on a prescription, as its pharmacy or the agency."""
    prescription = prescription_for(visit, prescription_number, Action.DISPENSE_PRESCRIPTION)
    row = registration_by_id(visit.session, registration_id=prescription.registration_id)
    new = NewBill(
        registration_id=row.id,
        prescription_id=prescription.id,
        place_id=place_for(visit, data.place, row).id,
        bill_number=data.bill_number,
        amount=yuan(data.amount),
        dispensed_at=data.dispensed_at,
    )
    return benefit_entry(
        settle_bill(visit.session, new=new, actor=visit.actor, moment=visit.moment)
    )


@post("/api/v1/registrations/{registration_number:str}/reversals", tags=TAGS, status_code=201)
@writes
def reverse(
    visit: Visit, registration_number: FromPath[str], data: JSONBody[ReversalBody]
) -> BenefitEntry:
    """Take a bill under a registration back, as the pharmacy or the agency."""
    row = registration_for(visit, registration_number, Action.DISPENSE_PRESCRIPTION)
    place = place_for(visit, data.place, row)
    bill = find_bill_numbered(
        visit.session, registration_id=row.id, place_id=place.id, bill_number=data.bill_number
    )
    if bill is None:
        raise NotFoundForActorError
    taken = reverse_bill(visit.session, record_id=bill.id, actor=visit.actor, moment=visit.moment)
    return benefit_entry(taken)


ROUTES = (report, list_prescriptions, show, settle, reverse)
"""Handlers of the interface."""
