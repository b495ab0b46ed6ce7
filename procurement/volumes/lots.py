"""The lots and strengths for which a round asks, in the order of its document."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.catalogue.tables import Product, ProductStrength
from procurement.rounds.tables import Lot, LotStrength


@dataclass(frozen=True, slots=True)
class AskedStrength:
    """A strength for which need is reported."""

    id: int
    lot_id: int
    strength: str
    ratio: Decimal


@dataclass(frozen=True, slots=True)
class AskedLot:
    """A lot for which need is reported."""

    id: int
    code: str
    product: str
    unit: str
    by_brand: bool
    generic_product_id: int | None
    strengths: tuple[AskedStrength, ...]


def asked_lots(session: Session, *, round_id: int) -> tuple[AskedLot, ...]:
    """Return the lots of a round that still stand, by code, with their strengths."""
    lots = session.scalars(
        select(Lot)
        .where(Lot.round_id == round_id, Lot.failed_reason.is_(None))
        .order_by(Lot.code, Lot.id)
    ).all()
    strengths: dict[int, list[AskedStrength]] = {lot.id: [] for lot in lots}
    for row in session.scalars(
        select(LotStrength)
        .join(Lot, Lot.id == LotStrength.lot_id)
        .where(Lot.round_id == round_id, Lot.failed_reason.is_(None))
        .order_by(LotStrength.id)
    ):
        asked = AskedStrength(row.id, row.lot_id, row.strength, row.strength_ratio)
        strengths[row.lot_id].append(asked)
    return tuple(
        AskedLot(
            lot.id,
            lot.code,
            lot.product,
            lot.unit,
            lot.by_brand,
            lot.generic_product_id,
            tuple(strengths[lot.id]),
        )
        for lot in lots
    )


def brands_of(session: Session, *, round_id: int) -> Mapping[int, dict[int, str]]:
    """Return, by lot, the manufacturers with a product in the catalogue: id and name."""
    rows = session.execute(
        select(Lot.id, Organisation.id, Organisation.name)
        .join(Product, Product.generic_product_id == Lot.generic_product_id)
        .join(Organisation, Organisation.id == Product.holder_id)
        .where(Lot.round_id == round_id, Organisation.kind == OrganisationKind.MANUFACTURER)
        .distinct()
        .order_by(Lot.id, Organisation.name, Organisation.id)
    )
    brands: dict[int, dict[int, str]] = {}
    for lot_id, organisation_id, name in rows:
        brands.setdefault(lot_id, {})[organisation_id] = name
    return brands


def packs_of(session: Session, *, round_id: int) -> Mapping[int, tuple[int, ...]]:
    """Return, by lot strength, the units in the packs that the catalogue knows."""
    rows = session.execute(
        select(LotStrength.id, Product.pack_units)
        .join(Lot, Lot.id == LotStrength.lot_id)
        .join(
            ProductStrength,
            (ProductStrength.generic_product_id == Lot.generic_product_id)
            & (ProductStrength.label == LotStrength.strength),
        )
        .join(Product, Product.strength_id == ProductStrength.id)
        .where(Lot.round_id == round_id)
        .distinct()
        .order_by(LotStrength.id, Product.pack_units)
    )
    packs: dict[int, tuple[int, ...]] = {}
    for strength_id, units in rows:
        packs[strength_id] = (*packs.get(strength_id, ()), units)
    return packs
