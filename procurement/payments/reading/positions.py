"""Where a hospital or an agency stands, by its books."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.payments.account_kinds import AccountKind
from procurement.payments.ledger import sum_of
from procurement.payments.reading.settled import money_sum
from procurement.payments.reserve import reserve_left
from procurement.payments.tables import LedgerAccount, LedgerEntry, Offset


@dataclass(frozen=True, slots=True)
class HospitalPosition:
    """What a hospital has to do with the fund, in yuan.

    Attributes:
        owed_by_fund: What the funds owe it.
        set_off: Goods that the funds paid for it and set off.
        owed_to_reserve: What it owes the reserve.
        prepaid: Prepayment that it holds.
    """

    owed_by_fund: Decimal
    set_off: Decimal
    owed_to_reserve: Decimal
    prepaid: Decimal


@dataclass(frozen=True, slots=True)
class AgencyPosition:
    """Where an agency stands, in yuan: what its funds owe, and what the reserve can still pay."""

    owed_to_hospitals: Decimal
    reserve: Decimal


@dataclass(frozen=True, slots=True)
class ReserveDebt:
    """What a hospital owes an agency's reserve."""

    hospital: Organisation
    amount: Decimal


def hospital_position(session: Session, *, organisation_ids: Sequence[int]) -> HospitalPosition:
    """Add up where hospitals stand: one, or a group's lead and its members."""

    def held(kind: AccountKind) -> Decimal:
        return sum((sum_of(session, owner=one, kind=kind) for one in organisation_ids), Decimal(0))

    set_off = session.scalar(
        select(money_sum(Offset.from_employee + Offset.from_resident)).where(
            Offset.hospital_id.in_(organisation_ids)
        )
    )
    return HospitalPosition(
        owed_by_fund=held(AccountKind.OWED_BY_FUND),
        set_off=set_off or Decimal(0),
        owed_to_reserve=-held(AccountKind.OWED_TO_RESERVE),
        prepaid=-held(AccountKind.PREPAYMENT_HELD),
    )


def agency_position(session: Session, *, agency_id: int) -> AgencyPosition:
    """Say where an agency stands."""
    owed = sum_of(session, owner=agency_id, kind=AccountKind.OWED_TO_HOSPITAL)
    return AgencyPosition(-owed, reserve_left(session, agency_id=agency_id))


def reserve_debts(session: Session, *, agency_id: int) -> Sequence[ReserveDebt]:
    """Return what hospitals owe an agency's reserve, by name."""
    rows = session.execute(
        select(Organisation, money_sum(LedgerEntry.amount))
        .join(LedgerAccount, LedgerAccount.counterpart_id == Organisation.id)
        .join(LedgerEntry, LedgerEntry.account_id == LedgerAccount.id)
        .where(
            LedgerAccount.owner_id == agency_id,
            LedgerAccount.kind == AccountKind.LENT_BY_RESERVE,
        )
        .group_by(Organisation.id)
        .order_by(Organisation.name)
    )
    return [ReserveDebt(hospital, amount) for hospital, amount in rows if amount]
