"""Reporting the amounts to the bureau above, which takes note of them or returns them."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.notices import notify
from procurement.permissions import Actor, NotFoundForActorError
from procurement.permissions.decide import covers
from procurement.savings.rules.exact import total
from procurement.savings.settlements.changing import (
    lock,
    noted,
    require_idle,
    require_status,
    set_status,
)
from procurement.savings.settlements.drafting import require_reason
from procurement.savings.statements.answering import UnansweredError, unanswered, undecided
from procurement.savings.statements.unchanged import require_unchanged
from procurement.savings.statements.writing import latest_statements
from procurement.savings.states import SettlementStatus
from procurement.savings.tables import (
    REASON_LENGTH_MAX,
    HospitalStatement,
    SavingsSettlement,
    SettlementReport,
)


class AnsweredError(RefusedError):
    """The bureau above has answered the report already."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(zh="上级已处理该上报。", en="The bureau above has answered already.")


def bureaus_above(session: Session, *, settlement: SavingsSettlement) -> list[Organisation]:
    """Return the bureaus that a settlement may be reported to, the nearest first."""
    own = session.get_one(Organisation, settlement.bureau_id)
    rows = session.scalars(
        select(Organisation)
        .where(Organisation.kind == OrganisationKind.BUREAU, Organisation.is_active)
        .where(Organisation.id != own.id)
        .order_by(Organisation.region.desc(), Organisation.id)
    )
    return [
        one
        for one in rows
        if covers(one.region, own.region) and one.region.rstrip("0") != own.region.rstrip("0")
    ]


def needs_bureau_above(session: Session, *, settlement: SavingsSettlement) -> bool:
    """Tell whether the bureau that settles is a county's: it reports to its city."""
    own = session.get_one(Organisation, settlement.bureau_id)
    return not own.region.endswith("00")


def report_settlement(
    session: Session,
    *,
    settlement: SavingsSettlement,
    to_bureau_id: int | None,
    note: str,
    actor: Actor,
    moment: datetime,
) -> SettlementReport:
    """Report the amounts of all hospitals.

    Args:
        session: Session of the caller's transaction.
        settlement: The settlement.
        to_bureau_id: The bureau above; a county's must name one.
        note: For that bureau; the reason, where hospitals have not answered in time.
        actor: For the bureau that settles.
        moment: Now, aware.

    Raises:
        InvalidInputError: No bureau above is named, or no reason given for missing answers.
        StaleStatementsError: Factors or points were changed after the computation.
        UnansweredError: Objections wait, or hospitals still have time to answer.
        WrongStateError: Statements are not with hospitals.
    """
    locked = lock(session, settlement=settlement)
    require_status(locked, SettlementStatus.WITH_HOSPITALS)
    require_idle(session, settlement=locked)
    _check_bureau(session, locked, to_bureau_id)
    missing = _check_answers(session, locked, moment)
    require_unchanged(session, settlement=locked)
    text = note.strip()
    if missing or len(text) > REASON_LENGTH_MAX:
        text = require_reason(note, field_name="note")
    statements = list(latest_statements(session, settlement_id=locked.id).values())
    report = SettlementReport(
        settlement_id=locked.id,
        number=len(reports_of(session, settlement=locked)) + 1,
        to_bureau_id=to_bureau_id,
        hospitals=len(statements),
        unanswered=missing,
        amount=total([one.payable for one in statements]),
        employee=total([one.employee for one in statements]),
        resident=total([one.resident for one in statements]),
        digest=statements_digest(statements),
        note=text,
        reported_by=actor.person_id,
        reported_at=moment,
    )
    session.add(report)
    set_status(session, settlement=locked, status=SettlementStatus.REPORTED, moment=moment)
    _tell(session, locked, to_bureau_id, moment)
    facts = {"to": str(to_bureau_id or ""), "hospitals": str(len(statements))}
    noted(
        session,
        settlement=locked,
        action="report-settlement",
        actor=actor,
        moment=moment,
        facts=facts,
    )
    return report


def _tell(
    session: Session, settlement: SavingsSettlement, bureau_id: int | None, moment: datetime
) -> None:
    """Tell the bureau above, if there is one."""
    if bureau_id is None:
        return
    notify(
        session,
        organisation_id=bureau_id,
        zh=f"上报：“{settlement.title}”的结余留用金额。",
        en=f"Reported to you: the retained savings of “{settlement.title}”.",
        link=f"/savings/{settlement.name}",
        moment=moment,
    )


def reports_of(session: Session, *, settlement: SavingsSettlement) -> Sequence[SettlementReport]:
    """Return the reports of a settlement, oldest first."""
    return session.scalars(
        select(SettlementReport)
        .where(SettlementReport.settlement_id == settlement.id)
        .order_by(SettlementReport.number)
    ).all()


def latest_report(session: Session, *, settlement: SavingsSettlement) -> SettlementReport:
    """Return the newest report.

    Raises:
        NotFoundForActorError: Nothing was reported.
    """
    reports = reports_of(session, settlement=settlement)
    if not reports:
        raise NotFoundForActorError
    return reports[-1]


def take_note(
    session: Session, *, settlement: SavingsSettlement, actor: Actor, moment: datetime
) -> None:
    """Say, for the bureau above, that the report was received.

    Raises:
        AnsweredError: It was answered already.
        WrongStateError: Nothing is reported.
    """
    locked, report = _answerable(session, settlement)
    report.answered_by, report.answered_at = actor.person_id, moment
    session.flush()
    _answered(session, locked, "已接收", "was received", actor, moment)


def return_report(
    session: Session, *, settlement: SavingsSettlement, reason: str, actor: Actor, moment: datetime
) -> None:
    """Return a report, for the bureau above: the bureau that settles goes over it again.

    Raises:
        AnsweredError: It was answered already.
        InvalidInputError: No reason is given.
        WrongStateError: Nothing is reported.
    """
    text = require_reason(reason)
    locked, report = _answerable(session, settlement)
    report.returned_because = text
    report.answered_by, report.answered_at = actor.person_id, moment
    status = SettlementStatus.WITH_HOSPITALS
    set_status(session, settlement=locked, status=status, moment=moment)
    _answered(session, locked, "已退回", "was returned", actor, moment)


def statements_digest(statements: Sequence[HospitalStatement]) -> str:
    """SHA-256 of a list of statements, so that nobody changes one after it was reported."""
    rows = sorted((one.hospital_id, one.number, one.digest) for one in statements)
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def _check_bureau(
    session: Session, settlement: SavingsSettlement, to_bureau_id: int | None
) -> None:
    allowed = {one.id for one in bureaus_above(session, settlement=settlement)}
    is_sound = to_bureau_id in allowed
    if to_bureau_id is None:
        is_sound = not needs_bureau_above(session, settlement=settlement)
    if not is_sound:
        zh, en = "请选择上级单位。", "Expected a bureau above this one."
        raise InvalidInputError([FieldFault("to_bureau_id", zh, en)])


def _check_answers(session: Session, settlement: SavingsSettlement, moment: datetime) -> int:
    """Return how many hospitals let their time pass.

    Raises:
        UnansweredError: Objections wait, or hospitals still have time to answer.
    """
    waiting = undecided(session, settlement=settlement)
    open_ = unanswered(session, settlement=settlement)
    answer_by = settlement.answer_by
    is_over = answer_by is not None and day_in_china(moment) > answer_by
    if not is_over:
        waiting += open_
    if waiting:
        raise UnansweredError(name for _, name in waiting)
    return len(open_)


def _answerable(
    session: Session, settlement: SavingsSettlement
) -> tuple[SavingsSettlement, SettlementReport]:
    locked = lock(session, settlement=settlement)
    require_status(locked, SettlementStatus.REPORTED)
    report = latest_report(session, settlement=locked)
    if report.answered_at is not None:
        raise AnsweredError
    return locked, report


def _answered(
    session: Session,
    settlement: SavingsSettlement,
    zh: str,
    en: str,
    actor: Actor,
    moment: datetime,
) -> None:
    notify(
        session,
        organisation_id=settlement.bureau_id,
        zh=f"“{settlement.title}”的上报{zh}。",
        en=f"Your report of “{settlement.title}” {en}.",
        link=f"/savings/{settlement.name}",
        moment=moment,
    )
    noted(
        session,
        settlement=settlement,
        action="answer-report",
        actor=actor,
        moment=moment,
        facts={"answer": en},
    )
