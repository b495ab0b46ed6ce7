"""Generic products: the list, one with its strengths, adding, changing."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post

from procurement.accounts.organisations.forms import version_from
from procurement.catalogue.generic_products import (
    GenericProductCard,
    add_generic_product,
    change_generic_product,
    generic_product_card,
)
from procurement.catalogue.listing import (
    ProductFilter,
    by_name,
    generic_product_list,
    product_list,
)
from procurement.catalogue.wording import labels, options, words
from procurement.errors import FieldFault, InvalidInputError, RefusedError, StaleError
from procurement.permissions import Action
from procurement.web import PageNumber, RowId, Visit, paginate, reads, redirect, render, writes

_FIELDS = ("name", "printed_form", "dosage_form", "kind", "category", "unit")


@get("/catalogue/generic-products", include_in_schema=False)
@reads
def list_generic_products(visit: Visit, page: PageNumber = 1) -> Response[Any]:
    """List generic products."""
    visit.require(Action.READ_CATALOGUE)
    query = visit.query
    statement = generic_product_list(
        text=query.get("text", "").strip(),
        kind=query.get("kind", ""),
        category=query.get("category", ""),
    )
    return render(
        visit,
        "catalogue/generic_products.html",
        page=paginate(visit.session, by_name(statement), number=page),
        words=words(visit),
        options=options(visit),
        labels=labels(visit),
    )


@get("/catalogue/generic-products/{generic_product_id:int}", include_in_schema=False)
@reads
def show_generic_product(
    visit: Visit, generic_product_id: RowId, page: PageNumber = 1
) -> Response[Any]:
    """Show a generic product with its strengths and its products."""
    visit.require(Action.READ_CATALOGUE)
    wanted = ProductFilter(
        generic_product=str(generic_product_id), sort=visit.query.get("sort", "")
    )
    return render(
        visit,
        "catalogue/generic_product.html",
        card=generic_product_card(visit.session, generic_product_id=generic_product_id),
        page=paginate(visit.session, product_list(wanted), number=page),
        words=words(visit),
        labels=labels(visit),
    )


@get("/catalogue/generic-products/new", include_in_schema=False)
@reads
def show_new_generic_product(visit: Visit) -> Response[Any]:
    """Show the empty form."""
    visit.require(Action.CHANGE_CATALOGUE)
    return _form(visit, values={"kind": "chemical", "category": "general"})


@post("/catalogue/generic-products/new", include_in_schema=False)
@writes
def add(visit: Visit) -> Response[Any]:
    """Add a generic product."""
    visit.require(Action.CHANGE_CATALOGUE)
    try:
        with visit.savepoint():
            added = add_generic_product(
                visit.session, raw=visit.form, actor=visit.actor, moment=visit.moment
            )
    except InvalidInputError as refusal:
        return _form(visit, values=visit.form, faults=refusal.faults)
    return redirect(f"/catalogue/generic-products/{added.id}")


@get("/catalogue/generic-products/{generic_product_id:int}/edit", include_in_schema=False)
@reads
def show_change(visit: Visit, generic_product_id: RowId) -> Response[Any]:
    """Show what is recorded, to be changed."""
    visit.require(Action.CHANGE_CATALOGUE)
    card = generic_product_card(visit.session, generic_product_id=generic_product_id)
    stored = card.generic_product
    values = {name: str(getattr(stored, name) or "") for name in _FIELDS}
    return _form(visit, card=card, values={**values, "version": str(stored.version)})


@post("/catalogue/generic-products/{generic_product_id:int}/edit", include_in_schema=False)
@writes
def change(visit: Visit, generic_product_id: RowId) -> Response[Any]:
    """Change a generic product."""
    visit.require(Action.CHANGE_CATALOGUE)
    card = generic_product_card(visit.session, generic_product_id=generic_product_id)
    try:
        with visit.savepoint():
            change_generic_product(
                visit.session,
                generic_product_id=generic_product_id,
                raw=visit.form,
                version=version_from(visit.form),
                actor=visit.actor,
                moment=visit.moment,
            )
    except InvalidInputError as refusal:
        return _form(visit, card=card, values=visit.form, faults=refusal.faults)
    except StaleError as refusal:
        return _form(visit, card=card, values=visit.form, refusal=refusal)
    return redirect(f"/catalogue/generic-products/{generic_product_id}")


def _form(
    visit: Visit,
    *,
    values: Mapping[str, str],
    card: GenericProductCard | None = None,
    faults: tuple[FieldFault, ...] = (),
    refusal: RefusedError | None = None,
) -> Response[Any]:
    status = 422 if faults else 409 if refusal else 200
    return render(
        visit,
        "catalogue/generic_product_form.html",
        status=status,
        card=card,
        values=values,
        faults=faults,
        refusal_of_change=refusal,
        labels=labels(visit),
        options=options(visit),
    )


ROUTES = (
    list_generic_products,
    show_new_generic_product,
    add,
    show_generic_product,
    show_change,
    change,
)
