"""One hospital in one term: product by product what is completed and missing, entry, payment."""

from dataclasses import replace
from typing import Any

from litestar import Response, get

from procurement.accounts.organisations.service import organisations_by_id
from procurement.china_days import day_in_china
from procurement.orders.fulfilment.entry import entry_check, entry_of
from procurement.orders.fulfilment.hooks import installed_paid_on
from procurement.orders.fulfilment.parameters import rules_of
from procurement.orders.fulfilment.progress import progress_in_all, progress_of, target_of
from procurement.orders.fulfilment.rules.payment_time import Paid
from procurement.orders.fulfilment.rules.progress import percent
from procurement.orders.fulfilment.scope import By, Scope
from procurement.orders.fulfilment.use import use_of
from procurement.orders.pages.measured import measure_of, payers
from procurement.orders.pages.scopes import term_asked
from procurement.orders.pages.words import words
from procurement.orders.subjects import hospital_subject
from procurement.permissions import Action, NotFoundForActorError
from procurement.web import RowId, Visit, reads, render

_PAID_NAMES = {
    Paid.IN_TIME: ("按时付清", "paid in time"),
    Paid.LATE: ("逾期付清", "paid late"),
    Paid.OVERDUE: ("逾期未付", "overdue"),
    Paid.NOT_DUE: ("未到期", "not due yet"),
    Paid.NO_RULE: ("没有规定期限", "no rule states a last day"),
}
_PAID_MARKS = {
    Paid.IN_TIME: "good",
    Paid.LATE: "warning",
    Paid.OVERDUE: "bad",
    Paid.NOT_DUE: "neutral",
    Paid.NO_RULE: "neutral",
}


@get("/fulfilment/hospitals/{hospital_id:int}", include_in_schema=False)
@reads
def show_hospital(visit: Visit, hospital_id: RowId) -> Response[Any]:
    """Show how far a hospital's agreed volumes are bought, and what else is measured."""
    visit.require_ever(Action.READ_FULFILMENT)
    session, day = visit.session, day_in_china(visit.moment)
    found = term_asked(visit)
    hospital = organisations_by_id(session, organisation_ids=[hospital_id]).get(hospital_id)
    if found is None or hospital is None:
        raise NotFoundForActorError
    round_, term = found
    subject = hospital_subject(session, hospital=hospital, moment=visit.moment)
    visit.require(Action.READ_FULFILMENT, replace(subject, bureau_id=round_.bureau_id))
    scope = Scope(term=term, day=day, hospital_ids=[hospital_id])
    rules = rules_of(session, region=hospital.region, day=day)
    measure = measure_of(visit, replace(scope, region=hospital.region))
    return render(
        visit,
        "orders/fulfilment/hospital.html",
        hospital=hospital,
        round=round_,
        term=term,
        day=scope.last_day,
        target=target_of(scope),
        whole=progress_in_all(session, scope=scope),
        rows=progress_of(session, scope=scope, by=By.PRODUCT),
        others={
            one.key: percent(one.other_share(measure))
            for one in use_of(session, scope=scope, by=By.PRODUCT)
        },
        measure=measure,
        entry=next(iter(entry_of(session, scope=scope)), None),
        check=entry_check(scope, rules),
        paid=payers(visit, scope).get(hospital_id),
        knows_payments=installed_paid_on() is not None,
        paid_names={key: visit.text(*both) for key, both in _PAID_NAMES.items()},
        paid_marks=_PAID_MARKS,
        may={
            "mismatches": visit.may(Action.READ_MOVEMENTS, subject),
            "warn": visit.may(Action.WARN_FULFILMENT, subject),
        },
        **words(visit),
    )


ROUTES = (show_hospital,)
"""Handlers of these pages."""
