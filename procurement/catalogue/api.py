"""The interface of the catalogue: products, generic products, imports."""

from typing import Annotated

from litestar import get, post, put
from litestar.params import JSONBody, QueryParameter

from procurement.catalogue.api_shapes import (
    GenericProductChange,
    GenericProductIn,
    GenericProductLine,
    GenericProductOut,
    GenericProductPage,
    ImportOut,
    ProductChange,
    ProductIn,
    ProductOut,
    ProductPage,
    generic_product_of,
    import_of,
    line_of,
    product_of,
    raw_of,
)
from procurement.catalogue.generic_products import (
    add_generic_product,
    change_generic_product,
    generic_product_card,
)
from procurement.catalogue.importing import apply_upload, own_upload, upload_file
from procurement.catalogue.listing import (
    ProductFilter,
    generic_product_list,
    unordered_product_list,
)
from procurement.catalogue.products import add_product, change_product, product_card
from procurement.catalogue.reading import BYTES_MAX
from procurement.catalogue.tables import GenericProduct, Product
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action
from procurement.web import Cursor, PageSize, RowId, Visit, paginate_by_key, reads, writes

_TAG = ["catalogue"]
_PRODUCTS = "/api/v1/catalogue/products"
_GENERIC = "/api/v1/catalogue/generic-products"
_IMPORTS = "/api/v1/catalogue/imports"
_WORDS_MAX = 200

Words = Annotated[str, QueryParameter(name="text", max_length=_WORDS_MAX)]


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
        key=Product.id.expression,
        cursor=cursor,
        size=page_size,
    )
    items = [line_of(row.Product, row) for row in page.rows]
    return ProductPage(items=items, next_cursor=page.next_cursor)


@get(_PRODUCTS + "/{product_id:int}", tags=_TAG)
@reads
def read_product(visit: Visit, product_id: RowId) -> ProductOut:
    """Read a product."""
    visit.require(Action.READ_CATALOGUE)
    return product_of(product_card(visit.session, product_id=product_id))


@post(_PRODUCTS, tags=_TAG)
@writes
def post_product(visit: Visit, data: JSONBody[ProductIn]) -> ProductOut:
    """Add a product, with its generic product and strength where they are new."""
    visit.require(Action.CHANGE_CATALOGUE)
    added = add_product(visit.session, raw=raw_of(data), actor=visit.actor, moment=visit.moment)
    return product_of(product_card(visit.session, product_id=added.id))


@put(_PRODUCTS + "/{product_id:int}", tags=_TAG)
@writes
def put_product(visit: Visit, product_id: RowId, data: JSONBody[ProductChange]) -> ProductOut:
    """Change a product; a version that is not the present one is refused."""
    visit.require(Action.CHANGE_CATALOGUE)
    change_product(
        visit.session,
        product_id=product_id,
        raw=raw_of(data),
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return product_of(product_card(visit.session, product_id=product_id))


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
        key=GenericProduct.id.expression,
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
    return generic_product_of(
        generic_product_card(visit.session, generic_product_id=generic_product_id)
    )


@post(_GENERIC, tags=_TAG)
@writes
def post_generic_product(visit: Visit, data: JSONBody[GenericProductIn]) -> GenericProductOut:
    """Record a generic product that has no product yet."""
    visit.require(Action.CHANGE_CATALOGUE)
    added = add_generic_product(
        visit.session, raw=raw_of(data), actor=visit.actor, moment=visit.moment
    )
    return generic_product_of(generic_product_card(visit.session, generic_product_id=added.id))


@put(_GENERIC + "/{generic_product_id:int}", tags=_TAG)
@writes
def put_generic_product(
    visit: Visit, generic_product_id: RowId, data: JSONBody[GenericProductChange]
) -> GenericProductOut:
    """Change a generic product; a version that is not the present one is refused."""
    visit.require(Action.CHANGE_CATALOGUE)
    change_generic_product(
        visit.session,
        generic_product_id=generic_product_id,
        raw=raw_of(data),
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return generic_product_of(
        generic_product_card(visit.session, generic_product_id=generic_product_id)
    )


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
    return import_of(stored)


@get(_IMPORTS + "/{upload_id:int}", tags=_TAG)
@reads
def read_import(visit: Visit, upload_id: RowId) -> ImportOut:
    """Read an uploaded file's faults and effect."""
    visit.require(Action.IMPORT_CATALOGUE)
    return import_of(own_upload(visit.session, upload_id=upload_id, actor=visit.actor))


@post(_IMPORTS + "/{upload_id:int}/apply", tags=_TAG, status_code=200)
@writes
def post_apply(visit: Visit, upload_id: RowId) -> ImportOut:
    """Store all lines of an uploaded file, or none; storing again changes nothing."""
    visit.require(Action.IMPORT_CATALOGUE)
    own_upload(visit.session, upload_id=upload_id, actor=visit.actor)
    return import_of(
        apply_upload(visit.session, upload_id=upload_id, actor=visit.actor, moment=visit.moment)
    )


ROUTES = (
    list_products,
    read_product,
    post_product,
    put_product,
    list_generic_products,
    read_generic_product,
    post_generic_product,
    put_generic_product,
    post_import,
    read_import,
    post_apply,
)
