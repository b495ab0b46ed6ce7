"""Patients by pseudonym, their registrations, prescriptions as reported, and benefits."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import MONEY_MAX, Base, DecimalText, Moment, Money, money_range
from procurement.pharmacies.patients.states import (
    RegistrationStatus,
    RegistrationStep,
    RequestStatus,
    ReviewOutcome,
)
from procurement.pharmacies.rules.benefit import Channel, Fund
from procurement.pharmacies.rules.following import PrescriptionStatus

NOTE_LENGTH_MAX = 500
NUMBER_LENGTH = 20


class PatientRules(Base):
    """The documents by which a pooling area registers patients, from a day; append-only."""

    __tablename__ = "patient_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(String(6), index=True)
    rulebooks: Mapped[str] = mapped_column(Text)
    """JSON: identifiers of the documents with their digests; the first that states a rule holds."""
    parameters: Mapped[str] = mapped_column(Text)
    """JSON: what no document states, as somebody gave it, each with its basis."""
    starts_on: Mapped[date]
    document: Mapped[str] = mapped_column(String(NOTE_LENGTH_MAX))
    """What the agency bases the choice on."""
    given_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime] = mapped_column(Moment)


class BenefitTerms(Base):
    """What the insured of a fund in a pooling area are entitled to, from a day; append-only."""

    __tablename__ = "benefit_terms"
    __table_args__ = (money_range("deductible"), money_range("fund_cap"))

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(String(6), index=True)
    fund: Mapped[Fund] = mapped_column(String(10))
    drug_state: Mapped[str] = mapped_column(String(20))
    """State of the drug on the list that they are for."""
    fund_ratio: Mapped[Decimal] = mapped_column(DecimalText)
    deductible: Mapped[Decimal] = mapped_column(Money)
    fund_cap: Mapped[Decimal | None] = mapped_column(Money)
    """Most that the fund pays a patient in a natural year; None: no cap."""
    starts_on: Mapped[date]
    document: Mapped[str] = mapped_column(String(NOTE_LENGTH_MAX))
    given_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime] = mapped_column(Moment)


class Patient(Base):
    """An insured person, by pseudonym: neither name nor number is stored anywhere."""

    __tablename__ = "patient"

    id: Mapped[int] = mapped_column(primary_key=True)
    pseudonym: Mapped[str] = mapped_column(String(64), unique=True)
    """HMAC-SHA256 of the insured number, with a key of this installation."""
    fund: Mapped[Fund] = mapped_column(String(10))
    region: Mapped[str] = mapped_column(String(6))
    """Pooling area in which the patient is insured: its rules hold wherever he is treated."""
    retain_until: Mapped[date] = mapped_column(index=True)
    """After this day everything about the patient is deleted."""


class Registration(Base):
    """That a patient may get a drug as covered, from one hospital and one pharmacy."""

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("live_patient_id", "listed_drug_id"),
        CheckConstraint(
            "live_patient_id IS NULL OR live_patient_id = patient_id", name="live_is_the_same"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(NUMBER_LENGTH), unique=True)
    """Random: it tells nothing of the patient."""
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"), index=True)
    """None once the patient's facts were deleted."""
    live_patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    """The same while the registration lives: one for each drug."""
    region: Mapped[str] = mapped_column(String(6), index=True)
    """Pooling area of the patient, whose agency decides."""
    listed_drug_id: Mapped[int] = mapped_column(ForeignKey("listed_drug.id"), index=True)
    doctor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    hospital_place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    pharmacy_place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    rules_id: Mapped[int] = mapped_column(ForeignKey("patient_rules.id"))
    """In force when it was applied for."""
    indication: Mapped[str | None] = mapped_column(String(20))
    """Code of the indication; deleted with the patient's facts."""
    status: Mapped[RegistrationStatus] = mapped_column(String(20), index=True)
    drafted_at: Mapped[datetime] = mapped_column(Moment)
    applied_at: Mapped[datetime | None] = mapped_column(Moment)
    due_on: Mapped[date | None] = mapped_column(index=True)
    """Last day of the agency's time; None where no rule states one."""
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decision_note: Mapped[str | None] = mapped_column(String(NOTE_LENGTH_MAX))
    starts_on: Mapped[date | None]
    reviewed_on: Mapped[date | None]
    """Day of the last review, or of the approval."""
    review_due_on: Mapped[date | None] = mapped_column(index=True)
    ended_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class RegistrationEvent(Base):
    """A step of a registration, without any fact about the patient; append-only."""

    __tablename__ = "registration_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    step: Mapped[RegistrationStep] = mapped_column(String(30))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """None: the platform itself, by a rule."""
    happened_at: Mapped[datetime] = mapped_column(Moment)
    is_late: Mapped[bool]
    """A decision after the agency's time."""


class RegistrationPaper(Base):
    """A paper of evidence, sealed; its file's own name is not kept, as it may name a patient."""

    __tablename__ = "registration_paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    review_id: Mapped[int | None] = mapped_column(ForeignKey("registration_review.id"))
    kind: Mapped[str] = mapped_column(String(100))
    """As the list asks for it, or 其他."""
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    sealed: Mapped[str | None] = mapped_column(Text)
    """None once it was deleted."""
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(Moment)
    deleted_at: Mapped[datetime | None] = mapped_column(Moment)


class RegistrationReview(Base):
    """A re-evaluation of the use of a drug, made by the doctor, decided by the agency."""

    __tablename__ = "registration_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    outcome: Mapped[ReviewOutcome] = mapped_column(String(10))
    status: Mapped[RequestStatus] = mapped_column(String(10))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_on: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(Moment)
    finding: Mapped[str | None] = mapped_column(String(NOTE_LENGTH_MAX))
    """What the doctor found; deleted with the patient's facts."""
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decision_note: Mapped[str | None] = mapped_column(String(NOTE_LENGTH_MAX))


class PharmacyChange(Base):
    """That a patient asks for another pharmacy, and what the agency said."""

    __tablename__ = "pharmacy_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    from_place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    to_place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    status: Mapped[RequestStatus] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(NOTE_LENGTH_MAX))
    """Deleted with the patient's facts."""
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    requested_at: Mapped[datetime] = mapped_column(Moment)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decision_note: Mapped[str | None] = mapped_column(String(NOTE_LENGTH_MAX))


class Prescription(Base):
    """A prescription of the e-prescription centre, as far as the centre has reported it."""

    __tablename__ = "prescription"
    __table_args__ = (CheckConstraint("stock_check BETWEEN -2 AND 1", name="stock_check_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(NUMBER_LENGTH), unique=True)
    """Random, for addresses: the centre's own number stays out of them."""
    rx_number: Mapped[str | None] = mapped_column(String(60), unique=True)
    """The centre's number (hiRxno); None once the patient's facts were deleted."""
    reported_by_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """The agency that hands the centre's reports on."""
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), index=True)
    """None until a report carries the prescription's head."""
    doctor_code: Mapped[str | None] = mapped_column(String(20))
    indication: Mapped[str | None] = mapped_column(String(20))
    prescribed_at: Mapped[datetime | None] = mapped_column(Moment)
    valid_until: Mapped[datetime | None] = mapped_column(Moment)
    """As the centre reports it; None: by the rulebook's hours."""
    is_reusable: Mapped[bool]
    times_max: Mapped[int]
    interval_days_min: Mapped[int]
    status: Mapped[PrescriptionStatus] = mapped_column(String(20), index=True)
    status_at: Mapped[datetime] = mapped_column(Moment, index=True)
    stock_check: Mapped[int | None]
    """1 all there, 0 in part, -1 none, -2 the check failed; None: not checked."""
    times_reported: Mapped[int] = mapped_column(default=0)
    """How often the centre reported it dispensed."""
    last_dispensed_at: Mapped[datetime | None] = mapped_column(Moment)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    """Where the centre says it was sent to or dispensed."""
    version: Mapped[int] = mapped_column(default=1)


class PrescriptionReport(Base):
    """One report of the centre, in the order of arrival; append-only, no fact about a patient."""

    __tablename__ = "prescription_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    prescription_id: Mapped[int] = mapped_column(ForeignKey("prescription.id"), index=True)
    event_number: Mapped[str] = mapped_column(String(60), unique=True)
    """The centre's: a report that arrives twice counts once."""
    status: Mapped[PrescriptionStatus] = mapped_column(String(20))
    stock_check: Mapped[int | None]
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    happened_at: Mapped[datetime] = mapped_column(Moment)
    """By the centre's clock: reports are followed in this order."""
    received_at: Mapped[datetime] = mapped_column(Moment)


class BenefitRecord(Base):
    """Who paid what of a bill; a mistake is taken back by a row of its own. Append-only."""

    __tablename__ = "benefit_record"
    __table_args__ = (
        UniqueConstraint("place_id", "bill_number", "is_reversal"),
        *(
            money_range(column, minimum=-MONEY_MAX)
            for column in ("amount", "fund_amount", "patient_amount")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    prescription_id: Mapped[int | None] = mapped_column(ForeignKey("prescription.id"), index=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    channel: Mapped[Channel] = mapped_column(String(10))
    bill_number: Mapped[str] = mapped_column(String(60))
    """Of the place's own books."""
    is_reversal: Mapped[bool]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("benefit_record.id"), unique=True)
    dispensed_at: Mapped[datetime] = mapped_column(Moment)
    year: Mapped[int]
    """Natural year within which deductible and cap are counted."""
    fund: Mapped[Fund] = mapped_column(String(10))
    terms_id: Mapped[int] = mapped_column(ForeignKey("benefit_terms.id"))
    first_self_pay: Mapped[Decimal] = mapped_column(DecimalText)
    amount: Mapped[Decimal] = mapped_column(Money)
    deductible_used: Mapped[Decimal] = mapped_column(DecimalText)
    """Exact: only what the fund pays is rounded."""
    fund_amount: Mapped[Decimal] = mapped_column(Money)
    patient_amount: Mapped[Decimal] = mapped_column(Money)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
