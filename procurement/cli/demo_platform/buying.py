"""Orders of the first days of the cycle: each at another step, so that there is something to do."""

from collections.abc import Sequence
from datetime import date, timedelta

from procurement.agreements.terms import start_running
from procurement.china_days import day_in_china
from procurement.cli.demo_platform.agreeing import DELIVERS
from procurement.cli.demo_platform.cast import BUREAU, HOSPITAL, MARK, Institution, maker
from procurement.cli.demo_platform.scene import Scene
from procurement.orders.accepting import AcceptedLine, accept
from procurement.orders.confirming import confirm_order
from procurement.orders.delivering import ShippedLine, ship
from procurement.orders.invoices.submitting import SentInvoice, SentLine, submit_invoice
from procurement.orders.offers import Offer, offers_for
from procurement.orders.placing import Wanted, place_order
from procurement.orders.states import OrderKind
from procurement.orders.tables import Delivery, PurchaseOrder, Receipt
from procurement.rounds.tables import Round

UNSIGNED = "演示：部分医疗机构尚未签署，先行执行"
"""Why the cycle begins although not everybody has signed."""

MONTHS = 12
"""A first order is for a month."""

LASTS = timedelta(days=540)
"""How long the goods of the demo may be used."""


def buy(scene: Scene, round_: Round) -> None:
    """Begin the cycle, and order: taken in and invoiced, taken in partly, confirmed, placed.

    Args:
        scene: The set-up.
        round_: A round whose agreements one hospital and its suppliers have signed.
    """
    start_running(
        scene.session,
        round_=round_,
        reason=UNSIGNED,
        actor=scene.actor(BUREAU),
        moment=scene.moment,
    )
    steps = (_taken_in_and_invoiced, _taken_in_partly, _confirmed, _placed)
    offers = _offers(scene)[: len(steps)]
    for number, (offer, step) in enumerate(zip(offers, steps, strict=False), start=1):
        step(scene, _order(scene, offer))
        scene.progress.part(number, len(offers))


def _offers(scene: Scene) -> list[Offer]:
    """What the hospital's signed agreements offer: one of each manufacturer."""
    offers = offers_for(
        scene.session,
        hospital_id=scene.organisation(HOSPITAL).id,
        day=day_in_china(scene.moment),
    )
    by_maker = {
        one.organisation_id: one
        for one in reversed(offers)
        if one.kind is OrderKind.AGREED and one.refusal is None
    }
    return sorted(by_maker.values(), key=lambda one: one.key)


def _order(scene: Scene, offer: Offer) -> PurchaseOrder:
    packs = max((offer.agreed or 0) // MONTHS // offer.pack_units, 10)
    return place_order(
        scene.session,
        hospital_id=scene.organisation(HOSPITAL).id,
        actor=scene.actor(HOSPITAL),
        lines=[Wanted(offer.key, packs, offer.pack_price)],
        distributor_id=offer.sellers[0].id,
        moment=scene.moment,
    )


def _placed(_scene: Scene, order: PurchaseOrder) -> PurchaseOrder:
    return order


def _confirmed(scene: Scene, order: PurchaseOrder) -> PurchaseOrder:
    return confirm_order(
        scene.session, order=order, actor=scene.actor(_maker(scene, order)), moment=scene.moment
    )


def _taken_in_and_invoiced(scene: Scene, order: PurchaseOrder) -> PurchaseOrder:
    delivery = _shipped(scene, _confirmed(scene, order))
    receipt = _accepted(scene, delivery, refused=0)
    _invoice(scene, order, receipt)
    return order


def _taken_in_partly(scene: Scene, order: PurchaseOrder) -> PurchaseOrder:
    _accepted(scene, _shipped(scene, _confirmed(scene, order)), refused=2)
    return order


def _shipped(scene: Scene, order: PurchaseOrder) -> Delivery:
    today = _today(scene)
    lines = [
        ShippedLine(
            order_line_id=line.id,
            packs=line.packs,
            batch_number=f"{today:%y%m}01",
            expires_on=today + LASTS,
            trace_codes=(f"DEMO{order.id:06}{line.number:010}",),
        )
        for line in order.lines
    ]
    return ship(
        scene.session,
        order=order,
        note_number=f"DEMO-{order.id}",
        lines=lines,
        actor=scene.actor(DELIVERS),
        moment=scene.moment,
    )


def _accepted(scene: Scene, delivery: Delivery, *, refused: int) -> Receipt:
    lines: Sequence[AcceptedLine] = [
        AcceptedLine(
            delivery_line_id=line.id,
            accepted=line.packs - refused,
            refused=refused,
            reason="外包装破损" if refused else "",
        )
        for line in delivery.lines
    ]
    return accept(
        scene.session,
        delivery=delivery,
        lines=lines,
        received_on=_today(scene),
        actor=scene.actor(HOSPITAL),
        moment=scene.moment,
    )


def _invoice(scene: Scene, order: PurchaseOrder, receipt: Receipt) -> None:
    """Hand in an invoice of all that was accepted."""
    lines = [
        SentLine(
            product=order_line.product,
            packs=line.accepted_packs,
            pack_price=order_line.pack_price,
            amount=line.accepted_packs * order_line.pack_price,
            receipt_line_id=line.id,
        )
        for line in receipt.lines
        for order_line in [line.delivery_line.order_line]
    ]
    submit_invoice(
        scene.session,
        seller_id=order.distributor_id,
        hospital_id=order.hospital_id,
        invoice=SentInvoice(
            code="",
            number=f"{order.id:020}",
            issued_on=_today(scene),
            amount=sum((line.amount for line in lines), start=0 * lines[0].amount),
            lines=lines,
        ),
        actor=scene.actor(DELIVERS),
        moment=scene.moment,
    )


def _maker(scene: Scene, order: PurchaseOrder) -> Institution:
    organisation = next(
        one for one in scene.organisations.values() if one.id == order.organisation_id
    )
    return maker(organisation.name.removesuffix(MARK))


def _today(scene: Scene) -> date:
    return day_in_china(scene.moment)
