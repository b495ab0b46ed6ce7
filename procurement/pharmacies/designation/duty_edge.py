"""Which duties a visitor sees, and may do something with."""

from typing import Any, cast

from sqlalchemy import Select, select

from procurement.permissions import Action, Role, Subject
from procurement.pharmacies.designation.duties import find_duty
from procurement.pharmacies.designation.states import DutyStatus
from procurement.pharmacies.designation.tables import DrugDuty
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.service import places_of
from procurement.pharmacies.places.subjects import place_subject
from procurement.pharmacies.places.tables import Place
from procurement.volumes.rules import region_prefix
from procurement.web import Visit


def own_hospitals(visit: Visit) -> tuple[int, ...] | None:
    """Return the hospitals of who sees only the own ones; None for who watches a region."""
    watching = visit.actor.roles - {Role.HOSPITAL, Role.PUBLIC}
    if watching and visit.may(Action.READ_DUTY, Subject(regions=(visit.actor.region,))):
        return None
    places = places_of(visit.session, organisation_id=visit.actor.organisation_id or 0)
    return tuple(place.id for place in places if place.kind == PlaceKind.HOSPITAL)


def duty_for(visit: Visit, duty_id: int, action: Action) -> DrugDuty:
    """Return a duty that the visitor may do something with.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's.
        NotPermittedError: None of the visitor's roles may do this at all.
    """
    visit.require_ever(action)
    duty = find_duty(visit.session, duty_id=duty_id)
    visit.require(action, place_subject(visit.session.get_one(Place, duty.place_id)))
    return duty


def duty_query_for(visit: Visit, status: DutyStatus | None) -> Select[Any]:
    """Return the query of the duties that the visitor sees, without an order.

    Raises:
        NotPermittedError: None of the visitor's roles sees duties.
    """
    visit.require_ever(Action.READ_DUTY)
    own = own_hospitals(visit)
    wanted = select(DrugDuty).join(Place, Place.id == DrugDuty.place_id)
    if own is None:
        wanted = wanted.where(Place.county.startswith(region_prefix(visit.actor.region)))
    else:
        wanted = wanted.where(DrugDuty.place_id.in_(own))
    if status is not None:
        wanted = wanted.where(DrugDuty.status == status)
    return cast(Select[Any], wanted)
