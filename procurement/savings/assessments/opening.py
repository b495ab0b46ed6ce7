"""Which assessments a settlement needs: one a hospital, or one a product where those are scored."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.savings.settlements.parameters import SettlementRules
from procurement.savings.states import AssessmentStatus
from procurement.savings.tables import ExtractedLine, SavingsAssessment, SavingsSettlement

Place = tuple[int, int, int]
"""Hospital, batch-year and strength; 0 for all of the hospital's."""


def place_of(rules: SettlementRules, *, hospital_id: int, term_id: int, strength_id: int) -> Place:
    """Say which assessment counts for a line."""
    if rules.scheme.scores_products:
        return (hospital_id, term_id, strength_id)
    return (hospital_id, 0, 0)


def needed_places(session: Session, *, run_id: int, rules: SettlementRules) -> list[Place]:
    """Return what is to be assessed, from an extract, in order."""
    rows = session.execute(
        select(ExtractedLine.hospital_id, ExtractedLine.term_id, ExtractedLine.strength_id)
        .where(ExtractedLine.run_id == run_id)
        .distinct()
    )
    return sorted(
        {
            place_of(rules, hospital_id=hospital, term_id=term, strength_id=strength)
            for hospital, term, strength in rows
        }
    )


def open_assessments(
    session: Session, *, settlement: SavingsSettlement, run_id: int, rules: SettlementRules
) -> int:
    """Open the assessments that are missing, after an extract; those there are stay.

    Returns:
        How many were opened.
    """
    known = {
        (one.hospital_id, one.term_id, one.strength_id)
        for one in session.scalars(
            select(SavingsAssessment).where(SavingsAssessment.settlement_id == settlement.id)
        )
    }
    missing = [
        place for place in needed_places(session, run_id=run_id, rules=rules) if place not in known
    ]
    session.add_all(
        SavingsAssessment(
            settlement_id=settlement.id,
            hospital_id=hospital_id,
            term_id=term_id,
            strength_id=strength_id,
            status=AssessmentStatus.OPEN,
        )
        for hospital_id, term_id, strength_id in missing
    )
    session.flush()
    return len(missing)
