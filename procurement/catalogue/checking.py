"""Faults that show only against the catalogue: unknown firms, codes of others, contradictions."""

from collections.abc import Iterator

from procurement.accounts.tables import OrganisationKind
from procurement.catalogue.kinds import ProductKind
from procurement.catalogue.rules import WORDS, ProductFacts
from procurement.catalogue.standing import Standing
from procurement.catalogue.tables import GenericProduct, Product
from procurement.errors import FieldFault

_GENERIC_COLUMNS = ("kind", "dosage_form", "category", "unit")
"""Columns that belong to the generic product: all its products share them."""


def standing_faults(
    facts: ProductFacts, standing: Standing, *, own: Product | None = None
) -> list[FieldFault]:
    """Check facts against what the catalogue already holds.

    Args:
        facts: Without faults of their own.
        standing: Read for these facts.
        own: The product that is being changed; None where the facts say which it is.

    Returns:
        The faults, in the order of the columns they stand at.
    """
    product = own or standing.product_of(facts)
    return [
        *_generic_faults(facts, standing),
        *_firm_faults("holder", facts.holder, facts.kind, standing),
        *(_firm_faults("maker", facts.maker, facts.kind, standing) if facts.maker else ()),
        *_number_faults(facts, standing, product),
        *_code_faults(facts, standing, own),
    ]


def _generic_faults(facts: ProductFacts, standing: Standing) -> Iterator[FieldFault]:
    known = standing.generic_products.get((facts.name, facts.printed_form))
    if known is None:
        return
    for column in _GENERIC_COLUMNS:
        present, told = getattr(known, column) or "", getattr(facts, column)
        if present and told is not None and present != told:
            zh, en = WORDS.get(column, {}).get(present, (present, present))
            title = title_of(known)
            yield FieldFault(
                column,
                f"目录中“{title}”为“{zh}”，同一通用名应一致。",
                f"The catalogue has “{en}” for {title}; all its products share it.",
            )


def _firm_faults(
    column: str, named: str, kind: ProductKind, standing: Standing
) -> Iterator[FieldFault]:
    found = standing.organisations.get(named, [])
    if len(found) > 1:
        yield FieldFault(
            column,
            f"有 {len(found)} 家机构名为“{named}”：请改填统一社会信用代码。",
            f"{len(found)} organisations are called “{named}”: give the credit code instead.",
        )
        return
    expected = OrganisationKind.MANUFACTURER
    if kind is ProductKind.HOSPITAL_PREPARATION:
        expected = OrganisationKind.HOSPITAL
    if not found:
        yield FieldFault(
            column,
            f"“{named}”尚未登记：请填已登记机构的全称或统一社会信用代码。",
            f"“{named}” is not registered: give a registered name or credit code.",
        )
    elif found[0].kind != expected:
        zh = "医疗机构" if expected is OrganisationKind.HOSPITAL else "企业"
        yield FieldFault(
            column,
            f"“{named}”登记为其他类型的机构：此处应为{zh}。",
            f"“{named}” is registered as another kind: expected a {expected.value}.",
        )


def _number_faults(
    facts: ProductFacts, standing: Standing, product: Product | None
) -> Iterator[FieldFault]:
    """One approval number belongs to one holder and one generic product."""
    others = [
        other
        for other in standing.by_number.get(facts.approval_number, [])
        if product is None or other.id != product.id
    ]
    holder = standing.organisation(facts.holder)
    generic_product = standing.generic_products.get((facts.name, facts.printed_form))
    for other in others[:1]:
        if holder is not None and other.holder_id != holder.id:
            yield FieldFault(
                "approval_number",
                f"该文号在目录中属于另一持有人（产品 {other.id}）。",
                f"The catalogue has this number for another holder (product {other.id}).",
            )
        elif generic_product is None or other.generic_product_id != generic_product.id:
            yield FieldFault(
                "approval_number",
                f"该文号在目录中属于另一通用名或剂型（产品 {other.id}）。",
                f"The catalogue has this number for another generic product (product {other.id}).",
            )


def _code_faults(
    facts: ProductFacts, standing: Standing, own: Product | None
) -> Iterator[FieldFault]:
    """A code belongs to one product; of that product only the pack may be told differently."""
    for column, code in (
        ("drug_code", facts.drug_code),
        ("consumable_code", facts.consumable_code),
    ):
        coded = standing.by_code.get(code) if code else None
        if coded is None or (own is not None and coded.id == own.id):
            continue
        if own is not None or not _is_same_product(facts, coded, standing):
            yield FieldFault(
                column,
                f"该代码在目录中属于产品 {coded.id}。",
                f"The catalogue has this code for product {coded.id}.",
            )


def _is_same_product(facts: ProductFacts, coded: Product, standing: Standing) -> bool:
    holder, strength = standing.organisation(facts.holder), standing.strength_of(facts)
    if holder is None or strength is None:
        return False
    pack = standing.pack_of(facts)
    return (
        coded.holder_id == holder.id
        and coded.strength_id == strength.id
        and (pack is None or pack.id == coded.id)
    )


def title_of(generic_product: GenericProduct) -> str:
    """Name and form as documents print them together.

    Examples:
        >>> title_of(GenericProduct(name="阿那曲唑", printed_form="片剂"))
        '阿那曲唑（片剂）'
    """
    form = generic_product.printed_form
    return f"{generic_product.name}（{form}）" if form else generic_product.name
