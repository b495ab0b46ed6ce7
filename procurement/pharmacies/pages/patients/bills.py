"""Bills: settled by a pharmacy on a prescription, or recorded by the agency; taking one back."""

from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from procurement.permissions import Action, NotFoundForActorError
from procurement.pharmacies.pages.patients.prescriptions import prescription_page
from procurement.pharmacies.pages.patients.showing import done_or_page
from procurement.pharmacies.patients.at_edge import (
    may_bill_at,
    place_for,
    prescription_for,
    registration_for,
    yuan,
)
from procurement.pharmacies.patients.dispensing import NewBill, reverse_bill, settle_bill
from procurement.pharmacies.patients.listing import registration_by_id
from procurement.pharmacies.patients.reading import find_bill
from procurement.pharmacies.patients.tables import Registration
from procurement.pharmacies.places.tables import Place
from procurement.rounds.at_edge import FormReader, attempt
from procurement.web import RowId, Visit, redirect, writes


def bill_of(visit: Visit, row: Registration, prescription_id: int | None) -> NewBill:
    """Read a bill as it was typed.

    Raises:
        InvalidInputError: Something cannot be read.
    """
    reader = FormReader(visit.form)
    at = reader.moment("dispensed_at") or visit.moment
    with reader.checked():
        amount = yuan(visit.form.get("amount", ""))
    return NewBill(
        registration_id=row.id,
        prescription_id=prescription_id,
        place_id=place_for(visit, visit.form.get("place", "").upper(), row).id,
        bill_number=visit.form.get("bill_number", ""),
        amount=amount,
        dispensed_at=at,
    )


@post("/prescriptions/{prescription_number:str}/bills", include_in_schema=False)
@writes
def settle(visit: Visit, prescription_number: FromPath[str]) -> Response[Any]:
    """Settle a bill on a prescription."""
    prescription = prescription_for(visit, prescription_number, Action.DISPENSE_PRESCRIPTION)
    row = registration_by_id(visit.session, registration_id=prescription.registration_id)
    refusal = attempt(
        visit,
        lambda: settle_bill(
            visit.session,
            new=bill_of(visit, row, prescription.id),
            actor=visit.actor,
            moment=visit.moment,
        ),
    )
    if refusal is not None:
        return prescription_page(visit, prescription, refusal)
    return redirect(f"/prescriptions/{prescription_number}?settled=yes")


@post("/registrations/{registration_number:str}/bills", include_in_schema=False)
@writes
def record(visit: Visit, registration_number: FromPath[str]) -> Response[Any]:
    """Record a bill of the registered hospital, as the agency."""
    row = registration_for(visit, registration_number, Action.DECIDE_REGISTRATION)
    return done_or_page(
        visit,
        row,
        lambda: settle_bill(
            visit.session,
            new=bill_of(visit, row, None),
            actor=visit.actor,
            moment=visit.moment,
        ),
    )


@post(
    "/registrations/{registration_number:str}/bills/{record_id:int}/reverse",
    include_in_schema=False,
)
@writes
def reverse(visit: Visit, registration_number: FromPath[str], record_id: RowId) -> Response[Any]:
    """Take a bill back."""
    row = registration_for(visit, registration_number, Action.DISPENSE_PRESCRIPTION)
    bill = find_bill(visit.session, registration_id=row.id, record_id=record_id)
    if bill is None or not may_bill_at(visit, visit.session.get_one(Place, bill.place_id)):
        raise NotFoundForActorError
    return done_or_page(
        visit,
        row,
        lambda: reverse_bill(
            visit.session, record_id=bill.id, actor=visit.actor, moment=visit.moment
        ),
    )


ROUTES = (settle, record, reverse)
"""Handlers of these pages."""
