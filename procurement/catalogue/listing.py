"""Lists of the catalogue: searched, filtered and sorted by the database, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from procurement.accounts.tables import Organisation
from procurement.catalogue.kinds import Evaluation
from procurement.catalogue.rules import normal_approval_number, normal_code
from procurement.catalogue.tables import GenericProduct, Product, ProductStrength

PASSED = "passed"
"""Filter value for products that count as passed: evaluated, deemed passed, or a reference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFilter:
    """What a list of products is narrowed to; empty values narrow nothing.

    Attributes:
        text: Part of the generic name, brand or holder; or a whole approval number or code.
        kind: A value of `ProductKind`.
        category: A value of `bidding.bid_sheet.Category`.
        evaluation: A value of `Evaluation`, or `PASSED` for all that count as passed.
        status: A value of `ProductStatus`.
        generic_product: Id of a generic product.
        holder: Id of an organisation.
        sort: A key of `SORTS`, with ``-`` before it for descending.
    """

    text: str = ""
    kind: str = ""
    category: str = ""
    evaluation: str = ""
    status: str = ""
    generic_product: str = ""
    holder: str = ""
    sort: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "ProductFilter":
        """Take the filter from an address; what is not known there is ignored.

        Examples:
            >>> ProductFilter.from_query({"kind": "chemical", "page": "2"}).kind
            'chemical'
        """
        known = {field.name for field in fields(cls)}
        return cls(**{name: value.strip() for name, value in query.items() if name in known})


_Holder, _Maker = aliased(Organisation), aliased(Organisation)

SORTS: Mapping[str, tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...]] = {
    "name": (GenericProduct.name, GenericProduct.printed_form, ProductStrength.label),
    "holder": (_Holder.name, GenericProduct.name),
    "approval_number": (Product.approval_number,),
    "changed_at": (Product.changed_at,),
}
"""Columns that a list can be sorted by."""


def product_list(wanted: ProductFilter) -> Select[Any]:
    """Select products with what a list shows of them.

    Args:
        wanted: The filter and the order.

    Returns:
        Rows of id, product, generic name, printed form, unit, kind, strength, and the names of
        holder and maker.
    """
    down = wanted.sort.startswith("-")
    columns = SORTS.get(wanted.sort.removeprefix("-"), SORTS["name"])
    ordered = [column.desc() if down else column.asc() for column in columns]
    return unordered_product_list(wanted).order_by(*ordered, Product.id)


def unordered_product_list(wanted: ProductFilter) -> Select[Any]:
    """Select the same rows as `product_list`, for paging by id."""
    statement: Any = (
        select(
            Product.id,
            Product,
            GenericProduct.name,
            GenericProduct.printed_form,
            GenericProduct.unit,
            GenericProduct.kind,
            ProductStrength.label.label("strength"),
            _Holder.name.label("holder"),
            _Maker.name.label("maker"),
        )
        .join(GenericProduct, GenericProduct.id == Product.generic_product_id)
        .join(ProductStrength, ProductStrength.id == Product.strength_id)
        .join(_Holder, _Holder.id == Product.holder_id)
        .outerjoin(_Maker, _Maker.id == Product.maker_id)
        .where(*_conditions(wanted))
    )
    return cast("Select[Any]", statement)


def generic_product_list(*, text: str = "", kind: str = "", category: str = "") -> Select[Any]:
    """Select generic products with the number of their products, by name.

    Returns:
        Rows of id, generic product and number of products.
    """
    counted = (
        select(func.count(Product.id))
        .where(Product.generic_product_id == GenericProduct.id)
        .correlate(GenericProduct)
        .scalar_subquery()
    )
    statement: Any = select(GenericProduct.id, GenericProduct, counted.label("products"))
    if text:
        statement = statement.where(_contains(GenericProduct.name, text))
    if kind:
        statement = statement.where(GenericProduct.kind == kind)
    if category:
        statement = statement.where(GenericProduct.category == category)
    return cast("Select[Any]", statement)


def by_name(statement: Select[Any]) -> Select[Any]:
    """Order a list of generic products by name and form."""
    return statement.order_by(GenericProduct.name, GenericProduct.printed_form, GenericProduct.id)


def _conditions(wanted: ProductFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.text:
        conditions.append(_mentions(wanted.text))
    for column, value in (
        (GenericProduct.kind, wanted.kind),
        (GenericProduct.category, wanted.category),
        (Product.status, wanted.status),
    ):
        if value:
            conditions.append(column == value)
    if wanted.evaluation == PASSED:
        counted = Product.evaluation.in_([Evaluation.PASSED, Evaluation.DEEMED])
        conditions.append(or_(counted, Product.is_reference, Product.is_originator))
    elif wanted.evaluation:
        conditions.append(Product.evaluation == wanted.evaluation)
    if wanted.generic_product:
        conditions.append(Product.generic_product_id == _id(wanted.generic_product))
    if wanted.holder:
        conditions.append(Product.holder_id == _id(wanted.holder))
    return conditions


def _mentions(text: str) -> ColumnElement[bool]:
    code = normal_code(text)
    return or_(
        _contains(GenericProduct.name, text),
        _contains(Product.brand, text),
        _contains(_Holder.name, text),
        Product.approval_number == normal_approval_number(text),
        Product.drug_code == code,
        Product.standard_code == code,
        Product.consumable_code == code,
    )


def _contains(column: InstrumentedAttribute[Any], text: str) -> ColumnElement[bool]:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return column.ilike(f"%{escaped}%", escape="\\")


def _id(text: str) -> int:
    # No row has the id -1; a number of any length must not reach a column of 32 bits.
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else -1
