"""Closing the assessments of a settlement, and opening them again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.errors import RefusedError
from procurement.permissions import Actor
from procurement.savings.assessments.opening import needed_places
from procurement.savings.assessments.reading import assessments_of
from procurement.savings.settlements.changing import lock, noted, require_idle, set_status
from procurement.savings.settlements.drafting import require_reason
from procurement.savings.settlements.errors import NotExtractedError
from procurement.savings.settlements.parameters import rules_of
from procurement.savings.settlements.runs import latest_run
from procurement.savings.states import AssessmentStatus, RunKind, RunStatus, SettlementStatus
from procurement.savings.tables import SavingsSettlement

_NAMED_MAX = 10


class NotAssessedError(RefusedError):
    """Some hospitals have no points."""

    def __init__(self, hospitals: Sequence[str]) -> None:
        """Keep their names."""
        first = hospitals[:_NAMED_MAX]
        more = len(hospitals) - len(first)
        super().__init__(
            zh=f"尚未考核：{'、'.join(first)}" + (f"等 {len(hospitals)} 家。" if more else "。"),
            en=f"Not assessed: {', '.join(first)}" + (f" and {more} more." if more else "."),
        )
        self.hospitals = tuple(hospitals)


def close_assessments(
    session: Session,
    *,
    settlement: SavingsSettlement,
    reason: str,
    actor: Actor,
    moment: datetime,
) -> None:
    """Say that every hospital is assessed.

    Args:
        session: Session of the caller's transaction.
        settlement: The settlement.
        reason: Why the own points of hospitals count that were not visited; may be empty where
            all were.
        actor: Who says so.
        moment: Now, aware.

    Raises:
        NotAssessedError: Some hospitals have no points at all.
        InvalidInputError: Some were not visited, and no reason is given.
        WrongStateError: Purchases are not extracted, or it is closed already.
    """
    locked = lock(session, settlement=settlement)
    require_idle(session, settlement=locked)
    run = latest_run(session, settlement=locked, kind=RunKind.EXTRACT, status=RunStatus.DONE)
    if run is None:
        raise NotExtractedError
    needed = set(needed_places(session, run_id=run.id, rules=rules_of(locked)))
    rows = [
        one
        for one in assessments_of(session, settlement=locked)
        if (one.assessment.hospital_id, one.assessment.term_id, one.assessment.strength_id)
        in needed
    ]
    missing = sorted({one.hospital for one in rows if one.result is None})
    if missing:
        raise NotAssessedError(missing)
    unvisited = [one for one in rows if one.assessment.status != AssessmentStatus.VISITED]
    facts = {"assessed": str(len(rows)), "not-visited": str(len(unvisited))}
    if unvisited:
        facts["reason"] = require_reason(reason)
    set_status(session, settlement=locked, status=SettlementStatus.ASSESSED, moment=moment)
    noted(
        session,
        settlement=locked,
        action="close-assessments",
        actor=actor,
        moment=moment,
        facts=facts,
    )


def reopen_assessments(
    session: Session, *, settlement: SavingsSettlement, reason: str, actor: Actor, moment: datetime
) -> None:
    """Open the assessments again, before anything is computed.

    Raises:
        InvalidInputError: No reason is given.
        WrongStateError: They are not closed, or it is computed already.
    """
    text = require_reason(reason)
    locked = lock(session, settlement=settlement)
    require_idle(session, settlement=locked)
    set_status(session, settlement=locked, status=SettlementStatus.EXTRACTED, moment=moment)
    noted(
        session,
        settlement=locked,
        action="reopen-assessments",
        actor=actor,
        moment=moment,
        facts={"reason": text},
    )
