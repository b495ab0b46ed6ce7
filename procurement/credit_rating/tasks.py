"""What waits for bureaus in credit rating: applications without an answer."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.credit_rating.applications import unanswered
from procurement.credit_rating.reading import matter_subject
from procurement.notices import Task
from procurement.permissions import Action, Actor, is_permitted


def waiting_for(session: Session, *, actor: Actor, moment: datetime) -> list[Task]:
    """List the applications that an officer may answer.

    Args:
        session: Any session.
        actor: Who looks.
        moment: When.
    """
    if actor.organisation_id is None:
        return []
    return [
        Task(
            zh=f"答复信用评价申请 {application.id}",
            en=f"Answer application {application.id} about a credit grade",
            link=f"/credit/matters/{matter.id}#applications",
            urgent=True,
        )
        for application, matter in unanswered(session)
        if is_permitted(actor, Action.CHANGE_CREDIT, matter_subject(matter))
    ]
