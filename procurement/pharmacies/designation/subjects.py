"""What permissions ask about places and their designation."""

from sqlalchemy.orm import Session

from procurement.permissions import Subject
from procurement.pharmacies.designation.noticing import notice_of
from procurement.pharmacies.designation.states import ApplicationStatus
from procurement.pharmacies.designation.tables import (
    Designation,
    DesignationApplication,
    DesignationCall,
)
from procurement.pharmacies.places.tables import Place


def call_subject(call: DesignationCall) -> Subject:
    """A call: of who opened it."""
    return Subject(bureau_id=call.caller_id, regions=(call.region,))


def application_subject(session: Session, application: DesignationApplication) -> Subject:
    """An application: the place's own, decided by who called; public while on notice."""
    call = session.get_one(DesignationCall, application.call_id)
    place = session.get_one(Place, application.place_id)
    return Subject(
        organisation_id=application.organisation_id,
        bureau_id=call.caller_id,
        regions=(place.county,),
        is_public=(
            application.status == ApplicationStatus.NOTICED
            and notice_of(session, application_id=application.id) is not None
        ),
    )


def designation_subject(session: Session, designation: Designation) -> Subject:
    """A designation: the place's own, decided by who signed the agreement."""
    place = session.get_one(Place, designation.place_id)
    return Subject(
        organisation_id=place.organisation_id,
        bureau_id=designation.decider_id,
        regions=(place.county,),
    )
