"""The reserve of an agency: filled, drawn on by offsets, paid back by hospitals."""

from decimal import Decimal
from typing import Any

from litestar import Response, get, post

from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.payments.account_kinds import FUND_NAMES, Fund
from procurement.payments.pages.finding import one_of, own_subject, seen_by, shown, typed
from procurement.payments.reading.positions import agency_position, reserve_debts
from procurement.payments.reading.scope import Scope, Side
from procurement.payments.reserve import Filling, Repaying, fill_reserve, repay_reserve
from procurement.permissions import Action, NotPermittedError
from procurement.rounds.at_edge import FormReader, attempt
from procurement.web import Visit, reads, redirect, writes

HERE = "/payments/reserve"


def _scope(visit: Visit) -> Scope:
    scope = seen_by(visit)
    if scope.side is not Side.AGENCY:
        raise NotPermittedError(Action.RECORD_FUND_PAYABLE)
    return scope


@get(HERE, include_in_schema=False)
@reads
def show_reserve(visit: Visit) -> Response[Any]:
    """Show what the reserve can still pay, and what hospitals owe it."""
    return _page(visit, None)


def _page(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    scope = _scope(visit)
    debts = reserve_debts(visit.session, agency_id=scope.organisation_id)
    sources = [(Fund.NONE.value, visit.text("财政或其他来源", "Budget or another source"))]
    funds = (Fund.EMPLOYEE, Fund.RESIDENT)
    sources += [(fund.value, visit.text(*FUND_NAMES[fund])) for fund in funds]
    return shown(
        visit,
        "reserve",
        scope,
        refusal=refusal,
        position=agency_position(visit.session, agency_id=scope.organisation_id),
        debts=debts,
        owed=sum((one.amount for one in debts), start=Decimal(0)),
        sources=sources,
        may_record=visit.may(Action.RECORD_FUND_PAYABLE, own_subject(visit)),
    )


def _amount(reader: FormReader) -> Decimal:
    amount = reader.decimal("amount")
    if amount is None and not reader.form.get("amount"):
        reader.faults.append(FieldFault("amount", "请填写金额。", "Give an amount."))
    if not reader.form.get("document"):
        reader.faults.append(FieldFault("document", "请填写凭证号。", "Give the voucher's number."))
    return amount or Decimal(0)


@post(HERE, include_in_schema=False)
@writes
def fill(visit: Visit) -> Response[Any]:
    """Record that money was put into the reserve."""
    visit.require(Action.RECORD_FUND_PAYABLE, own_subject(visit))
    reader = FormReader(visit.form)

    def change() -> None:
        amount, fund = _amount(reader), one_of(visit.form.get("fund"), Fund)
        if not fund:
            reader.faults.append(FieldFault("fund", "请选择来源。", "Choose a source."))
        if reader.faults:
            raise InvalidInputError(reader.faults)
        filling = Filling(
            agency_id=visit.actor.organisation_id or 0,
            fund=Fund(fund),
            amount=amount,
            document=visit.form.get("document", "")[:100],
        )
        fill_reserve(visit.session, filling=filling, actor=visit.actor, moment=visit.moment)

    refusal = attempt(visit, change)
    return _page(visit, refusal) if refusal else redirect(HERE)


@post("/payments/reserve/repaid", include_in_schema=False)
@writes
def repaid(visit: Visit) -> Response[Any]:
    """Record that a hospital paid the reserve back with its own money."""
    visit.require(Action.RECORD_FUND_PAYABLE, own_subject(visit))
    reader, own = FormReader(visit.form), visit.actor.organisation_id or 0

    def change() -> None:
        amount, hospital_id = _amount(reader), typed(visit.form.get("hospital_id"))
        owing = {one.hospital.id for one in reserve_debts(visit.session, agency_id=own)}
        if hospital_id not in owing:
            reader.faults.append(
                FieldFault("hospital_id", "请选择欠款的医疗机构。", "Choose a hospital that owes.")
            )
        if reader.faults:
            raise InvalidInputError(reader.faults)
        repaying = Repaying(
            agency_id=own,
            hospital_id=hospital_id,
            amount=amount,
            voucher=visit.form.get("document", "")[:60],
        )
        repay_reserve(visit.session, repaying=repaying, actor=visit.actor, moment=visit.moment)

    refusal = attempt(visit, change)
    return _page(visit, refusal) if refusal else redirect(HERE)


ROUTES = (show_reserve, fill, repaid)
"""Handlers of these pages."""
