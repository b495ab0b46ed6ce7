"""What the catalogue knows about the products of a form or a file, read in a few queries."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from procurement.accounts.tables import Organisation
from procurement.catalogue.rules import ProductFacts
from procurement.catalogue.tables import GenericProduct, Product, ProductStrength

CHUNK = 500
"""Values of one IN list: below SQLite's and PostgreSQL's limits."""

# Any number that no other lock of the database takes.
_CATALOGUE_LOCK = 20_261_124

Identity = tuple[int, int, str, int, str]
"""Holder, strength, approval number, units in the pack, pack: a product's own."""


@dataclass(slots=True)
class Standing:
    """The rows that may have to do with some facts, ready to be asked.

    Attributes:
        organisations: By credit code and by full name; a name that several bear has all of them.
        generic_products: By name and printed form.
        strengths: By generic product and label.
        products: By identity.
        by_code: By drug code and by consumable code.
        by_number: By approval number, all packs.
    """

    organisations: dict[str, list[Organisation]] = field(default_factory=dict)
    generic_products: dict[tuple[str, str], GenericProduct] = field(default_factory=dict)
    strengths: dict[tuple[int, str], ProductStrength] = field(default_factory=dict)
    products: dict[Identity, Product] = field(default_factory=dict)
    by_code: dict[str, Product] = field(default_factory=dict)
    by_number: dict[str, list[Product]] = field(default_factory=dict)

    def organisation(self, named: str) -> Organisation | None:
        """The one organisation of that credit code or name."""
        found = self.organisations.get(named, [])
        return found[0] if len(found) == 1 else None

    def pack_of(self, facts: ProductFacts) -> Product | None:
        """The stored product of the same holder, strength, approval number and pack."""
        holder, strength = self.organisation(facts.holder), self.strength_of(facts)
        if holder is None or strength is None:
            return None
        number = facts.approval_number
        return self.products.get((holder.id, strength.id, number, facts.pack_units, facts.pack))

    def strength_of(self, facts: ProductFacts) -> ProductStrength | None:
        """The stored strength of that label of the stored generic product."""
        generic_product = self.generic_products.get((facts.name, facts.printed_form))
        if generic_product is None:
            return None
        return self.strengths.get((generic_product.id, facts.strength))

    def product_of(self, facts: ProductFacts) -> Product | None:
        """The stored product that facts are about: the one with the code, or the same pack."""
        for code in (facts.drug_code, facts.consumable_code):
            if code and code in self.by_code:
                return self.by_code[code]
        return self.pack_of(facts)

    def add(self, product: Product) -> None:
        """Know a product that was read or written."""
        self.products[identity_of(product)] = product
        for code in (product.drug_code, product.consumable_code):
            if code:
                self.by_code[code] = product
        if product.approval_number:
            packs = self.by_number.setdefault(product.approval_number, [])
            if product not in packs:
                packs.append(product)


def identity_of(product: Product) -> Identity:
    """Return what tells a product from all others."""
    return (
        product.holder_id,
        product.strength_id,
        product.approval_number,
        product.pack_units,
        product.pack,
    )


def lock_catalogue(session: Session) -> None:
    """Let one transaction at a time write the catalogue; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CATALOGUE_LOCK})


def read_standing(session: Session, facts: Collection[ProductFacts]) -> Standing:
    """Read all that may have to do with the facts.

    Args:
        session: Any session.
        facts: Of a form or of all lines of a file.

    Returns:
        The rows, by what they are asked for.
    """
    standing = Standing()
    named = {one.holder for one in facts} | {one.maker for one in facts if one.maker}
    for column in (Organisation.credit_code, Organisation.name):
        for organisation in _rows(session, Organisation, column, named):
            for key in {organisation.credit_code, organisation.name} & named:
                found = standing.organisations.setdefault(str(key), [])
                if organisation not in found:
                    found.append(organisation)
    names = {one.name for one in facts}
    for generic_product in _rows(session, GenericProduct, GenericProduct.name, names):
        key = (generic_product.name, generic_product.printed_form)
        standing.generic_products[key] = generic_product
    ids = {generic_product.id for generic_product in standing.generic_products.values()}
    for strength in _rows(session, ProductStrength, ProductStrength.generic_product_id, ids):
        standing.strengths[strength.generic_product_id, strength.label] = strength
    for product in _products(session, facts, standing):
        standing.add(product)
    return standing


def _products(
    session: Session, facts: Collection[ProductFacts], standing: Standing
) -> Iterator[Product]:
    strengths = {strength.id for strength in standing.strengths.values()}
    yield from _rows(session, Product, Product.strength_id, strengths)
    for column, values in (
        (Product.approval_number, {one.approval_number for one in facts} - {""}),
        (Product.drug_code, {one.drug_code for one in facts} - {""}),
        (Product.consumable_code, {one.consumable_code for one in facts} - {""}),
    ):
        yield from _rows(session, Product, column, values)


def _rows(
    session: Session,
    entity: type[Any],
    column: InstrumentedAttribute[Any],
    values: Iterable[Any],
) -> Iterator[Any]:
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        chunk = ordered[start : start + CHUNK]
        yield from session.scalars(select(entity).where(column.in_(chunk)))
