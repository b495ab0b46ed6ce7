"""What an assessment comes to: points, grade, and the share that is kept."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.savings.assessments.opening import Place
from procurement.savings.rules import Assessed, assess
from procurement.savings.rules.assessment import AssessmentError, Finding, score
from procurement.savings.settlements.parameters import SettlementRules
from procurement.savings.states import AssessmentStatus
from procurement.savings.tables import AssessmentEntry, SavingsAssessment, SavingsSettlement


def entries_of(
    session: Session, *, assessments: Iterable[SavingsAssessment]
) -> dict[int, list[AssessmentEntry]]:
    """Return the entries of assessments, by assessment."""
    ids = [one.id for one in assessments]
    found: dict[int, list[AssessmentEntry]] = {}
    for start in range(0, len(ids), 1_000):
        some = AssessmentEntry.assessment_id.in_(ids[start : start + 1_000])
        rows = session.scalars(select(AssessmentEntry).where(some).order_by(AssessmentEntry.id))
        for entry in rows:
            found.setdefault(entry.assessment_id, []).append(entry)
    return found


def result_of(
    assessment: SavingsAssessment, entries: Sequence[AssessmentEntry], rules: SettlementRules
) -> Assessed | None:
    """Say what an assessment comes to; None while it has no points for the present indicators.

    Points of the visit count where there are any, else those of the self-assessment. What is
    failed whatever its points are keeps nothing.
    """
    if assessment.status == AssessmentStatus.OPEN or not entries:
        return None
    findings = [
        Finding(
            indicator=entry.indicator,
            self_assessed=_points(entry.self_points, entry.on_site_points),
            on_site=entry.on_site_points,
        )
        for entry in entries
    ]
    try:
        points = score(rules.indicators, findings).points
    except AssessmentError:
        # Indicators were changed after the entries were made: it is to be assessed by them.
        return None
    if assessment.failed_because is not None:
        return Assessed(Decimal(0), passed=False, score=points)
    return assess(points, rules.scheme.bands)


def results_of(
    session: Session,
    *,
    settlement: SavingsSettlement,
    rules: SettlementRules,
    hospital_ids: Sequence[int] | None = None,
) -> Mapping[Place, Assessed]:
    """Return what all assessments of a settlement come to, or those of some hospitals."""
    wanted = select(SavingsAssessment).where(SavingsAssessment.settlement_id == settlement.id)
    if hospital_ids is not None:
        wanted = wanted.where(SavingsAssessment.hospital_id.in_(hospital_ids))
    assessments = session.scalars(wanted).all()
    entries = entries_of(session, assessments=assessments)
    found: dict[Place, Assessed] = {}
    for one in assessments:
        result = result_of(one, entries.get(one.id, []), rules)
        if result is not None:
            found[one.hospital_id, one.term_id, one.strength_id] = result
    return found


def _points(self_assessed: Decimal | None, on_site: Decimal | None) -> Decimal:
    if self_assessed is not None:
        return self_assessed
    return Decimal(0) if on_site is None else on_site
