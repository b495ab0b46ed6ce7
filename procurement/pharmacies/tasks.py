"""What waits for somebody about the dual channel, one line per part."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.notices import Task
from procurement.permissions import Actor
from procurement.pharmacies.complaints import tasks as complaints_tasks
from procurement.pharmacies.designation import tasks as designation_tasks
from procurement.pharmacies.finder import tasks as finder_tasks
from procurement.pharmacies.listed import tasks as listed_tasks
from procurement.pharmacies.patients import tasks as patients_tasks

PARTS: tuple[Callable[..., list[Task]], ...] = (
    listed_tasks.waiting_for,
    designation_tasks.waiting_for,
    finder_tasks.waiting_for,
    complaints_tasks.waiting_for,
    patients_tasks.waiting_for,
)
"""Each part's ``waiting_for``."""


def waiting_for(session: Session, *, actor: Actor, moment: datetime) -> list[Task]:
    """Return what waits for somebody.

    Args:
        session: Any session.
        actor: For whom.
        moment: Now, aware.
    """
    return [task for part in PARTS for task in part(session, actor=actor, moment=moment)]
