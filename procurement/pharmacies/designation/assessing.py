"""Yearly assessments of designated places."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.notices import notify
from procurement.permissions import Actor
from procurement.pharmacies.designation.calls import rules_of
from procurement.pharmacies.designation.changing import lock_designation
from procurement.pharmacies.designation.fields import reason_faults
from procurement.pharmacies.designation.states import OUTCOME_NAMES, AssessmentOutcome
from procurement.pharmacies.designation.tables import (
    Designation,
    DesignationApplication,
    DesignationCall,
    YearlyAssessment,
)
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.criteria import NOTE_MAX, Criteria

NO_CRITERIA = Criteria((), ())


def criteria_of_designation(session: Session, row: Designation) -> Criteria:
    """Return what a place must show: of the call it applied under; nothing for an import."""
    if row.application_id is None:
        return NO_CRITERIA
    application = session.get_one(DesignationApplication, row.application_id)
    call = session.get_one(DesignationCall, application.call_id)
    return rules_of(call).criteria(session.get_one(Place, row.place_id).kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAssessment:
    """An assessment as it was made.

    Attributes:
        year: The year that is assessed.
        met: For each criterion ``yes`` or ``no``.
        notes: For each criterion what was seen.
        outcome: What it came to. No source says which failures end an agreement: whoever decides
            says it and why.
        reason: Why; needed unless it passed.
    """

    year: int
    met: Mapping[str, str]
    notes: Mapping[str, str]
    outcome: AssessmentOutcome | None
    reason: str = ""


def assess(
    session: Session,
    *,
    designation_id: int,
    criteria: Criteria,
    new: NewAssessment,
    actor: Actor,
    moment: datetime,
) -> YearlyAssessment:
    """Record the assessment of a place for a year; one of the same year before it is replaced.

    Args:
        session: Session of the caller's transaction.
        designation_id: The designation.
        criteria: What the place must show, of the call that it applied under.
        new: The assessment.
        actor: Of whoever designated.
        moment: When, aware.

    Raises:
        InvalidInputError: With every fault; among them a place that passes although a criterion
            is not met.
    """
    designation = lock_designation(session, designation_id=designation_id)
    faults = _faults(designation, criteria, new, moment)
    if faults or new.outcome is None:
        raise InvalidInputError(faults)
    findings = {
        criterion.name: {
            "met": new.met[criterion.name],
            "note": new.notes.get(criterion.name, "").strip(),
        }
        for criterion in criteria.wanted
    }
    before = assessments_of(session, designation_id=designation.id).get(new.year)
    row = YearlyAssessment(
        designation_id=designation.id,
        year=new.year,
        findings=json.dumps(findings, ensure_ascii=False, sort_keys=True),
        outcome=new.outcome,
        reason=new.reason.strip(),
        corrects_id=None if before is None else before.id,
        assessed_by=actor.person_id,
        assessed_at=moment,
    )
    session.add(row)
    session.flush()
    _tell(session, designation, row, before, actor, moment)
    return row


def _faults(
    designation: Designation, criteria: Criteria, new: NewAssessment, moment: datetime
) -> list[FieldFault]:
    faults = []
    this_year = day_in_china(moment).year
    if not designation.starts_on.year <= new.year <= this_year:
        zh = f"年度须在 {designation.starts_on.year} 至 {this_year} 之间。"
        en = f"Expected a year from {designation.starts_on.year} to {this_year}."
        faults.append(FieldFault("year", zh, en))
    for criterion in criteria.wanted:
        if new.met.get(criterion.name) not in ("yes", "no"):
            faults.append(FieldFault(criterion.name, "请记录是否符合。", "Say whether it is met."))
        if len(new.notes.get(criterion.name, "")) > NOTE_MAX:
            zh = f"不得超过 {NOTE_MAX} 字。"
            faults.append(FieldFault(criterion.name, zh, f"At most {NOTE_MAX} characters."))
    if new.outcome is None:
        faults.append(FieldFault("outcome", "请选择考核结果。", "Choose the outcome."))
    elif new.outcome is not AssessmentOutcome.PASSED:
        faults += reason_faults(new.reason)
    elif any(new.met.get(criterion.name) == "no" for criterion in criteria.wanted):
        zh, en = "有条件不符合，不能评为合格。", "A criterion is not met: it cannot pass."
        faults.append(FieldFault("outcome", zh, en))
    return faults


def _tell(
    session: Session,
    designation: Designation,
    row: YearlyAssessment,
    before: YearlyAssessment | None,
    actor: Actor,
    moment: datetime,
) -> None:
    place = session.get_one(Place, designation.place_id)
    outcome = AssessmentOutcome(row.outcome)
    record(
        session,
        actor=actor,
        action="assess-designation",
        subject=f"designation/{designation.id}",
        facts={
            "place": place.institution_code,
            "year": str(row.year),
            "before": "" if before is None else before.outcome,
            "after": outcome.value,
            "reason": row.reason,
        },
        moment=moment,
    )
    if place.organisation_id is not None:
        zh, en = OUTCOME_NAMES[outcome]
        notify(
            session,
            organisation_id=place.organisation_id,
            zh=f"{place.name} {row.year} 年度考核：{zh}。{row.reason}",
            en=f"{place.name}, assessment of {row.year}: {en}. {row.reason}",
            link=f"/designations/{designation.id}",
            moment=moment,
        )


def assessments_of(session: Session, *, designation_id: int) -> dict[int, YearlyAssessment]:
    """Return the assessments of a designation that count, by year."""
    return {row.year: row for row in all_assessments_of(session, designation_id=designation_id)}


def all_assessments_of(session: Session, *, designation_id: int) -> Sequence[YearlyAssessment]:
    """Return every assessment of a designation, those replaced among them, oldest first."""
    own = select(YearlyAssessment).where(YearlyAssessment.designation_id == designation_id)
    return session.scalars(own.order_by(YearlyAssessment.id)).all()
