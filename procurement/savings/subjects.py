"""What permissions ask about settlements and statements."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.china_days import day_in_china
from procurement.permissions import Actor, Subject
from procurement.savings.tables import SavingsAssessment, SavingsSettlement
from procurement.volumes.groups import lead_of


def settlement_subject(session: Session, *, settlement: SavingsSettlement, actor: Actor) -> Subject:
    """A settlement: its bureau's and its region's; a hospital's own where it takes part."""
    takes_part = actor.organisation_id is not None and session.scalar(
        select(
            exists().where(
                SavingsAssessment.settlement_id == settlement.id,
                SavingsAssessment.hospital_id == actor.organisation_id,
            )
        )
    )
    return Subject(
        organisation_id=actor.organisation_id if takes_part else None,
        bureau_id=settlement.bureau_id,
        regions=(settlement.region,),
    )


def hospital_subject(
    session: Session,
    *,
    hospital: Organisation,
    settlement: SavingsSettlement | None = None,
    moment: datetime,
) -> Subject:
    """Something of a hospital: its own, its group lead's, its bureaus' and its agency's concern."""
    return Subject(
        organisation_id=hospital.id,
        group_lead_id=lead_of(session, hospital_id=hospital.id, day=day_in_china(moment)),
        bureau_id=None if settlement is None else settlement.bureau_id,
        regions=(hospital.region,),
    )


def paying_subject(settlement: SavingsSettlement) -> Subject:
    """Its payment: the agency's that it names."""
    return Subject(organisation_id=settlement.agency_id)
