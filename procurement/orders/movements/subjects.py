"""What permissions ask about stock movements."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.china_days import day_in_china
from procurement.permissions import Actor, NotFoundForActorError, Subject
from procurement.volumes.groups import lead_of


def own_movements(actor: Actor) -> Subject:
    """The list of what was sent: it shows nobody anything but the own concern."""
    return Subject(organisation_id=actor.organisation_id, regions=(actor.region,))


def movements_subject(session: Session, *, hospital_id: int, moment: datetime) -> Subject:
    """A hospital's movements: its own, its group lead's and its region's concern.

    Raises:
        NotFoundForActorError: There is no such hospital.
    """
    hospital = session.get(Organisation, hospital_id)
    if hospital is None or hospital.kind != OrganisationKind.HOSPITAL:
        raise NotFoundForActorError
    return Subject(
        organisation_id=hospital.id,
        group_lead_id=lead_of(session, hospital_id=hospital.id, day=day_in_china(moment)),
        regions=(hospital.region,),
    )
