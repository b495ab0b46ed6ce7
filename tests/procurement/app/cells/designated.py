"""Designation on both sides: calls of bureau and agency, applications, agreements, a duty."""

from datetime import timedelta
from hashlib import sha256

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from procurement.accounts.secret_values import seal_secret
from procurement.china_days import day_in_china
from procurement.database import database_moment, transaction
from procurement.permissions import Role
from procurement.pharmacies.designation.states import (
    ApplicationStatus,
    DesignationEventKind,
    DesignationScheme,
    DesignationStatus,
    DutyStatus,
    ObjectionStatus,
)
from procurement.pharmacies.designation.tables import (
    DesignatedDoctor,
    Designation,
    DesignationApplication,
    DesignationCall,
    DesignationEvent,
    DesignationEvidence,
    DesignationNotice,
    DesignationObjection,
    DrugDuty,
    DutyTerm,
    NoticeEntry,
)
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.tables import Place
from rulebooks import load_rulebook
from tests.procurement.app.cells.registered import DAY
from tests.procurement.app.cells.sides import Side, Value
from tests.procurement.app.cells.things import SCAN
from tests.procurement.platform import KEY

RULEBOOK = "dual-national-2021"
DAYS = '{"designation.publicity_days": {"value": 5, "basis": "for tests"}}'


def designate_places(engine: Engine, side: Side, other: Side) -> None:
    """Give a side its designations; one of its places applied to the other side's bureau."""
    with transaction(engine) as session:
        side.things |= _designated(session, side, other)


def _designated(session: Session, side: Side, other: Side) -> dict[str, Value]:
    hospital, pharmacy = (
        session.scalars(
            select(Place)
            .where(Place.organisation_id == side.organisation_id(role), Place.kind == kind)
            .limit(1)
        ).one()
        for role, kind in (
            (Role.HOSPITAL, PlaceKind.HOSPITAL),
            (Role.PHARMACY, PlaceKind.PHARMACY),
        )
    )
    call = _call(session, side.bureau.id, hospital.county)
    agency_call = _call(session, side.organisation_id(Role.FUND_AGENCY), hospital.county)
    guest_call = _call(session, other.bureau.id, hospital.county)
    application = _application(session, call, pharmacy)
    things: dict[str, Value] = {
        "call_id": call.id,
        "agency_call_id": agency_call.id,
        "application_id": application.id,
        "hospital_application_id": _application(session, call, hospital).id,
        "agency_application_id": _application(session, agency_call, pharmacy).id,
        "guest_application_id": _application(session, guest_call, pharmacy).id,
        "place_code": pharmacy.institution_code,
        "hospital_place_code": hospital.institution_code,
        "place_county": hospital.county,
    }
    things |= _on_notice(session, call, application)
    things |= _in_force(session, side, pharmacy)
    return things | _of_hospital(session, side, hospital)


def _call(session: Session, caller_id: int, region: str) -> DesignationCall:
    now = database_moment(session)
    call = DesignationCall(
        scheme=DesignationScheme.DUAL_CHANNEL,
        region=region,
        caller_id=caller_id,
        title="for tests",
        rulebook=RULEBOOK,
        rulebook_digest=load_rulebook(RULEBOOK).digest,
        parameters=DAYS,
        opens_on=DAY,
        closes_on=day_in_china(now) + timedelta(days=30),
        opened_at=now,
    )
    session.add(call)
    session.flush()
    return call


def _application(session: Session, call: DesignationCall, place: Place) -> DesignationApplication:
    now = database_moment(session)
    application = DesignationApplication(
        call_id=call.id,
        place_id=place.id,
        organisation_id=place.organisation_id,
        status=ApplicationStatus.NOTICED,
        submitted_at=now,
        changed_at=now,
    )
    session.add(application)
    session.flush()
    return application


def _on_notice(
    session: Session, call: DesignationCall, application: DesignationApplication
) -> dict[str, Value]:
    now = database_moment(session)
    today = day_in_china(now)
    notice = DesignationNotice(
        call_id=call.id,
        public_on=today,
        objections_until=today + timedelta(days=5),
        published_at=now,
    )
    purpose = f"objection {application.id}"
    objection = DesignationObjection(
        application_id=application.id,
        name_sealed=seal_secret('{"name": "x", "contact": "x"}', key=KEY, purpose=purpose),
        statement="x",
        status=ObjectionStatus.RECEIVED,
        filed_at=now,
    )
    evidence = DesignationEvidence(
        application_id=application.id,
        criterion="need.qualified",
        file_name="scan.pdf",
        file_digest=sha256(SCAN).hexdigest(),
        file_bytes=len(SCAN),
        media_type="application/pdf",
        handed_in_at=now,
    )
    session.add_all([notice, objection, evidence])
    session.flush()
    session.add(NoticeEntry(notice_id=notice.id, application_id=application.id))
    return {
        "designation_notice": notice.id,
        "designation_objection": objection.id,
        "designation_evidence": evidence.id,
    }


def _in_force(session: Session, side: Side, place: Place) -> dict[str, Value]:
    rows = [
        _designation(session, place, scheme, decider)
        for scheme, decider in (
            (DesignationScheme.DUAL_CHANNEL, side.bureau.id),
            (DesignationScheme.CONVENIENCE, side.organisation_id(Role.FUND_AGENCY)),
        )
    ]
    return {"designation_id": rows[0].id, "agency_designation_id": rows[1].id}


def _designation(
    session: Session, place: Place, scheme: DesignationScheme, decider_id: int
) -> Designation:
    now = database_moment(session)
    row = Designation(
        place_id=place.id,
        scheme=scheme,
        decider_id=decider_id,
        agreement="for tests",
        starts_on=DAY,
        status=DesignationStatus.IN_FORCE,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    agreed = DesignationEventKind.AGREED
    session.add(
        DesignationEvent(designation_id=row.id, kind=agreed, happens_on=DAY, decided_at=now)
    )
    return row


def _of_hospital(session: Session, side: Side, hospital: Place) -> dict[str, Value]:
    now = database_moment(session)
    doctor = DesignatedDoctor(
        place_id=hospital.id,
        code="D1",
        specialty="for tests",
        starts_on=DAY,
        changed_at=now,
    )
    term = DutyTerm(region=hospital.county, months=2, basis="for tests", starts_on=DAY, set_at=now)
    session.add_all([doctor, term])
    session.flush()
    duty = DrugDuty(
        place_id=hospital.id,
        listed_drug_id=int(side.things["listed_drug_id"]),
        listed_on=DAY,
        due_on=DAY,
        term_id=term.id,
        status=DutyStatus.OVERDUE,
        changed_at=now,
    )
    session.add(duty)
    session.flush()
    return {"doctor_id": doctor.id, "duty_id": duty.id}
