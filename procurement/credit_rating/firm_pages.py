"""A firm's own credit: its grades by province, its matters, its promises."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from litestar import Response, get, post

from procurement.accounts.organisations.service import organisation_of
from procurement.china_days import day_in_china
from procurement.credit_rating.grades import grades_by_region
from procurement.credit_rating.promises import Signed, give_promise, promises_of
from procurement.credit_rating.reading import matters_of
from procurement.credit_rating.rules import scale_on
from procurement.credit_rating.wording import GRADE_KINDS, options, region_name, words
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action, Subject
from procurement.web import RowId, Visit, reads, redirect, render, writes


@get("/credit/organisations/{organisation_id:int}", include_in_schema=False)
@reads
def show_firm(visit: Visit, organisation_id: RowId) -> Response[Any]:
    """Show a firm's grades, matters and promises."""
    subject = Subject(organisation_id=organisation_id)
    visit.require(Action.READ_CREDIT, subject)
    organisation = organisation_of(visit.session, organisation_id=organisation_id)
    today = day_in_china(visit.moment)
    return render(
        visit,
        "credit_rating/firm.html",
        organisation=organisation,
        grades=grades_by_region(visit.session, organisation_id=organisation_id, on_date=today),
        matters=matters_of(visit.session, organisation_id=organisation_id),
        promises=promises_of(visit.session, organisation_id=organisation_id),
        scale=scale_on(today),
        may_promise=visit.may(Action.GIVE_PROMISE, subject),
        words=words(visit),
        grade_kinds=GRADE_KINDS,
        region_name=lambda code: region_name(visit, code),
    )


@get("/credit/promise", include_in_schema=False)
@reads
def show_promise(visit: Visit) -> Response[Any]:
    """Show the form of a promise."""
    _require_own(visit)
    return _form(visit, values={})


@post("/credit/promise", include_in_schema=False)
@writes
def promise(visit: Visit) -> Response[Any]:
    """Record a promise of the visitor's firm."""
    organisation_id = _require_own(visit)
    form = visit.form
    try:
        with visit.savepoint():
            give_promise(
                visit.session,
                organisation_id=organisation_id,
                regions=form.all("regions"),
                signed=Signed(
                    by=form.get("signed_by", ""),
                    on=_signed_on(form),
                    wording=form.get("wording", ""),
                ),
                actor=visit.actor,
                moment=visit.moment,
            )
    except InvalidInputError as refusal:
        return _form(visit, values=form, faults=refusal.faults)
    return redirect(f"/credit/organisations/{organisation_id}")


def _require_own(visit: Visit) -> int:
    organisation_id = visit.actor.organisation_id
    visit.require(Action.GIVE_PROMISE, Subject(organisation_id=organisation_id))
    return organisation_id or 0


def _signed_on(form: Mapping[str, str]) -> date:
    try:
        return date.fromisoformat(form.get("signed_on", ""))
    except ValueError:
        fault = FieldFault(
            "signed_on", "应为日期，形如 2026-11-22。", "Expected a day like 2026-11-22."
        )
        raise InvalidInputError([fault]) from None


def _form(
    visit: Visit, *, values: Mapping[str, str], faults: tuple[FieldFault, ...] = ()
) -> Response[Any]:
    return render(
        visit,
        "credit_rating/promise.html",
        status=422 if faults else 200,
        values=values,
        faults=faults,
        options=options(visit),
        organisation_id=visit.actor.organisation_id,
    )


ROUTES = (show_firm, show_promise, promise)
