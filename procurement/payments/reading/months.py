"""Months of direct settlement with their calendar, what the fund owes, and what was set off."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.payments.account_kinds import Fund
from procurement.payments.reading.scope import Scope, Side
from procurement.payments.states import ClaimStatus
from procurement.payments.tables import Claim, FundPayable, Offset, SettlementMonth
from procurement.permissions import NotFoundForActorError
from procurement.volumes.rules import region_prefix


@dataclass(frozen=True, slots=True)
class PayableShown:
    """What the funds owe a hospital for a month; None where nothing is recorded of that fund."""

    hospital_id: int
    hospital: str
    employee: Decimal | None
    resident: Decimal | None

    @property
    def total(self) -> Decimal:
        """Of both funds."""
        return (self.employee or Decimal(0)) + (self.resident or Decimal(0))


@dataclass(frozen=True, slots=True)
class OffsetShown:
    """An offset with the name of its hospital."""

    offset: Offset
    hospital: str


def months_seen(session: Session, *, scope: Scope) -> Sequence[tuple[SettlementMonth, str]]:
    """Return months with the name of the agency, the newest first.

    An agency or bureau sees those of its region, a hospital those of the agencies whose region it
    lies in, a company all: it may have delivered anywhere.
    """
    statement = (
        select(SettlementMonth, Organisation.name)
        .join(Organisation, Organisation.id == SettlementMonth.agency_id)
        .order_by(SettlementMonth.month.desc(), SettlementMonth.id)
    )
    if scope.is_regional:
        # A city's agency looks after its counties too.
        if scope.division:
            statement = statement.where(SettlementMonth.region.startswith(scope.division))
    elif scope.side is Side.HOSPITAL:
        own = session.get_one(Organisation, scope.organisation_id)
        rows = session.execute(statement).all()
        return [
            (month, name)
            for month, name in rows
            if own.region.startswith(region_prefix(month.region))
        ]
    return [(month, name) for month, name in session.execute(statement)]


def find_month(session: Session, *, scope: Scope, month_id: int) -> SettlementMonth:
    """Return a month that is seen.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's to see.
    """
    for month, _ in months_seen(session, scope=scope):
        if month.id == month_id:
            return month
    raise NotFoundForActorError


def parameters_of(month: SettlementMonth) -> Mapping[str, object]:
    """Return what somebody gave where the rulebook is silent."""
    found: Mapping[str, object] = json.loads(month.parameters)
    return found


def payables_of(
    session: Session, *, month: SettlementMonth, scope: Scope
) -> Sequence[PayableShown]:
    """Return what the funds owe hospitals for a month, in the latest revision, by name."""
    latest = (
        select(
            FundPayable.hospital_id,
            FundPayable.fund,
            func.max(FundPayable.revision).label("revision"),
        )
        .where(FundPayable.agency_id == month.agency_id, FundPayable.month == month.month)
        .group_by(FundPayable.hospital_id, FundPayable.fund)
        .subquery()
    )
    rows = session.execute(
        select(FundPayable, Organisation.name)
        .join(
            latest,
            (latest.c.hospital_id == FundPayable.hospital_id)
            & (latest.c.fund == FundPayable.fund)
            & (latest.c.revision == FundPayable.revision),
        )
        .join(Organisation, Organisation.id == FundPayable.hospital_id)
        .where(
            FundPayable.agency_id == month.agency_id,
            FundPayable.month == month.month,
            scope.sees(FundPayable.hospital_id),
        )
        .order_by(Organisation.name, FundPayable.hospital_id)
    )
    found: dict[int, tuple[str, dict[str, Decimal]]] = {}
    for row, name in rows:
        found.setdefault(row.hospital_id, (name, {}))[1][str(row.fund)] = row.amount
    return [
        PayableShown(
            hospital_id, name, amounts.get(Fund.EMPLOYEE.value), amounts.get(Fund.RESIDENT.value)
        )
        for hospital_id, (name, amounts) in found.items()
    ]


def offsets_of(session: Session, *, month: SettlementMonth, scope: Scope) -> Sequence[OffsetShown]:
    """Return how claims of a month were set off, by hospital."""
    rows = session.execute(
        select(Offset, Organisation.name)
        .join(Organisation, Organisation.id == Offset.hospital_id)
        .where(Offset.month_id == month.id, scope.sees(Offset.hospital_id))
        .order_by(Organisation.name, Offset.hospital_id, Offset.number)
    )
    return [OffsetShown(offset, name) for offset, name in rows]


def hospitals_to_offset(session: Session, *, month: SettlementMonth) -> Sequence[Organisation]:
    """Return the hospitals of a month that wait to be set off.

    They have reconciled claims, or the funds owe them something for it and nothing was set off.
    """
    reconciled = select(Claim.hospital_id).where(
        Claim.month_id == month.id, Claim.status == ClaimStatus.RECONCILED
    )
    owed = select(FundPayable.hospital_id).where(
        FundPayable.agency_id == month.agency_id, FundPayable.month == month.month
    )
    done = select(Offset.hospital_id).where(Offset.month_id == month.id)
    return session.scalars(
        select(Organisation)
        .where(
            or_(
                Organisation.id.in_(reconciled),
                Organisation.id.in_(owed) & Organisation.id.not_in(done),
            )
        )
        .order_by(Organisation.name)
    ).all()


def hospitals_of_region(session: Session, *, region: str) -> Sequence[Organisation]:
    """Return the hospitals of an agency's region, by name."""
    return session.scalars(
        select(Organisation)
        .where(
            Organisation.kind == OrganisationKind.HOSPITAL,
            Organisation.region.startswith(region_prefix(region)),
            Organisation.is_active,
        )
        .order_by(Organisation.name, Organisation.id)
    ).all()
