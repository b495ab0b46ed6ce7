"""A notice that was not enough goes into the credit rating: shown first, then recorded."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post

from procurement.accounts.divisions import NATION, PROVINCES, province_of
from procurement.china_days import day_in_china
from procurement.credit_rating.matters import Preview
from procurement.credit_rating.wording import words as credit_words
from procurement.errors import RefusedError
from procurement.orders.fulfilment.breaches import (
    breach_fields,
    escalate_to_credit,
    preview_breach,
)
from procurement.orders.fulfilment.listing import names_of_addressees
from procurement.orders.fulfilment.tables import FulfilmentNotice
from procurement.orders.pages.notices import notice_for, notice_words
from procurement.orders.pages.typed import GoodsReader
from procurement.permissions import Action, Subject
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.web import RowId, Visit, reads, redirect, render, writes

FIELDS = ("document", "found_on", "in_force_from", "description", "region", "grade", "reason")
"""What the officer may say; firm and matter follow from the notice."""


def _notice_for(visit: Visit, notice_id: int) -> FulfilmentNotice:
    """A notice that the visitor may decide on, of a firm whom he may rate."""
    notice = notice_for(visit, notice_id, Action.WARN_FULFILMENT)
    region = _province(visit, notice)
    if region:
        visit.require(Action.CHANGE_CREDIT, Subject(regions=(region,)))
    else:
        visit.require_ever(Action.CHANGE_CREDIT)
    return notice


def _province(visit: Visit, notice: FulfilmentNotice) -> str:
    """Where it is rated; empty while nobody has said so."""
    if notice.region != NATION:
        return province_of(notice.region)
    typed = visit.form.get("region", "")
    return typed if typed in PROVINCES else ""


@get("/fulfilment/notices/{notice_id:int}/credit", include_in_schema=False)
@reads
def credit_form(visit: Visit, notice_id: RowId) -> Response[Any]:
    """Show what the matter would say, and ask for the officer's grade and reason."""
    return _page(visit, _notice_for(visit, notice_id), None)


def _given(visit: Visit) -> Mapping[str, str]:
    return {name: visit.form.get(name, "") for name in FIELDS}


def _page(visit: Visit, notice: FulfilmentNotice, refusal: RefusedError | None) -> Response[Any]:
    day, given = day_in_china(visit.moment), _given(visit)
    previews: list[Preview] = []
    fields: dict[str, str] = {}

    def prepare() -> None:
        fields.update(breach_fields(visit.session, notice=notice, given=given, day=day))
        found = preview_breach(visit.session, notice=notice, given=given, day=day)
        previews.append(found)

    # Faults of a form that nobody has sent yet are none.
    stopped = attempt(visit, prepare) if _province(visit, notice) else None
    if stopped is not None and whole_of(stopped) is not None:
        refusal = refusal or stopped
    words = credit_words(visit)
    grades = previews[0].consequences if previews else words["grade"]
    return render(
        visit,
        "orders/fulfilment/credit.html",
        status=200 if refusal is None else status_of(refusal),
        notice=notice,
        names=names_of_addressees(visit.session, notices=[notice]),
        preview=previews[0] if previews else None,
        is_of_nation=notice.region == NATION,
        provinces=[(code, visit.text(*names)) for code, names in PROVINCES.items()],
        grades=[(str(one), words["grade"][one]) for one in grades],
        credit=words,
        values={**fields, **visit.form},
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **notice_words(visit),
    )


@post("/fulfilment/notices/{notice_id:int}/credit", include_in_schema=False)
@writes
def rate(visit: Visit, notice_id: RowId) -> Response[Any]:
    """Record the breach as a matter of credit rating."""
    notice = _notice_for(visit, notice_id)
    reader = GoodsReader(visit.form)
    made: list[int] = []

    def change() -> None:
        matter = escalate_to_credit(
            visit.session,
            notice=notice,
            decision=visit.form.get("decision", ""),
            given=_given(visit),
            actor=visit.actor,
            moment=visit.moment,
            version=reader.version,
        )
        made.append(matter.id)

    refusal = attempt(visit, change)
    if refusal is not None:
        visit.session.refresh(notice)
        return _page(visit, notice, refusal)
    return redirect(f"/credit/matters/{made[0]}")


ROUTES = (credit_form, rate)
"""Handlers of these pages."""
