"""Complaints as bureaus and agencies see them."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import NATION
from procurement.permissions import Actor, Role, Subject
from procurement.pharmacies.complaints.states import ComplaintStatus
from procurement.pharmacies.complaints.tables import Complaint
from procurement.pharmacies.finder.counties import within

_OF_BUREAU = frozenset({Role.OFFICER, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many complaints are in a state.

    Attributes:
        status: The state.
        number: How many.
    """

    status: ComplaintStatus
    number: int


def complaint_subject(complaint: Complaint) -> Subject:
    """Return a complaint as permissions see it: of its county, and of whoever handles it."""
    return Subject(organisation_id=complaint.assigned_to, regions=(complaint.county,))


def complaints_seen(*, actor: Actor, status: ComplaintStatus | None = None) -> Select[Complaint]:
    """Return the statement for the complaints that somebody sees, newest first.

    Args:
        actor: Who looks.
        status: Of this state alone.
    """
    seen = select(Complaint).where(_seen_by(actor)).order_by(Complaint.id.desc())
    return seen if status is None else seen.where(Complaint.status == status)


def count_states(session: Session, *, actor: Actor) -> list[StateCount]:
    """Count the complaints that somebody sees, by state, in the order of the course."""
    counted = select(Complaint.status, func.count()).where(_seen_by(actor))
    numbers = {key: count for key, count in session.execute(counted.group_by(Complaint.status))}
    return [StateCount(status, numbers.get(status, 0)) for status in ComplaintStatus]


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    own = Complaint.assigned_to == actor.organisation_id
    if _OF_BUREAU.isdisjoint(actor.roles):
        return own
    is_here = within(Complaint.county, actor.region)
    return is_here if actor.region == NATION else or_(own, is_here)
