"""Payment of what hospitals keep, and the plan by which a hospital hands it on."""

from decimal import Decimal
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.accounts.tables import Organisation
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.payments.states import INSTRUCTION_NAMES, InstructionStatus
from procurement.permissions import Action
from procurement.savings.at_edge import hospital_for, settlement_for
from procurement.savings.distribution.planning import PlannedPart, plan_distribution, plan_of
from procurement.savings.pages.visiting import done_or_shown, may_with, shown
from procurement.savings.paying.paying import (
    PaymentRow,
    close_settlement,
    payments_of,
    start_paying,
    unpaid,
)
from procurement.savings.publishing.publishing import standing_publication
from procurement.savings.rules.exact import total
from procurement.savings.settlements.runs import dead_run, latest_run
from procurement.savings.statements.content import statement_of, statements_of
from procurement.savings.states import (
    RETAINED_NAMES,
    RetainedStatus,
    RunKind,
    RunStatus,
    SettlementStatus,
)
from procurement.savings.subjects import paying_subject
from procurement.savings.tables import SavingsSettlement
from procurement.web import Form, RowId, Visit, reads, writes

PART_ROWS = range(1, 13)
_PAID = (SettlementStatus.PUBLISHED, SettlementStatus.PAYING)
_PLANNED = (*_PAID, SettlementStatus.SETTLED)
_KINDS = {
    InstructionStatus.PAID: "good",
    InstructionStatus.RETURNED: "bad",
    InstructionStatus.CANCELLED: "neutral",
}


@get("/savings/{name:str}/payments", include_in_schema=False)
@reads
def show_payments(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show the payments of a settlement."""
    visit.require_ever(Action.READ_SETTLEMENT)
    return _page(visit, settlement_for(visit, name, Action.READ_SETTLEMENT), None)


@post("/savings/{name:str}/payments", include_in_schema=False)
@writes
def pay(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Ask for the payments, for the agency."""
    settlement = _paid_by_visitor(visit, name)

    def change() -> None:
        start_paying(visit.session, settlement=settlement, actor=visit.actor, moment=visit.moment)

    return done_or_shown(
        visit,
        change,
        f"/savings/{name}/payments",
        lambda refusal: _page(visit, settlement, refusal),
    )


@post("/savings/{name:str}/close", include_in_schema=False)
@writes
def close(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Say that everything is paid, for the agency."""
    settlement = _paid_by_visitor(visit, name)

    def change() -> None:
        close_settlement(
            visit.session, settlement=settlement, actor=visit.actor, moment=visit.moment
        )

    return done_or_shown(
        visit,
        change,
        f"/savings/{name}/payments",
        lambda refusal: _page(visit, settlement, refusal),
    )


@get("/savings/{name:str}/statements/{hospital_id:int}/distribution", include_in_schema=False)
@reads
def show_plan(visit: Visit, name: FromPath[str], hospital_id: RowId) -> Response[Any]:
    """Show how a hospital hands on what it keeps."""
    place = hospital_for(visit, name, hospital_id, Action.READ_STATEMENT)
    return _plan_page(visit, place.settlement, place.hospital, None)


@post("/savings/{name:str}/statements/{hospital_id:int}/distribution", include_in_schema=False)
@writes
def keep_plan(visit: Visit, name: FromPath[str], hospital_id: RowId) -> Response[Any]:
    """Keep a plan of distribution."""
    place = hospital_for(visit, name, hospital_id, Action.PLAN_DISTRIBUTION)

    def change() -> None:
        rows, parts = _parts(visit.form)
        try:
            plan_distribution(
                visit.session,
                settlement=place.settlement,
                hospital_id=place.hospital.id,
                basis=visit.form.get("basis", ""),
                parts=parts,
                actor=visit.actor,
                moment=visit.moment,
            )
        except InvalidInputError as refusal:
            raise InvalidInputError(_at_rows(refusal, rows)) from refusal

    return done_or_shown(
        visit,
        change,
        f"/savings/{name}/statements/{hospital_id}/distribution",
        lambda refusal: _plan_page(visit, place.settlement, place.hospital, refusal),
    )


def _paid_by_visitor(visit: Visit, name: str) -> SavingsSettlement:
    visit.require_ever(Action.PAY_RETAINED)
    settlement = settlement_for(visit, name, Action.READ_SETTLEMENT)
    visit.require(Action.PAY_RETAINED, paying_subject(settlement))
    return settlement


def _parts(form: Form) -> tuple[list[int], list[PlannedPart]]:
    """The rows of the form that say anything, and what they say."""
    rows, parts = [], []
    for row in PART_ROWS:
        part = PlannedPart(
            *(form.get(f"part_{name}_{row}", "") for name in ("name", "note", "amount", "weight"))
        )
        if part != PlannedPart(""):
            rows.append(row)
            parts.append(part)
    return rows, parts


def _at_rows(refusal: InvalidInputError, rows: list[int]) -> list[FieldFault]:
    """Faults of parts, at the rows in which these were typed."""
    found = []
    for fault in refusal.faults:
        name, _, place = fault.field.partition("-")
        is_part = name in ("name", "note", "amount") and place.isdigit()
        field = f"part_{rows[int(place)]}" if is_part else fault.field
        found.append(FieldFault(field, fault.zh, fault.en))
    return found


def _page(
    visit: Visit, settlement: SavingsSettlement, refusal: RefusedError | None
) -> Response[Any]:
    rows = payments_of(visit.session, settlement=settlement)
    run = latest_run(visit.session, settlement=settlement, kind=RunKind.PAY)
    is_dead = dead_run(visit.session, settlement=settlement) is not None
    under_way = run is not None and run.status in (RunStatus.WAITING, RunStatus.RUNNING)
    is_busy = under_way and not is_dead
    may_pay = visit.may(Action.PAY_RETAINED, paying_subject(settlement))
    waits_for = _waits_for(visit, settlement)
    is_open = settlement.status in _PAID and not waits_for
    left = _left(visit, settlement, rows)
    return shown(
        visit,
        "payments.html",
        refusal,
        settlement=settlement,
        run=run,
        is_busy=is_busy,
        rows=[_row(visit, one) for one in rows],
        employee=total([one.payment.employee for one in rows]),
        resident=total([one.payment.resident for one in rows]),
        amount=total([one.amount for one in rows]) if rows else total(left),
        to_pay=len(left),
        to_pay_amount=total(left),
        waits_for=waits_for,
        may_start=may_pay and is_open and not is_busy and bool(left),
        may_close=may_pay
        and settlement.status == SettlementStatus.PAYING
        and bool(rows)
        and not unpaid(visit.session, settlement=settlement),
    )


def _waits_for(visit: Visit, settlement: SavingsSettlement) -> str:
    """What stands in the way of paying; empty where nothing does."""
    if settlement.status not in _PAID:
        return ""
    if settlement.agency_id is None:
        return visit.text("尚未指定拨付的医保经办机构。", "No fund agency that pays is named.")
    until = standing_publication(visit.session, settlement=settlement).until
    if day_in_china(visit.moment) <= until:
        day = until.isoformat()
        return visit.text(f"公示期至 {day}，期满后拨付。", f"Public until {day}; paid after that.")
    return ""


def _left(visit: Visit, settlement: SavingsSettlement, rows: list[PaymentRow]) -> list[Decimal]:
    """Amounts that are still to be instructed."""
    if not rows:
        statements = statements_of(visit.session, settlement=settlement)
        return [one.payable for one in statements if one.payable]
    unpaid_ = (InstructionStatus.CANCELLED, InstructionStatus.RETURNED)
    return [
        one.amount
        for one in rows
        if one.payment.status == RetainedStatus.WAITING
        or (one.instruction is not None and one.instruction.status in unpaid_)
    ]


def _row(visit: Visit, row: PaymentRow) -> dict[str, object]:
    payment = row.payment
    if row.instruction is None:
        status = RetainedStatus(payment.status)
        words = visit.text(*RETAINED_NAMES[status])
        kind = "neutral" if status is RetainedStatus.NOTHING else "warning"
    else:
        of_bank = InstructionStatus(row.instruction.status)
        words, kind = visit.text(*INSTRUCTION_NAMES[of_bank]), _KINDS.get(of_bank, "info")
    return {
        "hospital": row.hospital,
        "hospital_id": payment.hospital_id,
        "employee": payment.employee,
        "resident": payment.resident,
        "amount": row.amount,
        "state": words,
        "kind": kind,
        "instructed_at": payment.instructed_at,
    }


def _plan_page(
    visit: Visit,
    settlement: SavingsSettlement,
    hospital: Organisation,
    refusal: RefusedError | None,
) -> Response[Any]:
    statement = statement_of(
        visit.session, settlement=settlement, hospital_id=hospital.id, with_unsent=False
    )
    view = plan_of(visit.session, settlement=settlement, hospital_id=hospital.id)
    may_plan = settlement.status in _PLANNED and may_with(
        visit, Action.PLAN_DISTRIBUTION, hospital, settlement
    )
    rows = {f"part_{row}": visit.text(f"第 {row} 行", f"Row {row}") for row in PART_ROWS}
    return shown(
        visit,
        "distribution.html",
        refusal,
        settlement=settlement,
        hospital=hospital,
        payable=statement.payable,
        plan=None if view is None else view.plan,
        parts=() if view is None else view.parts,
        may_plan=may_plan and statement.payable > 0,
        labels={
            **rows,
            "basis": visit.text("本院依据的办法", "The hospital's own rule"),
            "parts": visit.text("各科室或用途", "Departments or purposes"),
        },
    )


ROUTES = (show_payments, pay, close, show_plan, keep_plan)
"""Handlers of these pages."""
