"""What waits for officers about the list."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.notices import Task
from procurement.permissions import Actor, Role
from procurement.pharmacies.listed.kinds import DecisionStatus
from procurement.pharmacies.listed.tables import ListDecision


def waiting_for(session: Session, *, actor: Actor, moment: datetime) -> list[Task]:
    """Return the decisions that a second person must confirm.

    Args:
        session: Any session.
        actor: For whom.
        moment: Now; what waits here has no deadline.
    """
    del moment
    if Role.OFFICER not in actor.roles:
        return []
    number = session.scalar(
        select(func.count()).where(
            ListDecision.bureau_id == actor.organisation_id,
            ListDecision.status == DecisionStatus.PROPOSED,
            ListDecision.proposed_by != actor.person_id,
        )
    )
    if not number:
        return []
    return [
        Task(
            zh=f"复核双通道名单决定：{number} 项",
            en=f"Confirm decisions on the dual-channel list: {number}",
            link="/dual-channel/decisions?status=proposed",
        )
    ]
