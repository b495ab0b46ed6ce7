"""What a page shows of a registration or a prescription, read together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Person
from procurement.pharmacies.listed.service import state_on
from procurement.pharmacies.listed.tables import ListedDrug, ListPeriod
from procurement.pharmacies.patients.changing_pharmacy import changes_of
from procurement.pharmacies.patients.papers import papers_of
from procurement.pharmacies.patients.registering import missing_papers
from procurement.pharmacies.patients.reviewing import reviews_of
from procurement.pharmacies.patients.states import RequestStatus
from procurement.pharmacies.patients.tables import (
    BenefitRecord,
    BenefitTerms,
    Patient,
    PatientRules,
    PharmacyChange,
    Prescription,
    Registration,
    RegistrationEvent,
    RegistrationPaper,
    RegistrationReview,
)
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.benefit import Fund
from procurement.volumes.rules import region_prefix


@dataclass(frozen=True, slots=True)
class BillLine:
    """A bill, where it was, and whether it was taken back."""

    row: BenefitRecord
    place: str
    is_reversed: bool


@dataclass(frozen=True, slots=True)
class RegistrationView:
    """A registration with all that belongs to it.

    Attributes:
        row: The registration.
        drug: Generic name and form.
        fund: The patient's.
        period: Terms of the list today; None where the drug left it.
        doctor: Name of the responsible doctor.
        hospital: The registered hospital.
        pharmacy: The chosen pharmacy.
        papers: Evidence, in its order.
        missing: Papers that the list asks for and that are not there.
        reviews: The newest first.
        changes: Of pharmacy, the newest first.
        place_names: Names of places by id.
        events: Its history.
        bills: What was settled under it, the newest first.
        prescriptions: Under it, the newest first.
    """

    row: Registration
    drug: str
    fund: Fund | None
    period: ListPeriod | None
    doctor: str
    hospital: Place
    pharmacy: Place
    papers: Sequence[RegistrationPaper] = ()
    missing: Sequence[str] = ()
    reviews: Sequence[RegistrationReview] = ()
    changes: Sequence[PharmacyChange] = ()
    place_names: dict[int, str] = field(default_factory=dict)
    events: Sequence[RegistrationEvent] = ()
    bills: Sequence[BillLine] = ()
    prescriptions: Sequence[Prescription] = ()

    @property
    def waiting_review(self) -> RegistrationReview | None:
        """The review that waits for the agency."""
        return next((one for one in self.reviews if one.status == RequestStatus.REQUESTED), None)

    @property
    def waiting_change(self) -> PharmacyChange | None:
        """The change of pharmacy that waits for the agency."""
        return next((one for one in self.changes if one.status == RequestStatus.REQUESTED), None)


def view_registration(session: Session, *, row: Registration, day: date) -> RegistrationView:
    """Read a registration with all that belongs to it."""
    patient = None if row.patient_id is None else session.get(Patient, row.patient_id)
    changes = changes_of(session, registration_id=row.id)
    bills = bills_of(session, registration_id=row.id)
    return RegistrationView(
        row=row,
        drug=drug_name(session.get_one(ListedDrug, row.listed_drug_id)),
        fund=None if patient is None else Fund(patient.fund),
        period=state_on(session, listed_drug_id=row.listed_drug_id, day=day),
        doctor=session.get_one(Person, row.doctor_id).name,
        hospital=session.get_one(Place, row.hospital_place_id),
        pharmacy=session.get_one(Place, row.pharmacy_place_id),
        papers=papers_of(session, registration_id=row.id),
        missing=missing_papers(session, registration=row, day=day),
        reviews=reviews_of(session, registration_id=row.id),
        changes=changes,
        place_names=_names(session, changes),
        events=session.scalars(
            select(RegistrationEvent)
            .where(RegistrationEvent.registration_id == row.id)
            .order_by(RegistrationEvent.id)
        ).all(),
        bills=bills,
        prescriptions=session.scalars(
            select(Prescription)
            .where(Prescription.registration_id == row.id)
            .order_by(Prescription.id.desc())
        ).all(),
    )


def bills_of(
    session: Session, *, registration_id: int, prescription_id: int | None = None
) -> list[BillLine]:
    """Return the bills under a registration, or by one prescription, the newest first."""
    wanted = (
        select(BenefitRecord, Place.name)
        .join(Place, Place.id == BenefitRecord.place_id)
        .where(BenefitRecord.registration_id == registration_id)
        .order_by(BenefitRecord.id.desc())
    )
    if prescription_id is not None:
        wanted = wanted.where(BenefitRecord.prescription_id == prescription_id)
    found = [(row, name) for row, name in session.execute(wanted)]
    taken = {row.reverses_id for row, _name in found}
    return [BillLine(row, name, row.id in taken) for row, name in found]


def drug_name(drug: ListedDrug) -> str:
    """What people call a listed drug: generic name, form, and the brand where it is one's only."""
    generic = drug.generic_product
    words = (generic.name, generic.printed_form, drug.brand)
    return " ".join(word for word in words if word)


def terms_of_area(session: Session, *, region: str) -> Sequence[BenefitTerms]:
    """Return the benefits that were given in a region, the newest first."""
    return session.scalars(
        select(BenefitTerms)
        .where(BenefitTerms.region.startswith(region_prefix(region), autoescape=True))
        .order_by(BenefitTerms.starts_on.desc(), BenefitTerms.id.desc())
        .limit(200)
    ).all()


def rules_of_area(session: Session, *, region: str) -> Sequence[PatientRules]:
    """Return the rules that were given in a region, the newest first."""
    return session.scalars(
        select(PatientRules)
        .where(PatientRules.region.startswith(region_prefix(region), autoescape=True))
        .order_by(PatientRules.starts_on.desc(), PatientRules.id.desc())
        .limit(200)
    ).all()


def find_bill(session: Session, *, registration_id: int, record_id: int) -> BenefitRecord | None:
    """Return a bill under a registration, or None."""
    row = session.get(BenefitRecord, record_id)
    return row if row is not None and row.registration_id == registration_id else None


def find_bill_numbered(
    session: Session, *, registration_id: int, place_id: int, bill_number: str
) -> BenefitRecord | None:
    """Return a bill under a registration by its number in a place's books, or None."""
    return session.scalars(
        select(BenefitRecord).where(
            BenefitRecord.registration_id == registration_id,
            BenefitRecord.place_id == place_id,
            BenefitRecord.bill_number == bill_number,
            BenefitRecord.is_reversal.is_(False),
        )
    ).one_or_none()


def find_paper(
    session: Session, *, registration_id: int, paper_id: int
) -> RegistrationPaper | None:
    """Return a paper of a registration, or None."""
    row = session.get(RegistrationPaper, paper_id)
    return row if row is not None and row.registration_id == registration_id else None


def _names(session: Session, changes: Sequence[PharmacyChange]) -> dict[int, str]:
    ids = {one for change in changes for one in (change.from_place_id, change.to_place_id)}
    return {
        place.id: place.name for place in session.scalars(select(Place).where(Place.id.in_(ids)))
    }
