"""Placing orders: what is offered, a check of what was typed, then one order for each agreement."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from litestar import Response, get, post

from procurement.agreements.at_edge import typed_id
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.orders.at_edge import buyer_for
from procurement.orders.listing import buyers_of
from procurement.orders.offers import offers_for
from procurement.orders.pages.basket import Group, Part, grouped, parts_of, typed_again
from procurement.orders.pages.typed import GoodsReader, renamed, terms_of
from procurement.orders.pages.words import words
from procurement.orders.placing import place_order
from procurement.orders.states import Urgency
from procurement.orders.wanted import choose
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.web import Visit, reads, redirect, render, writes

QUERY_LENGTH_MAX = 60


@get("/orders/new", include_in_schema=False)
@reads
def order_form(visit: Visit) -> Response[Any]:
    """Show what may be ordered, with what is agreed, ordered and received."""
    hospital_id = buyer_for(visit, typed_id(visit.query.get("hospital", ""))).id
    query = visit.query.get("q", "")[:QUERY_LENGTH_MAX]
    return _page(visit, hospital_id, _groups(visit, hospital_id, query), visit.query, None)


def _groups(visit: Visit, hospital_id: int, query: str = "") -> list[Group]:
    day = day_in_china(visit.moment)
    return grouped(offers_for(visit.session, hospital_id=hospital_id, day=day, query=query))


def _page(
    visit: Visit,
    hospital_id: int,
    groups: Sequence[Group],
    filters: Any,  # noqa: ANN401 - the address's parameters or the form
    refusal: RefusedError | None,
) -> Response[Any]:
    return render(
        visit,
        "orders/new.html",
        status=200 if refusal is None else status_of(refusal),
        groups=groups,
        hospital_id=hospital_id,
        hospitals=_hospitals(visit),
        filters=filters,
        values=visit.form or {"urgency": Urgency.ORDINARY.value},
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **words(visit),
    )


def _hospitals(visit: Visit) -> list[tuple[int, str]]:
    """For whom the visitor may order, where there is a choice."""
    found = buyers_of(visit.session, actor=visit.actor, moment=visit.moment)
    return [(one.id, one.name) for one in found] if len(found) > 1 else []


@post("/orders/new", include_in_schema=False)
@writes
def order(visit: Visit) -> Response[Any]:
    """Check a basket, or place its orders."""
    form = visit.form
    hospital_id = buyer_for(visit, typed_id(form.get("hospital", ""))).id
    every = _groups(visit, hospital_id)
    reader = GoodsReader(form)
    parts = parts_of(form, every, reader)
    placed: list[int] = []

    def change() -> None:
        faults = [*reader.faults, *_faults(parts)]
        if not faults and form.get("step") == "place":
            faults = _place(visit, hospital_id, parts, placed)
        if faults:
            raise InvalidInputError(faults)

    refusal = attempt(visit, change)
    if refusal is not None or form.get("step") == "change":
        return _page(visit, hospital_id, every, form, refusal)
    if placed:
        return redirect(f"/orders/{placed[0]}?new=1" if len(placed) == 1 else "/orders?new=1")
    return _check_page(visit, parts)


def _faults(parts: Sequence[Part]) -> list[FieldFault]:
    """What is wrong before anything is stored."""
    if not parts:
        zh, en = "请至少填写一种药品的数量。", "Fill in packs of one medicine at least."
        return [FieldFault("packs", zh, en)]
    found: list[FieldFault] = []
    for part in parts:
        offers = {offer.key: offer for offer in part.group.offers}
        own = choose(part.lines, offers=offers)[1]
        if part.group.sellers and part.seller_id is None:
            zh, en = "请选择配送企业。", "Choose the distributor."
            own.append(FieldFault("distributor_id", zh, en))
        found += renamed(tuple(own), part.fields)
    return found


def _place(
    visit: Visit, hospital_id: int, parts: Sequence[Part], placed: list[int]
) -> list[FieldFault]:
    """Place the orders; where one of them is refused, all faults, and nothing is stored."""
    found: list[FieldFault] = []
    terms = terms_of(visit.form)
    for part in parts:
        try:
            made = place_order(
                visit.session,
                hospital_id=hospital_id,
                actor=visit.actor,
                lines=part.lines,
                distributor_id=part.seller_id,
                urgency=terms.urgency,
                is_remote=terms.is_remote,
                is_cold_chain=terms.is_cold_chain,
                moment=visit.moment,
            )
        except InvalidInputError as refusal:
            found += renamed(refusal.faults, part.fields)
        else:
            placed.append(made.id)
    return found


def _check_page(visit: Visit, parts: Sequence[Part]) -> Response[Any]:
    return render(
        visit,
        "orders/check.html",
        groups=parts,
        total=sum((part.total for part in parts), Decimal(0)),
        terms=terms_of(visit.form),
        typed=list(typed_again(visit.form, parts)),
        **words(visit),
    )


ROUTES = (order_form, order)
"""Handlers of these pages."""
