"""Ways on after the computation: compute again, set the day of answers, go a step back."""

import json
from datetime import date, datetime

from sqlalchemy.orm import Session

from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.notices import notify, notify_all
from procurement.permissions import Actor
from procurement.savings.publishing.reporting import latest_report
from procurement.savings.settlements.changing import (
    lock,
    noted,
    require_idle,
    require_status,
    set_status,
    touch,
)
from procurement.savings.settlements.drafting import require_reason
from procurement.savings.settlements.extracting import start_extracting
from procurement.savings.settlements.parameters import find_rulebook, parameter_faults
from procurement.savings.settlements.runs import give_up_dead_run
from procurement.savings.settlements.terms import terms_of
from procurement.savings.statements.answering import unanswered
from procurement.savings.statements.computing import start_recomputing
from procurement.savings.statements.writing import latest_statements
from procurement.savings.states import SettlementStatus
from procurement.savings.tables import REASON_LENGTH_MAX, SavingsRun, SavingsSettlement

_SHOWN = 100
"""So much of a reason is told; a notice is short, and titles are long."""
_STEPPED_BACK_FROM = (
    SettlementStatus.COMPUTED,
    SettlementStatus.WITH_HOSPITALS,
    SettlementStatus.REPORTED,
)


def compute_again(
    session: Session,
    *,
    settlement: SavingsSettlement,
    hospital_id: int | None,
    actor: Actor,
    moment: datetime,
    extract_again: bool = False,
) -> SavingsRun:
    """Compute statements again that hospitals have, without an objection: one hospital's, or all.

    Those that come out the same stay as they are; the others get a next version, to be answered.
    A run whose job failed for good is given up before.

    Args:
        session: Session of the caller's transaction.
        settlement: The settlement.
        hospital_id: Of this hospital and its group only; None for all.
        actor: For the bureau.
        moment: Now, aware.
        extract_again: Purchases are summed anew first; for one hospital only.

    Raises:
        InvalidInputError: The hospital has no statement, or purchases of all are to be summed.
        RunUnderWayError: A job is at work.
        WrongStateError: Statements are not with hospitals.
    """
    locked = lock(session, settlement=settlement)
    require_status(locked, SettlementStatus.WITH_HOSPITALS)
    give_up_dead_run(session, settlement=locked, actor=actor, moment=moment)
    require_idle(session, settlement=locked)
    if hospital_id is not None:
        _require_statement(session, locked, hospital_id)
    elif extract_again:
        zh = "重新提取全部采购数据，请先退回考核完成并重新考核。"
        en = "To extract the purchases of all, go a step back and open the assessments first."
        raise InvalidInputError([FieldFault("extract_again", zh, en)])
    start = start_extracting if extract_again else start_recomputing
    return start(session, settlement=locked, hospital_id=hospital_id, actor=actor, moment=moment)


def set_answer_by(
    session: Session,
    *,
    settlement: SavingsSettlement,
    answer_by: date | None,
    actor: Actor,
    moment: datetime,
) -> None:
    """Give the last day of answers after statements were sent, or a later one.

    Raises:
        InvalidInputError: No day, a day that is over, or one before the day that was given.
        WrongStateError: Statements are not with hospitals.
    """
    locked = lock(session, settlement=settlement)
    require_status(locked, SettlementStatus.WITH_HOSPITALS)
    earliest = max(day_in_china(moment), locked.answer_by or date.min)
    if answer_by is None or answer_by < earliest:
        zh = f"须为 {earliest.isoformat()} 或以后的日期。"
        en = f"Expected {earliest.isoformat()} or a later day."
        raise InvalidInputError([FieldFault("answer_by", zh, en)])
    locked.answer_by = answer_by
    touch(locked, moment=moment)
    session.flush()
    notify_all(
        session,
        organisation_ids=[one for one, _ in unanswered(session, settlement=locked)],
        zh=f"请在 {answer_by.isoformat()} 之前确认“{locked.title}”的测算表或提出异议。",
        en=f"Answer your statement of “{locked.title}” by {answer_by.isoformat()}.",
        link=f"/savings/{locked.name}",
        moment=moment,
        key=f"savings-{locked.id}-by-{answer_by.isoformat()}",
    )
    facts = {"answer-by": answer_by.isoformat()}
    noted(
        session, settlement=locked, action="set-answer-by", actor=actor, moment=moment, facts=facts
    )


def step_back(
    session: Session, *, settlement: SavingsSettlement, reason: str, actor: Actor, moment: datetime
) -> None:
    """Go back to "assessed": everything is computed anew, and sent anew.

    A rulebook that was corrected since the draft is adopted, where the parameters suit it; where
    they do not, the way on is back to the draft.

    Raises:
        InvalidInputError: No reason is given.
        RunUnderWayError: A job is at work.
        WrongStateError: Nothing is computed, or it is public already.
    """
    text = require_reason(reason)
    locked = lock(session, settlement=settlement)
    require_status(locked, *_STEPPED_BACK_FROM)
    give_up_dead_run(session, settlement=locked, actor=actor, moment=moment)
    require_idle(session, settlement=locked)
    before = SettlementStatus(locked.status)
    facts = {"reason": text, "from": str(before), "rulebook": _adopt(session, locked)}
    if before is SettlementStatus.REPORTED:
        _take_report_back(session, locked, text, moment)
    locked.answer_by = None
    set_status(session, settlement=locked, status=SettlementStatus.ASSESSED, moment=moment)
    if before is not SettlementStatus.COMPUTED:
        _tell(session, locked, text, moment)
    noted(session, settlement=locked, action="step-back", actor=actor, moment=moment, facts=facts)


def _adopt(session: Session, settlement: SavingsSettlement) -> str:
    """Take over a corrected rulebook; returns the digest under which the settlement stands."""
    rulebook = find_rulebook(settlement.rulebook)
    if rulebook is None or rulebook.digest == settlement.rulebook_digest:
        return settlement.rulebook_digest
    follow_on = any(one.follow_on for one in terms_of(session, settlement=settlement))
    given = json.loads(settlement.parameters)
    if not parameter_faults(rulebook, given, follow_on=follow_on):
        settlement.rulebook_digest = rulebook.digest
    return settlement.rulebook_digest


def _take_report_back(
    session: Session, settlement: SavingsSettlement, reason: str, moment: datetime
) -> None:
    """Say on the report, and to the bureau above, that it no longer holds."""
    report = latest_report(session, settlement=settlement)
    report.returned_because = f"本单位收回：{reason}"[:REASON_LENGTH_MAX]
    if report.to_bureau_id is not None:
        notify(
            session,
            organisation_id=report.to_bureau_id,
            zh=f"“{settlement.title}”的上报已由清算单位收回。",
            en=f"The report of “{settlement.title}” was taken back by the bureau that settles.",
            link=f"/savings/{settlement.name}",
            moment=moment,
        )


def _tell(session: Session, settlement: SavingsSettlement, reason: str, moment: datetime) -> None:
    """Tell the hospitals, which have their statements, that these will be computed anew."""
    for hospital_id in latest_statements(session, settlement_id=settlement.id):
        notify(
            session,
            organisation_id=hospital_id,
            zh=f"“{settlement.title}”的测算表已收回，将重新测算：{reason[:_SHOWN]}",
            en=f"Your statement of “{settlement.title}” was taken back: {reason[:_SHOWN]}",
            link=f"/savings/{settlement.name}",
            moment=moment,
        )


def _require_statement(session: Session, settlement: SavingsSettlement, hospital_id: int) -> None:
    found = latest_statements(session, settlement_id=settlement.id, hospital_ids=[hospital_id])
    if not found:
        zh, en = "该医疗机构没有测算表。", "The hospital has no statement."
        raise InvalidInputError([FieldFault("hospital_id", zh, en)])
