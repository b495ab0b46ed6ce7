"""Adding a product, changing it, and reading all about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.audit import record
from procurement.catalogue.checking import standing_faults, title_of
from procurement.catalogue.rules import COLUMNS, ProductFacts, read_product
from procurement.catalogue.standing import Standing, lock_catalogue, read_standing
from procurement.catalogue.tables import GenericProduct, Product, ProductStrength
from procurement.catalogue.writing import write_product, write_products
from procurement.errors import FieldFault, InvalidInputError, StaleError
from procurement.permissions import Actor, NotFoundForActorError


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product with what it is made of, as its page shows it.

    Attributes:
        product: Its own facts.
        generic_product: What it is.
        strength: Which strength.
        holder: Marketing authorisation holder.
        maker: Who produces it, if not the holder.
        other_packs: Products under the same approval number.
    """

    product: Product
    generic_product: GenericProduct
    strength: ProductStrength
    holder: Organisation
    maker: Organisation | None
    other_packs: Sequence[Product]

    @property
    def title(self) -> str:
        """Name, form and strength, as documents print them together."""
        return f"{title_of(self.generic_product)} {self.strength.label}"


def add_product(
    session: Session, *, raw: Mapping[str, str], actor: Actor, moment: datetime
) -> Product:
    """Add a product, with its generic product and strength where they are new.

    Args:
        session: Session of the caller's transaction.
        raw: Strings by the keys of `procurement.catalogue.rules.COLUMNS`.
        actor: Who adds it.
        moment: When.

    Returns:
        The stored product, with its id.

    Raises:
        InvalidInputError: With every fault; also where the catalogue has this very product.
    """
    facts = _read(raw)
    lock_catalogue(session)
    standing = read_standing(session, [facts])
    _refuse(standing_faults(facts, standing))
    present = standing.product_of(facts)
    if present is not None:
        _refuse([_already_there(present)])
    product = write_products(session, [facts], standing, moment=moment).products[0]
    _record(session, "add-product", product, facts, actor, moment)
    return product


def change_product(
    session: Session,
    *,
    product_id: int,
    raw: Mapping[str, str],
    version: int,
    actor: Actor,
    moment: datetime,
) -> Product:
    """Change a product; evaluation and originator of its number change for all packs of it.

    Args:
        session: Session of the caller's transaction.
        product_id: Which product.
        raw: All its values as strings, not only those that change.
        version: As the page showed it.
        actor: Who changes it.
        moment: When.

    Returns:
        The product.

    Raises:
        NotFoundForActorError: There is none.
        StaleError: Somebody else changed it meanwhile.
        InvalidInputError: With every fault.
    """
    facts = _read(raw)
    lock_catalogue(session)
    product = session.get(Product, product_id, with_for_update=True)
    if product is None:
        raise NotFoundForActorError
    if product.version != version:
        raise StaleError
    standing = read_standing(session, [facts])
    _refuse(standing_faults(facts, standing, own=product))
    other = standing.product_of(facts)
    if other is not None and other.id != product_id:
        _refuse([_already_there(other)])
    standing.add(product)
    if write_product(session, product, facts, standing, moment=moment):
        _record(session, "change-product", product, facts, actor, moment)
    return product


def product_card(session: Session, *, product_id: int) -> ProductCard:
    """Read all that a product's page shows.

    Raises:
        NotFoundForActorError: There is none.
    """
    product = session.get(Product, product_id)
    if product is None:
        raise NotFoundForActorError
    others = select(Product).where(
        Product.approval_number == product.approval_number,
        Product.approval_number != "",
        Product.id != product_id,
    )
    return ProductCard(
        product,
        session.get_one(GenericProduct, product.generic_product_id),
        session.get_one(ProductStrength, product.strength_id),
        session.get_one(Organisation, product.holder_id),
        session.get_one(Organisation, product.maker_id) if product.maker_id else None,
        session.scalars(others.order_by(Product.pack_units, Product.id)).all(),
    )


def raw_values(card: ProductCard) -> dict[str, str]:
    """Return a product's values as strings, as a form shows them before they are changed."""
    values: dict[str, str] = {}
    for column in COLUMNS:
        of_generic = hasattr(card.generic_product, column.key)
        source = card.generic_product if of_generic else card.product
        value = getattr(source, column.key, None)
        values[column.key] = _written(value)
    values["strength"] = card.strength.label
    values["holder"] = card.holder.credit_code or card.holder.name
    if card.maker is not None:
        values["maker"] = card.maker.credit_code or card.maker.name
    return values


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _read(raw: Mapping[str, str]) -> ProductFacts:
    facts, faults = read_product(raw)
    if facts is None:
        raise InvalidInputError(faults)
    return facts


def _refuse(faults: Sequence[FieldFault]) -> None:
    if faults:
        raise InvalidInputError(faults)


def _already_there(product: Product) -> FieldFault:
    return FieldFault(
        "pack_units",
        f"目录中已有同一持有人、规格、文号和包装的产品（产品 {product.id}）。",
        f"The catalogue has the same pack of this holder already (product {product.id}).",
    )


def _record(
    session: Session,
    action: str,
    product: Product,
    facts: ProductFacts,
    actor: Actor,
    moment: datetime,
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=f"product/{product.id}",
        facts={"name": facts.name, "strength": facts.strength, "pack_units": str(facts.pack_units)},
        moment=moment,
    )


__all__ = [
    "ProductCard",
    "Standing",
    "add_product",
    "change_product",
    "product_card",
    "raw_values",
]
