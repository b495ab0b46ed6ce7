"""Those who called check an application: its papers first, then the place itself."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.pharmacies.designation.applying import criteria_for
from procurement.pharmacies.designation.changing import lock_application, set_status
from procurement.pharmacies.designation.fields import reason_faults
from procurement.pharmacies.designation.states import ApplicationStatus, require_application_step
from procurement.pharmacies.designation.tables import (
    ApplicationCheck,
    DesignationApplication,
    SiteVisit,
)
from procurement.pharmacies.rules.criteria import NOTE_MAX, Criteria


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found.

    Attributes:
        met: For each criterion ``yes`` or ``no``.
        notes: For each criterion what was seen; may be missing.
        is_passed: Whether the application goes on.
        reason: Why not; empty where it does.
    """

    met: Mapping[str, str]
    notes: Mapping[str, str]
    is_passed: bool
    reason: str = ""


def check_papers(
    session: Session,
    *,
    application_id: int,
    found: Checked,
    gives_back: bool,
    version: int,
    actor: Actor,
    moment: datetime,
) -> DesignationApplication:
    """Record the check of an application's papers.

    Args:
        session: Session of the caller's transaction.
        application_id: The application.
        found: What was found; every criterion must be met for it to pass.
        gives_back: Where it does not pass: give it back to be completed, instead of refusing it.
        version: As the page showed it.
        actor: Of whoever called.
        moment: When, aware.

    Raises:
        InvalidInputError: A criterion has no finding, is not met although it passes, or a reason
            is missing.
        StepNotPossibleError: It was not handed in, or is checked already.
        StaleError: Somebody changed it since.
    """
    application = lock_application(session, application_id=application_id, version=version)
    wanted = _next(found, ApplicationStatus.CHECKED, gives_back)
    require_application_step(ApplicationStatus(application.status), wanted)
    findings = _findings(criteria_for(session, application), found)
    session.add(
        ApplicationCheck(
            application_id=application.id,
            findings=findings,
            is_passed=found.is_passed,
            reason=found.reason.strip(),
            checked_by=actor.person_id,
            checked_at=moment,
        )
    )
    application.reason = found.reason.strip()
    set_status(
        session,
        application=application,
        wanted=wanted,
        facts={"findings": findings, "reason": application.reason},
        actor=actor,
        moment=moment,
    )
    return application


def record_visit(
    session: Session,
    *,
    application_id: int,
    visited_on: date | None,
    found: Checked,
    version: int,
    actor: Actor,
    moment: datetime,
) -> DesignationApplication:
    """Record what was found at the place itself.

    Raises:
        InvalidInputError: As for `check_papers`; or the day lies in the future, or before the
            application was handed in.
        StepNotPossibleError: The papers are not in order yet, or the visit is recorded already.
        StaleError: Somebody changed it since.
    """
    application = lock_application(session, application_id=application_id, version=version)
    wanted = _next(found, ApplicationStatus.VISITED, gives_back=False)
    require_application_step(ApplicationStatus(application.status), wanted)
    faults = _day_faults(application, visited_on, day_in_china(moment))
    findings = _findings(criteria_for(session, application), found, faults)
    session.add(
        SiteVisit(
            application_id=application.id,
            visited_on=visited_on,
            findings=findings,
            is_passed=found.is_passed,
            reason=found.reason.strip(),
            recorded_by=actor.person_id,
            recorded_at=moment,
        )
    )
    application.reason = found.reason.strip()
    set_status(
        session,
        application=application,
        wanted=wanted,
        facts={
            "findings": findings,
            "reason": application.reason,
            "visited_on": str(visited_on),
        },
        actor=actor,
        moment=moment,
    )
    return application


def refuse_application(
    session: Session,
    *,
    application_id: int,
    reason: str,
    version: int,
    actor: Actor,
    moment: datetime,
) -> DesignationApplication:
    """Refuse an application at any step, as after an objection was upheld.

    Raises:
        InvalidInputError: Without a reason.
        StepNotPossibleError: It is decided already, or was not handed in.
        StaleError: Somebody changed it since.
    """
    application = lock_application(session, application_id=application_id, version=version)
    faults = reason_faults(reason)
    if faults:
        raise InvalidInputError(faults)
    application.reason = reason.strip()
    set_status(
        session,
        application=application,
        wanted=ApplicationStatus.REFUSED,
        facts={"reason": application.reason},
        actor=actor,
        moment=moment,
    )
    return application


def _next(found: Checked, passed: ApplicationStatus, gives_back: bool) -> ApplicationStatus:
    if found.is_passed:
        return passed
    return ApplicationStatus.DRAFTED if gives_back else ApplicationStatus.REFUSED


def _day_faults(
    application: DesignationApplication, visited_on: date | None, today: date
) -> list[FieldFault]:
    handed_in = application.submitted_at
    if visited_on is None or handed_in is None:
        return [FieldFault("visited_on", "请填写核查日期。", "Give the day of the visit.")]
    if not day_in_china(handed_in) <= visited_on <= today:
        zh = f"须在 {day_in_china(handed_in)} 至 {today} 之间。"
        en = f"Expected a day from {day_in_china(handed_in)} to {today}."
        return [FieldFault("visited_on", zh, en)]
    return []


def _findings(criteria: Criteria, found: Checked, faults: Sequence[FieldFault] = ()) -> str:
    """Findings as they are kept.

    Raises:
        InvalidInputError: With everything that is missing.
    """
    wrong = [*faults]
    kept: dict[str, dict[str, str]] = {}
    for criterion in criteria.wanted:
        met, note = found.met.get(criterion.name, ""), found.notes.get(criterion.name, "").strip()
        if met not in ("yes", "no"):
            zh, en = "请记录是否符合。", "Say whether it is met."
            wrong.append(FieldFault(criterion.name, zh, en))
        elif met == "no" and found.is_passed:
            zh, en = "有条件不符合，不能通过。", "It is not met: the application cannot pass."
            wrong.append(FieldFault(criterion.name, zh, en))
        if len(note) > NOTE_MAX:
            zh = f"不得超过 {NOTE_MAX} 字。"
            wrong.append(FieldFault(criterion.name, zh, f"At most {NOTE_MAX} characters."))
        kept[criterion.name] = {"met": met, "note": note}
    wrong += [] if found.is_passed else reason_faults(found.reason)
    if wrong:
        raise InvalidInputError(wrong)
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def checks_of(session: Session, *, application_id: int) -> Sequence[ApplicationCheck]:
    """Return the checks of an application's papers, oldest first."""
    own = select(ApplicationCheck).where(ApplicationCheck.application_id == application_id)
    return session.scalars(own.order_by(ApplicationCheck.id)).all()


def visits_of(session: Session, *, application_id: int) -> Sequence[SiteVisit]:
    """Return the visits of an application's place, oldest first."""
    own = select(SiteVisit).where(SiteVisit.application_id == application_id)
    return session.scalars(own.order_by(SiteVisit.id)).all()
