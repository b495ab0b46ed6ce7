"""What a page shows of a prescription: as the centre reported it, and what stands against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.china_days import day_in_china
from procurement.permissions import Actor
from procurement.pharmacies.errors import RuleMissingError
from procurement.pharmacies.patients.deciding import rules_of
from procurement.pharmacies.patients.dispensing import check_dispensing, valid_until
from procurement.pharmacies.patients.reading import (
    BillLine,
    RegistrationView,
    bills_of,
    view_registration,
)
from procurement.pharmacies.patients.reporting import contradictions_of, reports_of
from procurement.pharmacies.patients.tables import Prescription, PrescriptionReport, Registration
from procurement.pharmacies.places.service import places_of
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.dispensing import Obstacle


@dataclass(frozen=True, slots=True)
class PrescriptionView:
    """A prescription with all that belongs to it.

    Attributes:
        registration: Under which it was written; None until its head arrived.
        reports: By the centre's clock.
        contradictions: Numbers of reports that do not follow from what went before.
        place: Where the present check was asked for.
        obstacles: What stands against dispensing it there now.
        missing: The rule that nobody states, where that keeps from saying more.
        valid_until: Last moment; None where nobody can tell.
        bills: Settled on it, the newest first.
        places: The visitor's own places.
    """

    registration: RegistrationView | None
    reports: Sequence[PrescriptionReport]
    contradictions: tuple[str, ...]
    place: Place | None = None
    obstacles: tuple[Obstacle, ...] = ()
    missing: RuleMissingError | None = None
    valid_until: datetime | None = None
    bills: Sequence[BillLine] = ()
    places: Sequence[Place] = ()


def view_prescription(
    session: Session, *, prescription: Prescription, actor: Actor, moment: datetime
) -> PrescriptionView:
    """Read a prescription, and check whether it may be dispensed at the registered pharmacy now."""
    reports = reports_of(session, prescription_id=prescription.id)
    odd = contradictions_of(session, prescription_id=prescription.id)
    if prescription.registration_id is None:
        return PrescriptionView(None, reports, odd)
    row = session.get_one(Registration, prescription.registration_id)
    place = session.get_one(Place, row.pharmacy_place_id)
    found: tuple[Obstacle, ...] = ()
    missing, until = None, None
    try:
        found = check_dispensing(
            session, registration=row, prescription=prescription, place=place, at=moment
        )
        rules = rules_of(session, registration=row)
        until = valid_until(prescription, rules, moment)
    except RuleMissingError as refusal:
        missing = refusal
    own = actor.organisation_id
    return PrescriptionView(
        registration=view_registration(session, row=row, day=day_in_china(moment)),
        reports=reports,
        contradictions=odd,
        place=place,
        obstacles=found,
        missing=missing,
        valid_until=until,
        bills=bills_of(session, registration_id=row.id, prescription_id=prescription.id),
        places=() if own is None else places_of(session, organisation_id=own),
    )
