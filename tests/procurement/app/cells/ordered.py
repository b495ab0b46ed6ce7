"""Orders of a side's hospitals: one is delivered, and accepted in part."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.agreements.tables import AgreedSupply, AgreementTerm
from procurement.china_days import day_in_china
from procurement.database import database_moment, transaction
from procurement.orders.accepting import AcceptedLine, accept
from procurement.orders.delivering import ShippedLine, ship
from procurement.orders.states import OrderKind, OrderStatus, Urgency
from procurement.orders.tables import OrderLine, PurchaseOrder
from procurement.permissions import Actor, Role
from procurement.prices.service import record_price
from procurement.prices.tables import Price
from procurement.rounds.tables import Lot, LotStrength
from tests.procurement.app.cells.sides import Side, Value

DAY = date(2026, 1, 1)
PACKS = 10


def order_goods(engine: Engine, side: Side, other: Side) -> None:
    """Give a side orders of its hospital, a member of its group, the other side, its pharmacy.

    All are of the side's maker, delivered by its distributor, in the round that its bureau leads.
    """
    with transaction(engine) as session:
        price = _price(session, side)
        hospitals = {
            "": side.organisation_id(Role.HOSPITAL),
            "member_": int(side.things["member"]),
            "guest_": other.organisation_id(Role.HOSPITAL),
            "pharmacy_": side.organisation_id(Role.PHARMACY),
        }
        for name, hospital_id in hospitals.items():
            side.things |= _of_hospital(session, side, price, hospital_id, name)
        # One that the maker delivers on its own.
        direct = _order(session, side, price, hospitals[""])
        direct.distributor_id = side.maker.id
        session.flush()
        side.things["direct_order_id"] = direct.id


def _price(session: Session, side: Side) -> Price:
    supply = session.get_one(AgreedSupply, int(side.things["supply_id"]))
    lot_id = session.get_one(LotStrength, supply.lot_strength_id).lot_id
    return record_price(
        session,
        organisation_id=side.maker.id,
        generic_product_id=session.get_one(Lot, lot_id).generic_product_id,
        lot_strength_id=supply.lot_strength_id,
        strength="1mg",
        pack_units=14,
        pack_price=Decimal(28),
        starts_on=DAY,
        source="for tests",
        moment=database_moment(session),
    )


def _of_hospital(
    session: Session, side: Side, price: Price, hospital_id: int, name: str
) -> dict[str, Value]:
    now = database_moment(session)
    order = _order(session, side, price, hospital_id)
    line = order.lines[0]
    batch = ShippedLine(
        order_line_id=line.id,
        packs=PACKS // 2,
        batch_number="20260101",
        expires_on=date(2030, 1, 1),
        trace_codes=(f"81{order.id:018d}",),
    )
    delivery = ship(
        session, order=order, note_number=f"SH{order.id}", lines=[batch], actor=Actor(), moment=now
    )
    given = AcceptedLine(delivery_line_id=delivery.lines[0].id, accepted=PACKS // 2, refused=0)
    receipt = accept(
        session,
        delivery=delivery,
        lines=[given],
        received_on=day_in_china(now),
        actor=Actor(),
        moment=now,
    )
    return {
        f"{name}order_id": order.id,
        f"{name}delivery_id": delivery.id,
        f"{name}receipt_line_id": receipt.lines[0].id,
    }


def _order(session: Session, side: Side, price: Price, hospital_id: int) -> PurchaseOrder:
    supply = session.get_one(AgreedSupply, int(side.things["supply_id"]))
    term = session.get_one(AgreementTerm, supply.term_id)
    known = len(session.scalars(select(PurchaseOrder.id)).all())
    order = PurchaseOrder(
        number=f"20260101-{hospital_id:06d}-{known + 1:04d}",
        hospital_id=hospital_id,
        organisation_id=side.maker.id,
        distributor_id=side.organisation_id(Role.DISTRIBUTOR),
        round_id=term.round_id,
        term_id=term.id,
        region=session.get_one(Organisation, hospital_id).region,
        kind=OrderKind.AGREED,
        urgency=Urgency.ORDINARY,
        is_remote=False,
        is_cold_chain=False,
        status=OrderStatus.CONFIRMED,
        placed_at=database_moment(session),
        due_rule="",
        lines=[
            OrderLine(
                number=1,
                supply_id=supply.id,
                price_id=price.id,
                lot_strength_id=supply.lot_strength_id,
                generic_product_id=price.generic_product_id,
                product="阿那曲唑口服常释剂型",
                strength="1mg",
                unit="片",
                pack_units=price.pack_units,
                pack_price=price.pack_price,
                packs=PACKS,
                cancelled_packs=0,
                shipped_packs=0,
                accepted_packs=0,
                returned_packs=0,
                is_winning=True,
            )
        ],
    )
    session.add(order)
    session.flush()
    return order
