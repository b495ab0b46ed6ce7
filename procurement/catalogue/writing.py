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
    _prepare(session, facts, standing, moment)
    products, changed_ids, added = [], set(), 0
    for one in facts:
        product = standing.product_of(one)
        if product is None:
            product = _new_product(session, one, standing, moment)
            added += 1
        elif _rewrite(product, one, standing, moment):
            changed_ids.add(product.id)
        products.append(product)
    session.flush()
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
    _prepare(session, [facts], standing, moment)
    is_changed = _rewrite(product, facts, standing, moment)
    session.flush()
    return is_changed


def is_unchanged(facts: ProductFacts, product: Product, standing: Standing) -> bool:
    """Tell whether facts say of a product what is stored already."""
    strength = standing.strength_of(facts)
    if strength is None or product.strength_id != strength.id:
        return False
    wanted = _own_values(facts, standing)
    return all(getattr(product, name) == value for name, value in wanted.items())


def _prepare(
    session: Session, facts: Sequence[ProductFacts], standing: Standing, moment: datetime
) -> None:
    """Add generic products and strengths that are new, so that products can refer to them."""
    for one in facts:
        _add_generic_product(session, one, standing, moment)
    session.flush()
    for one in facts:
        _add_strength(session, one, standing)
    session.flush()


def _new_product(
    session: Session, facts: ProductFacts, standing: Standing, moment: datetime
) -> Product:
    values = _values(facts, standing)
    product = Product(**values, recorded_at=moment, changed_at=moment)
    session.add(product)
    standing.add(product)
    _carry_over(product, standing, moment)
    return product


def _rewrite(product: Product, facts: ProductFacts, standing: Standing, moment: datetime) -> bool:
    before = identity_of(product)
    is_changed = _assign(product, _values(facts, standing), moment)
    if standing.products.get(before) is product:
        del standing.products[before]
    standing.add(product)
    _carry_over(product, standing, moment)
    return is_changed


def _carry_over(product: Product, standing: Standing, moment: datetime) -> None:
    """Give the other packs of an approval number what belongs to the number."""
    shared = {name: getattr(product, name) for name in _OF_THE_NUMBER}
    for other in standing.by_number.get(product.approval_number, []):
        if other is not product and other.id is not None:
            _assign(other, shared, moment)


def _assign(product: Product, values: dict[str, Any], moment: datetime) -> bool:
    different = {name: value for name, value in values.items() if getattr(product, name) != value}
    for name, value in different.items():
        setattr(product, name, value)
    if different:
        product.changed_at = moment
        product.version += 1
    return bool(different)


def _values(facts: ProductFacts, standing: Standing) -> dict[str, Any]:
    strength = standing.strength_of(facts)
    if strength is None:
        raise ValueError(f"{facts.strength!r} was not prepared")
    return {
        "generic_product_id": strength.generic_product_id,
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


def _add_generic_product(
    session: Session, facts: ProductFacts, standing: Standing, moment: datetime
) -> None:
    key = (facts.name, facts.printed_form)
    known = standing.generic_products.get(key)
    if known is None:
        standing.generic_products[key] = GenericProduct(
            name=facts.name,
            printed_form=facts.printed_form,
            dosage_form=facts.dosage_form or _form_of(facts),
            kind=facts.kind,
            category=facts.category,
            unit=facts.unit,
            recorded_at=moment,
            changed_at=moment,
        )
        session.add(standing.generic_products[key])
    elif known.unit == "":
        # Recorded by its name alone; the first product tells the rest.
        known.unit = facts.unit
        known.changed_at = moment
        known.version += 1


def _form_of(facts: ProductFacts) -> DosageForm | None:
    return dosage_form_of_name(
        facts.name, facts.printed_form, strength=facts.strength, kind=facts.kind
    )


def _add_strength(session: Session, facts: ProductFacts, standing: Standing) -> None:
    if standing.strength_of(facts) is not None:
        return
    generic_product = standing.generic_products[facts.name, facts.printed_form]
    read = read_strength(facts.strength)
    content = read.content if read is not None else None
    added = ProductStrength(
        generic_product_id=generic_product.id,
        label=facts.strength,
        content=content.number if content else None,
        content_unit=content.unit if content else None,
    )
    session.add(added)
    standing.strengths[generic_product.id, facts.strength] = added
