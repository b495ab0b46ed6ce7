"""What registrations and bills look like to machines."""

from dataclasses import dataclass
from datetime import date, datetime

from procurement.pharmacies.patients.tables import BenefitRecord


@dataclass(frozen=True, slots=True)
class RegistrationBody:
    """A registration to be drafted.

    Attributes:
        insured_number: Of the patient; it is not kept.
        fund: employee or resident.
        region: Pooling area in which the patient is insured, six digits.
        listed_drug_id: The drug.
        hospital: Institution code of the doctor's hospital.
        pharmacy: Institution code of the one pharmacy.
        indication: Code of the diagnosis.
    """

    insured_number: str
    fund: str
    region: str
    listed_drug_id: int
    hospital: str
    pharmacy: str
    indication: str


@dataclass(frozen=True, slots=True)
class LookupBody:
    """Whose registrations are asked for: the number on the card."""

    insured_number: str


@dataclass(frozen=True, slots=True)
class VersionBody:
    """The version of the registration as it was read."""

    version: int


@dataclass(frozen=True, slots=True)
class DecisionBody:
    """What the agency decides.

    Attributes:
        is_accepted: Otherwise refused, with a reason.
        version: Of the registration as it was read.
        note: The reason.
    """

    is_accepted: bool
    version: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReviewBody:
    """A re-evaluation.

    Attributes:
        version: Of the registration as it was read.
        outcome: continue or stop.
        finding: What the doctor found.
    """

    version: int
    outcome: str
    finding: str


@dataclass(frozen=True, slots=True)
class ChangeBody:
    """Another pharmacy.

    Attributes:
        version: Of the registration as it was read.
        pharmacy: Institution code.
        reason: Why.
    """

    version: int
    pharmacy: str
    reason: str


@dataclass(frozen=True, slots=True)
class HospitalBillBody:
    """A bill that a hospital settled under a registration.

    Attributes:
        place: Institution code of the registered hospital.
        bill_number: Of the hospital's books.
        amount: Yuan, a decimal as text.
        dispensed_at: When, with its zone.
    """

    place: str
    bill_number: str
    amount: str
    dispensed_at: datetime


@dataclass(frozen=True, slots=True)
class RegistrationEntry:
    """A registration, without a word on the patient.

    Attributes:
        number: Names it in addresses.
        status: drafted, applied, approved, refused, suspended, ended or withdrawn.
        region: Pooling area.
        listed_drug_id: The drug.
        hospital: Institution code.
        pharmacy: Institution code.
        due_on: Last day of the agency's time.
        starts_on: First day of cover.
        review_due_on: Last day of the time until the next review.
        ended_on: Last day, where it is over.
        version: Counts changes.
    """

    number: str
    status: str
    region: str
    listed_drug_id: int
    hospital: str
    pharmacy: str
    due_on: date | None
    starts_on: date | None
    review_due_on: date | None
    ended_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class RegistrationList:
    """Registrations, by id."""

    items: list[RegistrationEntry]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class BenefitEntry:
    """Who paid what of a bill; amounts are yuan as text, and the two parts add up to the bill.

    Attributes:
        bill_number: Of the place's books.
        channel: hospital or pharmacy.
        amount: Of the bill.
        deductible_used: What it used of the year's deductible.
        fund_amount: Paid by the fund.
        patient_amount: Paid by the patient.
    """

    bill_number: str
    channel: str
    amount: str
    deductible_used: str
    fund_amount: str
    patient_amount: str


def benefit_entry(row: BenefitRecord) -> BenefitEntry:
    """Write a settled bill."""
    return BenefitEntry(
        bill_number=row.bill_number,
        channel=row.channel,
        amount=f"{row.amount:.2f}",
        deductible_used=f"{row.deductible_used:f}",
        fund_amount=f"{row.fund_amount:.2f}",
        patient_amount=f"{row.patient_amount:.2f}",
    )
