"""Monthly delivery rates of manufacturers and distributors, and who stays too low."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import NATION
from procurement.orders.fulfilment.naming import names_of
from procurement.orders.fulfilment.rules.crossings import (
    MONTHS_IN_ROW,
    RATE_MEASURE,
    RATE_MIN,
    Crossing,
    delivers_too_little,
)
from procurement.orders.fulfilment.rules.delivery_rate import Delivered, Month, flagged_months
from procurement.orders.fulfilment.rules.region_rules import RegionRules, significant
from procurement.orders.fulfilment.scope import By
from procurement.orders.states import OrderStatus
from procurement.orders.tables import Delivery, DeliveryLine, OrderLine, PurchaseOrder


class SupplierRole(StrEnum):
    """As what somebody supplies."""

    MANUFACTURER = "manufacturer"
    DISTRIBUTOR = "distributor"


@dataclass(frozen=True, slots=True)
class SupplierMonths:
    """The orders of one supplier, month by month.

    Attributes:
        organisation_id: The supplier.
        name: Its name.
        months: What became of the orders of each month asked for.
    """

    organisation_id: int
    name: str
    months: tuple[Delivered, ...]

    def rates(self, measure: str) -> tuple[Fraction | None, ...]:
        """The delivery rate of each month."""
        return tuple(month.rate(measure) for month in self.months)


@dataclass(frozen=True, slots=True)
class SupplierFlag:
    """A supplier whose rate stays below the limit of a region at the end of a month.

    Attributes:
        supplier: With its months.
        month: The last of the months in a row.
        crossing: What was found.
    """

    supplier: SupplierMonths
    month: Month
    crossing: Crossing


def months_until(day: date, count: int) -> tuple[Month, ...]:
    """The last complete months before a day, oldest first.

    Examples:
        >>> [str(month) for month in months_until(date(2027, 2, 28), 2)]
        ['2026-12', '2027-01']
    """
    return tuple(Month.of(day).before(back) for back in range(count, 0, -1))


def delivery_months(
    session: Session,
    *,
    role: SupplierRole,
    months: Sequence[Month],
    region: str = NATION,
    organisation_id: int | None = None,
) -> list[SupplierMonths]:
    """Return what became of the orders that hospitals placed, by supplier and month.

    An order belongs to the month in which it was placed. What a manufacturer declined counts as
    not delivered by it; it never reached a distributor. What a hospital cancelled does not count.

    Args:
        session: Any session.
        role: Whose orders.
        months: Which months.
        region: Orders of hospitals within this division.
        organisation_id: Only this supplier; None for all.
    """
    found: dict[int, dict[Month, Delivered]] = {}
    for month in months:
        statement = _summed(role, month, region, organisation_id)
        for supplier, *numbers in session.execute(statement):
            found.setdefault(supplier, {})[month] = Delivered(*map(int, numbers))
    names = names_of(session, by=By.SUPPLIER, keys=found)
    return [
        SupplierMonths(
            one, names[one][0], tuple(found[one].get(month, Delivered()) for month in months)
        )
        for one in sorted(found)
    ]


def supplier_flags(
    session: Session,
    *,
    role: SupplierRole,
    rules: RegionRules,
    until: Month,
    organisation_id: int | None = None,
) -> list[SupplierFlag]:
    """Return who stands flagged at the end of a month by the rules of a region.

    Args:
        session: Any session.
        role: Whose orders.
        rules: Of the region; they state limit and months in a row.
        until: The last month.
        organisation_id: Only this supplier; None for all.

    Returns:
        Nobody where no rule of the region states a limit.

    Raises:
        RuleNotStatedError: A limit is stated, but nobody says what the rate measures.
    """
    if not rules.knows(RATE_MIN):
        return []
    row, measure = rules.count(MONTHS_IN_ROW), rules.word(RATE_MEASURE)
    months = tuple(until.before(back) for back in range(row - 1, -1, -1))
    found = delivery_months(
        session, role=role, months=months, region=rules.region, organisation_id=organisation_id
    )
    flags = []
    for supplier in found:
        rates = supplier.rates(measure)
        flagged = flagged_months(rates, rate_min=rules.decimal(RATE_MIN), months_in_row=row)
        if row in flagged:
            known = tuple(rate for rate in rates if rate is not None)
            shown = tuple(map(str, months))
            flags.append(SupplierFlag(supplier, until, delivers_too_little(shown, known, rules)))
    return flags


def _summed(
    role: SupplierRole, month: Month, region: str, organisation_id: int | None
) -> Select[Any]:
    orders = _orders(role, month, region, organisation_id).subquery()
    is_full = case((orders.c.short == 0, 1), else_=0)
    is_in_time = case((orders.c.late == 0, 1), else_=0)
    return select(
        orders.c.supplier,
        func.sum(orders.c.packs),
        func.sum(orders.c.delivered),
        func.sum(orders.c.in_time),
        func.count(),
        func.sum(is_full),
        func.sum(is_in_time),
    ).group_by(orders.c.supplier)


def _orders(
    role: SupplierRole, month: Month, region: str, organisation_id: int | None
) -> Select[Any]:
    """Each order of a month with its packs, and how many of its lines fell short or came late."""
    by_role = {
        SupplierRole.MANUFACTURER: PurchaseOrder.organisation_id,
        SupplierRole.DISTRIBUTOR: PurchaseOrder.distributor_id,
    }
    supplier = by_role[role].expression
    arrived = _arrived_in_time(month).subquery()
    is_declined = PurchaseOrder.status == OrderStatus.DECLINED
    packs = case((is_declined, OrderLine.packs), else_=OrderLine.packs - OrderLine.cancelled_packs)
    in_time = func.coalesce(arrived.c.packs, 0)
    begins, ends = month.moments
    statement = (
        select(
            supplier.label("supplier"),
            func.sum(packs).label("packs"),
            func.sum(OrderLine.accepted_packs).label("delivered"),
            func.sum(in_time).label("in_time"),
            func.sum(case((OrderLine.accepted_packs < packs, 1), else_=0)).label("short"),
            func.sum(case((in_time < packs, 1), else_=0)).label("late"),
        )
        .join(OrderLine, OrderLine.order_id == PurchaseOrder.id)
        .outerjoin(arrived, arrived.c.order_line_id == OrderLine.id)
        .where(PurchaseOrder.placed_at >= begins, PurchaseOrder.placed_at < ends, packs > 0)
        .group_by(supplier, PurchaseOrder.id)
    )
    if role is SupplierRole.DISTRIBUTOR:
        statement = statement.where(PurchaseOrder.confirmed_at.is_not(None))
    if significant(region):
        statement = statement.where(PurchaseOrder.region.startswith(significant(region)))
    if organisation_id is not None:
        statement = statement.where(supplier == organisation_id)
    return statement


def _arrived_in_time(month: Month) -> Select[Any]:
    """Packs of the month's orders that were accepted by the order's limit, or without one."""
    begins, ends = month.moments
    has_no_limit = and_(PurchaseOrder.due_at.is_(None), Delivery.arrived_at.is_not(None))
    columns: list[ColumnElement[Any]] = [
        DeliveryLine.order_line_id.expression,
        func.sum(DeliveryLine.accepted_packs).label("packs"),
    ]
    return (
        select(*columns)
        .join(Delivery, Delivery.id == DeliveryLine.delivery_id)
        .join(PurchaseOrder, PurchaseOrder.id == Delivery.order_id)
        .where(PurchaseOrder.placed_at >= begins, PurchaseOrder.placed_at < ends)
        .where(or_(has_no_limit, Delivery.arrived_at <= PurchaseOrder.due_at))
        .group_by(DeliveryLine.order_line_id)
    )
