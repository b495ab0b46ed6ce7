"""Orders by file: the list of what may be ordered to take home, and its way back."""

from typing import Any

from litestar import Response, get, post

from procurement.agreements.at_edge import typed_id
from procurement.catalogue.csv_lines import BYTES_MAX
from procurement.errors import RefusedError
from procurement.orders.at_edge import buyer_for
from procurement.orders.listing import buyers_of
from procurement.orders.pages.sheets import CSV
from procurement.orders.pages.typed import posted_content, terms_of
from procurement.orders.pages.words import words
from procurement.orders.placing_file import order_template, place_from_file
from procurement.orders.states import Urgency
from procurement.orders.tables import PurchaseOrder
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.volumes.at_edge import file_answer
from procurement.web import Visit, reads, redirect, render, writes

_FORM_FIELDS = ("file", "hospital_id")


@get("/orders/upload", include_in_schema=False)
@reads
def upload_form(visit: Visit) -> Response[Any]:
    """Offer the list of what may be ordered, and ask for it filled in."""
    buyer_for(visit, None)
    return _page(visit, None)


def _page(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    faults = faults_of(refusal)
    buyers = buyers_of(visit.session, actor=visit.actor, moment=visit.moment)
    return render(
        visit,
        "orders/upload.html",
        status=200 if refusal is None else status_of(refusal),
        hospitals=[(one.id, one.name) for one in buyers],
        values=visit.form or {"urgency": Urgency.ORDINARY.value},
        faults=[one for one in faults if one.field in _FORM_FIELDS],
        line_faults=[one for one in faults if one.field not in _FORM_FIELDS],
        refusal=whole_of(refusal),
        **words(visit),
    )


@get("/orders/upload/template.csv", include_in_schema=False)
@reads
def template(visit: Visit) -> Response[bytes]:
    """Give what may be ordered as CSV."""
    hospital = buyer_for(visit, typed_id(visit.query.get("hospital", "")))
    content = order_template(visit.session, hospital_id=hospital.id, day_at=visit.moment)
    return file_answer(content, name=visit.text("订购表.csv", "orders.csv"), media_type=CSV)


@post("/orders/upload", include_in_schema=False, request_max_body_size=2 * BYTES_MAX)
@writes
def upload(visit: Visit) -> Response[Any]:
    """Place the orders of a file: all of them, or none."""
    hospital = buyer_for(visit, typed_id(visit.form.get("hospital", "")))
    placed: list[PurchaseOrder] = []

    def change() -> None:
        content = posted_content(visit, "file", BYTES_MAX)
        placed.extend(
            place_from_file(
                visit.session,
                hospital_id=hospital.id,
                content=content,
                terms=terms_of(visit.form),
                actor=visit.actor,
                moment=visit.moment,
            )
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, refusal)
    return redirect("/orders?new=1")


ROUTES = (upload_form, template, upload)
"""Handlers of these pages."""
