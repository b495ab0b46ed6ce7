"""Products: the list, one, adding, changing."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post

from procurement.accounts.organisations.forms import version_from
from procurement.audit import entries_about
from procurement.catalogue.exporting import export_products
from procurement.catalogue.listing import ProductFilter, product_list
from procurement.catalogue.products import (
    ProductCard,
    add_product,
    change_product,
    product_card,
    raw_values,
)
from procurement.catalogue.wording import ENTRY_WORDS, labels, options, words
from procurement.errors import FieldFault, InvalidInputError, RefusedError, StaleError
from procurement.permissions import Action
from procurement.web import PageNumber, RowId, Visit, paginate, reads, redirect, render, writes

CSV = "text/csv; charset=utf-8"


@get("/catalogue", include_in_schema=False)
@reads
def list_products(visit: Visit, page: PageNumber = 1) -> Response[Any]:
    """List products, filtered and sorted as the address says."""
    visit.require(Action.READ_CATALOGUE)
    wanted = ProductFilter.from_query(visit.query)
    return render(
        visit,
        "catalogue/products.html",
        page=paginate(visit.session, product_list(wanted), number=page),
        words=words(visit),
        options=options(visit),
        labels=labels(visit),
    )


@get("/catalogue/products.csv", include_in_schema=False)
@reads
def export_list(visit: Visit) -> Response[bytes]:
    """Download the whole list that the address filters."""
    visit.require(Action.READ_CATALOGUE)
    wanted = ProductFilter.from_query(visit.query)
    content = export_products(visit.session, wanted=wanted, language=visit.language)
    return download(content, "catalogue.csv", CSV)


@get("/catalogue/products/{product_id:int}", include_in_schema=False)
@reads
def show_product(visit: Visit, product_id: RowId) -> Response[Any]:
    """Show a product with its codes, its other packs and its life."""
    visit.require(Action.READ_CATALOGUE)
    card = product_card(visit.session, product_id=product_id)
    return render(
        visit,
        "catalogue/product.html",
        card=card,
        words=words(visit),
        labels=labels(visit),
        timeline_entries=_life(visit, card),
    )


@get("/catalogue/products/new", include_in_schema=False)
@reads
def show_new_product(visit: Visit) -> Response[Any]:
    """Show the empty form."""
    visit.require(Action.CHANGE_CATALOGUE)
    return _form(visit, values={"kind": "chemical", "category": "general", "status": "active"})


@post("/catalogue/products/new", include_in_schema=False)
@writes
def add(visit: Visit) -> Response[Any]:
    """Add a product."""
    visit.require(Action.CHANGE_CATALOGUE)
    try:
        with visit.savepoint():
            product = add_product(
                visit.session, raw=visit.form, actor=visit.actor, moment=visit.moment
            )
    except InvalidInputError as refusal:
        return _form(visit, values=visit.form, faults=refusal.faults)
    return redirect(f"/catalogue/products/{product.id}")


@get("/catalogue/products/{product_id:int}/edit", include_in_schema=False)
@reads
def show_change(visit: Visit, product_id: RowId) -> Response[Any]:
    """Show what is recorded, to be changed."""
    visit.require(Action.CHANGE_CATALOGUE)
    card = product_card(visit.session, product_id=product_id)
    values = {**raw_values(card), "version": str(card.product.version)}
    return _form(visit, card=card, values=values)


@post("/catalogue/products/{product_id:int}/edit", include_in_schema=False)
@writes
def change(visit: Visit, product_id: RowId) -> Response[Any]:
    """Change a product."""
    visit.require(Action.CHANGE_CATALOGUE)
    card = product_card(visit.session, product_id=product_id)
    try:
        with visit.savepoint():
            change_product(
                visit.session,
                product_id=product_id,
                raw=visit.form,
                version=version_from(visit.form),
                actor=visit.actor,
                moment=visit.moment,
            )
    except InvalidInputError as refusal:
        return _form(visit, card=card, values=visit.form, faults=refusal.faults)
    except StaleError as refusal:
        return _form(visit, card=card, values=visit.form, refusal=refusal)
    return redirect(f"/catalogue/products/{product_id}")


def download(content: bytes, filename: str, media_type: str) -> Response[bytes]:
    """Answer with a file to be saved; the name is ours and holds plain letters only."""
    return Response(
        content,
        media_type=media_type,
        headers={"content-disposition": f'attachment; filename="{filename}"'},
    )


def _form(
    visit: Visit,
    *,
    values: Mapping[str, str],
    card: ProductCard | None = None,
    faults: tuple[FieldFault, ...] = (),
    refusal: RefusedError | None = None,
) -> Response[Any]:
    status = 422 if faults else 409 if refusal else 200
    return render(
        visit,
        "catalogue/product_form.html",
        status=status,
        card=card,
        values=values,
        faults=faults,
        refusal_of_change=refusal,
        labels=labels(visit),
        options=options(visit),
    )


def _life(visit: Visit, card: ProductCard) -> list[dict[str, object]]:
    """What happened to the product, oldest first."""
    entries: list[dict[str, object]] = []
    if card.product.approved_on is not None:
        day = card.product.approved_on
        entries.append(
            {
                "title": visit.text("获得批准", "Approved"),
                "state": "done",
                "note": day.isoformat(),
            }
        )
    entries.append(
        {
            "title": visit.text("录入目录", "Recorded in the catalogue"),
            "state": "done",
            "moment": card.product.recorded_at,
        }
    )
    for entry in entries_about(visit.session, subject=f"product/{card.product.id}"):
        if entry.action in ENTRY_WORDS:
            entries.append(
                {
                    "title": visit.text(*ENTRY_WORDS[entry.action]),
                    "state": "done",
                    "moment": entry.happened_at,
                }
            )
    return entries


ROUTES = (
    list_products,
    export_list,
    show_new_product,
    add,
    show_product,
    show_change,
    change,
)
