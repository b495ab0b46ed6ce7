"""What pages and interface of a patient's way share: finding things with permission."""

from datetime import date
from decimal import Decimal, InvalidOperation

from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action, NotFoundForActorError, Role
from procurement.pharmacies.patients.listing import prescription_of, registration_of
from procurement.pharmacies.patients.subjects import (
    former_pharmacies,
    prescription_subject,
    registration_subject,
)
from procurement.pharmacies.patients.tables import Prescription, Registration
from procurement.pharmacies.places.service import place_of_code
from procurement.pharmacies.places.tables import Place
from procurement.web import Visit

NUMBER_LENGTH_MAX = 20


def today(visit: Visit) -> date:
    """The day of the request in China."""
    return day_in_china(visit.moment)


def registration_for(visit: Visit, number: str, action: Action) -> Registration:
    """Return a registration with which the visitor may do something.

    Raises:
        NotPermittedError: None of the visitor's roles may.
        NotFoundForActorError: There is none, or it is not the visitor's.
    """
    visit.require_ever(action)
    if len(number) > NUMBER_LENGTH_MAX:
        raise NotFoundForActorError
    registration = registration_of(visit.session, number=number)
    visit.require(action, registration_subject(visit.session, registration=registration))
    return registration


def prescription_for(visit: Visit, number: str, action: Action) -> Prescription:
    """Return a prescription with which the visitor may do something.

    Raises:
        NotPermittedError: None of the visitor's roles may.
        NotFoundForActorError: There is none, or it is not the visitor's.
    """
    visit.require_ever(action)
    if len(number) > NUMBER_LENGTH_MAX:
        raise NotFoundForActorError
    prescription = prescription_of(visit.session, number=number)
    visit.require(
        action,
        prescription_subject(
            visit.session,
            prescription=prescription,
            organisation_id=visit.actor.organisation_id,
        ),
    )
    return prescription


def place_for(visit: Visit, code: str, registration: Registration) -> Place:
    """Return the place of a bill: a pharmacy's own, or any that an agency names.

    Args:
        visit: The request.
        code: Institution code; empty: the pharmacy of the registration, or the visitor's former.
        registration: Under which.

    Raises:
        InvalidInputError: There is no such place.
        NotFoundForActorError: It is another pharmacy's.
    """
    if not code:
        place: Place | None = _pharmacy_of(visit, registration)
    else:
        place = place_of_code(visit.session, code=code)
    if place is None:
        fault = FieldFault("place", "没有这家机构。", "There is no such institution.")
        raise InvalidInputError([fault])
    if not may_bill_at(visit, place):
        raise NotFoundForActorError
    return place


def may_bill_at(visit: Visit, place: Place) -> bool:
    """Whether bills of a place are the visitor's to record and to take back."""
    is_own = place.organisation_id == visit.actor.organisation_id
    return is_own or Role.FUND_AGENCY in visit.actor.roles


def _pharmacy_of(visit: Visit, registration: Registration) -> Place:
    present = visit.session.get_one(Place, registration.pharmacy_place_id)
    if may_bill_at(visit, present):
        return present
    changes = former_pharmacies(visit.session, registration_id=registration.id)
    former = (visit.session.get_one(Place, one.from_place_id) for one in reversed(changes))
    return next((one for one in former if may_bill_at(visit, one)), present)


def yuan(text: str, field: str = "amount") -> Decimal:
    """Read an amount as people and interfaces write it.

    Raises:
        InvalidInputError: It is no number.

    Examples:
        >>> yuan("12.50")
        Decimal('12.50')
    """
    plain = text.replace(",", "")
    try:
        amount = Decimal(plain) if plain.isascii() and len(plain) <= 20 else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or "e" in plain.lower():
        fault = FieldFault(field, "须为金额，如 1234.50。", "Expected yuan, such as 1234.50.")
        raise InvalidInputError([fault])
    return amount
