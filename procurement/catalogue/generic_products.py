"""Generic products: adding and changing them, and what is known under each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bidding.bid_sheet import Category, DosageForm
from procurement.audit import record
from procurement.catalogue.checking import title_of
from procurement.catalogue.kinds import ProductKind
from procurement.catalogue.rules import (
    dosage_form_of_name,
    generic_product_values,
    read_strength,
    strength_ratio,
)
from procurement.catalogue.standing import lock_catalogue
from procurement.catalogue.tables import GenericProduct, Product, ProductStrength
from procurement.errors import FieldFault, InvalidInputError, StaleError
from procurement.permissions import Actor, NotFoundForActorError


@dataclass(frozen=True, slots=True)
class StrengthLine:
    """One strength of a generic product.

    Attributes:
        strength: The stored strength.
        ratio: Content relative to the first strength of the list; None where labels do not tell.
        products: How many products have it.
    """

    strength: ProductStrength
    ratio: Decimal | None
    products: int


@dataclass(frozen=True, slots=True)
class GenericProductCard:
    """A generic product with its strengths, the smallest first."""

    generic_product: GenericProduct
    strengths: Sequence[StrengthLine]

    @property
    def title(self) -> str:
        """Name and form, as documents print them together."""
        return title_of(self.generic_product)


def add_generic_product(
    session: Session, *, raw: Mapping[str, str], actor: Actor, moment: datetime
) -> GenericProduct:
    """Add a generic product that has no product yet.

    Args:
        session: Session of the caller's transaction.
        raw: ``name``, ``printed_form``, ``dosage_form``, ``kind``, ``category``, ``unit``.
        actor: Who adds it.
        moment: When.

    Returns:
        The stored generic product, with its id.

    Raises:
        InvalidInputError: With every fault; also where there is one of that name and form.
    """
    values = _read(raw)
    lock_catalogue(session)
    _refuse_taken(session, values, own_id=None)
    added = GenericProduct(**values, recorded_at=moment, changed_at=moment)
    session.add(added)
    session.flush()
    _record(session, "add-generic-product", added, actor, moment)
    return added


def change_generic_product(
    session: Session,
    *,
    generic_product_id: int,
    raw: Mapping[str, str],
    version: int,
    actor: Actor,
    moment: datetime,
) -> GenericProduct:
    """Change a generic product; the arguments are those of `add_generic_product`.

    Raises:
        NotFoundForActorError: There is none.
        StaleError: Somebody else changed it meanwhile.
        InvalidInputError: With every fault.
    """
    values = _read(raw)
    lock_catalogue(session)
    stored = session.get(GenericProduct, generic_product_id, with_for_update=True)
    if stored is None:
        raise NotFoundForActorError
    if stored.version != version:
        raise StaleError
    _refuse_taken(session, values, own_id=generic_product_id)
    if stored.kind != values["kind"] and _has_products(session, generic_product_id):
        # Approval numbers and codes of its products were checked for their kind.
        raise InvalidInputError(
            [
                FieldFault(
                    "kind",
                    "已有产品，不能更改产品类型。",
                    "It has products: its kind can no longer be changed.",
                )
            ]
        )
    if any(getattr(stored, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(stored, name, value)
        stored.changed_at = moment
        stored.version += 1
        _record(session, "change-generic-product", stored, actor, moment)
    session.flush()
    return stored


def generic_product_card(session: Session, *, generic_product_id: int) -> GenericProductCard:
    """Read a generic product with its strengths, ordered by content where that is known.

    Raises:
        NotFoundForActorError: There is none.
    """
    stored = session.get(GenericProduct, generic_product_id)
    if stored is None:
        raise NotFoundForActorError
    counted = (
        select(ProductStrength, func.count(Product.id))
        .outerjoin(Product, Product.strength_id == ProductStrength.id)
        .where(ProductStrength.generic_product_id == generic_product_id)
        .group_by(ProductStrength.id)
    )
    rows = sorted(session.execute(counted).all(), key=lambda row: _by_content(row[0]))
    first = read_strength(rows[0][0].label) if rows else None
    lines = []
    for strength, products in rows:
        read = read_strength(strength.label)
        ratio = strength_ratio(read, first) if read and first else None
        lines.append(StrengthLine(strength, ratio, products))
    return GenericProductCard(stored, lines)


def strengths_of(session: Session, *, generic_product_id: int) -> list[ProductStrength]:
    """Return the strengths of a generic product, ordered by content where that is known."""
    wanted = select(ProductStrength).where(ProductStrength.generic_product_id == generic_product_id)
    return sorted(session.scalars(wanted), key=_by_content)


def _by_content(strength: ProductStrength) -> tuple[bool, str, Any, str]:
    read = read_strength(strength.label)
    content = read.content if read is not None else None
    if content is None:
        return (True, "", 0, strength.label)
    return (False, content.measure, content.size, strength.label)


def _read(raw: Mapping[str, str]) -> dict[str, Any]:
    values, faults = generic_product_values(raw)
    if faults:
        raise InvalidInputError(faults)
    kind: ProductKind = values["kind"]
    given: DosageForm | None = values["dosage_form"]
    category: Category = values["category"]
    form = given or dosage_form_of_name(values["name"], values["printed_form"], kind=kind)
    return {**values, "dosage_form": form, "category": category}


def _refuse_taken(session: Session, values: Mapping[str, Any], *, own_id: int | None) -> None:
    same = select(GenericProduct.id).where(
        GenericProduct.name == values["name"],
        GenericProduct.printed_form == values["printed_form"],
    )
    taken = session.scalar(same)
    if taken is not None and taken != own_id:
        raise InvalidInputError(
            [
                FieldFault(
                    "name",
                    "目录中已有这一通用名和剂型。",
                    "The catalogue has this name and form already.",
                )
            ]
        )


def _has_products(session: Session, generic_product_id: int) -> bool:
    one = select(Product.id).where(Product.generic_product_id == generic_product_id).limit(1)
    return session.scalar(one) is not None


def _record(
    session: Session, action: str, stored: GenericProduct, actor: Actor, moment: datetime
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=f"generic-product/{stored.id}",
        facts={"name": stored.name, "printed_form": stored.printed_form},
        moment=moment,
    )
