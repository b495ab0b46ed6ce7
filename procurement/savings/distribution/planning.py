"""A hospital's plan of distribution: departments and purposes, to the cent what is payable."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.savings.rules import share_out
from procurement.savings.rules.exact import less, shown, total
from procurement.savings.settlements.changing import lock, noted, require_status
from procurement.savings.settlements.drafting import require_reason
from procurement.savings.statements.content import find_statement
from procurement.savings.states import SettlementStatus
from procurement.savings.tables import (
    REASON_LENGTH_MAX,
    DistributionPart,
    DistributionPlan,
    SavingsSettlement,
)

PARTS_MAX = 500
WEIGHT_MAX = 10**9
_AMOUNT = re.compile(r"\d{1,13}(\.\d{1,2}0{0,2})?")
_PLANNED_IN = (SettlementStatus.PUBLISHED, SettlementStatus.PAYING, SettlementStatus.SETTLED)


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """One part of a plan, as it is typed: either an amount or a weight.

    Attributes:
        name: The department or purpose.
        note: Why, or for what.
        amount: In yuan, to the cent; empty where the part is shared out.
        weight: By which what is left after the amounts is shared out; empty where one is given.
    """

    name: str
    note: str = ""
    amount: str = ""
    weight: str = ""


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan with its parts; they add up to its amount."""

    plan: DistributionPlan
    parts: tuple[DistributionPart, ...]


def plan_distribution(
    session: Session,
    *,
    settlement: SavingsSettlement,
    hospital_id: int,
    basis: str,
    parts: Sequence[PlannedPart],
    actor: Actor,
    moment: datetime,
) -> PlanView:
    """Keep a plan; a later one takes its place.

    Args:
        session: Session of the caller's transaction.
        settlement: The settlement; its table is public.
        hospital_id: The hospital.
        basis: The hospital's own rule.
        parts: Amounts, and weights by which the rest is shared out.
        actor: For the hospital.
        moment: Now, aware.

    Raises:
        InvalidInputError: With every fault; the parts must add up to what is payable.
        WrongStateError: The amounts are not public yet.
    """
    text = require_reason(basis, field_name="basis")
    locked = lock(session, settlement=settlement)
    require_status(locked, *_PLANNED_IN)
    statement = find_statement(session, settlement=locked, hospital_id=hospital_id)
    shares = _shares(parts, statement.payable)
    before = session.scalar(
        select(func.max(DistributionPlan.number)).where(
            DistributionPlan.statement_id == statement.id
        )
    )
    plan = DistributionPlan(
        statement_id=statement.id,
        number=(before or 0) + 1,
        basis=text,
        amount=statement.payable,
        written_by=actor.person_id,
        written_at=moment,
    )
    session.add(plan)
    session.flush()
    rows = tuple(
        _row(plan, number, part, amount)
        for number, (part, amount) in enumerate(zip(parts, shares, strict=True), start=1)
    )
    session.add_all(rows)
    session.flush()
    facts = {"hospital": str(hospital_id), "plan": str(plan.number)}
    noted(
        session,
        settlement=locked,
        action="plan-distribution",
        actor=actor,
        moment=moment,
        facts=facts,
    )
    return PlanView(plan, rows)


def _row(
    plan: DistributionPlan, number: int, part: PlannedPart, amount: Decimal
) -> DistributionPart:
    return DistributionPart(
        plan_id=plan.id,
        number=number,
        name=part.name.strip(),
        note=part.note.strip(),
        weight=int(part.weight) if part.weight.strip() else None,
        amount=amount,
    )


def plan_of(
    session: Session, *, settlement: SavingsSettlement, hospital_id: int
) -> PlanView | None:
    """Return the plan of a hospital that counts, if there is one."""
    statement = find_statement(session, settlement=settlement, hospital_id=hospital_id)
    plan = session.scalars(
        select(DistributionPlan)
        .where(DistributionPlan.statement_id == statement.id)
        .order_by(DistributionPlan.number.desc())
        .limit(1)
    ).one_or_none()
    if plan is None:
        return None
    own = DistributionPart.plan_id == plan.id
    rows = session.scalars(select(DistributionPart).where(own).order_by(DistributionPart.number))
    return PlanView(plan, tuple(rows))


def _shares(parts: Sequence[PlannedPart], payable: Decimal) -> list[Decimal]:
    """The amount of each part.

    Raises:
        InvalidInputError: They are not what is payable, or a part is wrong.
    """
    faults = [fault for place, part in enumerate(parts) for fault in _faults(place, part)]
    if not 0 < len(parts) <= PARTS_MAX:
        zh, en = f"须有 1 到 {PARTS_MAX} 项。", f"Expected 1 to {PARTS_MAX} parts."
        faults.append(FieldFault("parts", zh, en))
    if faults:
        raise InvalidInputError(faults)
    given = total([Decimal(part.amount) for part in parts if part.amount.strip()])
    weights = [int(part.weight) for part in parts if part.weight.strip()]
    left = less(payable, given)
    if left < 0 or (left and not weights) or (weights and not sum(weights)):
        zh = f"各项合计 {shown(given)} 元，应为 {shown(payable, least_decimals=2)} 元。"
        en = f"The parts come to {shown(given)} yuan, expected {shown(payable, least_decimals=2)}."
        raise InvalidInputError([FieldFault("parts", zh, en)])
    rest = iter(share_out(left, weights) if weights else ())
    return [Decimal(part.amount) if part.amount.strip() else next(rest) for part in parts]


def _faults(place: int, part: PlannedPart) -> list[FieldFault]:
    faults = []
    if not 0 < len(part.name.strip()) <= 200:
        zh, en = "请填写科室或用途。", "Expected a department or purpose."
        faults.append(FieldFault(f"name-{place}", zh, en))
    if len(part.note.strip()) > REASON_LENGTH_MAX:
        zh, en = f"最多 {REASON_LENGTH_MAX} 字。", f"At most {REASON_LENGTH_MAX} characters."
        faults.append(FieldFault(f"note-{place}", zh, en))
    amount, weight = part.amount.strip(), part.weight.strip()
    is_amount = bool(_AMOUNT.fullmatch(amount))
    is_weight = weight.isascii() and weight.isdigit() and int(weight[:11]) <= WEIGHT_MAX
    if (amount and not is_amount) or (weight and not is_weight) or bool(amount) == bool(weight):
        zh = "请填写金额（元，至多两位小数）或权重（整数），二者取一。"
        en = "Expected either yuan with at most two decimals, or a whole number as weight."
        faults.append(FieldFault(f"amount-{place}", zh, en))
    return faults
