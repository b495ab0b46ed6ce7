"""Reading a stored decision back as the draft that it was."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.pharmacies.listed.kinds import Control, DecisionKind
from procurement.pharmacies.listed.tables import ListDecision, ListDecisionLine
from procurement.pharmacies.listed.terms import (
    DecisionDraft,
    Evidence,
    LineDraft,
    read_evidence,
    read_line_text,
)


def lines_of(session: Session, *, decision_id: int) -> Sequence[ListDecisionLine]:
    """Return the lines of a decision, in their order."""
    return session.scalars(
        select(ListDecisionLine)
        .where(ListDecisionLine.decision_id == decision_id)
        .order_by(ListDecisionLine.position)
    ).all()


def draft_of(decision: ListDecision, *, lines: Sequence[ListDecisionLine]) -> DecisionDraft:
    """Return a decision as it was drafted."""
    return DecisionDraft(
        kind=DecisionKind(decision.kind),
        region=decision.region,
        bureau_id=decision.bureau_id,
        document=decision.document,
        decided_on=decision.decided_on,
        in_force_from=decision.in_force_from,
        reason=decision.reason,
        notice_title=decision.notice_title,
        notice_text=decision.notice_text,
        public_from=decision.public_from,
        corrects_id=decision.corrects_id,
        lines=tuple(_line(one) for one in lines),
    )


def fields_of(line: ListDecisionLine) -> dict[str, str]:
    """Return days and terms of a line by name, as texts; none where the drug leaves the list."""
    return read_line_text(line.terms)[1]


def evidence_of(line: ListDecisionLine) -> tuple[Evidence, ...]:
    """Return the criteria that a line says are met."""
    return read_evidence(line.evidence)


def _line(stored: ListDecisionLine) -> LineDraft:
    terms, kept = read_line_text(stored.terms)
    return LineDraft(
        generic_product_id=stored.generic_product_id,
        brand=stored.brand,
        control=Control(stored.control),
        terms=terms,
        starts_on=_day(kept.get("starts_on")),
        ends_on=_day(kept.get("ends_on")),
        catalogue_number=kept.get("catalogue_number", ""),
        evidence=read_evidence(stored.evidence),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
