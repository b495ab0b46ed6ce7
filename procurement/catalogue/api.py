"""The interface of the catalogue: products, generic products, imports."""

from datetime import date, datetime
from typing import Annotated

from litestar import get, post, put
from litestar.params import QueryParameter
from msgspec import Struct, structs

from procurement.catalogue.generic_products import (
    GenericProductCard,
    add_generic_product,
    generic_product_card,
)
from procurement.catalogue.importing import apply_upload, faults_of, upload_file, upload_of
from procurement.catalogue.kinds import Evaluation, ProductKind, ProductStatus
from procurement.catalogue.listing import (
    ProductFilter,
    generic_product_list,
    unordered_product_list,
)
from procurement.catalogue.products import (
    ProductCard,
    add_product,
    change_product,
    product_card,
)
from procurement.catalogue.reading import BYTES_MAX
from procurement.catalogue.tables import CatalogueImport, GenericProduct, Product
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action
from procurement.web import Cursor, PageSize, RowId, Visit, paginate_by_key, reads, writes

_TAG = ["catalogue"]
_PRODUCTS = "/api/v1/catalogue/products"
_GENERIC = "/api/v1/catalogue/generic-products"
_IMPORTS = "/api/v1/catalogue/imports"
_WORDS_MAX = 200

Words = Annotated[str, QueryParameter(name="text", max_length=_WORDS_MAX)]


class GenericProductIn(Struct, kw_only=True):
    """A generic product to be recorded."""

    name: str
    unit: str
    printed_form: str = ""
    kind: ProductKind = ProductKind.CHEMICAL
    dosage_form: str = ""
    category: str = "general"


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


@get(_PRODUCTS, tags=_TAG)
@reads
def list_products(
    visit: Visit, cursor: Cursor = None, page_size: PageSize = 50, text: Words = ""
) -> ProductPage:
    """List products; ``text``, ``kind``, ``status`` and so on narrow the list as in the pages."""
    visit.require(Action.READ_CATALOGUE)
    page = paginate_by_key(
        visit.session,
        unordered_product_list(ProductFilter.from_query(visit.query)),
        key=Product.id,
        cursor=cursor,
        size=page_size,
    )
    items = [_line(row.Product, row) for row in page.rows]
    return ProductPage(items=items, next_cursor=page.next_cursor)


@get(_PRODUCTS + "/{product_id:int}", tags=_TAG)
@reads
def read_product(visit: Visit, product_id: RowId) -> ProductOut:
    """Read a product."""
    visit.require(Action.READ_CATALOGUE)
    return _product(product_card(visit.session, product_id=product_id))


@post(_PRODUCTS, tags=_TAG)
@writes
def post_product(visit: Visit, data: ProductIn) -> ProductOut:
    """Add a product, with its generic product and strength where they are new."""
    visit.require(Action.CHANGE_CATALOGUE)
    added = add_product(visit.session, raw=_raw(data), actor=visit.actor, moment=visit.moment)
    return _product(product_card(visit.session, product_id=added.id))


@put(_PRODUCTS + "/{product_id:int}", tags=_TAG)
@writes
def put_product(visit: Visit, product_id: RowId, data: ProductChange) -> ProductOut:
    """Change a product; a version that is not the present one is refused."""
    visit.require(Action.CHANGE_CATALOGUE)
    change_product(
        visit.session,
        product_id=product_id,
        raw=_raw(data),
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _product(product_card(visit.session, product_id=product_id))


@get(_GENERIC, tags=_TAG)
@reads
def list_generic_products(
    visit: Visit, cursor: Cursor = None, page_size: PageSize = 50, text: Words = ""
) -> GenericProductPage:
    """List generic products."""
    visit.require(Action.READ_CATALOGUE)
    page = paginate_by_key(
        visit.session,
        generic_product_list(text=text.strip()),
        key=GenericProduct.id,
        cursor=cursor,
        size=page_size,
    )
    items = [
        GenericProductLine(
            id=row.id,
            name=row.GenericProduct.name,
            printed_form=row.GenericProduct.printed_form,
            kind=row.GenericProduct.kind,
            category=row.GenericProduct.category,
            unit=row.GenericProduct.unit,
            products=row.products,
        )
        for row in page.rows
    ]
    return GenericProductPage(items=items, next_cursor=page.next_cursor)


@get(_GENERIC + "/{generic_product_id:int}", tags=_TAG)
@reads
def read_generic_product(visit: Visit, generic_product_id: RowId) -> GenericProductOut:
    """Read a generic product with its strengths."""
    visit.require(Action.READ_CATALOGUE)
    return _generic(generic_product_card(visit.session, generic_product_id=generic_product_id))


@post(_GENERIC, tags=_TAG)
@writes
def post_generic_product(visit: Visit, data: GenericProductIn) -> GenericProductOut:
    """Record a generic product that has no product yet."""
    visit.require(Action.CHANGE_CATALOGUE)
    added = add_generic_product(
        visit.session, raw=_raw(data), actor=visit.actor, moment=visit.moment
    )
    return _generic(generic_product_card(visit.session, generic_product_id=added.id))


@post(_IMPORTS, tags=_TAG)
@writes
def post_import(visit: Visit) -> ImportOut:
    """Upload a file (multipart: ``file`` and, for CSV, ``encoding``); nothing is stored yet."""
    visit.require(Action.IMPORT_CATALOGUE)
    sent = visit.form.files.get("file")
    if sent is None:
        raise InvalidInputError([FieldFault("file", "缺少文件。", "The file is missing.")])
    stored = upload_file(
        visit.session,
        filename=sent.filename,
        content=sent.file.read(BYTES_MAX + 1),
        encoding=visit.form.get("encoding", "utf-8"),
        actor=visit.actor,
        moment=visit.moment,
    )
    return _import(stored)


@get(_IMPORTS + "/{upload_id:int}", tags=_TAG)
@reads
def read_import(visit: Visit, upload_id: RowId) -> ImportOut:
    """Read an uploaded file's faults and effect."""
    visit.require(Action.IMPORT_CATALOGUE)
    return _import(upload_of(visit.session, upload_id=upload_id))


@post(_IMPORTS + "/{upload_id:int}/apply", tags=_TAG, status_code=200)
@writes
def post_apply(visit: Visit, upload_id: RowId) -> ImportOut:
    """Store all lines of an uploaded file, or none; storing again changes nothing."""
    visit.require(Action.IMPORT_CATALOGUE)
    return _import(
        apply_upload(visit.session, upload_id=upload_id, actor=visit.actor, moment=visit.moment)
    )


def _raw(data: Struct) -> dict[str, str]:
    """The strings that a form would have sent."""
    raw = {}
    for name, value in structs.asdict(data).items():
        if isinstance(value, bool):
            raw[name] = "yes" if value else "no"
        else:
            raw[name] = "" if value is None else str(value)
    return raw


def _line(product: Product, row: object) -> ProductLine:
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


def _product(card: ProductCard) -> ProductOut:
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


def _generic(card: GenericProductCard) -> GenericProductOut:
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


def _import(stored: CatalogueImport) -> ImportOut:
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


ROUTES = (
    list_products,
    read_product,
    post_product,
    put_product,
    list_generic_products,
    read_generic_product,
    post_generic_product,
    post_import,
    read_import,
    post_apply,
)
