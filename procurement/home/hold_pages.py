"""Legal holds at the page: supervisors place them, another supervisor ends them."""

from typing import Any

from litestar import Response, get, post

from procurement.audit.holds import HoldEndedError, SamePersonError, end_hold, holds, place_hold
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Action
from procurement.web import RowId, Visit, reads, redirect, render, writes


@get("/audit/holds", include_in_schema=False)
@reads
def show_holds(visit: Visit) -> Response[Any]:
    """List the holds."""
    visit.require(Action.HOLD_RECORDS)
    return _page(visit)


@post("/audit/holds", include_in_schema=False)
@writes
def place(visit: Visit) -> Response[Any]:
    """Place a hold."""
    visit.require(Action.HOLD_RECORDS)
    form = visit.form
    try:
        with visit.savepoint():
            place_hold(
                visit.session,
                subject=form.get("subject", ""),
                reason=form.get("reason", ""),
                document=form.get("document", ""),
                actor=visit.actor,
                moment=visit.moment,
            )
    except InvalidInputError as refusal:
        return _page(visit, faults=refusal.faults)
    return redirect("/audit/holds")


@post("/audit/holds/{hold_id:int}/end", include_in_schema=False)
@writes
def end(visit: Visit, hold_id: RowId) -> Response[Any]:
    """End a hold that somebody else placed."""
    visit.require(Action.HOLD_RECORDS)
    try:
        with visit.savepoint():
            end_hold(
                visit.session,
                hold_id=hold_id,
                reason=visit.form.get("end_reason", ""),
                actor=visit.actor,
                moment=visit.moment,
            )
    except InvalidInputError as refusal:
        return _page(visit, faults=refusal.faults)
    except (HoldEndedError, SamePersonError) as refusal:
        return _page(visit, refusal=refusal)
    return redirect("/audit/holds")


def _page(
    visit: Visit, *, faults: tuple[FieldFault, ...] = (), refusal: RefusedError | None = None
) -> Response[Any]:
    return render(
        visit,
        "home/holds.html",
        status=422 if faults else 409 if refusal else 200,
        holds=holds(visit.session),
        values=visit.form,
        faults=faults,
        refused=refusal,
    )


ROUTES = (show_holds, place, end)
