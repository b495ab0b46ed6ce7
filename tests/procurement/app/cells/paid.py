"""Payments of a side: a month of its agency, claims, instructions, bank accounts."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from procurement.database import database_moment, transaction
from procurement.payments.instructions import Draft, draft_instruction
from procurement.payments.rules.events import Sources
from procurement.payments.states import AccountStatus, ClaimStatus, InstructionKind
from procurement.payments.tables import BankAccount, Claim, SettlementMonth
from procurement.permissions import Actor, Role
from tests.procurement.app.cells.sides import Side, Value

MONTH = date(2026, 3, 1)
HOLDERS = (Role.HOSPITAL, Role.MANUFACTURER, Role.DISTRIBUTOR, Role.FUND_AGENCY)


def settle_goods(engine: Engine, side: Side, other: Side) -> None:
    """Give a side claims, by its distributor, by its maker, on its group's member and abroad."""
    with transaction(engine) as session:
        month = _month(session, side)
        hospital = side.organisation_id(Role.HOSPITAL)
        seller = side.organisation_id(Role.DISTRIBUTOR)
        side.things |= {
            "month_id": month.id,
            "hospital": hospital,
            "claim_id": _claim(session, month, seller, hospital),
            "direct_claim_id": _claim(session, month, side.maker.id, hospital),
            "member_claim_id": _claim(session, month, seller, int(side.things["member"])),
            "guest_claim_id": _claim(session, month, seller, other.organisation_id(Role.HOSPITAL)),
            "instruction_id": _instruction(session, side, side.second_officer.id),
            "own_instruction_id": _instruction(session, side, side.people[Role.FUND_AGENCY].id),
        }
        for role in HOLDERS:
            side.things[f"{role}_account_id"] = _account(session, side, role)


def _month(session: Session, side: Side) -> SettlementMonth:
    month = SettlementMonth(
        agency_id=side.organisation_id(Role.FUND_AGENCY),
        region=f"{side.region[:3]}100",
        month=MONTH,
        rulebook="direct-fujian-2017",
        rulebook_digest="0" * 64,
        parameters="{}",
        calendar="{}",
        opened_at=database_moment(session),
    )
    session.add(month)
    session.flush()
    return month


def _claim(session: Session, month: SettlementMonth, seller: int, hospital: int) -> Value:
    claim = Claim(
        number=f"JS{month.id}-{seller}-{hospital}",
        month_id=month.id,
        seller_id=seller,
        hospital_id=hospital,
        status=ClaimStatus.APPLIED,
        amount=Decimal(1),
        applied_at=database_moment(session),
    )
    session.add(claim)
    session.flush()
    return claim.id


def _instruction(session: Session, side: Side, person_id: int) -> Value:
    agency, hospital = side.organisation_id(Role.FUND_AGENCY), side.organisation_id(Role.HOSPITAL)
    draft = Draft(
        kind=InstructionKind.RETAINED,
        key=f"{agency}/{person_id}",
        agency_id=agency,
        payee_id=hospital,
        hospital_id=hospital,
        subject="retained/x",
        sources=Sources(employee=Decimal(1)),
    )
    actor = Actor(person_id=person_id)
    moment = database_moment(session)
    return draft_instruction(session, draft=draft, actor=actor, moment=moment).id


def _account(session: Session, side: Side, role: Role) -> Value:
    account = BankAccount(
        organisation_id=side.organisation_id(role),
        holder="x",
        bank="x",
        number_sealed="",
        number_tail="0000",
        is_insurance=False,
        status=AccountStatus.CLOSED,
        proposed_at=database_moment(session),
    )
    session.add(account)
    session.flush()
    return account.id
