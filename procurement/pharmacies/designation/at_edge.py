"""Finding what the visitor may do something with."""

from procurement.permissions import Action, NotFoundForActorError
from procurement.pharmacies.designation.calls import find_call
from procurement.pharmacies.designation.lasting import find_designation
from procurement.pharmacies.designation.subjects import (
    application_subject,
    call_subject,
    designation_subject,
)
from procurement.pharmacies.designation.tables import (
    Designation,
    DesignationApplication,
    DesignationCall,
)
from procurement.web import Visit


def call_for(visit: Visit, call_id: int, action: Action) -> DesignationCall:
    """Return a call that the visitor may do something with.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's.
        NotPermittedError: None of the visitor's roles may do this at all.
    """
    visit.require_ever(action)
    call = find_call(visit.session, call_id=call_id)
    visit.require(action, call_subject(call))
    return call


def application_for(visit: Visit, application_id: int, action: Action) -> DesignationApplication:
    """Return an application that the visitor may do something with; see `call_for`."""
    visit.require_ever(action)
    application = visit.session.get(DesignationApplication, application_id)
    if application is None:
        raise NotFoundForActorError
    visit.require(action, application_subject(visit.session, application))
    return application


def designation_for(visit: Visit, designation_id: int, action: Action) -> Designation:
    """Return a designation that the visitor may do something with; see `call_for`."""
    visit.require_ever(action)
    designation = find_designation(visit.session, designation_id=designation_id)
    visit.require(action, designation_subject(visit.session, designation))
    return designation
