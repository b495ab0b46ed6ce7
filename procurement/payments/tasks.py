"""What waits for companies, hospitals and agencies about payments."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from procurement.china_days import first_moment
from procurement.notices import Task
from procurement.payments.months import due_days
from procurement.payments.paying_tables import BankAccount, PaymentInstruction
from procurement.payments.settling_tables import Claim, ClaimObjection, SettlementMonth
from procurement.payments.states import (
    AccountStatus,
    ClaimStatus,
    InstructionStatus,
    ObjectionStatus,
)
from procurement.permissions import Actor, Role

_COMPANY = frozenset({Role.MANUFACTURER, Role.DISTRIBUTOR})


def waiting_for(session: Session, *, actor: Actor, moment: datetime) -> list[Task]:
    """Return what waits for somebody.

    Args:
        session: Any session.
        actor: For whom.
        moment: Now, aware.
    """
    if actor.organisation_id is None:
        return []
    tasks: list[Task] = []
    if _COMPANY & actor.roles:
        own = Claim.seller_id == actor.organisation_id
        tasks += _claims(session, own, ClaimStatus.AGENCY_CHECKED, ("对账", "Reconcile"))
        tasks += _objections(session, actor)
    if Role.HOSPITAL in actor.roles:
        own = Claim.hospital_id == actor.organisation_id
        tasks += _claims(session, own, ClaimStatus.APPLIED, ("核对", "Check"))
    if Role.FUND_AGENCY in actor.roles:
        tasks += _of_agency(session, actor)
    tasks += _accounts(session, actor)
    return tasks


_NEXT = {
    ClaimStatus.APPLIED: ClaimStatus.HOSPITAL_CHECKED,
    ClaimStatus.HOSPITAL_CHECKED: ClaimStatus.AGENCY_CHECKED,
    ClaimStatus.AGENCY_CHECKED: ClaimStatus.RECONCILED,
    ClaimStatus.RECONCILED: ClaimStatus.INSTRUCTED,
}


def _claims(
    session: Session, own: ColumnElement[bool], status: ClaimStatus, verb: tuple[str, str]
) -> Iterator[Task]:
    """One task for each month, with the day until which the step is to be done."""
    rows = session.execute(
        select(SettlementMonth, func.count())
        .join(Claim, Claim.month_id == SettlementMonth.id)
        .where(own, Claim.status == status)
        .group_by(SettlementMonth.id)
        .order_by(SettlementMonth.month)
    )
    for month, number in rows:
        due = due_days(month).get(_NEXT[status])
        ends = None if due is None else first_moment(due + timedelta(days=1))
        yield Task(
            zh=f"{verb[0]} {month.month:%Y-%m} 货款结算申请：{number} 件",
            en=f"{verb[1]} claims of {month.month:%Y-%m}: {number}",
            link=f"/payments/claims?status={status}",
            due_at=ends,
            urgent=True,
        )


def _objections(session: Session, actor: Actor) -> Iterator[Task]:
    number = session.scalar(
        select(func.count())
        .select_from(ClaimObjection)
        .join(Claim, Claim.id == ClaimObjection.claim_id)
        .where(
            Claim.seller_id == actor.organisation_id,
            ClaimObjection.raised_by_id != actor.organisation_id,
            ClaimObjection.status == ObjectionStatus.OPEN,
        )
    )
    if number:
        yield Task(
            zh=f"答复货款异议：{number} 件",
            en=f"Answer objections to claims: {number}",
            link="/payments/claims",
            urgent=True,
        )


def _of_agency(session: Session, actor: Actor) -> Iterator[Task]:
    months = select(SettlementMonth.id).where(SettlementMonth.agency_id == actor.organisation_id)
    own = Claim.month_id.in_(months)
    yield from _claims(session, own, ClaimStatus.HOSPITAL_CHECKED, ("复核", "Check"))
    yield from _claims(session, own, ClaimStatus.RECONCILED, ("冲抵并支付", "Set off and pay"))
    for status, zh, en in (
        (InstructionStatus.DRAFTED, "复核支付指令", "Confirm instructions to pay"),
        (InstructionStatus.CONFIRMED, "导出银行文件", "Export instructions for the bank"),
        (InstructionStatus.RETURNED, "处理被退回的支付", "Deal with returned payments"),
    ):
        wanted = select(func.count()).where(
            PaymentInstruction.agency_id == actor.organisation_id,
            PaymentInstruction.status == status,
        )
        if status is InstructionStatus.DRAFTED:
            wanted = wanted.where(PaymentInstruction.drafted_by != actor.person_id)
        number = session.scalar(wanted)
        if number:
            yield Task(
                zh=f"{zh}：{number} 笔",
                en=f"{en}: {number}",
                link=f"/payments/instructions?status={status}",
                urgent=status is InstructionStatus.RETURNED,
            )


def _accounts(session: Session, actor: Actor) -> Iterator[Task]:
    number = session.scalar(
        select(func.count()).where(
            BankAccount.organisation_id == actor.organisation_id,
            BankAccount.status == AccountStatus.PROPOSED,
            BankAccount.proposed_by != actor.person_id,
        )
    )
    if number:
        yield Task(
            zh=f"确认银行账户：{number} 个",
            en=f"Confirm bank accounts: {number}",
            link="/payments/accounts",
        )
