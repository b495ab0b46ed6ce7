"""Exporting the list of products as CSV, in the columns that an import reads."""

from sqlalchemy.orm import Session

from procurement.catalogue.listing import ProductFilter, product_list
from procurement.catalogue.rules import COLUMNS, WORDS, YES_NO
from procurement.catalogue.spreadsheets import as_csv, heading
from procurement.catalogue.tables import GenericProduct, Product

EXPORT_MAX = 50_000
"""Rows of one file; narrow the filter for more."""


def export_products(session: Session, *, wanted: ProductFilter, language: str) -> bytes:
    """Write every product of a filter as CSV.

    Args:
        session: Any session.
        wanted: The filter and the order.
        language: Of the headings and words.

    Returns:
        The file, in UTF-8; an import of it changes nothing.
    """
    rows = session.execute(product_list(wanted).limit(EXPORT_MAX).add_columns(GenericProduct)).all()
    return as_csv(
        [
            [heading(column, language) for column in COLUMNS],
            *(_row(row.Product, row.GenericProduct, row, language) for row in rows),
        ]
    )


def _row(
    product: Product, generic_product: GenericProduct, row: object, language: str
) -> list[str]:
    own = {
        "strength": getattr(row, "strength", ""),
        "holder": getattr(row, "holder", ""),
        "maker": getattr(row, "maker", "") or "",
    }
    cells = []
    for column in COLUMNS:
        of_generic = hasattr(generic_product, column.key)
        source = generic_product if of_generic else product
        value = own.get(column.key, getattr(source, column.key, None))
        cells.append(_cell(column.key, value, language))
    return cells


def _cell(key: str, value: object, language: str) -> str:
    side = 1 if language == "en" else 0
    if isinstance(value, bool):
        return YES_NO[value][side]
    if value is None:
        return ""
    pair = WORDS.get(key, {}).get(str(value))
    return pair[side] if pair else str(value)
