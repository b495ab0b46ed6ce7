"""What the interface says of orders: exact decimals as strings, days in China."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from procurement.orders.offers import Offer
from procurement.orders.tables import (
    Delivery,
    GoodsReturn,
    OrderLine,
    PurchaseOrder,
    Receipt,
    TraceCode,
)


@dataclass(frozen=True, slots=True)
class SellerEntry:
    """Somebody who may deliver.

    Attributes:
        id: The organisation.
        name: Its name.
    """

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class OfferEntry:
    """A pack that may be ordered.

    Attributes:
        key: Names it in orders.
        kind: agreed, negotiated, replacement or other.
        is_winning: Of a winner of the region, or who took over for one.
        manufacturer_id: The manufacturer.
        manufacturer: Its name.
        product: Generic name with the form.
        strength: As printed.
        unit: Minimal unit.
        pack_units: Minimal units in a pack.
        pack_price: Yuan a pack; null where no price holds.
        sellers: Who may deliver.
        supply_id: The agreed supply; null without one.
        agreement_id: The agreement; null without one.
        agreed: Agreed minimal units of the term; null without an agreement.
        ordered: Minimal units ordered.
        received: Minimal units accepted.
        ends_on: Last day on which it can be ordered, where it is known.
        refusal_zh: Why it cannot be ordered now, in Chinese; null where it can.
        refusal_en: The same in English.
        credit_grade: Grade of the manufacturer that buyers are told of; null without one.
    """

    key: str
    kind: str
    is_winning: bool
    manufacturer_id: int
    manufacturer: str
    product: str
    strength: str
    unit: str
    pack_units: int
    pack_price: str | None
    sellers: list[SellerEntry]
    supply_id: int | None
    agreement_id: int | None
    agreed: int | None
    ordered: int
    received: int
    ends_on: date | None
    refusal_zh: str | None
    refusal_en: str | None
    credit_grade: str | None


@dataclass(frozen=True, slots=True)
class OrderEntry:
    """An order in a list.

    Attributes:
        id: Names it in addresses.
        number: How people call it.
        hospital_id: The buyer.
        manufacturer_id: The manufacturer.
        distributor_id: Who delivers.
        agreement_id: The agreement; null without one.
        kind: agreed, negotiated, replacement or other.
        urgency: ordinary or emergency.
        is_remote: The hospital lies remote.
        is_cold_chain: The goods are kept cold.
        status: placed, confirmed, shipping, closed, cancelled or declined.
        version: Counts changes.
        placed_at: When it was placed.
        confirmed_at: When it was confirmed; null before.
        due_at: Until when it is to be delivered; null where no rule states a limit.
        due_rule: Rulebook and clause of that limit.
        reason: Why it was declined or cancelled.
    """

    id: int
    number: str
    hospital_id: int
    manufacturer_id: int
    distributor_id: int
    agreement_id: int | None
    kind: str
    urgency: str
    is_remote: bool
    is_cold_chain: bool
    status: str
    version: int
    placed_at: datetime
    confirmed_at: datetime | None
    due_at: datetime | None
    due_rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class OrderLineEntry:
    """A line of an order; packs = accepted + open + cancelled.

    Attributes:
        id: Names it in shipments.
        number: From 1.
        product: Generic name.
        strength: As printed.
        unit: Minimal unit.
        pack_units: Minimal units in a pack.
        pack_price: Yuan a pack.
        price_id: The price in the chain.
        supply_id: The agreed supply; null without one.
        is_winning: Of a winner.
        packs: Ordered.
        cancelled: Cancelled or declined.
        shipped: On their way or accepted.
        accepted: Accepted.
        returned: Of those, sent back.
        open: Neither accepted nor cancelled.
    """

    id: int
    number: int
    product: str
    strength: str
    unit: str
    pack_units: int
    pack_price: str
    price_id: int
    supply_id: int | None
    is_winning: bool
    packs: int
    cancelled: int
    shipped: int
    accepted: int
    returned: int
    open: int


@dataclass(frozen=True, slots=True)
class DeliveryLineEntry:
    """A batch in a delivery.

    Attributes:
        id: Names it in acceptances.
        order_line_id: Of the order.
        packs: Shipped.
        batch_number: As printed.
        manufactured_on: Day of making; null where it is not known.
        expires_on: Last day of use.
        accepted: Packs that were accepted.
        refused: Packs that were refused.
        reason: Why; null where none was.
        trace_codes: By code: delivered, accepted, refused or returned.
    """

    id: int
    order_line_id: int
    packs: int
    batch_number: str
    manufactured_on: date | None
    expires_on: date
    accepted: int
    refused: int
    reason: str | None
    trace_codes: dict[str, str]


@dataclass(frozen=True, slots=True)
class DeliveryEntry:
    """A delivery.

    Attributes:
        id: Names it in addresses.
        order_id: Of which order.
        note_number: Of the delivery note.
        status: shipped, accepted, partly-accepted or refused.
        shipped_at: When it was shipped.
        arrived_at: When it was accepted or refused; null before.
        lines: Its batches.
    """

    id: int
    order_id: int
    note_number: str
    status: str
    shipped_at: datetime
    arrived_at: datetime | None
    lines: list[DeliveryLineEntry]


@dataclass(frozen=True, slots=True)
class ReceiptLineEntry:
    """What was accepted of a batch.

    Attributes:
        id: Names it in returns and invoices.
        delivery_line_id: The batch.
        accepted: Packs.
        refused: Packs.
        reason: Why they were refused; null where none was.
    """

    id: int
    delivery_line_id: int
    accepted: int
    refused: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class ReceiptEntry:
    """An acceptance.

    Attributes:
        id: Names it.
        delivery_id: Of which delivery.
        received_on: Day in China.
        lines: By batch.
    """

    id: int
    delivery_id: int
    received_on: date
    lines: list[ReceiptLineEntry]


@dataclass(frozen=True, slots=True)
class ReturnEntry:
    """A return.

    Attributes:
        id: Names it.
        receipt_line_id: Of what was accepted.
        packs: How many went back.
        reason: Why.
        returned_on: Day in China.
    """

    id: int
    receipt_line_id: int
    packs: int
    reason: str
    returned_on: date


def decimal_text(amount: Decimal) -> str:
    """An exact decimal as the interface writes it.

    Examples:
        >>> decimal_text(Decimal("30.0000")), decimal_text(Decimal("0.0912"))
        ('30', '0.0912')
    """
    return f"{amount.normalize():f}"


def offer_entry(offer: Offer) -> OfferEntry:
    """An offer as the interface gives it."""
    return OfferEntry(
        key=offer.key,
        kind=offer.kind.value,
        is_winning=offer.is_winning,
        manufacturer_id=offer.organisation_id,
        manufacturer=offer.manufacturer,
        product=offer.product,
        strength=offer.strength,
        unit=offer.unit,
        pack_units=offer.pack_units,
        pack_price=None if offer.pack_price is None else decimal_text(offer.pack_price),
        sellers=[SellerEntry(one.id, one.name) for one in offer.sellers],
        supply_id=offer.supply_id,
        agreement_id=offer.agreement_id,
        agreed=offer.agreed,
        ordered=offer.ordered,
        received=offer.received,
        ends_on=offer.ends_on,
        refusal_zh=None if offer.refusal is None else offer.refusal.zh,
        refusal_en=None if offer.refusal is None else offer.refusal.en,
        credit_grade=None if offer.mark is None else offer.mark.word.value,
    )


def order_entry(order: PurchaseOrder) -> OrderEntry:
    """An order as the interface gives it."""
    return OrderEntry(
        id=order.id,
        number=order.number,
        hospital_id=order.hospital_id,
        manufacturer_id=order.organisation_id,
        distributor_id=order.distributor_id,
        agreement_id=order.agreement_id,
        kind=order.kind,
        urgency=order.urgency,
        is_remote=order.is_remote,
        is_cold_chain=order.is_cold_chain,
        status=order.status,
        version=order.version,
        placed_at=order.placed_at,
        confirmed_at=order.confirmed_at,
        due_at=order.due_at,
        due_rule=order.due_rule,
        reason=order.reason,
    )


def line_entry(line: OrderLine) -> OrderLineEntry:
    """A line as the interface gives it."""
    return OrderLineEntry(
        id=line.id,
        number=line.number,
        product=line.product,
        strength=line.strength,
        unit=line.unit,
        pack_units=line.pack_units,
        pack_price=decimal_text(line.pack_price),
        price_id=line.price_id,
        supply_id=line.supply_id,
        is_winning=line.is_winning,
        packs=line.packs,
        cancelled=line.cancelled_packs,
        shipped=line.shipped_packs,
        accepted=line.accepted_packs,
        returned=line.returned_packs,
        open=line.open_packs,
    )


def delivery_entry(delivery: Delivery, codes: Mapping[int, list[TraceCode]]) -> DeliveryEntry:
    """A delivery with its batches and their trace codes, as the interface gives it."""
    lines = [
        DeliveryLineEntry(
            id=line.id,
            order_line_id=line.order_line_id,
            packs=line.packs,
            batch_number=line.batch_number,
            manufactured_on=line.manufactured_on,
            expires_on=line.expires_on,
            accepted=line.accepted_packs,
            refused=line.refused_packs,
            reason=line.refusal_reason,
            trace_codes={one.code: str(one.status) for one in codes.get(line.id, ())},
        )
        for line in delivery.lines
    ]
    return DeliveryEntry(
        id=delivery.id,
        order_id=delivery.order_id,
        note_number=delivery.note_number,
        status=delivery.status,
        shipped_at=delivery.shipped_at,
        arrived_at=delivery.arrived_at,
        lines=lines,
    )


def receipt_entry(receipt: Receipt) -> ReceiptEntry:
    """A receipt as the interface gives it."""
    return ReceiptEntry(
        id=receipt.id,
        delivery_id=receipt.delivery_id,
        received_on=receipt.received_on,
        lines=[
            ReceiptLineEntry(
                one.id, one.delivery_line_id, one.accepted_packs, one.refused_packs, one.reason
            )
            for one in receipt.lines
        ],
    )


def return_entry(row: GoodsReturn) -> ReturnEntry:
    """A return as the interface gives it."""
    return ReturnEntry(row.id, row.receipt_line_id, row.packs, row.reason, row.returned_on)
