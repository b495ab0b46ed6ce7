"""Months of direct settlement: the list, opening one, what is not stated, what is given."""

from typing import Any

from litestar import Response, get, post

from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.payments.months import NewMonth, change_parameters, due_days, open_month
from procurement.payments.pages.finding import own_subject, seen_by, shown, typed_month
from procurement.payments.pages.parameters import (
    calendar_fields,
    fields_of,
    not_stated,
    read_parameters,
    typed_parameters,
)
from procurement.payments.reading.claims import LIVING, sums_by_status
from procurement.payments.reading.months import find_month, months_seen, parameters_of
from procurement.payments.reading.scope import Scope
from procurement.payments.stated import DIRECT, offered_rulebooks
from procurement.payments.tables import SettlementMonth
from procurement.permissions import Action, Subject
from procurement.rounds.at_edge import FormReader, attempt
from procurement.web import RowId, Visit, reads, redirect, writes
from procurement.web.printing import print_day
from rulebooks import load_rulebook

HERE = "/payments/months"


@get(HERE, include_in_schema=False)
@reads
def show_months(visit: Visit) -> Response[Any]:
    """List the months that are seen."""
    scope = seen_by(visit)
    rows = [
        _row(visit, scope, month, agency)
        for month, agency in months_seen(visit.session, scope=scope)
    ]
    return shown(visit, "months", scope, rows=rows, may_open=_may_open(visit))


def _may_open(visit: Visit) -> bool:
    return visit.may(Action.APPROVE_CLAIM, own_subject(visit))


def _row(visit: Visit, scope: Scope, month: SettlementMonth, agency: str) -> dict[str, Any]:
    sums = sums_by_status(visit.session, scope=scope, month_id=month.id)
    today = day_in_china(visit.moment)
    following = [day for day in due_days(month).values() if day >= today]
    return {
        "month": month,
        "agency": agency,
        "next": print_day(min(following, default=None), visit.language),
        "count": sum(sums[status].count for status in LIVING),
        "amount": sum(sums[status].amount for status in LIVING),
    }


@get("/payments/months/new", include_in_schema=False)
@reads
def show_new(visit: Visit) -> Response[Any]:
    """Ask for a rulebook, then for what it leaves open."""
    visit.require(Action.APPROVE_CLAIM, own_subject(visit))
    return _new_page(visit, visit.query.get("rulebook", ""), None)


def _new_page(visit: Visit, rulebook: str, refusal: RefusedError | None) -> Response[Any]:
    known = rulebook if rulebook in offered_rulebooks(DIRECT) else ""
    return shown(
        visit,
        "month_new",
        seen_by(visit),
        refusal=refusal,
        rulebook=known,
        rulebooks=[(one, rulebook_title(visit, one)) for one in offered_rulebooks(DIRECT)],
        **_open(visit, known),
        values=visit.form if visit.form else visit.query,
    )


def rulebook_title(visit: Visit, rulebook: str) -> str:
    """Return what a rulebook is called."""
    title = load_rulebook(rulebook).title
    return visit.text(title.zh, title.en)


def _open(visit: Visit, rulebook: str) -> dict[str, Any]:
    if not rulebook:
        return {"fields": [], "days": [], "unknown": []}
    return {
        "fields": fields_of(visit, rulebook),
        "days": calendar_fields(visit, rulebook),
        "unknown": not_stated(visit, rulebook),
    }


@post(HERE, include_in_schema=False)
@writes
def open_one(visit: Visit) -> Response[Any]:
    """Open a month."""
    visit.require(Action.APPROVE_CLAIM, own_subject(visit))
    rulebook, month = visit.form.get("rulebook", ""), typed_month(visit.form.get("month"))
    made: list[SettlementMonth] = []

    def change() -> None:
        faults = []
        if month is None:
            faults.append(
                FieldFault("month", "请填写月份，例如 2026-11。", "Give a month, such as 2026-11.")
            )
        if rulebook not in offered_rulebooks(DIRECT):
            faults.append(FieldFault("rulebook", "请选择结算规则。", "Choose the rules."))
        if faults or month is None:
            raise InvalidInputError(faults)
        new = NewMonth(
            agency_id=visit.actor.organisation_id or 0,
            month=month,
            rulebook=rulebook,
            parameters=read_parameters(visit, rulebook),
        )
        made.append(open_month(visit.session, new=new, actor=visit.actor, moment=visit.moment))

    refusal = attempt(visit, change)
    return _new_page(visit, rulebook, refusal) if refusal else redirect(f"{HERE}/{made[0].id}")


@get("/payments/months/{month_id:int}/parameters", include_in_schema=False)
@reads
def show_parameters(visit: Visit, month_id: RowId) -> Response[Any]:
    """Ask for what a month's rulebook leaves open."""
    return _parameters_page(visit, _own_month(visit, month_id), None)


def _own_month(visit: Visit, month_id: int) -> SettlementMonth:
    visit.require_ever(Action.APPROVE_CLAIM)
    month = find_month(visit.session, scope=seen_by(visit), month_id=month_id)
    visit.require(Action.APPROVE_CLAIM, Subject(organisation_id=month.agency_id))
    return month


def _parameters_page(
    visit: Visit, month: SettlementMonth, refusal: RefusedError | None
) -> Response[Any]:
    return shown(
        visit,
        "month_parameters",
        seen_by(visit),
        refusal=refusal,
        month=month,
        rulebook=rulebook_title(visit, month.rulebook),
        **_open(visit, month.rulebook),
        values=visit.form if visit.form else typed_parameters(parameters_of(month)),
    )


@post("/payments/months/{month_id:int}/parameters", include_in_schema=False)
@writes
def give_parameters(visit: Visit, month_id: RowId) -> Response[Any]:
    """Give what a month's rulebook leaves open."""
    month = _own_month(visit, month_id)

    def change() -> None:
        change_parameters(
            visit.session,
            month=month,
            version=FormReader(visit.form).version,
            parameters=read_parameters(visit, month.rulebook),
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    return _parameters_page(visit, month, refusal) if refusal else redirect(f"{HERE}/{month.id}")


ROUTES = (show_months, show_new, open_one, show_parameters, give_parameters)
"""Handlers of these pages."""
