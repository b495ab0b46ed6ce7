"""Goods that were invoiced: what a hospital owes, what a company waits for."""

from typing import Any

from litestar import Response, get, post

from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.payments.own_payments import OwnPayment, record_own_payment
from procurement.payments.pages.finding import (
    PAGE,
    names_of,
    one_of,
    page_number,
    seen_by,
    shown,
    typed,
    typed_day,
)
from procurement.payments.reading.goods import (
    GoodsState,
    goods_seen,
    goods_sums,
    seller_of,
    state_of,
)
from procurement.permissions import Action, Subject
from procurement.rounds.at_edge import attempt
from procurement.web import Visit, paginate, reads, redirect, writes

HERE = "/payments/goods"
TICKED_MAX = 500


@get(HERE, include_in_schema=False)
@reads
def show_goods(visit: Visit) -> Response[Any]:
    """List invoiced lines with what was paid of each."""
    return _page(visit, None)


def _page(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    scope = seen_by(visit)
    state = one_of(visit.query.get("state"), GoodsState)
    page = paginate(
        visit.session,
        goods_seen(scope, state=state, organisation_id=typed(visit.query.get("organisation"))),
        number=page_number(visit),
        size=PAGE,
    )
    goods = [row[0] for row in page.rows]
    rows = [(*row, state_of(row[0], row[3], row[4])) for row in page.rows]
    own_open = any(
        row[-1] is GoodsState.OPEN and row[0].hospital_id == scope.organisation_id for row in rows
    )
    ids = [one for row in goods for one in (row.hospital_id, row.seller_id, row.maker_id)]
    return shown(
        visit,
        "goods",
        scope,
        refusal=refusal,
        page=page,
        rows=rows,
        sums=goods_sums(visit.session, scope=scope),
        names=names_of(visit, ids),
        may_pay=own_open and visit.may(Action.CHECK_CLAIM, _own(visit)),
    )


def _own(visit: Visit) -> Subject:
    return Subject(organisation_id=visit.actor.organisation_id)


@post(HERE, include_in_schema=False)
@writes
def record_payment(visit: Visit) -> Response[Any]:
    """Record that the hospital paid a seller itself."""
    visit.require(Action.CHECK_CLAIM, _own(visit))

    def change() -> None:
        record_own_payment(
            visit.session, payment=_payment(visit), actor=visit.actor, moment=visit.moment
        )

    refusal = attempt(visit, change)
    return _page(visit, refusal) if refusal else redirect(f"{HERE}?state=paid")


def _payment(visit: Visit) -> OwnPayment:
    form, own = visit.form, visit.actor.organisation_id or 0
    ids = [typed(one) for one in form.all("goods")[:TICKED_MAX]]
    paid_on, faults = typed_day(form.get("paid_on")), []
    seller_id = seller_of(visit.session, hospital_id=own, goods_ids=ids)
    if seller_id is None:
        faults.append(
            FieldFault(
                "goods",
                "请勾选同一家企业的未付货款。",
                "Tick goods of one seller that are not paid.",
            )
        )
    if paid_on is None:
        faults.append(FieldFault("paid_on", "请填写日期。", "Give a day."))
    if not form.get("voucher"):
        faults.append(FieldFault("voucher", "请填写凭证号。", "Give the voucher's number."))
    if faults or seller_id is None or paid_on is None:
        raise InvalidInputError(faults)
    return OwnPayment(
        hospital_id=own,
        seller_id=seller_id,
        goods_ids=ids,
        paid_on=paid_on,
        voucher=form.get("voucher", ""),
    )


ROUTES = (show_goods, record_payment)
"""Handlers of these pages."""
