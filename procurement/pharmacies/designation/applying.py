"""A place applies: statements, handing in, withdrawing."""

import json
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.permissions.decide import covers
from procurement.pharmacies.designation.calls import CallRules, rules_of
from procurement.pharmacies.designation.changing import lock_application, set_status
from procurement.pharmacies.designation.errors import (
    AlreadyDesignatedError,
    ApplicationExistsError,
    CallClosedError,
    PlaceNotEligibleError,
)
from procurement.pharmacies.designation.states import APPLICATION_STATUS_NAMES as NAMES
from procurement.pharmacies.designation.states import (
    ApplicationStatus,
    DesignationEventKind,
    DesignationScheme,
    DesignationStatus,
    StepNotPossibleError,
    require_application_step,
)
from procurement.pharmacies.designation.tables import (
    Designation,
    DesignationApplication,
    DesignationCall,
    DesignationEvent,
)
from procurement.pharmacies.places.geography import county_facts
from procurement.pharmacies.places.kinds import PlaceStatus
from procurement.pharmacies.places.service import lock_place
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.criteria import Criteria, judge, read_statements
from procurement.pharmacies.rules.place_facts import outside_faults
from procurement.pharmacies.rules.registration import years_after


def draft_application(
    session: Session, *, call: DesignationCall, place_id: int, actor: Actor, moment: datetime
) -> DesignationApplication:
    """Begin an application of a place that the actor's organisation keeps.

    Args:
        session: Session of the caller's transaction.
        call: Under which call.
        place_id: Of the actor's organisation; the caller has asked.
        actor: Who applies.
        moment: When, aware.

    Raises:
        CallClosedError: Applications are not taken.
        PlaceNotEligibleError: The place lies elsewhere, is closed or of another kind, or was
            barred.
        ApplicationExistsError: It applied already.
        AlreadyDesignatedError: It is designated already.
    """
    day = day_in_china(moment)
    require_open(call, day)
    place = lock_place(session, place_id=place_id)
    _require_eligible(session, call, place, day)
    present = select(DesignationApplication.id).where(
        DesignationApplication.call_id == call.id,
        DesignationApplication.place_id == place.id,
        DesignationApplication.status != ApplicationStatus.WITHDRAWN,
    )
    if session.scalar(present) is not None:
        raise ApplicationExistsError
    application = DesignationApplication(
        call_id=call.id,
        place_id=place.id,
        organisation_id=actor.organisation_id,
        status=ApplicationStatus.DRAFTED,
        drafted_by=actor.person_id,
        changed_at=moment,
    )
    session.add(application)
    session.flush()
    record(
        session,
        actor=actor,
        action="draft-designation-application",
        subject=f"designation-application/{application.id}",
        facts={"place": place.institution_code, "call": str(call.id)},
        moment=moment,
    )
    return application


def require_open(call: DesignationCall, day: date) -> None:
    """Refuse what is possible only while a call takes applications.

    Raises:
        CallClosedError: It does not on this day.
    """
    if not call.opens_on <= day <= call.closes_on:
        raise CallClosedError(call.opens_on, call.closes_on)


def _require_eligible(session: Session, call: DesignationCall, place: Place, day: date) -> None:
    rules = rules_of(call)
    if not covers(call.region, place.county):
        raise PlaceNotEligibleError(
            zh=f"该机构所在县区 {place.county} 不在本次通知的地区 {call.region} 内。",
            en=f"The place's county {place.county} is not in the call's region {call.region}.",
        )
    if place.status != PlaceStatus.OPEN or place.kind not in rules.kinds:
        raise PlaceNotEligibleError(
            zh="该机构已停业，或本次通知没有这类机构的条件。",
            en="The place is closed, or the call has no criteria for its kind.",
        )
    present = select(Designation.id).where(
        Designation.place_id == place.id,
        Designation.scheme == call.scheme,
        Designation.status != DesignationStatus.ENDED,
    )
    if session.scalar(present) is not None:
        raise AlreadyDesignatedError
    _require_not_barred(session, rules, place, day)


def _require_not_barred(session: Session, rules: CallRules, place: Place, day: date) -> None:
    """Whose sign was removed stays out for the years that the document names."""
    rule = rules.rulebook.rules.get("removal.years")
    if rules.scheme is not DesignationScheme.CONVENIENCE or rule is None:
        return
    removed = session.scalar(
        select(DesignationEvent.happens_on)
        .join(Designation, Designation.id == DesignationEvent.designation_id)
        .where(
            Designation.place_id == place.id,
            Designation.scheme == rules.scheme,
            DesignationEvent.kind == DesignationEventKind.TERMINATED,
        )
        .order_by(DesignationEvent.happens_on.desc())
        .limit(1)
    )
    if removed is None or not isinstance(rule.value, int):
        return
    until = years_after(removed, rule.value)
    if day < until:
        raise PlaceNotEligibleError(
            zh=f"该药店于 {removed} 被摘牌，{until} 前不得再申请。",
            en=f"Its sign was removed on {removed}; it cannot apply before {until}.",
        )


def save_statements(
    session: Session,
    *,
    application_id: int,
    typed: Mapping[str, str],
    version: int,
    actor: Actor,
    moment: datetime,
) -> DesignationApplication:
    """Keep what a place states; nothing need be complete yet.

    Args:
        session: Session of the caller's transaction.
        application_id: The application.
        typed: By criterion, see `read_statements`.
        version: As the page showed it.
        actor: Who states it.
        moment: When, aware.

    Raises:
        InvalidInputError: A statement cannot be read; nothing is kept.
        StaleError: Somebody changed it since.
    """
    application = lock_application(session, application_id=application_id, version=version)
    require_drafted(application)
    statements, faults = read_statements(criteria_for(session, application), typed)
    if faults:
        raise InvalidInputError(faults)
    application.statements = json.dumps(statements, ensure_ascii=False, sort_keys=True)
    application.version += 1
    application.changed_at = moment
    record(
        session,
        actor=actor,
        action="state-designation-application",
        subject=f"designation-application/{application.id}",
        facts={"statements": application.statements},
        moment=moment,
    )
    return application


def require_drafted(application: DesignationApplication) -> None:
    """Refuse to change what was handed in.

    Raises:
        StepNotPossibleError: It is no draft any more.
    """
    present = ApplicationStatus(application.status)
    if present is not ApplicationStatus.DRAFTED:
        raise StepNotPossibleError(NAMES[present], NAMES[ApplicationStatus.DRAFTED])


def criteria_for(session: Session, application: DesignationApplication) -> Criteria:
    """Return what the place of an application must show."""
    call = session.get_one(DesignationCall, application.call_id)
    place = session.get_one(Place, application.place_id)
    return rules_of(call).criteria(place.kind)


def submit_application(
    session: Session, *, application_id: int, version: int, actor: Actor, moment: datetime
) -> DesignationApplication:
    """Hand an application in.

    Raises:
        InvalidInputError: A criterion is not stated, or what is stated does not meet it; or the
            place lies outside of its county.
        CallClosedError: Applications are not taken any more.
        StaleError: Somebody changed it since.
    """
    application = lock_application(session, application_id=application_id, version=version)
    require_application_step(ApplicationStatus(application.status), ApplicationStatus.SUBMITTED)
    call = session.get_one(DesignationCall, application.call_id)
    # What was given back for correction is handed in again after the call has closed, too.
    if application.submitted_at is None:
        require_open(call, day_in_china(moment))
    faults = _statement_faults(session, application)
    if faults:
        raise InvalidInputError(faults)
    application.submitted_at = moment
    application.reason = ""
    set_status(
        session,
        application=application,
        wanted=ApplicationStatus.SUBMITTED,
        facts={"statements": application.statements},
        actor=actor,
        moment=moment,
    )
    return application


def _statement_faults(session: Session, application: DesignationApplication) -> list[FieldFault]:
    criteria = criteria_for(session, application)
    wanted = {criterion.name: criterion.wanted for criterion in criteria.wanted}
    faults = []
    for finding in judge(criteria, json.loads(application.statements)):
        zh, en = wanted[finding.criterion]
        if finding.is_met is None:
            faults.append(FieldFault(finding.criterion, f"请填写（{zh}）。", f"State it ({en})."))
        elif not finding.is_met:
            faults.append(FieldFault(finding.criterion, f"未达到条件：{zh}。", f"Not met: {en}."))
    place = session.get_one(Place, application.place_id)
    if place.latitude is not None and place.longitude is not None:
        known = county_facts(session, counties={place.county})
        faults += outside_faults(
            place.county, known, latitude=place.latitude, longitude=place.longitude
        )
    return faults


def withdraw_application(
    session: Session,
    *,
    application_id: int,
    reason: str,
    version: int,
    actor: Actor,
    moment: datetime,
) -> DesignationApplication:
    """Take an application back; the place may apply again while the call is open.

    Raises:
        StepNotPossibleError: It is decided already.
        StaleError: Somebody changed it since.
    """
    application = lock_application(session, application_id=application_id, version=version)
    application.reason = reason.strip()[:300]
    set_status(
        session,
        application=application,
        wanted=ApplicationStatus.WITHDRAWN,
        facts={"reason": application.reason},
        actor=actor,
        moment=moment,
    )
    return application
