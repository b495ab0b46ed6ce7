"""Collecting what waits for somebody, from every stage."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from procurement.accounts import tasks as accounts_tasks
from procurement.agreements import tasks as agreements_tasks
from procurement.awards import tasks as awards_tasks
from procurement.awards.regions import tasks as regions_tasks
from procurement.bids import tasks as bids_tasks
from procurement.catalogue import tasks as catalogue_tasks
from procurement.credit_rating import tasks as credit_tasks
from procurement.monitoring import tasks as monitoring_tasks
from procurement.negotiations import tasks as negotiations_tasks
from procurement.notices import Task
from procurement.orders import tasks as orders_tasks
from procurement.orders.fulfilment import tasks as fulfilment_tasks
from procurement.payments import tasks as payments_tasks
from procurement.permissions import Actor
from procurement.pharmacies import tasks as pharmacies_tasks
from procurement.rounds import tasks as rounds_tasks
from procurement.rounds.document import tasks as document_tasks
from procurement.savings import tasks as savings_tasks
from procurement.volumes import tasks as volumes_tasks

WAITING: tuple[Callable[..., list[Task]], ...] = (
    accounts_tasks.waiting_for,
    catalogue_tasks.waiting_for,
    credit_tasks.waiting_for,
    rounds_tasks.waiting_for,
    document_tasks.waiting_for,
    volumes_tasks.waiting_for,
    bids_tasks.waiting_for,
    awards_tasks.waiting_for,
    regions_tasks.waiting_for,
    agreements_tasks.waiting_for,
    orders_tasks.waiting_for,
    fulfilment_tasks.waiting_for,
    savings_tasks.waiting_for,
    payments_tasks.waiting_for,
    negotiations_tasks.waiting_for,
    monitoring_tasks.waiting_for,
    pharmacies_tasks.waiting_for,
)
"""Each stage's ``waiting_for``, in the order of the process."""

_NEVER = datetime.max.replace(tzinfo=UTC)


def tasks_of(session: Session, *, actor: Actor, moment: datetime) -> list[Task]:
    """Return what waits for somebody: urgent first, then by deadline.

    Args:
        session: Any session.
        actor: For whom.
        moment: Now, aware.

    Returns:
        The tasks of all stages.
    """
    if not actor.is_signed_in:
        return []
    found = [
        task for waiting_for in WAITING for task in waiting_for(session, actor=actor, moment=moment)
    ]
    return sorted(found, key=lambda task: (not task.urgent, task.due_at or _NEVER))
