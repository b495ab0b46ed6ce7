"""A responsible doctor drafts a patient's registration for a drug, applies, or withdraws."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from procurement.accounts.divisions import NATION, is_division, province_of
from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.payments.rules.calendar import after_working_days
from procurement.permissions import Actor
from procurement.permissions.decide import covers
from procurement.pharmacies.designation.service import designated_on, doctors_of_person
from procurement.pharmacies.designation.states import DesignationScheme
from procurement.pharmacies.listed.service import DUAL, in_lines, lists_above, state_on
from procurement.pharmacies.listed.tables import ListedDrug
from procurement.pharmacies.patients.area_rules import (
    APPROVAL_DAYS,
    DOCTOR_AREA,
    AreaRules,
    read_rules,
    rules_on,
)
from procurement.pharmacies.patients.errors import (
    NoRulesError,
    OtherInsuranceError,
    RegistrationExistsError,
)
from procurement.pharmacies.patients.holding import (
    hold_patient,
    hold_registration,
    keep_for,
    new_number,
    note_step,
)
from procurement.pharmacies.patients.pseudonyms import number_fault, pseudonym_of
from procurement.pharmacies.patients.states import (
    LIVING,
    RegistrationStatus,
    RegistrationStep,
    check_registration,
)
from procurement.pharmacies.patients.tables import (
    Patient,
    PatientRules,
    Registration,
    RegistrationPaper,
)
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.service import place_of_code
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.benefit import Fund
from procurement.pharmacies.rules.eligibility import is_covered_indication, is_diagnosis_code

SAME_AREA = "same-pooling-area"


@dataclass(frozen=True, slots=True)
class NewRegistration:
    """What a doctor enters.

    Attributes:
        insured_number: As typed; it is turned into a pseudonym and not kept. Not shown either.
        fund: Word of `Fund`.
        region: Pooling area in which the patient is insured.
        listed_drug_id: The drug.
        hospital_code: Institution code of the doctor's hospital.
        pharmacy_code: Institution code of the one pharmacy that the patient chose.
        indication: Code of the diagnosis.
    """

    insured_number: str
    fund: str
    region: str
    listed_drug_id: int
    hospital_code: str
    pharmacy_code: str
    indication: str

    def __repr__(self) -> str:
        """Nothing of the patient: an error's log may print it."""
        return f"NewRegistration(listed_drug_id={self.listed_drug_id})"


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the entries were found to mean."""

    rules_row: PatientRules
    rules: AreaRules
    hospital: Place
    pharmacy: Place


def draft_registration(
    session: Session, *, new: NewRegistration, secret_key: bytes, actor: Actor, moment: datetime
) -> Registration:
    """Draft a registration.

    Args:
        session: Session of the caller's transaction.
        new: As entered.
        secret_key: `procurement.settings.Settings.secret_key`, for the pseudonym.
        actor: The responsible doctor.
        moment: When, aware.

    Raises:
        InvalidInputError: With every fault.
        RegistrationExistsError: The patient has one for the drug; what another doctor only drafted
            is withdrawn instead.
        OtherInsuranceError: Another registration states another fund or pooling area.
    """
    day = day_in_china(moment)
    ground = _checked(session, new, actor, day)
    patient = _patient(session, new, (secret_key, actor), day)
    _require_none(session, patient, new.listed_drug_id, (actor, moment))
    registration = Registration(
        number=new_number("R"),
        patient_id=patient.id,
        live_patient_id=patient.id,
        region=new.region,
        listed_drug_id=new.listed_drug_id,
        doctor_id=actor.person_id,
        hospital_place_id=ground.hospital.id,
        pharmacy_place_id=ground.pharmacy.id,
        rules_id=ground.rules_row.id,
        indication=new.indication,
        status=RegistrationStatus.DRAFTED,
        drafted_at=moment,
    )
    session.add(registration)
    session.flush()
    keep_for(session, patient_id=patient.id, rules=ground.rules, day=day)
    note_step(
        session,
        registration=registration,
        step=RegistrationStep.DRAFTED,
        actor=actor,
        moment=moment,
    )
    return registration


def apply_registration(
    session: Session, *, registration: Registration, version: int, actor: Actor, moment: datetime
) -> Registration:
    """Hand a registration in with its papers; the agency's time begins.

    Raises:
        WrongStateError: It is not a draft.
        InvalidInputError: A paper that the list asks for is missing, or the drug left the list.
        OtherInsuranceError: The patient was registered in another pooling area meanwhile.
        StaleError: Somebody changed it since.
    """
    held = hold_registration(session, registration_id=registration.id, version=version)
    check_registration(held.status, RegistrationStatus.APPLIED)
    day = day_in_china(moment)
    faults = list(_paper_faults(session, held, day))
    if faults:
        raise InvalidInputError(faults)
    if session.get_one(Patient, held.patient_id).region != held.region:
        raise OtherInsuranceError
    row = rules_on(session, region=held.region, day=day)
    rules = read_rules(row)
    days = rules.count(APPROVAL_DAYS)
    held.status, held.applied_at, held.rules_id = RegistrationStatus.APPLIED, moment, row.id
    held.due_on = None if days is None else after_working_days(day, days)
    _close(session, held, RegistrationStep.APPLIED, actor, moment)
    _keep(session, held, rules, day)
    return held


def withdraw_registration(
    session: Session, *, registration: Registration, version: int, actor: Actor, moment: datetime
) -> Registration:
    """Take a registration back before it is decided.

    Raises:
        WrongStateError: It was decided.
        StaleError: Somebody changed it since.
    """
    held = hold_registration(session, registration_id=registration.id, version=version)
    check_registration(held.status, RegistrationStatus.WITHDRAWN)
    held.status, held.live_patient_id = RegistrationStatus.WITHDRAWN, None
    held.ended_on = day_in_china(moment)
    _close(session, held, RegistrationStep.WITHDRAWN, actor, moment)
    return held


def missing_papers(session: Session, *, registration: Registration, day: date) -> list[str]:
    """Return the papers that the list asks for and that are not there."""
    period = state_on(session, listed_drug_id=registration.listed_drug_id, day=day)
    wanted = () if period is None else in_lines(period.papers)
    present = set(
        session.scalars(
            select(RegistrationPaper.kind).where(
                RegistrationPaper.registration_id == registration.id,
                RegistrationPaper.deleted_at.is_(None),
            )
        )
    )
    return [one for one in wanted if one not in present]


def pharmacy_fault(
    session: Session, *, pharmacy: Place | None, region: str, day: date
) -> FieldFault | None:
    """Return why a pharmacy cannot be chosen by a patient of a pooling area, if it cannot."""
    if pharmacy is None or pharmacy.kind != PlaceKind.PHARMACY:
        return FieldFault("pharmacy_code", "没有这家药店。", "There is no such pharmacy.")
    scheme = DesignationScheme.DUAL_CHANNEL
    if designated_on(session, place_id=pharmacy.id, scheme=scheme, day=day) is None:
        zh, en = "该药店当日不是“双通道”定点药店。", "It is not designated for the dual channel."
        return FieldFault("pharmacy_code", zh, en)
    if province_of(pharmacy.county) != province_of(region):
        zh = "药店与参保地不在同一省份：跨省待遇规则未见来源。"
        en = "It lies in another province than the patient is insured in; no source has its rules."
        return FieldFault("pharmacy_code", zh, en)
    return None


def _checked(session: Session, new: NewRegistration, actor: Actor, day: date) -> _Ground:
    faults = [fault for fault in (number_fault(new.insured_number),) if fault]
    if new.fund not in set(Fund):
        faults.append(FieldFault("fund", "请选择险种。", "Expected a fund."))
    if new.region == NATION or not is_division(new.region):
        zh, en = "须为六位统筹区代码。", "Expected the six digits of a pooling area."
        raise InvalidInputError([*faults, FieldFault("region", zh, en)])
    try:
        row = rules_on(session, region=new.region, day=day)
    except NoRulesError as missing:
        raise InvalidInputError([*faults, FieldFault("region", missing.zh, missing.en)]) from None
    rules = read_rules(row)
    faults += _drug_faults(session, new, day)
    hospital = place_of_code(session, code=new.hospital_code)
    faults += _hospital_faults(session, new, hospital, (actor, rules, day))
    pharmacy = place_of_code(session, code=new.pharmacy_code)
    fault = pharmacy_fault(session, pharmacy=pharmacy, region=new.region, day=day)
    if fault is not None:
        faults.append(fault)
    if faults or hospital is None or pharmacy is None:
        raise InvalidInputError(faults)
    return _Ground(row, rules, hospital, pharmacy)


def _drug_faults(session: Session, new: NewRegistration, day: date) -> Iterator[FieldFault]:
    drug = session.get(ListedDrug, new.listed_drug_id)
    period = None
    if drug is not None and drug.region in lists_above(new.region):
        period = state_on(session, listed_drug_id=drug.id, day=day)
    if period is None or period.state not in DUAL:
        zh, en = "当日不在参保地的双通道药品名单内。", "Not on the dual list of that pooling area."
        yield FieldFault("listed_drug_id", zh, en)
    if not is_diagnosis_code(new.indication):
        zh, en = "须为诊断编码，如 C34.9。", "Expected a code of a diagnosis, such as C34.9."
        yield FieldFault("indication", zh, en)
    elif period is not None:
        allowed = in_lines(period.indication_codes)
        if not is_covered_indication(new.indication, allowed):
            listed = "、".join(allowed)
            zh = f"不在该药的支付范围内；名单所列诊断：{listed}。"
            en = f"The drug is not paid for it; the list names {', '.join(allowed)}."
            yield FieldFault("indication", zh, en)


def _hospital_faults(
    session: Session,
    new: NewRegistration,
    hospital: Place | None,
    ground: tuple[Actor, AreaRules, date],
) -> Iterator[FieldFault]:
    actor, rules, day = ground
    doctors = doctors_of_person(session, person_id=actor.person_id or 0, day=day)
    if hospital is None or hospital.id not in {one.place_id for one in doctors}:
        zh = "您当日不是该定点医院的责任医师。"
        en = "You are not a responsible doctor of this designated hospital today."
        yield FieldFault("hospital_code", zh, en)
        return
    is_same = covers(new.region, hospital.county)
    if rules.value(DOCTOR_AREA) == SAME_AREA and not is_same:
        zh, en = "医院不在患者的统筹区内。", "The hospital lies outside the patient's pooling area."
        yield FieldFault("hospital_code", zh, en)
    elif province_of(hospital.county) != province_of(new.region):
        zh = "医院与参保地不在同一省份：跨省待遇规则未见来源。"
        en = "The hospital lies in another province; no source has the rules."
        yield FieldFault("hospital_code", zh, en)


def _patient(session: Session, new: NewRegistration, by: tuple[bytes, Actor], day: date) -> Patient:
    """The patient, held: two doctors who meet the same one wait for each other here."""
    secret_key, actor = by
    pseudonym = pseudonym_of(new.insured_number, secret_key=secret_key)
    known = select(Patient.id).where(Patient.pseudonym == pseudonym)
    patient_id = session.scalar(known)
    if patient_id is None:
        fresh = Patient(
            pseudonym=pseudonym, fund=Fund(new.fund), region=new.region, retain_until=day
        )
        try:
            with session.begin_nested():
                session.add(fresh)
        except IntegrityError:
            patient_id = session.scalars(known).one()
        else:
            patient_id = fresh.id
    patient = hold_patient(session, patient_id=patient_id)
    if (patient.fund, patient.region) != (new.fund, new.region):
        if _is_registered(session, patient, actor):
            raise OtherInsuranceError
        patient.fund, patient.region = Fund(new.fund), new.region
    return patient


def _is_registered(session: Session, patient: Patient, actor: Actor) -> bool:
    """Whether a registration fixes fund and area: what another doctor only drafted does not."""
    living = select(Registration.id).where(
        Registration.patient_id == patient.id,
        Registration.status.in_(LIVING),
        or_(
            Registration.status != RegistrationStatus.DRAFTED,
            Registration.doctor_id == actor.person_id,
        ),
    )
    return session.scalars(living.limit(1)).first() is not None


def _require_none(
    session: Session, patient: Patient, listed_drug_id: int, by: tuple[Actor, datetime]
) -> None:
    """Let a patient be registered who is not; a draft that another doctor left is withdrawn."""
    actor, moment = by
    held = (
        select(Registration)
        .where(
            Registration.live_patient_id == patient.id,
            Registration.listed_drug_id == listed_drug_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = session.scalars(held).one_or_none()
    if found is None:
        return
    if found.status != RegistrationStatus.DRAFTED or found.doctor_id == actor.person_id:
        raise RegistrationExistsError
    found.status, found.live_patient_id = RegistrationStatus.WITHDRAWN, None
    found.ended_on = day_in_china(moment)
    # Written at once: the patient's next registration for the drug takes its place.
    _close(session, found, RegistrationStep.WITHDRAWN, actor, moment)


def _paper_faults(session: Session, registration: Registration, day: date) -> Iterator[FieldFault]:
    period = state_on(session, listed_drug_id=registration.listed_drug_id, day=day)
    if period is None or period.state not in DUAL:
        zh, en = "该药已不在双通道药品名单内。", "The drug is no longer on the dual list."
        yield FieldFault("listed_drug_id", zh, en)
    for kind in missing_papers(session, registration=registration, day=day):
        yield FieldFault("papers", f"缺少材料：{kind}。", f"A paper is missing: {kind}.")


def _close(
    session: Session,
    registration: Registration,
    step: RegistrationStep,
    actor: Actor,
    moment: datetime,
) -> None:
    note_step(session, registration=registration, step=step, actor=actor, moment=moment)
    record(
        session,
        actor=actor,
        action=f"{step.value}-registration",
        subject=f"registration/{registration.number}",
        facts={"status": registration.status},
        moment=moment,
    )


def _keep(session: Session, registration: Registration, rules: AreaRules, day: date) -> None:
    if registration.patient_id is not None:
        keep_for(session, patient_id=registration.patient_id, rules=rules, day=day)
