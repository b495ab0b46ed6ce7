"""What pages and interface of orders share: finding what the visitor may do something with."""

from dataclasses import dataclass

from procurement.accounts.tables import Organisation
from procurement.china_days import day_in_china
from procurement.orders.offers import require_hospital
from procurement.orders.subjects import (
    buying_subject,
    delivering_subject,
    hospital_subject,
    order_subject,
    supplying_subject,
)
from procurement.orders.tables import Delivery, PurchaseOrder, ReceiptLine
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.web import Visit

_BUYING = (Action.PLACE_ORDER, Action.ACCEPT_DELIVERY, Action.RETURN_GOODS)


@dataclass(frozen=True, slots=True)
class OrderVisit:
    """An order that the visitor may do something with.

    Attributes:
        order: The row.
        subject: What permissions ask about reading it.
    """

    order: PurchaseOrder
    subject: Subject

    @property
    def address(self) -> str:
        """Address of its page."""
        return f"/orders/{self.order.id}"


def buyer_for(visit: Visit, hospital_id: int | None) -> Organisation:
    """Return the hospital that the visitor orders for: the own one, or a member of its group.

    Args:
        visit: The request.
        hospital_id: A member of the group; None for the own hospital.

    Raises:
        NotPermittedError: The visitor's roles order nothing.
        NotFoundForActorError: It is another's hospital.
    """
    visit.require_ever(Action.PLACE_ORDER)
    wanted = hospital_id or visit.actor.organisation_id
    organisation = None if wanted is None else visit.session.get(Organisation, wanted)
    if organisation is None:
        raise NotFoundForActorError
    subject = hospital_subject(visit.session, hospital=organisation, moment=visit.moment)
    visit.require(Action.PLACE_ORDER, subject)
    day = day_in_china(visit.moment)
    return require_hospital(visit.session, hospital_id=organisation.id, day=day)


def order_for(visit: Visit, order_id: int, action: Action) -> OrderVisit:
    """Return an order that the visitor may do something with.

    Args:
        visit: The request.
        order_id: The order.
        action: Reading, or what one of its parties does with it.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's.
        NotPermittedError: None of the visitor's roles may do this at all.
    """
    visit.require_ever(action)
    order = visit.session.get(PurchaseOrder, order_id)
    if order is None:
        raise NotFoundForActorError
    visit.require(action, _subject(visit, order, action))
    reading = order_subject(visit.session, order=order, actor=visit.actor, moment=visit.moment)
    return OrderVisit(order, reading)


def _subject(visit: Visit, order: PurchaseOrder, action: Action) -> Subject:
    if action in _BUYING:
        return buying_subject(visit.session, order=order, moment=visit.moment)
    if action is Action.CONFIRM_ORDER:
        return supplying_subject(order)
    if action is Action.DELIVER_ORDER:
        return delivering_subject(order)
    return order_subject(visit.session, order=order, actor=visit.actor, moment=visit.moment)


def may(visit: Visit, order: PurchaseOrder, action: Action) -> bool:
    """Tell whether the visitor may do something with an order, for pages that offer it."""
    return visit.may(action, _subject(visit, order, action))


def delivery_for(visit: Visit, order_id: int, delivery_id: int, action: Action) -> Delivery:
    """Return a delivery of an order that the visitor may do something with.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's.
        NotPermittedError: None of the visitor's roles may do this at all.
    """
    found = order_for(visit, order_id, action)
    delivery = visit.session.get(Delivery, delivery_id)
    if delivery is None or delivery.order_id != found.order.id:
        raise NotFoundForActorError
    return delivery


def receipt_line_for(
    visit: Visit, order_id: int, receipt_line_id: int, action: Action
) -> ReceiptLine:
    """Return a line of an order's receipts that the visitor may do something with.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's.
        NotPermittedError: None of the visitor's roles may do this at all.
    """
    found = order_for(visit, order_id, action)
    line = visit.session.get(ReceiptLine, receipt_line_id)
    if line is None or line.receipt.delivery.order_id != found.order.id:
        raise NotFoundForActorError
    return line
