"""Orders of convenience pharmacies: who may buy, and until when firms answer and deliver."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from pricing.stated_rules import StatedRules
from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.orders.states import OrderStatus
from procurement.orders.tables import OrderLine, PurchaseOrder
from procurement.pharmacies.designation.service import designated_on
from procurement.pharmacies.designation.states import DesignationScheme
from procurement.pharmacies.places.service import places_of
from procurement.pharmacies.places.tables import Place

ORDERS_SHOWN = 50
_ENDED = (OrderStatus.DECLINED, OrderStatus.CANCELLED)


def may_buy(session: Session, organisation: Organisation, day: date) -> bool:
    """Tell orders whether a pharmacy orders winners and negotiated drugs: it keeps a sign.

    Args:
        session: Any session.
        organisation: Who would order.
        day: In China.
    """
    if organisation.kind != OrganisationKind.PHARMACY:
        return False
    return any(
        designated_on(session, place_id=place.id, scheme=DesignationScheme.CONVENIENCE, day=day)
        for place in places_of(session, organisation_id=organisation.id)
    )


@dataclass(frozen=True, slots=True)
class OrderDuty:
    """What a firm owes an order of a convenience pharmacy.

    Attributes:
        order: The order.
        amount: Yuan of what is not cancelled.
        is_owed: It is large enough that it must be answered.
        answer_due_at: Until when; None where nothing is owed.
        delivery_due_at: Until when it is delivered; None where nothing is owed.
        is_answered_late: It was answered after that, or is not answered and late by now.
    """

    order: PurchaseOrder
    amount: Decimal
    is_owed: bool
    answer_due_at: datetime | None
    delivery_due_at: datetime | None
    is_answered_late: bool


def duties_of(
    session: Session, *, place: Place, rules: StatedRules, moment: datetime
) -> Sequence[OrderDuty]:
    """Return the newest orders of a pharmacy's keeper, with what firms owe them.

    Args:
        session: Any session.
        place: The pharmacy.
        rules: Of its document.
        moment: Now, aware.

    Raises:
        RuleNotStatedError: The document leaves a limit open.
    """
    if place.organisation_id is None:
        return []
    packs = OrderLine.packs - OrderLine.cancelled_packs
    orders = session.scalars(
        select(PurchaseOrder)
        .where(PurchaseOrder.hospital_id == place.organisation_id)
        .where(PurchaseOrder.status.not_in(_ENDED))
        .order_by(PurchaseOrder.id.desc())
        .limit(ORDERS_SHOWN)
    ).all()
    rows = session.execute(
        select(OrderLine.order_id, OrderLine.pack_price, packs).where(
            OrderLine.order_id.in_([one.id for one in orders])
        )
    )
    amounts: dict[int, Decimal] = {}
    for order_id, price, number in rows:
        amounts[order_id] = amounts.get(order_id, Decimal(0)) + price * int(number)
    return [_duty(one, amounts.get(one.id, Decimal(0)), rules, moment) for one in orders]


def _duty(order: PurchaseOrder, amount: Decimal, rules: StatedRules, moment: datetime) -> OrderDuty:
    if amount < rules.decimal("order.amount_min"):
        return OrderDuty(order, amount, False, None, None, False)
    answer = order.placed_at + timedelta(hours=rules.count("order.answer_hours"))
    delivery = order.placed_at + timedelta(days=rules.count("order.delivery_days"))
    answered = order.confirmed_at or moment
    return OrderDuty(order, amount, True, answer, delivery, answered > answer)
