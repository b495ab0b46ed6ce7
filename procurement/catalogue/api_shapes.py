"""What the interface of the catalogue takes and gives."""

from datetime import date, datetime

from msgspec import Struct, structs

from procurement.catalogue.generic_products import GenericProductCard
from procurement.catalogue.importing import faults_of
from procurement.catalogue.kinds import Evaluation, ProductKind, ProductStatus
from procurement.catalogue.products import ProductCard
from procurement.catalogue.tables import CatalogueImport, Product


class GenericProductIn(Struct, kw_only=True):
    """A generic product to be recorded."""

    name: str
    unit: str
    printed_form: str = ""
    kind: ProductKind = ProductKind.CHEMICAL
    dosage_form: str = ""
    category: str = "general"


class GenericProductChange(GenericProductIn, kw_only=True):
    """A generic product as it is to be; ``version`` as it was read."""

    version: int


class StrengthOut(Struct, kw_only=True):
    """A strength; the ratio is relative to the first of the list."""

    id: int
    label: str
    content: str | None
    content_unit: str | None
    ratio: str | None


class GenericProductOut(Struct, kw_only=True):
    """A generic product with its strengths."""

    id: int
    name: str
    printed_form: str
    kind: str
    dosage_form: str | None
    category: str
    unit: str
    version: int
    strengths: list[StrengthOut]


class GenericProductLine(Struct, kw_only=True):
    """A generic product in a list."""

    id: int
    name: str
    printed_form: str
    kind: str
    category: str
    unit: str
    products: int


class GenericProductPage(Struct, kw_only=True):
    """Generic products in the order of their ids."""

    items: list[GenericProductLine]
    next_cursor: str | None


class ProductIn(Struct, kw_only=True):
    """A product; holder and maker are named by credit code or full name."""

    name: str
    unit: str
    strength: str
    pack_units: int
    holder: str
    printed_form: str = ""
    kind: ProductKind = ProductKind.CHEMICAL
    dosage_form: str = ""
    category: str = "general"
    pack: str = ""
    maker: str = ""
    brand: str = ""
    approval_number: str = ""
    drug_code: str = ""
    standard_code: str = ""
    consumable_code: str = ""
    evaluation: Evaluation = Evaluation.NOT_APPLICABLE
    evaluated_on: date | None = None
    is_originator: bool = False
    is_reference: bool = False
    status: ProductStatus = ProductStatus.ACTIVE
    approved_on: date | None = None
    approval_ends_on: date | None = None


class ProductChange(ProductIn, kw_only=True):
    """All values of a product, and the version that they replace."""

    version: int


class ProductLine(Struct, kw_only=True):
    """A product in a list."""

    id: int
    name: str
    printed_form: str
    strength: str
    unit: str
    pack_units: int
    pack: str
    holder_id: int
    holder: str
    approval_number: str | None
    drug_code: str | None
    consumable_code: str | None
    evaluation: str
    status: str


class ProductOut(Struct, kw_only=True):
    """A product with all that is recorded."""

    id: int
    generic_product_id: int
    strength_id: int
    name: str
    printed_form: str
    kind: str
    strength: str
    unit: str
    pack_units: int
    pack: str
    holder_id: int
    holder: str
    maker_id: int | None
    maker: str | None
    brand: str | None
    approval_number: str | None
    drug_code: str | None
    standard_code: str | None
    consumable_code: str | None
    evaluation: str
    evaluated_on: date | None
    is_originator: bool
    is_reference: bool
    status: str
    approved_on: date | None
    approval_ends_on: date | None
    recorded_at: datetime
    changed_at: datetime
    version: int


class ProductPage(Struct, kw_only=True):
    """Products in the order of their ids."""

    items: list[ProductLine]
    next_cursor: str | None


class FaultOut(Struct, kw_only=True):
    """A fault of a file; row 0 is the file as a whole."""

    row: int
    column: str
    zh: str
    en: str


class ImportOut(Struct, kw_only=True):
    """An uploaded file: what is wrong with it, and what storing it does or did."""

    id: int
    filename: str
    digest: str
    lines: int
    added: int
    changed: int
    uploaded_at: datetime
    applied_at: datetime | None
    faults: list[FaultOut]


def raw_of(data: Struct) -> dict[str, str]:
    """Return the strings that a form would have sent."""
    raw = {}
    for name, value in structs.asdict(data).items():
        if isinstance(value, bool):
            raw[name] = "yes" if value else "no"
        else:
            raw[name] = "" if value is None else str(value)
    return raw


def line_of(product: Product, row: object) -> ProductLine:
    """Tell of a product what a list tells."""
    return ProductLine(
        id=product.id,
        name=getattr(row, "name", ""),
        printed_form=getattr(row, "printed_form", ""),
        strength=getattr(row, "strength", ""),
        unit=getattr(row, "unit", ""),
        pack_units=product.pack_units,
        pack=product.pack,
        holder_id=product.holder_id,
        holder=getattr(row, "holder", ""),
        approval_number=product.approval_number or None,
        drug_code=product.drug_code,
        consumable_code=product.consumable_code,
        evaluation=product.evaluation,
        status=product.status,
    )


def product_of(card: ProductCard) -> ProductOut:
    """Tell all that is recorded of a product."""
    own = {name: getattr(card.product, name) for name in _OWN}
    return ProductOut(
        name=card.generic_product.name,
        printed_form=card.generic_product.printed_form,
        kind=card.generic_product.kind,
        unit=card.generic_product.unit,
        strength=card.strength.label,
        holder=card.holder.name,
        maker=card.maker.name if card.maker else None,
        approval_number=card.product.approval_number or None,
        **own,
    )


_OF_OTHERS = ("name", "printed_form", "kind", "unit", "strength", "holder", "maker")
_OWN = tuple(
    name
    for name in ProductOut.__struct_fields__
    if name not in _OF_OTHERS and name != "approval_number"
)
"""Fields of a product's own row; an empty approval number is told as null."""


def generic_product_of(card: GenericProductCard) -> GenericProductOut:
    """Tell of a generic product, with its strengths."""
    stored = card.generic_product
    return GenericProductOut(
        id=stored.id,
        name=stored.name,
        printed_form=stored.printed_form,
        kind=stored.kind,
        dosage_form=stored.dosage_form,
        category=stored.category,
        unit=stored.unit,
        version=stored.version,
        strengths=[
            StrengthOut(
                id=line.strength.id,
                label=line.strength.label,
                content=_exact(line.strength.content),
                content_unit=line.strength.content_unit,
                ratio=_exact(line.ratio),
            )
            for line in card.strengths
        ],
    )


def _exact(number: object) -> str | None:
    return None if number is None else str(number)


def import_of(stored: CatalogueImport) -> ImportOut:
    """Tell of an uploaded file, with its faults."""
    return ImportOut(
        id=stored.id,
        filename=stored.filename,
        digest=stored.digest,
        lines=stored.line_count,
        added=stored.added,
        changed=stored.changed,
        uploaded_at=stored.uploaded_at,
        applied_at=stored.applied_at,
        faults=[
            FaultOut(row=fault.row, column=fault.column, zh=fault.zh, en=fault.en)
            for fault in faults_of(stored)
        ],
    )
