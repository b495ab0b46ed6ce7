"""A side's registered patient: with a prescription, a bill, a paper, a review and a change."""

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from procurement.catalogue.tables import GenericProduct
from procurement.database import database_moment, transaction
from procurement.permissions import Role
from procurement.pharmacies.listed.kinds import DrugState
from procurement.pharmacies.listed.tables import ListedDrug
from procurement.pharmacies.patients.papers import OTHER, add_paper
from procurement.pharmacies.patients.states import (
    RegistrationStatus,
    RequestStatus,
    ReviewOutcome,
)
from procurement.pharmacies.patients.tables import (
    BenefitRecord,
    BenefitTerms,
    Patient,
    PatientRules,
    PharmacyChange,
    Prescription,
    Registration,
    RegistrationReview,
)
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.benefit import Channel, Fund
from procurement.pharmacies.rules.following import PrescriptionStatus
from tests.procurement.app.cells.sides import Side
from tests.procurement.app.cells.things import SCAN
from tests.procurement.platform import KEY
from tests.procurement.rounds.world import actor_of

DAY = date(2026, 1, 1)
BILL_NUMBER = "x"
"""As the smallest body of a request names it."""


def register_patient(engine: Engine, side: Side) -> None:
    """Give a side a patient, whose doctor, pharmacy and agency are the side's."""
    with transaction(engine) as session:
        region = f"{side.region[:3]}100"
        row = _registration(session, side, region)
        prescription = _prescription(session, side, row, region)
        record = _bill(session, row, prescription, region)
        paper = _requests(session, side, row)
        side.things |= {
            "registration_number": row.number,
            "prescription_number": prescription.number,
            "record_id": record.id,
            "registration_paper": paper,
            "patient_region": region,
        }


def _registration(session: Session, side: Side, region: str) -> Registration:
    now = database_moment(session)
    drug = ListedDrug(
        generic_product_id=session.scalars(select(GenericProduct.id)).first(),
        region=side.region,
        brand="registered",
    )
    rules = PatientRules(
        region=region,
        rulebooks='[["dual-suzhou-2022", ""]]',
        parameters='{"patient.retained_years": {"text": "3", "basis": "for tests"}}',
        starts_on=DAY,
        document="for tests",
        given_at=now,
    )
    patient = Patient(
        pseudonym=side.region * 10,
        fund=Fund.EMPLOYEE,
        region=region,
        retain_until=now.date() + timedelta(days=700),
    )
    session.add_all([drug, rules, patient])
    session.flush()
    row = Registration(
        number=f"R{side.region}",
        patient_id=patient.id,
        live_patient_id=patient.id,
        region=region,
        listed_drug_id=drug.id,
        doctor_id=side.people[Role.DOCTOR].id,
        hospital_place_id=_place(session, side, Role.HOSPITAL, PlaceKind.HOSPITAL, region),
        pharmacy_place_id=_place(session, side, Role.PHARMACY, PlaceKind.PHARMACY, region),
        rules_id=rules.id,
        indication="C34.9",
        status=RegistrationStatus.APPROVED,
        drafted_at=now,
        starts_on=DAY,
    )
    session.add(row)
    session.flush()
    return row


def _place(session: Session, side: Side, role: Role, kind: PlaceKind, region: str) -> int:
    place = Place(
        institution_code=f"{kind.value[0].upper()}{region}77777",
        kind=kind,
        name=f"{kind.value} of patients",
        organisation_id=side.organisation_id(role),
        county=region,
        changed_at=database_moment(session),
    )
    session.add(place)
    session.flush()
    return place.id


def _prescription(session: Session, side: Side, row: Registration, region: str) -> Prescription:
    now = database_moment(session)
    found = Prescription(
        number=f"P{side.region}",
        rx_number=f"rx-{region}",
        reported_by_id=side.organisation_id(Role.FUND_AGENCY),
        registration_id=row.id,
        doctor_code="D1",
        prescribed_at=now,
        valid_until=now + timedelta(days=3),
        is_reusable=False,
        times_max=1,
        interval_days_min=0,
        status=PrescriptionStatus.UPLOADED,
        status_at=now,
    )
    session.add(found)
    session.flush()
    return found


def _bill(
    session: Session, row: Registration, prescription: Prescription, region: str
) -> BenefitRecord:
    now = database_moment(session)
    terms = BenefitTerms(
        region=region,
        fund=Fund.EMPLOYEE,
        drug_state=DrugState.DUAL,
        fund_ratio=Decimal("0.7"),
        deductible=Decimal(0),
        starts_on=DAY,
        document="for tests",
        given_at=now,
    )
    session.add(terms)
    session.flush()
    record = BenefitRecord(
        registration_id=row.id,
        prescription_id=prescription.id,
        place_id=row.pharmacy_place_id,
        channel=Channel.PHARMACY,
        bill_number=BILL_NUMBER,
        is_reversal=False,
        dispensed_at=now,
        year=now.year,
        fund=Fund.EMPLOYEE,
        terms_id=terms.id,
        first_self_pay=Decimal(0),
        amount=Decimal(10),
        deductible_used=Decimal(0),
        fund_amount=Decimal(7),
        patient_amount=Decimal(3),
        recorded_at=now,
    )
    session.add(record)
    session.flush()
    return record


def _requests(session: Session, side: Side, row: Registration) -> int:
    """A review with a paper and a change of pharmacy, both undecided; returns the paper's id."""
    now = database_moment(session)
    doctor = side.people[Role.DOCTOR]
    session.add_all(
        [
            RegistrationReview(
                registration_id=row.id,
                outcome=ReviewOutcome.CONTINUE,
                status=RequestStatus.REQUESTED,
                made_by=doctor.id,
                made_on=now.date(),
                made_at=now,
                finding="for tests",
            ),
            PharmacyChange(
                registration_id=row.id,
                from_place_id=row.pharmacy_place_id,
                to_place_id=row.pharmacy_place_id,
                status=RequestStatus.REQUESTED,
                reason="for tests",
                requested_at=now,
            ),
        ]
    )
    session.flush()
    return add_paper(
        session,
        registration=row,
        kind=OTHER,
        content=SCAN,
        secret_key=KEY,
        actor=actor_of(session, doctor),
        moment=now,
    ).id
