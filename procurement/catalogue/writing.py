"""Writing checked facts into the catalogue: generic product, strength and product in one go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bidding.bid_sheet import DosageForm
from procurement.catalogue.rules import ProductFacts, dosage_form_of_name, read_strength
from procurement.catalogue.standing import Standing, identity_of
from procurement.catalogue.tables import GenericProduct, Product, ProductStrength

_OF_THE_NUMBER = (
    "evaluation",
    "evaluated_on",
    "is_originator",
    "is_reference",
    "approved_on",
    "approval_ends_on",
)
"""What belongs to an approval number: all packs of it have the same."""

_OF_THE_PACK = ("pack_units", "pack", "approval_number", "status")


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the facts.

    Attributes:
        products: One for each, in their order.
        added: How many products are new.
        changed: How many have another value than before.
    """

    products: tuple[Product, ...]
    added: int
    changed: int


def write_products(
    session: Session, facts: Sequence[ProductFacts], standing: Standing, *, moment: datetime
) -> Written:
    """Store products, adding what is missing and changing what differs; repeating changes nothing.

    Args:
        session: Session of the caller's transaction, with `lock_catalogue` taken.
        facts: Without faults, also against the catalogue.
        standing: Read for these facts; it learns what is written.
        moment: When.

    Returns:
        The products and what was done.
    """
    products, changed_ids, added = [], set(), 0
    for one in facts:
        product = standing.product_of(one)
        if product is None:
            product = _new_product(session, one, standing, moment)
            added += 1
        elif write_product(session, product, one, standing, moment=moment):
            changed_ids.add(product.id)
        products.append(product)
    return Written(tuple(products), added, len(changed_ids))


def write_product(
    session: Session,
    product: Product,
    facts: ProductFacts,
    standing: Standing,
    *,
    moment: datetime,
) -> bool:
    """Give a stored product the values of facts; other packs of its number follow where they must.

    Returns:
        Whether anything is different from before.
    """
    before = identity_of(product)
    is_changed = _assign(product, _values(session, facts, standing, moment), moment)
    if standing.products.get(before) is product:
        del standing.products[before]
    standing.add(product)
    _carry_over(product, standing, moment)
    session.flush()
    return is_changed


def is_unchanged(facts: ProductFacts, product: Product, standing: Standing) -> bool:
    """Tell whether facts say of a product what is stored already."""
    strength = standing.strength_of(facts)
    if strength is None or product.strength_id != strength.id:
        return False
    wanted = _own_values(facts, standing)
    return all(getattr(product, name) == value for name, value in wanted.items())


def _new_product(
    session: Session, facts: ProductFacts, standing: Standing, moment: datetime
) -> Product:
    values = _values(session, facts, standing, moment)
    product = Product(**values, recorded_at=moment, changed_at=moment)
    session.add(product)
    session.flush()
    standing.add(product)
    _carry_over(product, standing, moment)
    return product


def _carry_over(product: Product, standing: Standing, moment: datetime) -> None:
    """Give the other packs of an approval number what belongs to the number."""
    shared = {name: getattr(product, name) for name in _OF_THE_NUMBER}
    for other in standing.by_number.get(product.approval_number, []):
        if other is not product:
            _assign(other, shared, moment)


def _assign(product: Product, values: dict[str, Any], moment: datetime) -> bool:
    different = {name: value for name, value in values.items() if getattr(product, name) != value}
    for name, value in different.items():
        setattr(product, name, value)
    if different:
        product.changed_at = moment
        product.version += 1
    return bool(different)


def _values(
    session: Session, facts: ProductFacts, standing: Standing, moment: datetime
) -> dict[str, Any]:
    generic_product = _generic_product(session, facts, standing, moment)
    strength = _strength(session, facts, generic_product, standing)
    return {
        "generic_product_id": generic_product.id,
        "strength_id": strength.id,
        **_own_values(facts, standing),
    }


def _own_values(facts: ProductFacts, standing: Standing) -> dict[str, Any]:
    holder, maker = standing.organisation(facts.holder), standing.organisation(facts.maker)
    if holder is None:
        raise ValueError(f"{facts.holder!r} was not checked")
    return {
        "holder_id": holder.id,
        "maker_id": maker.id if maker is not None and maker is not holder else None,
        "brand": facts.brand or None,
        "drug_code": facts.drug_code or None,
        "standard_code": facts.standard_code or None,
        "consumable_code": facts.consumable_code or None,
        **{name: getattr(facts, name) for name in (*_OF_THE_PACK, *_OF_THE_NUMBER)},
    }


def _generic_product(
    session: Session, facts: ProductFacts, standing: Standing, moment: datetime
) -> GenericProduct:
    known = standing.generic_products.get((facts.name, facts.printed_form))
    if known is None:
        known = GenericProduct(
            name=facts.name,
            printed_form=facts.printed_form,
            dosage_form=facts.dosage_form or _form_of(facts),
            kind=facts.kind,
            category=facts.category,
            unit=facts.unit,
            recorded_at=moment,
            changed_at=moment,
        )
        session.add(known)
        session.flush()
        standing.generic_products[facts.name, facts.printed_form] = known
    elif known.unit == "":
        # Recorded by its name alone; the first product tells the rest.
        known.unit = facts.unit
        known.changed_at = moment
        known.version += 1
    return known


def _form_of(facts: ProductFacts) -> DosageForm | None:
    return dosage_form_of_name(
        facts.name, facts.printed_form, strength=facts.strength, kind=facts.kind
    )


def _strength(
    session: Session, facts: ProductFacts, generic_product: GenericProduct, standing: Standing
) -> ProductStrength:
    known = standing.strengths.get((generic_product.id, facts.strength))
    if known is None:
        read = read_strength(facts.strength)
        content = read.content if read is not None else None
        known = ProductStrength(
            generic_product_id=generic_product.id,
            label=facts.strength,
            content=content.number if content else None,
            content_unit=content.unit if content else None,
        )
        session.add(known)
        session.flush()
        standing.strengths[generic_product.id, facts.strength] = known
    return known
