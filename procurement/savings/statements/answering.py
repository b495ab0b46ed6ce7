"""Statements go to hospitals, which confirm them or object; the bureau decides objections."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError, RefusedError, StaleError
from procurement.notices import notify, notify_all
from procurement.permissions import Actor
from procurement.savings.settlements.changing import (
    lock,
    noted,
    require_idle,
    require_status,
    set_status,
    touch,
)
from procurement.savings.settlements.extracting import start_extracting
from procurement.savings.statements.computing import start_recomputing
from procurement.savings.statements.objections import ObjectionView
from procurement.savings.statements.unchanged import require_unchanged
from procurement.savings.statements.writing import latest_statements
from procurement.savings.states import (
    SettlementStatus,
    StatementStatus,
    Verdict,
    check_statement,
)
from procurement.savings.tables import HospitalStatement, SavingsSettlement, StatementObjection

TEXT_LENGTH_MAX = 4_000
_NAMED_MAX = 10


@dataclass(frozen=True, slots=True)
class Decision:
    """What the bureau decides about an objection.

    Attributes:
        verdict: Whether it is upheld.
        text: Why; the hospital reads it.
        extract_again: Upheld, purchases are summed anew first: receipts or movements were missing.
    """

    verdict: Verdict
    text: str
    extract_again: bool = False


class DecidedError(RefusedError):
    """The objection is decided already."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(zh="该异议已有处理结论。", en="The objection is decided already.")


class UnansweredError(RefusedError):
    """Hospitals have not answered, or objections wait for a decision."""

    def __init__(self, hospitals: Iterable[str]) -> None:
        """Keep their names."""
        names = list(hospitals)
        first = names[:_NAMED_MAX]
        more = len(names) - len(first)
        super().__init__(
            zh=f"尚未确认或异议尚未处理：{'、'.join(first)}"
            + (f"等 {len(names)} 家。" if more else "。"),
            en=f"Not confirmed, or objections not decided: {', '.join(first)}"
            + (f" and {more} more." if more else "."),
        )


def send_to_hospitals(
    session: Session,
    *,
    settlement: SavingsSettlement,
    answer_by: date | None,
    actor: Actor,
    moment: datetime,
) -> None:
    """Show every hospital its statement.

    Args:
        session: Session of the caller's transaction.
        settlement: The settlement.
        answer_by: Until when they are asked to answer; no source states how long.
        actor: Who sends them.
        moment: Now, aware.

    Raises:
        InvalidInputError: The day is over.
        StaleStatementsError: Factors or points were changed after the computation.
        WrongStateError: Statements are not computed, or were sent already.
    """
    locked = lock(session, settlement=settlement)
    require_idle(session, settlement=locked)
    require_status(locked, SettlementStatus.COMPUTED)
    if answer_by is not None and answer_by < day_in_china(moment):
        zh, en = "须为今天或以后的日期。", "Expected today or a later day."
        raise InvalidInputError([FieldFault("answer_by", zh, en)])
    require_unchanged(session, settlement=locked)
    statements = latest_statements(session, settlement_id=locked.id).values()
    for statement in statements:
        check_statement(StatementStatus(statement.status), StatementStatus.OPEN)
        statement.status, statement.opened_at = StatementStatus.OPEN, moment
        notify(
            session,
            organisation_id=statement.hospital_id,
            zh=f"“{locked.title}”的结余留用测算表已送达，请确认或提出异议。",
            en=f"Your statement of “{locked.title}” is there: confirm it or object.",
            link=f"/savings/{locked.name}/statements/{statement.hospital_id}",
            moment=moment,
            # Sent anew after a step back, it is told anew.
            key=f"savings-{locked.id}-sent-{locked.version}",
        )
    locked.answer_by = answer_by
    status = SettlementStatus.WITH_HOSPITALS
    set_status(session, settlement=locked, status=status, moment=moment)
    facts = {"answer-by": str(answer_by or ""), "statements": str(len(statements))}
    noted(
        session,
        settlement=locked,
        action="send-statements",
        actor=actor,
        moment=moment,
        facts=facts,
    )


def confirm_statement(
    session: Session,
    *,
    settlement: SavingsSettlement,
    hospital_id: int,
    digest: str,
    actor: Actor,
    moment: datetime,
) -> HospitalStatement:
    """Confirm a statement: exactly the one that was shown.

    Args:
        session: Session of the caller's transaction.
        settlement: The settlement.
        hospital_id: Whose statement.
        digest: Of the statement that was shown.
        actor: For the hospital.
        moment: Now, aware.

    Raises:
        StaleError: A later version counts.
        WrongStateError: It cannot be confirmed now.
    """
    statement = _answerable(session, settlement, hospital_id, digest)
    check_statement(StatementStatus(statement.status), StatementStatus.CONFIRMED)
    statement.status = StatementStatus.CONFIRMED
    statement.confirmed_by, statement.confirmed_at = actor.person_id, moment
    session.flush()
    _note(session, settlement, statement, "confirm-statement", actor, moment)
    return statement


def object_to_statement(
    session: Session,
    *,
    settlement: SavingsSettlement,
    hospital_id: int,
    digest: str,
    reason: str,
    actor: Actor,
    moment: datetime,
) -> StatementObjection:
    """Object to a statement.

    Raises:
        InvalidInputError: No reason is given.
        StaleError: A later version counts.
        WrongStateError: Nobody can object now.
    """
    text = _text(reason, "reason")
    statement = _answerable(session, settlement, hospital_id, digest)
    check_statement(StatementStatus(statement.status), StatementStatus.OBJECTED)
    statement.status = StatementStatus.OBJECTED
    objection = StatementObjection(
        statement_id=statement.id, reason=text, filed_by=actor.person_id, filed_at=moment
    )
    session.add(objection)
    session.flush()
    hospital = session.get_one(Organisation, hospital_id)
    notify(
        session,
        organisation_id=settlement.bureau_id,
        zh=f"{hospital.name}对“{settlement.title}”的测算表提出异议。",
        en=f"{hospital.name} objects to its statement of “{settlement.title}”.",
        link=f"/savings/{settlement.name}/statements/{hospital_id}",
        moment=moment,
    )
    _note(session, settlement, statement, "object-to-statement", actor, moment)
    return objection


def decide_objection(
    session: Session,
    *,
    settlement: SavingsSettlement,
    view: ObjectionView,
    decision: Decision,
    actor: Actor,
    moment: datetime,
) -> None:
    """Decide an objection.

    What is wrong is corrected before (factors, points of the visit); upheld, a job computes the
    next version of the hospital's statement, and of those in its group that it changes.

    Args:
        session: Session of the caller's transaction.
        settlement: The settlement.
        view: The objection.
        decision: What is decided, and why.
        actor: For the bureau.
        moment: Now, aware.

    Raises:
        DecidedError: It is decided already.
        InvalidInputError: No reason is given.
        RunUnderWayError: A job is at work.
        WrongStateError: Statements are not with hospitals.
    """
    text = _text(decision.text, "decision")
    locked = lock(session, settlement=settlement)
    require_status(locked, SettlementStatus.WITH_HOSPITALS)
    require_idle(session, settlement=locked)
    objection, statement = view.objection, view.statement
    session.refresh(objection)
    session.refresh(statement)
    if objection.verdict is not None:
        raise DecidedError
    objection.verdict, objection.decision = decision.verdict, text
    objection.decided_by, objection.decided_at = actor.person_id, moment
    hospital_id = statement.hospital_id
    if decision.verdict is Verdict.REJECTED and statement.status == StatementStatus.REPLACED:
        pass  # A later version counts already; the hospital reads why all the same.
    elif decision.verdict is Verdict.REJECTED:
        check_statement(StatementStatus(statement.status), StatementStatus.DECIDED)
        statement.status = StatementStatus.DECIDED
    elif decision.extract_again:
        start_extracting(
            session, settlement=locked, actor=actor, moment=moment, hospital_id=hospital_id
        )
    else:
        start_recomputing(
            session, settlement=locked, hospital_id=hospital_id, actor=actor, moment=moment
        )
    touch(locked, moment=moment)
    session.flush()
    upheld = decision.verdict is Verdict.UPHELD
    notify(
        session,
        organisation_id=hospital_id,
        zh=f"对“{locked.title}”测算表的异议已{'采纳，将重新测算' if upheld else '处理，未采纳'}。",
        en=f"Your objection in “{locked.title}” was {'upheld' if upheld else 'not upheld'}.",
        link=f"/savings/{locked.name}/statements/{hospital_id}",
        moment=moment,
    )
    _note(session, locked, statement, "decide-savings-objection", actor, moment)


def unanswered(session: Session, *, settlement: SavingsSettlement) -> list[tuple[int, str]]:
    """Return the hospitals that neither confirmed nor objected, with their names."""
    return _hospitals_with(session, settlement, StatementStatus.OPEN)


def undecided(session: Session, *, settlement: SavingsSettlement) -> list[tuple[int, str]]:
    """Return the hospitals whose objections wait, with their names."""
    return _hospitals_with(session, settlement, StatementStatus.OBJECTED)


def remind_hospitals(
    session: Session, *, settlement: SavingsSettlement, actor: Actor, moment: datetime
) -> int:
    """Remind those that have not answered; returns how many were reminded today."""
    require_status(settlement, SettlementStatus.WITH_HOSPITALS)
    waiting = unanswered(session, settlement=settlement)
    notify_all(
        session,
        organisation_ids=[one for one, _ in waiting],
        zh=f"请确认“{settlement.title}”的结余留用测算表。",
        en=f"Please answer your statement of “{settlement.title}”.",
        link=f"/savings/{settlement.name}",
        moment=moment,
        key=f"savings-{settlement.id}-{day_in_china(moment)}",
    )
    facts = {"reminded": str(len(waiting))}
    noted(
        session,
        settlement=settlement,
        action="remind-hospitals",
        actor=actor,
        moment=moment,
        facts=facts,
    )
    return len(waiting)


def _hospitals_with(
    session: Session, settlement: SavingsSettlement, status: StatementStatus
) -> list[tuple[int, str]]:
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .join(HospitalStatement, HospitalStatement.hospital_id == Organisation.id)
        .where(HospitalStatement.settlement_id == settlement.id)
        .where(HospitalStatement.status == status)
        .order_by(Organisation.name, Organisation.id)
    )
    return [(one, name) for one, name in rows]


def _answerable(
    session: Session, settlement: SavingsSettlement, hospital_id: int, digest: str
) -> HospitalStatement:
    locked = lock(session, settlement=settlement)
    require_status(locked, SettlementStatus.WITH_HOSPITALS)
    found = latest_statements(session, settlement_id=locked.id, hospital_ids=[hospital_id])
    statement = found.get(hospital_id)
    if statement is None or statement.digest != digest:
        raise StaleError
    return statement


def _text(text: str, field: str) -> str:
    found = text.strip()
    if 0 < len(found) <= TEXT_LENGTH_MAX:
        return found
    zh = f"请填写理由，最多 {TEXT_LENGTH_MAX} 字。"
    en = f"Expected a reason of at most {TEXT_LENGTH_MAX} characters."
    raise InvalidInputError([FieldFault(field, zh, en)])


def _note(
    session: Session,
    settlement: SavingsSettlement,
    statement: HospitalStatement,
    action: str,
    actor: Actor,
    moment: datetime,
) -> None:
    facts = {"hospital": str(statement.hospital_id), "version": str(statement.number)}
    noted(session, settlement=settlement, action=action, actor=actor, moment=moment, facts=facts)
