"""What the platform knows that reported purchases may be about: catalogue, deliveries, supplies."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from procurement.accounts.tables import Organisation
from procurement.catalogue.rules import normal_approval_number
from procurement.catalogue.tables import GenericProduct, Product, ProductStrength
from procurement.orders.movements.kinds import MovementKind, MovementStatus
from procurement.orders.movements.rules import Batch, KnownProduct
from procurement.orders.movements.tables import StockMovement
from procurement.orders.purchases.lot_rules import Supply
from procurement.orders.purchases.supplies import supplies_in
from procurement.orders.states import DeliveryStatus
from procurement.orders.tables import Delivery, DeliveryLine, OrderLine, PurchaseOrder

CHUNK = 500
"""Values of one query: SQLite takes a limited number."""

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What was loaded for the records of a file.

    Attributes:
        by_code: Products by national code.
        by_approval: Products by approval number.
        by_note: Delivered batches of the hospital, by the number of the delivery note.
        by_batch: The same by the maker's batch number, in small letters.
        supplies: Of the hospital's region, by generic product.
    """

    by_code: Mapping[str, Sequence[KnownProduct]] = field(default_factory=dict)
    by_approval: Mapping[str, Sequence[KnownProduct]] = field(default_factory=dict)
    by_note: Mapping[str, Sequence[Batch]] = field(default_factory=dict)
    by_batch: Mapping[str, Sequence[Batch]] = field(default_factory=dict)
    supplies: Mapping[int, Sequence[Supply]] = field(default_factory=dict)

    def batches(self, *, note_number: str, batch_number: str) -> list[Batch]:
        """Return the delivered batches that a record may be about."""
        noted = self.by_note.get(note_number, ()) if note_number else ()
        same = self.by_batch.get(batch_number.casefold(), ()) if batch_number else ()
        return list({one.delivery_line_id: one for one in (*noted, *same)}.values())


def learn(
    session: Session, *, hospital: Organisation, movements: Sequence[StockMovement]
) -> Knowledge:
    """Load what records of a hospital may be about.

    Args:
        session: Any session.
        hospital: Who sent them.
        movements: Purchases.
    """
    codes = {one.code for one in movements if one.code}
    numbers = {normal_approval_number(one.approval_number) for one in movements} - {""}
    products = {
        product.id: (product, code)
        for column, values in (
            (Product.drug_code, codes),
            (Product.consumable_code, codes),
            (Product.approval_number, numbers),
        )
        for product, code in _products(session, column, values)
    }
    by_code: dict[str, list[KnownProduct]] = {}
    by_approval: dict[str, list[KnownProduct]] = {}
    for product, its_codes in products.values():
        for code in its_codes:
            by_code.setdefault(code, []).append(product)
        by_approval.setdefault(product.approval_number, []).append(product)
    generics = {
        product.generic_product_id: product.generic_name for product, _ in products.values()
    }
    by_note: dict[str, list[Batch]] = {}
    by_batch: dict[str, list[Batch]] = {}
    for batch in _batches(session, hospital, movements):
        by_note.setdefault(batch.note_number, []).append(batch)
        by_batch.setdefault(batch.batch_number.casefold(), []).append(batch)
    supplies = supplies_in(session, division=hospital.region, generics=generics)
    return Knowledge(by_code, by_approval, by_note, by_batch, supplies)


def _chunks(values: Iterable[Found]) -> Iterable[list[Found]]:
    every = list(values)
    return (every[start : start + CHUNK] for start in range(0, len(every), CHUNK))


def _products(
    session: Session,
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    values: Collection[str],
) -> Iterable[tuple[KnownProduct, tuple[str, ...]]]:
    for some in _chunks(sorted(values)):
        rows = session.execute(
            select(Product, GenericProduct.name, ProductStrength.label)
            .join(GenericProduct, GenericProduct.id == Product.generic_product_id)
            .join(ProductStrength, ProductStrength.id == Product.strength_id)
            .where(column.in_(some))
            .order_by(Product.id)
        )
        for product, name, label in rows:
            codes = tuple(
                code for code in (product.drug_code, product.consumable_code) if code is not None
            )
            yield _known(product, name, label), codes


def _known(product: Product, name: str, label: str) -> KnownProduct:
    return KnownProduct(
        product.id,
        product.generic_product_id,
        name,
        label,
        product.holder_id,
        product.maker_id,
        product.pack_units,
        product.approval_number,
    )


def _batches(
    session: Session, hospital: Organisation, movements: Sequence[StockMovement]
) -> list[Batch]:
    notes = {one.note_number for one in movements if one.note_number}
    # As hospitals write them; case is settled afterwards.
    numbers = {one.batch_number.lower() for one in movements if one.batch_number}
    found: dict[int, Batch] = {}
    for column, values in (
        (Delivery.note_number, notes),
        (func.lower(DeliveryLine.batch_number), numbers),
    ):
        for some in _chunks(sorted(values)):
            rows = session.execute(_delivered(hospital.id).where(column.in_(some)))
            found.update((batch.delivery_line_id, batch) for batch in map(_batch, rows))
    return [found[one] for one in sorted(found)]


def _delivered(hospital_id: int) -> Select[*tuple[Any, ...]]:
    is_taken = exists().where(
        StockMovement.delivery_line_id == DeliveryLine.id,
        StockMovement.kind == MovementKind.PURCHASE,
        StockMovement.status != MovementStatus.DELETED,
    )
    return (
        select(
            DeliveryLine.id,
            Delivery.note_number,
            DeliveryLine.batch_number,
            Organisation.name,
            OrderLine.generic_product_id,
            DeliveryLine.packs * OrderLine.pack_units,
            is_taken,
        )
        .join(Delivery, Delivery.id == DeliveryLine.delivery_id)
        .join(Organisation, Organisation.id == Delivery.distributor_id)
        .join(OrderLine, OrderLine.id == DeliveryLine.order_line_id)
        .join(PurchaseOrder, PurchaseOrder.id == Delivery.order_id)
        .where(PurchaseOrder.hospital_id == hospital_id, Delivery.status != DeliveryStatus.REFUSED)
    )


def _batch(row: Any) -> Batch:  # noqa: ANN401 - a row of `_delivered`
    return Batch(*row)
