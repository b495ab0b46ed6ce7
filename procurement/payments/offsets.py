"""Setting a hospital's reconciled claims off against what the funds owe it, and instructing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.payments.account_kinds import Account, AccountKind, Fund
from procurement.payments.claims import UNDER_WAY, note_step
from procurement.payments.errors import ClaimsWaitError, NotOfMonthError, RuleMissingError
from procurement.payments.instructions import Draft, draft_instruction
from procurement.payments.ledger import NewPosting, balance, post
from procurement.payments.months import (
    needs_insurance_account,
    rules_of,
    terms_of,
    uses_reserve,
)
from procurement.payments.reserve import debt_to_reserve, reserve_left
from procurement.payments.rules.events import Event, reserve_refilled
from procurement.payments.rules.offset import (
    DueClaim,
    OffsetPlan,
    PaidClaim,
    Position,
    plan_offset,
)
from procurement.payments.settling_tables import (
    Claim,
    ClaimObjection,
    Offset,
    SettlementMonth,
)
from procurement.payments.stated import needed
from procurement.payments.states import ClaimStatus, InstructionKind, check_claim
from procurement.permissions import Actor

ZERO = Decimal(0)
_FUNDS = (Fund.EMPLOYEE, Fund.RESIDENT)
_NOT_INSTRUCTED = (
    ClaimStatus.APPLIED,
    ClaimStatus.HOSPITAL_CHECKED,
    ClaimStatus.AGENCY_CHECKED,
    ClaimStatus.RECONCILED,
)


@dataclass(frozen=True, slots=True)
class Planned:
    """What a hospital's month would pay: its claims, what there is, what comes out."""

    claims: Sequence[Claim]
    position: Position
    plan: OffsetPlan


def plan_for(
    session: Session, *, month: SettlementMonth, hospital_id: int, for_update: bool = False
) -> Planned:
    """Plan the offset of a hospital's reconciled claims; nothing is written.

    Claims with an objection that is not ended are left out. They, claims that are not reconciled,
    and those of the agency's other months are pending: what the funds owe is kept for them.

    Args:
        session: Session of the caller's transaction.
        month: Which month, at which agency.
        hospital_id: Which hospital.
        for_update: What it rests on stands until the transaction ends.

    Raises:
        RuleMissingError: The order of the funds, or when the reserve is refilled, nobody gave; or
            the rulebook sets nothing off.
    """
    rules = rules_of(month)
    if not needed(lambda: rules.flag("direct.offset")):
        raise RuleMissingError(
            "direct.offset",
            zh="该规则书没有载明与基金应付费用相冲抵。",
            en="The rulebook does not say that goods are set off against what the fund owes.",
        )
    terms = terms_of(month)
    claims, pending = _claims(session, month, hospital_id, for_update)
    agency = month.agency_id
    position = Position(
        fund_payable={
            fund: -balance(
                session,
                account=Account(AccountKind.OWED_TO_HOSPITAL, agency, hospital_id, fund),
                for_update=for_update,
            )
            for fund in _FUNDS
        },
        reserve=reserve_left(session, agency_id=agency, for_update=for_update)
        if uses_reserve(rules)
        else ZERO,
        reserve_debt=debt_to_reserve(session, agency_id=agency, hospital_id=hospital_id),
        pending=pending,
    )
    due = [DueClaim(claim.id, claim.amount) for claim in claims]
    return Planned(claims, position, plan_offset(position, due, terms))


def _claims(
    session: Session, month: SettlementMonth, hospital_id: int, for_update: bool
) -> tuple[Sequence[Claim], Decimal]:
    """The claims that may be paid, and the sum of those that may not be yet."""
    months = select(SettlementMonth.id).where(SettlementMonth.agency_id == month.agency_id)
    wanted = (
        select(Claim)
        .where(
            Claim.month_id.in_(months),
            Claim.hospital_id == hospital_id,
            Claim.status.in_(_NOT_INSTRUCTED),
        )
        .order_by(Claim.id)
    )
    if for_update:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(wanted).all()
    # Objections are read once the claims are locked: whoever objects locks the claim first.
    objected = set(
        session.scalars(
            select(ClaimObjection.claim_id)
            .join(Claim, Claim.id == ClaimObjection.claim_id)
            .where(Claim.hospital_id == hospital_id, ClaimObjection.status.in_(UNDER_WAY))
        )
    )
    payable = [
        claim
        for claim in found
        if claim.month_id == month.id
        and claim.status == ClaimStatus.RECONCILED
        and claim.id not in objected
    ]
    pending = sum((claim.amount for claim in found if claim not in payable), ZERO)
    return sorted(payable, key=lambda claim: (claim.applied_at, claim.id)), pending


def instruct_month(
    session: Session, *, month: SettlementMonth, hospital_id: int, actor: Actor, moment: datetime
) -> Offset:
    """Set off a hospital's reconciled claims and draft the instructions; another confirms each.

    Args:
        session: Session of the caller's transaction.
        month: Which month, at which agency.
        hospital_id: Which hospital.
        actor: Of the agency.
        moment: When, aware.

    Returns:
        What was set off, with the figures before and after.

    Raises:
        ClaimsWaitError: All that the funds owe is kept for claims that cannot be paid yet.
        NotOfMonthError: Nothing is reconciled, and no fund owes anything.
        RuleMissingError: See `plan_for`.
    """
    # One at a time for a month: the number of the offset, and the reserve.
    session.refresh(month, with_for_update=True)
    planned = plan_for(session, month=month, hospital_id=hospital_id, for_update=True)
    plan = planned.plan
    if not plan.paid and not plan.to_hospital.amount and not plan.refilled.amount:
        waits = plan.unpaid + planned.position.pending
        raise ClaimsWaitError(waits) if waits else NotOfMonthError
    offset = _store(session, month, hospital_id, planned, actor, moment)
    if plan.refilled.amount:
        new = NewPosting(
            kind=Event.RESERVE_REFILLED,
            key=f"offset/{offset.id}/refilled",
            subject=f"offset/{offset.id}",
            entries=reserve_refilled(month.agency_id, hospital_id, plan.refilled),
        )
        post(session, new=new, actor=actor, moment=moment)
    by_id = {claim.id: claim for claim in planned.claims}
    for paid in plan.paid:
        _instruct_claim(session, month, by_id[paid.key], offset, paid, actor, moment)
    if plan.to_hospital.amount:
        draft = Draft(
            kind=InstructionKind.REMAINDER,
            key=f"offset/{offset.id}/remainder",
            agency_id=month.agency_id,
            payee_id=hospital_id,
            hospital_id=hospital_id,
            subject=f"offset/{offset.id}",
            sources=plan.to_hospital,
        )
        draft_instruction(session, draft=draft, actor=actor, moment=moment)
    record(
        session,
        actor=actor,
        action="set-off",
        subject=f"settlement-month/{month.id}",
        facts={"hospital": str(hospital_id), "number": str(offset.number)},
        moment=moment,
    )
    return offset


def _instruct_claim(
    session: Session,
    month: SettlementMonth,
    claim: Claim,
    offset: Offset,
    paid: PaidClaim,
    actor: Actor,
    moment: datetime,
) -> None:
    check_claim(ClaimStatus(claim.status), ClaimStatus.INSTRUCTED)
    draft = Draft(
        kind=InstructionKind.GOODS,
        key=f"offset/{offset.id}/claim/{claim.id}",
        agency_id=month.agency_id,
        payee_id=claim.seller_id,
        hospital_id=claim.hospital_id,
        subject=f"claim/{claim.id}",
        sources=paid.sources,
        insurance_account=needs_insurance_account(month),
    )
    instruction = draft_instruction(session, draft=draft, actor=actor, moment=moment)
    claim.instruction_id = instruction.id
    claim.status = ClaimStatus.INSTRUCTED
    claim.version += 1
    note_step(session, claim=claim, actor=actor, moment=moment)


def _store(
    session: Session,
    month: SettlementMonth,
    hospital_id: int,
    planned: Planned,
    actor: Actor,
    moment: datetime,
) -> Offset:
    earlier = session.scalar(
        select(func.count()).where(Offset.month_id == month.id, Offset.hospital_id == hospital_id)
    )
    plan, position = planned.plan, planned.position
    offset = Offset(
        month_id=month.id,
        hospital_id=hospital_id,
        number=(earlier or 0) + 1,
        owed_employee=position.fund_payable[Fund.EMPLOYEE],
        owed_resident=position.fund_payable[Fund.RESIDENT],
        goods_due=sum((claim.amount for claim in planned.claims), ZERO),
        from_employee=plan.sources.employee,
        from_resident=plan.sources.resident,
        from_reserve=plan.sources.reserve,
        refilled=plan.refilled.amount,
        to_hospital=plan.to_hospital.amount,
        unpaid=plan.unpaid,
        reserve_debt=plan.reserve_debt,
        drafted_by=actor.person_id,
        drafted_at=moment,
    )
    session.add(offset)
    session.flush()
    return offset
