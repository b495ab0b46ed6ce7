"""Claims of direct settlement: lists, and one with its lines, steps and objections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, Person
from procurement.orders.invoices.tables import Invoice, InvoiceLine
from procurement.payments.reading.scope import Scope
from procurement.payments.reading.settled import money_sum
from procurement.payments.states import ClaimStatus, ObjectionStatus
from procurement.payments.tables import (
    Claim,
    ClaimLine,
    ClaimObjection,
    ClaimStep,
    GoodsPayable,
    SettlementMonth,
)
from procurement.permissions import NotFoundForActorError

LIVING = tuple(status for status in ClaimStatus if status is not ClaimStatus.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Which claims are wanted; empty or 0 stands for all.

    Attributes:
        status: One of `ClaimStatus`.
        month_id: Of one month.
        organisation_id: Of one hospital or company.
        with_objection: With an objection that is still open.
    """

    status: str = ""
    month_id: int = 0
    organisation_id: int = 0
    with_objection: bool = False


@dataclass(frozen=True, slots=True)
class StatusSum:
    """How many claims have a status, and their amount."""

    count: int
    amount: Decimal


def claims_seen(scope: Scope, wanted: ClaimFilter) -> Any:  # noqa: ANN401 - a selection of two things, as `paginate` takes it
    """Select claims with their month, the newest first."""
    statement = (
        select(Claim, SettlementMonth)
        .join(SettlementMonth, SettlementMonth.id == Claim.month_id)
        .where(_seen(scope))
        .order_by(Claim.id.desc())
    )
    if wanted.status:
        statement = statement.where(Claim.status == wanted.status)
    if wanted.month_id:
        statement = statement.where(Claim.month_id == wanted.month_id)
    if wanted.organisation_id:
        own = wanted.organisation_id
        statement = statement.where((Claim.hospital_id == own) | (Claim.seller_id == own))
    if wanted.with_objection:
        statement = statement.where(_has_open_objection())
    return statement


def sums_by_status(
    session: Session, *, scope: Scope, month_id: int = 0
) -> Mapping[ClaimStatus, StatusSum]:
    """Count and sum up claims by status; each status is there."""
    statement = select(Claim.status, func.count(), money_sum(Claim.amount)).where(_seen(scope))
    if month_id:
        statement = statement.where(Claim.month_id == month_id)
    rows = session.execute(statement.group_by(Claim.status))
    found = {str(status): StatusSum(count, amount) for status, count, amount in rows}
    nothing = StatusSum(0, Decimal("0"))
    return {status: found.get(status.value, nothing) for status in ClaimStatus}


def _seen(scope: Scope) -> Any:  # noqa: ANN401 - a condition
    return scope.sees(Claim.hospital_id, Claim.seller_id)


def _has_open_objection() -> Any:  # noqa: ANN401 - a condition
    return exists().where(
        and_(
            ClaimObjection.claim_id == Claim.id,
            ClaimObjection.status.in_((ObjectionStatus.OPEN, ObjectionStatus.ANSWERED)),
        )
    )


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line of a claim with where it comes from."""

    line: ClaimLine
    goods: GoodsPayable
    of_invoice: InvoiceLine
    invoice: Invoice


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step that was done, and by whom; names are empty where the platform did it."""

    step: ClaimStep
    person: str
    organisation: str


@dataclass(frozen=True, slots=True)
class ObjectionShown:
    """An objection with the line that it is about and who raised it."""

    objection: ClaimObjection
    raised_by: str
    line_number: int | None


def lines_of(session: Session, *, claim: Claim) -> Sequence[LineShown]:
    """Return the lines of a claim by invoice."""
    rows = session.execute(
        select(ClaimLine, GoodsPayable, InvoiceLine, Invoice)
        .join(GoodsPayable, GoodsPayable.id == ClaimLine.goods_id)
        .join(InvoiceLine, InvoiceLine.id == GoodsPayable.invoice_line_id)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(ClaimLine.claim_id == claim.id)
        .order_by(Invoice.id, InvoiceLine.number)
    )
    return [LineShown(*row) for row in rows]


def steps_of(session: Session, *, claim: Claim) -> Sequence[StepShown]:
    """Return what was done with a claim, in order."""
    rows = session.execute(
        select(ClaimStep, Person.name, Organisation.name)
        .outerjoin(Person, Person.id == ClaimStep.person_id)
        .outerjoin(Organisation, Organisation.id == ClaimStep.organisation_id)
        .where(ClaimStep.claim_id == claim.id)
        .order_by(ClaimStep.id)
    )
    return [
        StepShown(step, person or "", organisation or "") for step, person, organisation in rows
    ]


def objections_of(session: Session, *, claim: Claim) -> Sequence[ObjectionShown]:
    """Return the objections to a claim, in order."""
    rows = session.execute(
        select(ClaimObjection, Organisation.name)
        .join(Organisation, Organisation.id == ClaimObjection.raised_by_id)
        .where(ClaimObjection.claim_id == claim.id)
        .order_by(ClaimObjection.id)
    ).all()
    lines = session.scalars(
        select(ClaimLine.id).where(ClaimLine.claim_id == claim.id).order_by(ClaimLine.id)
    )
    numbers = {one: number for number, one in enumerate(lines, start=1)}
    return [
        ObjectionShown(objection, name, numbers.get(objection.line_id or 0))
        for objection, name in rows
    ]


def find_claim(session: Session, *, scope: Scope, claim_id: int) -> tuple[Claim, SettlementMonth]:
    """Return a claim that is seen, and its month.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's to see.
    """
    found = session.execute(
        claims_seen(scope, ClaimFilter()).where(Claim.id == claim_id)
    ).one_or_none()
    if found is None:
        raise NotFoundForActorError
    return found[0], found[1]


def find_objection(session: Session, *, claim: Claim, objection_id: int) -> ClaimObjection:
    """Return an objection to a claim.

    Raises:
        NotFoundForActorError: There is none.
    """
    found = session.get(ClaimObjection, objection_id)
    if found is None or found.claim_id != claim.id:
        raise NotFoundForActorError
    return found
