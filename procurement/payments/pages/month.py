"""One month of direct settlement: applying, what the funds owe, setting off."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from litestar import Response, get, post

from procurement.china_days import next_month
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.payments.account_kinds import FUND_NAMES, Fund
from procurement.payments.claims import Wanted, apply_for
from procurement.payments.fund_payable_file import FILE_BYTES_MAX, record_fund_payables
from procurement.payments.fund_payables import PayableFacts, record_fund_payable
from procurement.payments.months import due_days
from procurement.payments.offsets import instruct_month, plan_for
from procurement.payments.pages.claim_course import is_over
from procurement.payments.pages.finding import names_of, one_of, seen_by, shown, typed
from procurement.payments.pages.months import rulebook_title
from procurement.payments.pages.parameters import not_stated, said_parameters
from procurement.payments.reading.claimable import claimable_of
from procurement.payments.reading.claims import sums_by_status
from procurement.payments.reading.months import (
    find_month,
    hospitals_of_region,
    hospitals_to_offset,
    offsets_of,
    parameters_of,
    payables_of,
)
from procurement.payments.reading.scope import Scope, Side
from procurement.payments.states import CLAIM_NAMES
from procurement.payments.tables import Claim, SettlementMonth
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.rounds.at_edge import FormReader, attempt
from procurement.web import RowId, Visit, reads, redirect, writes
from procurement.web.printing import print_day

ZERO = Decimal(0)
FUNDS = (Fund.EMPLOYEE, Fund.RESIDENT)
TICKED_MAX = 5000


@get("/payments/months/{month_id:int}", include_in_schema=False)
@reads
def show_month(visit: Visit, month_id: RowId) -> Response[Any]:
    """Show a month as its agency, a hospital or a company needs it."""
    month = find_month(visit.session, scope=seen_by(visit), month_id=month_id)
    return _page(visit, month, None)


def _page(visit: Visit, month: SettlementMonth, refusal: RefusedError | None) -> Response[Any]:
    scope, session = seen_by(visit), visit.session
    payables = payables_of(session, month=month, scope=scope)
    return shown(
        visit,
        "month",
        scope,
        refusal=refusal,
        month=month,
        agency=names_of(visit, [month.agency_id])[month.agency_id],
        rulebook=rulebook_title(visit, month.rulebook),
        parameters=said_parameters(visit, month.rulebook, parameters_of(month)),
        unknown=not_stated(visit, month.rulebook),
        calendar=_calendar(visit, month),
        sums=sums_by_status(session, scope=scope, month_id=month.id),
        payables=payables,
        payable_sums=(
            sum((one.employee or ZERO for one in payables), ZERO),
            sum((one.resident or ZERO for one in payables), ZERO),
        ),
        offsets=offsets_of(session, month=month, scope=scope),
        **_of_agency(visit, month),
        **_of_company(visit, month, scope),
    )


def _of_agency(visit: Visit, month: SettlementMonth) -> dict[str, Any]:
    own = Subject(organisation_id=month.agency_id, regions=(month.region,))
    is_own = month.agency_id == visit.actor.organisation_id
    may_record = is_own and visit.may(Action.RECORD_FUND_PAYABLE, own)
    may_offset = visit.may(Action.INSTRUCT_PAYMENT, own)
    waiting = hospitals_to_offset(visit.session, month=month) if may_offset else ()
    hospitals = hospitals_of_region(visit.session, region=month.region) if may_record else ()
    return {
        "may_record": may_record,
        "may_offset": may_offset,
        "may_give": visit.may(Action.APPROVE_CLAIM, own),
        "to_offset": waiting,
        "hospitals": [(one.id, one.name) for one in hospitals],
        "funds": [(fund.value, visit.text(*FUND_NAMES[fund])) for fund in FUNDS],
    }


def _of_company(visit: Visit, month: SettlementMonth, scope: Scope) -> dict[str, Any]:
    if scope.side is not Side.COMPANY:
        return {"claimable": (), "is_month_over": False}
    until = next_month(month.month) - timedelta(days=1)
    return {
        "claimable": claimable_of(
            visit.session, seller_id=scope.organisation_id, region=month.region, until=until
        ),
        "is_month_over": is_over(until, visit.moment),
    }


def _calendar(visit: Visit, month: SettlementMonth) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    dated: Mapping[Any, Any] = due_days(month)
    for step, names in CLAIM_NAMES.items():
        if step not in dated:
            continue
        day = print_day(dated[step], visit.language)
        is_past = is_over(dated[step], visit.moment)
        entries.append(
            {
                "title": visit.text(*names),
                "state": "done" if is_past else "next",
                "note": visit.text(f"截止{day}", f"until {day}"),
            }
        )
    current = next((entry for entry in entries if entry["state"] == "next"), None)
    if current is not None:
        current["state"] = "now"
    return entries


@post("/payments/months/{month_id:int}/claims", include_in_schema=False)
@writes
def apply(visit: Visit, month_id: RowId) -> Response[Any]:
    """Claim a hospital's goods of the month."""
    own = visit.actor.organisation_id
    visit.require(Action.CLAIM_SETTLEMENT, Subject(organisation_id=own))
    month = find_month(visit.session, scope=seen_by(visit), month_id=month_id)
    ticked = [typed(one) for one in visit.form.all("goods")[:TICKED_MAX]]
    everything = visit.form.get("everything") == "yes"
    made: list[Claim] = []

    def change() -> None:
        if not ticked and not everything:
            raise InvalidInputError(
                [FieldFault("goods", "请至少选择一行。", "Choose at least one line.")]
            )
        wanted = Wanted(
            seller_id=own or 0,
            hospital_id=typed(visit.form.get("hospital_id")),
            # Without a choice all that is open is claimed, also what was matched meanwhile.
            goods_ids=() if everything else ticked,
        )
        made.append(
            apply_for(
                visit.session, month=month, wanted=wanted, actor=visit.actor, moment=visit.moment
            )
        )

    refusal = attempt(visit, change)
    return _page(visit, month, refusal) if refusal else redirect(f"/payments/claims/{made[0].id}")


def _own_month(visit: Visit, month_id: int, action: Action) -> SettlementMonth:
    visit.require_ever(action)
    month = find_month(visit.session, scope=seen_by(visit), month_id=month_id)
    visit.require(action, Subject(organisation_id=month.agency_id, regions=(month.region,)))
    if month.agency_id != visit.actor.organisation_id:
        raise NotFoundForActorError
    return month


@post("/payments/months/{month_id:int}/payables", include_in_schema=False)
@writes
def record_payable(visit: Visit, month_id: RowId) -> Response[Any]:
    """Record what a fund owes a hospital."""
    month = _own_month(visit, month_id, Action.RECORD_FUND_PAYABLE)

    def change() -> None:
        record_fund_payable(
            visit.session,
            facts=_facts(visit, month),
            actor=visit.actor,
            moment=visit.moment,
        )

    return _back(visit, month, attempt(visit, change))


def _facts(visit: Visit, month: SettlementMonth) -> PayableFacts:
    reader, form = FormReader(visit.form), visit.form
    amount, fund = reader.decimal("amount"), one_of(form.get("fund"), FUNDS)
    known = {one.id for one in hospitals_of_region(visit.session, region=month.region)}
    hospital_id = typed(form.get("hospital_id"))
    if hospital_id not in known:
        reader.faults.append(
            FieldFault("hospital_id", "请选择本地区的医疗机构。", "Choose a hospital.")
        )
    if not fund:
        reader.faults.append(FieldFault("fund", "请选择基金。", "Choose a fund."))
    if amount is None and not form.get("amount"):
        reader.faults.append(FieldFault("amount", "请填写金额。", "Give an amount."))
    if not form.get("document"):
        reader.faults.append(FieldFault("document", "请写明依据。", "Say what it rests on."))
    if reader.faults or amount is None:
        raise InvalidInputError(reader.faults)
    return PayableFacts(
        agency_id=month.agency_id,
        hospital_id=hospital_id,
        month=month.month,
        fund=Fund(fund),
        amount=amount,
        document=form.get("document", ""),
    )


def _back(visit: Visit, month: SettlementMonth, refusal: RefusedError | None) -> Response[Any]:
    return _page(visit, month, refusal) if refusal else redirect(f"/payments/months/{month.id}")


@post("/payments/months/{month_id:int}/payables/file", include_in_schema=False)
@writes
def record_payables(visit: Visit, month_id: RowId) -> Response[Any]:
    """Record what the funds owe many hospitals: the whole file, or nothing of it."""
    month = _own_month(visit, month_id, Action.RECORD_FUND_PAYABLE)
    upload = visit.form.files.get("file")

    def change() -> None:
        if upload is None:
            raise InvalidInputError([FieldFault("file", "请选择文件。", "Choose a file.")])
        record_fund_payables(
            visit.session,
            agency_id=month.agency_id,
            month=month.month,
            content=upload.file.read(FILE_BYTES_MAX + 1),
            actor=visit.actor,
            moment=visit.moment,
        )

    return _back(visit, month, attempt(visit, change))


@get("/payments/months/{month_id:int}/offsets/{hospital_id:int}", include_in_schema=False)
@reads
def show_plan(visit: Visit, month_id: RowId, hospital_id: RowId) -> Response[Any]:
    """Show what setting a hospital's claims off would do, before it is done."""
    month = _own_month(visit, month_id, Action.INSTRUCT_PAYMENT)
    return _plan_page(visit, month, hospital_id, None)


def _plan_page(
    visit: Visit, month: SettlementMonth, hospital_id: int, refusal: RefusedError | None
) -> Response[Any]:
    hospitals: Sequence[Any] = hospitals_of_region(visit.session, region=month.region)
    hospital = next((one for one in hospitals if one.id == hospital_id), None)
    if hospital is None:
        raise NotFoundForActorError
    planned = None
    try:
        planned = plan_for(visit.session, month=month, hospital_id=hospital_id)
    except RefusedError as missing:
        refusal = refusal or missing
    claims = planned.claims if planned else ()
    return shown(
        visit,
        "offset",
        seen_by(visit),
        refusal=refusal,
        month=month,
        hospital=hospital,
        planned=planned,
        claims={one.id: one for one in claims},
        names=names_of(visit, [one.seller_id for one in claims]),
        Fund=Fund,
    )


@post("/payments/months/{month_id:int}/offsets/{hospital_id:int}", include_in_schema=False)
@writes
def set_off(visit: Visit, month_id: RowId, hospital_id: RowId) -> Response[Any]:
    """Set a hospital's reconciled claims off and draft the instructions."""
    month = _own_month(visit, month_id, Action.INSTRUCT_PAYMENT)
    refusal = attempt(
        visit,
        lambda: instruct_month(
            visit.session,
            month=month,
            hospital_id=hospital_id,
            actor=visit.actor,
            moment=visit.moment,
        ),
    )
    if refusal is not None:
        return _plan_page(visit, month, hospital_id, refusal)
    return redirect(f"/payments/months/{month.id}")


ROUTES = (show_month, apply, record_payable, record_payables, show_plan, set_off)
"""Handlers of these pages."""
