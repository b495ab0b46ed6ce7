"""Placing orders: at the price of the chain, from whom the hospital may buy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.notices import notify
from procurement.orders.numbers import next_number
from procurement.orders.offers import Offer, Seller, offers_by_key, require_hospital
from procurement.orders.states import OrderKind, OrderStatus, Urgency
from procurement.orders.tables import OrderLine, PurchaseOrder
from procurement.orders.wanted import LINES_MAX, Chosen, Wanted, choose
from procurement.permissions import Actor

__all__ = ["Terms", "Wanted", "place_order", "store_order"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How an order is to be delivered.

    Attributes:
        urgency: How soon it is needed.
        is_remote: The hospital lies remote.
        is_cold_chain: The goods are kept cold.
    """

    urgency: Urgency = Urgency.ORDINARY
    is_remote: bool = False
    is_cold_chain: bool = False


def place_order(  # noqa: PLR0913 - what a hospital says of an order; pages name each
    session: Session,
    *,
    hospital_id: int,
    actor: Actor,
    lines: Sequence[Wanted],
    distributor_id: int | None,
    urgency: Urgency = Urgency.ORDINARY,
    is_remote: bool = False,
    is_cold_chain: bool = False,
    moment: datetime,
) -> PurchaseOrder:
    """Order packs of one manufacturer, for a hospital.

    Beyond the agreed volume, too: the winning price holds to the last day of the cycle.

    Args:
        session: Session of the caller's transaction.
        hospital_id: Who buys.
        actor: Of the hospital, or of the lead of its group.
        lines: What; all of one manufacturer and under the same agreement, if any.
        distributor_id: One of the offers' sellers; None where there is only one.
        urgency: How soon it is needed.
        is_remote: The hospital lies remote.
        is_cold_chain: The goods are kept cold.
        moment: When, aware.

    Returns:
        The order; its manufacturer is told.

    Raises:
        InvalidInputError: With every fault: no such hospital, nothing with this key, after the
            last day of the cycle, an agreement that is not signed, a price that is not the one in
            force, too much for 64 bits, several manufacturers, a distributor who may not deliver.
    """
    day = day_in_china(moment)
    hospital = require_hospital(session, hospital_id=hospital_id, day=day)
    offers = offers_by_key(
        session, hospital_id=hospital_id, day=day, keys=[one.offer_key for one in lines]
    )
    chosen, faults = choose(lines, offers=offers)
    faults += _line_faults(
        lines, [offers[one.offer_key] for one in lines if one.offer_key in offers]
    )
    seller, more = seller_of([one.offer for one in chosen], distributor_id)
    if faults or more or seller is None:
        raise InvalidInputError([*faults, *more])
    return store_order(
        session,
        hospital=hospital,
        chosen=chosen,
        seller=seller,
        terms=Terms(urgency=urgency, is_remote=is_remote, is_cold_chain=is_cold_chain),
        actor=actor,
        moment=moment,
    )


def _line_faults(lines: Sequence[Wanted], offers: Sequence[Offer]) -> list[FieldFault]:
    """What is wrong with the lines together."""
    if not 1 <= len(lines) <= LINES_MAX:
        zh, en = f"须有 1 至 {LINES_MAX} 行。", f"Expected 1 to {LINES_MAX} lines."
        return [FieldFault("lines", zh, en)]
    if len({of_one_order(one) for one in offers}) > 1:
        zh = "一张订单只能向一家企业、按同一份协议采购，请分开下单。"
        en = "An order goes to one manufacturer, under one agreement: place one order for each."
        return [FieldFault("lines", zh, en)]
    return []


def of_one_order(offer: Offer) -> tuple[OrderKind, int, int | None, int | None]:
    """What the lines of one order share: kind, manufacturer, term and agreement."""
    return offer.kind, offer.organisation_id, offer.term_id, offer.agreement_id


def seller_of(
    offers: Sequence[Offer], distributor_id: int | None
) -> tuple[Seller | None, list[FieldFault]]:
    """Return who delivers all of some offers, or why nobody does.

    Args:
        offers: Of one order.
        distributor_id: Whom the hospital chose; None where it did not.
    """
    if not offers:
        return None, []
    shared = [one for one in offers[0].sellers if all(one in offer.sellers for offer in offers[1:])]
    if distributor_id is None and len(shared) == 1:
        return shared[0], []
    chosen = next((one for one in shared if one.id == distributor_id), None)
    if chosen is not None:
        return chosen, []
    zh = "请从可供配送的企业中选择。"
    en = "Choose one of the distributors that may deliver it."
    if not shared:
        zh, en = "没有可配送的企业：尚未确定配送企业。", "Nobody may deliver it yet."
    return None, [FieldFault("distributor_id", zh, en)]


def store_order(
    session: Session,
    *,
    hospital: Organisation,
    chosen: Sequence[Chosen],
    seller: Seller,
    terms: Terms,
    actor: Actor,
    moment: datetime,
) -> PurchaseOrder:
    """Store an order that was checked, and tell its manufacturer."""
    first = chosen[0].offer
    number = next_number(session, hospital_id=hospital.id, day=day_in_china(moment))
    order = PurchaseOrder(
        number=number,
        hospital_id=hospital.id,
        organisation_id=first.organisation_id,
        distributor_id=seller.id,
        round_id=first.round_id,
        term_id=first.term_id,
        agreement_id=first.agreement_id,
        region=hospital.region,
        kind=first.kind,
        urgency=terms.urgency,
        is_remote=terms.is_remote,
        is_cold_chain=terms.is_cold_chain,
        status=OrderStatus.PLACED,
        version=1,
        placed_by=actor.person_id,
        placed_at=moment,
        due_rule="",
        reason="",
        lines=[_line(index, one) for index, one in enumerate(chosen, start=1)],
    )
    session.add(order)
    session.flush()
    _tell(session, order, hospital, actor)
    return order


def _tell(session: Session, order: PurchaseOrder, hospital: Organisation, actor: Actor) -> None:
    record(
        session,
        actor=actor,
        action="place-order",
        subject=f"order/{order.number}",
        facts={
            "kind": OrderKind(order.kind).value,
            "lines": str(len(order.lines)),
            "seller": str(order.distributor_id),
        },
        moment=order.placed_at,
    )
    notify(
        session,
        organisation_id=order.organisation_id,
        zh=f"{hospital.name}下达采购订单 {order.number}，请确认。",
        en=f"{hospital.name} has placed order {order.number}. Please confirm.",
        link=f"/orders/{order.id}",
        moment=order.placed_at,
    )


def _line(number: int, chosen: Chosen) -> OrderLine:
    offer = chosen.offer
    return OrderLine(
        number=number,
        supply_id=offer.supply_id,
        price_id=chosen.price_id,
        lot_strength_id=offer.lot_strength_id,
        generic_product_id=offer.generic_product_id,
        product=offer.product,
        strength=offer.strength,
        unit=offer.unit,
        pack_units=offer.pack_units,
        pack_price=chosen.pack_price,
        packs=chosen.packs,
        cancelled_packs=0,
        shipped_packs=0,
        accepted_packs=0,
        returned_packs=0,
        is_winning=offer.is_winning,
    )
