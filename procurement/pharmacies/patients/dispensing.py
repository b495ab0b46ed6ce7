"""Giving out a drug as covered: what stands against it, the bill's benefit, taking a bill back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pricing.money import CENT
from procurement.accounts.divisions import province_of
from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.database import MONEY_MAX
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor, NotFoundForActorError
from procurement.pharmacies.designation.service import designated_on
from procurement.pharmacies.designation.states import DesignationScheme
from procurement.pharmacies.designation.tables import DesignatedDoctor
from procurement.pharmacies.listed.kinds import DrugState
from procurement.pharmacies.listed.service import DUAL, in_lines, state_on
from procurement.pharmacies.listed.tables import ListPeriod
from procurement.pharmacies.patients.area_rules import LAST_MOMENT, VALID_HOURS, AreaRules
from procurement.pharmacies.patients.deciding import keep_registered, rules_of
from procurement.pharmacies.patients.errors import (
    AlreadyReversedError,
    BillDiffersError,
    BillReversedError,
    DispensingRefusedError,
    OtherProvinceError,
)
from procurement.pharmacies.patients.holding import hold_prescription, hold_registration
from procurement.pharmacies.patients.incoming import AHEAD_MAX, NUMBER
from procurement.pharmacies.patients.standing import (
    due_on_day,
    is_reversed,
    pharmacy_at,
    use_of,
    was_in_force,
    was_open,
)
from procurement.pharmacies.patients.tables import (
    BenefitRecord,
    BenefitTerms,
    Patient,
    Prescription,
    Registration,
)
from procurement.pharmacies.patients.terms import (
    applied_terms,
    is_paid_straight_from_the_pool,
    terms_on,
)
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.benefit import Bill, Channel, Fund, YearSoFar, benefit
from procurement.pharmacies.rules.dispensing import Dispensing, Obstacle, Use, obstacles
from procurement.pharmacies.rules.eligibility import is_covered_indication

CHANNELS = {PlaceKind.HOSPITAL: Channel.HOSPITAL, PlaceKind.PHARMACY: Channel.PHARMACY}


@dataclass(frozen=True, slots=True)
class NewBill:
    """A bill to be settled.

    Attributes:
        registration_id: Under which registration.
        prescription_id: By which prescription; a hospital may settle one of its own without.
        place_id: Where the drug was given out.
        bill_number: Of the place's own books.
        amount: Yuan, whole cents.
        dispensed_at: When, aware.
    """

    registration_id: int
    prescription_id: int | None
    place_id: int
    bill_number: str
    amount: Decimal
    dispensed_at: datetime


def check_dispensing(
    session: Session,
    *,
    registration: Registration,
    prescription: Prescription | None,
    place: Place,
    at: datetime,
) -> tuple[Obstacle, ...]:
    """Say everything that stands against giving out the drug as covered.

    Args:
        session: Any session.
        registration: Under which.
        prescription: By which; a hospital's own is not followed here.
        place: Where.
        at: When, aware.

    Raises:
        RuleMissingError: Neither the centre nor any rule says how long the prescription is valid.
    """
    rules = rules_of(session, registration=registration)
    day = day_in_china(at)
    period = state_on(session, listed_drug_id=registration.listed_drug_id, day=day)
    scheme = DesignationScheme.DUAL_CHANNEL
    is_hospital = place.kind == PlaceKind.HOSPITAL
    wanted = Dispensing(
        at=at,
        day=day,
        valid_from=_valid_from(prescription, at),
        valid_until=valid_until(prescription, rules, at),
        last_moment_counts=rules.value(LAST_MOMENT) is not False,
        use=_use(session, prescription, place, at),
        is_open=is_hospital
        if prescription is None
        else was_open(session, prescription=prescription, at=at),
        is_registered_place=place.id
        in (
            pharmacy_at(session, registration=registration, at=at),
            registration.hospital_place_id,
        ),
        is_designated_place=designated_on(session, place_id=place.id, scheme=scheme, day=day)
        is not None,
        is_begun=registration.starts_on is not None and day >= registration.starts_on,
        is_approved=was_in_force(session, registration=registration, at=at),
        review_due_on=due_on_day(session, registration=registration, day=day),
        is_listed=period is not None and period.state in DUAL,
        is_indicated=_is_indicated(registration, prescription, period),
        is_doctor_designated=_is_doctor_designated(session, registration, prescription),
    )
    return obstacles(wanted)


def settle_bill(session: Session, *, new: NewBill, actor: Actor, moment: datetime) -> BenefitRecord:
    """Settle a bill: who pays what, by the year so far over both channels.

    The same bill sent twice is settled once. Bills use the year's deductible and cap in the order
    in which they are recorded.

    Raises:
        InvalidInputError: An entry is wrong.
        DispensingRefusedError: It cannot be covered; every obstacle is named.
        OtherProvinceError: The place lies in another province.
        NoTermsError: Nobody gave the benefit of that day.
        SelfPayMissingError: The list does not say what is paid first.
        BillDiffersError: The place recorded this number with other contents.
        BillReversedError: The bill with this number was taken back.
    """
    _check(new, moment)
    registration = hold_registration(session, registration_id=new.registration_id)
    place = session.get_one(Place, new.place_id)
    known = _known(session, new)
    if known is not None:
        return known
    prescription = None
    if new.prescription_id is not None:
        prescription = hold_prescription(session, prescription_id=new.prescription_id)
    if province_of(place.county) != province_of(registration.region):
        raise OtherProvinceError
    found = check_dispensing(
        session,
        registration=registration,
        prescription=prescription,
        place=place,
        at=new.dispensed_at,
    )
    if found:
        raise DispensingRefusedError(found)
    row = _split(session, new, registration, place)
    row.recorded_by, row.recorded_at = actor.person_id, moment
    session.add(row)
    session.flush()
    keep_registered(session, registration=registration, day=day_in_china(moment))
    _audit(session, "settle-bill", registration, row, (actor, moment))
    return row


def reverse_bill(
    session: Session, *, record_id: int, actor: Actor, moment: datetime
) -> BenefitRecord:
    """Take a bill back: a row of its own, with all amounts below zero.

    What it used of the deductible and the cap is free again for bills recorded afterwards; those
    recorded in between stay as they were settled.

    Raises:
        AlreadyReversedError: It was taken back before, or is itself a reversal.
        NotFoundForActorError: The patient's facts were deleted.
    """
    taken = session.get(BenefitRecord, record_id)
    if taken is None:
        raise NotFoundForActorError
    registration = hold_registration(session, registration_id=taken.registration_id)
    before = select(BenefitRecord.id).where(BenefitRecord.reverses_id == taken.id)
    if taken.is_reversal or session.scalar(before) is not None:
        raise AlreadyReversedError
    row = BenefitRecord(
        registration_id=taken.registration_id,
        prescription_id=taken.prescription_id,
        place_id=taken.place_id,
        channel=taken.channel,
        bill_number=taken.bill_number,
        is_reversal=True,
        reverses_id=taken.id,
        dispensed_at=taken.dispensed_at,
        year=taken.year,
        fund=taken.fund,
        terms_id=taken.terms_id,
        first_self_pay=taken.first_self_pay,
        amount=-taken.amount,
        deductible_used=-taken.deductible_used,
        fund_amount=-taken.fund_amount,
        patient_amount=-taken.patient_amount,
        recorded_by=actor.person_id,
        recorded_at=moment,
    )
    session.add(row)
    session.flush()
    _audit(session, "reverse-bill", registration, row, (actor, moment))
    return row


def year_so_far(
    session: Session, *, patient_id: int, year: int, fund: Fund, state: DrugState
) -> YearSoFar:
    """Return what a patient's bills used in a natural year, in all registrations and places.

    The deductible is one for all bills; a cap is one fund's, for drugs of one state.
    """
    rows = session.execute(
        select(
            BenefitRecord.deductible_used,
            BenefitRecord.fund_amount,
            BenefitRecord.fund,
            BenefitTerms.drug_state,
        )
        .join(Registration, Registration.id == BenefitRecord.registration_id)
        .join(BenefitTerms, BenefitTerms.id == BenefitRecord.terms_id)
        .where(Registration.patient_id == patient_id, BenefitRecord.year == year)
    ).all()
    # Shares of cents are exact texts: the database must not add them.
    return YearSoFar(
        sum((one.deductible_used for one in rows), Decimal(0)),
        sum(
            (one.fund_amount for one in rows if (one.fund, one.drug_state) == (fund, state)),
            Decimal(0),
        ),
    )


def _check(new: NewBill, moment: datetime) -> None:
    faults = []
    if not NUMBER.fullmatch(new.bill_number):
        zh, en = "须为 1 至 60 位字母、数字或 . _ -。", "Expected 1 to 60 letters, digits or . _ -"
        faults.append(FieldFault("bill_number", zh, en))
    if not 0 < new.amount <= MONEY_MAX or new.amount % CENT:
        zh, en = "须为大于 0 的金额，至多两位小数。", "Expected yuan above 0, up to 2 decimals."
        faults.append(FieldFault("amount", zh, en))
    if new.dispensed_at.utcoffset() is None:
        zh, en = "时间须带时区。", "Expected a time with its zone."
        faults.append(FieldFault("dispensed_at", zh, en))
    elif new.dispensed_at > moment + AHEAD_MAX:
        zh, en = "配药时间在将来。", "It lies in the future."
        faults.append(FieldFault("dispensed_at", zh, en))
    if faults:
        raise InvalidInputError(faults)


def _known(session: Session, new: NewBill) -> BenefitRecord | None:
    known = session.scalars(
        select(BenefitRecord).where(
            BenefitRecord.place_id == new.place_id,
            BenefitRecord.bill_number == new.bill_number,
            BenefitRecord.is_reversal.is_(False),
        )
    ).one_or_none()
    if known is None:
        return None
    same = (
        known.registration_id == new.registration_id
        and known.prescription_id == new.prescription_id
        and known.amount == new.amount
        and known.dispensed_at == new.dispensed_at
    )
    if is_reversed(session, record_id=known.id):
        raise BillReversedError
    if not same:
        raise BillDiffersError
    return known


def _split(
    session: Session, new: NewBill, registration: Registration, place: Place
) -> BenefitRecord:
    patient = session.get_one(Patient, registration.patient_id)
    day = day_in_china(new.dispensed_at)
    period = state_on(session, listed_drug_id=registration.listed_drug_id, day=day)
    if period is None:  # checked before: it is on the list
        raise NotFoundForActorError
    state = DrugState(period.state)
    given = terms_on(session, region=patient.region, fund=patient.fund, state=state, day=day)
    is_pooled = is_paid_straight_from_the_pool(session, region=patient.region, day=day)
    terms = applied_terms(given, period, patient.fund, is_pooled=is_pooled)
    channel = CHANNELS[place.kind]
    so_far = year_so_far(
        session, patient_id=patient.id, year=day.year, fund=patient.fund, state=state
    )
    split = benefit(Bill(new.amount, channel, day), terms, so_far=so_far)
    return BenefitRecord(
        registration_id=registration.id,
        prescription_id=new.prescription_id,
        place_id=place.id,
        channel=channel,
        bill_number=new.bill_number,
        is_reversal=False,
        dispensed_at=new.dispensed_at,
        year=day.year,
        fund=patient.fund,
        terms_id=given.id,
        first_self_pay=terms.first_self_pay,
        amount=new.amount,
        deductible_used=split.deductible_used,
        fund_amount=split.fund,
        patient_amount=split.patient,
    )


def _valid_from(prescription: Prescription | None, at: datetime) -> datetime:
    return (
        at if prescription is None or not prescription.prescribed_at else prescription.prescribed_at
    )


def valid_until(prescription: Prescription | None, rules: AreaRules, at: datetime) -> datetime:
    """Return the last moment of a prescription: as the centre reports it, else by the hours.

    Raises:
        RuleMissingError: Neither says it.
    """
    if prescription is None:
        return at
    if prescription.valid_until is not None:
        return prescription.valid_until
    rules.needed(VALID_HOURS)
    return _valid_from(prescription, at) + timedelta(hours=rules.count(VALID_HOURS) or 0)


def _use(session: Session, prescription: Prescription | None, place: Place, at: datetime) -> Use:
    if prescription is None:
        return Use(False, 1, 0)
    return use_of(session, prescription=prescription, place_id=place.id, at=at)


def _is_indicated(
    registration: Registration, prescription: Prescription | None, period: ListPeriod | None
) -> bool:
    allowed = () if period is None else in_lines(period.indication_codes)
    stated = None if prescription is None else prescription.indication
    return is_covered_indication(stated or registration.indication or "", allowed)


def _is_doctor_designated(
    session: Session, registration: Registration, prescription: Prescription | None
) -> bool:
    """Whether the prescriber was a responsible doctor of the registered hospital on that day."""
    if prescription is None or prescription.prescribed_at is None:
        return prescription is None
    day = day_in_china(prescription.prescribed_at)
    found = select(DesignatedDoctor.id).where(
        DesignatedDoctor.place_id == registration.hospital_place_id,
        DesignatedDoctor.code == prescription.doctor_code,
        DesignatedDoctor.starts_on <= day,
        or_(DesignatedDoctor.ends_on.is_(None), DesignatedDoctor.ends_on >= day),
    )
    return session.scalars(found.limit(1)).first() is not None


def _audit(
    session: Session,
    action: str,
    registration: Registration,
    row: BenefitRecord,
    by: tuple[Actor, datetime],
) -> None:
    actor, moment = by
    place = session.get_one(Place, row.place_id)
    record(
        session,
        actor=actor,
        action=action,
        subject=f"registration/{registration.number}",
        facts={"place": place.institution_code, "bill": row.bill_number},
        moment=moment,
    )
