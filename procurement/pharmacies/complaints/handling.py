"""What bureaus and agencies do with a complaint: grade, assign, answer, close."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement import audit
from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError, StaleError
from procurement.notices import notify
from procurement.permissions import Actor, NotFoundForActorError
from procurement.permissions.decide import covers
from procurement.pharmacies.complaints.filing import TEXT_MAX
from procurement.pharmacies.complaints.states import (
    ComplaintStatus,
    Grade,
    TextKind,
    check_step,
)
from procurement.pharmacies.complaints.tables import (
    REASON_LENGTH_MAX,
    Complaint,
    ComplaintEvent,
)
from procurement.pharmacies.complaints.texts import delete_contact, write_text

_HANDLERS = (OrganisationKind.BUREAU, OrganisationKind.FUND_AGENCY)


@dataclass(frozen=True, slots=True)
class Handling:
    """Who does something with which complaint.

    Attributes:
        number: Of the complaint.
        version: As the page showed it; None for a machine that read none.
        actor: Who does it.
        moment: Now.
    """

    number: str
    version: int | None
    actor: Actor
    moment: datetime


def find_complaint(session: Session, *, number: str) -> Complaint:
    """Return a complaint by its number.

    Raises:
        NotFoundForActorError: There is none.
    """
    found = session.scalars(select(Complaint).where(Complaint.number == number)).one_or_none()
    if found is None:
        raise NotFoundForActorError
    return found


def grade_complaint(
    session: Session, handling: Handling, *, grade: str, due_on: date | None
) -> Complaint:
    """Say how soon a complaint has to be handled.

    No source states grades or time limits: whoever grades may promise a day.

    Args:
        session: Session of the caller's transaction.
        handling: Who, which, when.
        grade: A value of `Grade`.
        due_on: The day by which an answer is promised, if any.

    Raises:
        InvalidInputError: No grade, or a day that is over.
        ComplaintStateError: It was graded before.
        StaleError: Somebody changed it since.
    """
    faults = []
    if grade not in set(Grade):
        faults.append(FieldFault("grade", "请选择级别。", "Choose the grade."))
    if due_on is not None and due_on < day_in_china(handling.moment):
        faults.append(FieldFault("due_on", "早于今天。", "The day is over."))
    if faults:
        raise InvalidInputError(faults)
    complaint = _hold(session, handling)
    check_step(ComplaintStatus(complaint.status), ComplaintStatus.GRADED)
    complaint.grade, complaint.due_on = Grade(grade), due_on
    facts = {"grade": grade, "due": "" if due_on is None else due_on.isoformat()}
    _step(session, complaint, ComplaintStatus.GRADED, handling, facts=facts)
    return complaint


def handlers_for(session: Session, *, actor: Actor, county: str) -> list[Organisation]:
    """Return the bureaus and agencies that a complaint may be assigned to.

    Args:
        session: Any session.
        actor: Of the bureau that assigns.
        county: Where it happened.
    """
    there = select(Organisation).where(
        Organisation.kind.in_(_HANDLERS), Organisation.is_active.is_(True)
    )
    return [
        one
        for one in session.scalars(there.order_by(Organisation.region, Organisation.id))
        if covers(one.region, county) and covers(actor.region, one.region)
    ]


def assign_complaint(
    session: Session, handling: Handling, *, organisation_id: int | None
) -> Complaint:
    """Give a complaint to whoever handles it, and tell them.

    Args:
        session: Session of the caller's transaction.
        handling: Who, which, when.
        organisation_id: A bureau or agency of the place, see `handlers_for`.

    Raises:
        InvalidInputError: It is none of those.
        ComplaintStateError: It cannot be assigned now.
        StaleError: Somebody changed it since.
    """
    complaint = _hold(session, handling)
    check_step(ComplaintStatus(complaint.status), ComplaintStatus.ASSIGNED)
    there = handlers_for(session, actor=handling.actor, county=complaint.county)
    if organisation_id not in {one.id for one in there}:
        zh, en = "请选择承办单位。", "Choose who handles it."
        raise InvalidInputError([FieldFault("organisation_id", zh, en)])
    before = complaint.assigned_to
    complaint.assigned_to = organisation_id
    facts = {"before": str(before or ""), "organisation": str(organisation_id)}
    _step(session, complaint, ComplaintStatus.ASSIGNED, handling, facts=facts)
    if organisation_id is not None and organisation_id != handling.actor.organisation_id:
        notify(
            session,
            organisation_id=organisation_id,
            zh=f"交由贵单位办理投诉 {complaint.number}",
            en=f"Complaint {complaint.number} is yours to handle",
            link=f"/complaints/{complaint.number}",
            moment=handling.moment,
        )
    return complaint


def answer_complaint(session: Session, handling: Handling, *, text: str, key: bytes) -> Complaint:
    """Answer a complaint; whoever wrote it reads the answer with the code.

    Args:
        session: Session of the caller's transaction.
        handling: Who, which, when.
        text: The answer.
        key: The installation's key.

    Raises:
        InvalidInputError: No answer, or too long a one.
        ComplaintStateError: It was not assigned, or is answered.
        StaleError: Somebody changed it since.
    """
    if not text.strip() or len(text) > TEXT_MAX:
        zh = f"请写明答复（不超过 {TEXT_MAX:,} 字）。"
        en = f"Write the answer, in at most {TEXT_MAX:,} characters."
        raise InvalidInputError([FieldFault("text", zh, en)])
    complaint = _hold(session, handling)
    check_step(ComplaintStatus(complaint.status), ComplaintStatus.ANSWERED)
    write_text(
        session,
        complaint=complaint,
        kind=TextKind.ANSWER,
        text=text,
        key=key,
        moment=handling.moment,
        person_id=handling.actor.person_id,
    )
    complaint.answered_at = handling.moment
    _step(session, complaint, ComplaintStatus.ANSWERED, handling, facts={})
    return complaint


def close_complaint(session: Session, handling: Handling, *, reason: str) -> Complaint:
    """Close an answered complaint; how to reach whoever wrote it is deleted.

    Args:
        session: Session of the caller's transaction.
        handling: Who, which, when.
        reason: Why it is closed.

    Raises:
        InvalidInputError: No reason, or too long a one.
        ComplaintStateError: It is not answered.
        StaleError: Somebody changed it since.
    """
    if not reason or len(reason) > REASON_LENGTH_MAX:
        zh = f"请写明办结理由（不超过 {REASON_LENGTH_MAX} 字）。"
        en = f"Say why it is closed, in at most {REASON_LENGTH_MAX} characters."
        raise InvalidInputError([FieldFault("reason", zh, en)])
    complaint = _hold(session, handling)
    check_step(ComplaintStatus(complaint.status), ComplaintStatus.CLOSED)
    finish(session, complaint, handling.moment)
    _step(
        session, complaint, ComplaintStatus.CLOSED, handling, facts={"reason": reason}, why=reason
    )
    return complaint


def finish(session: Session, complaint: Complaint, moment: datetime) -> None:
    """Note that nothing more is to be done, and forget how to reach whoever wrote."""
    complaint.closed_at = moment
    delete_contact(session, complaint=complaint, moment=moment)


def events_of(session: Session, *, complaint: Complaint) -> Sequence[ComplaintEvent]:
    """Return the course of a complaint, oldest first."""
    course = select(ComplaintEvent).where(ComplaintEvent.complaint_id == complaint.id)
    return session.scalars(course.order_by(ComplaintEvent.id)).all()


def hold_complaint(session: Session, *, number: str) -> Complaint:
    """Return a complaint, held until the transaction ends.

    Raises:
        NotFoundForActorError: There is none.
    """
    held = select(Complaint).where(Complaint.number == number).with_for_update()
    found = session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFoundForActorError
    return found


def _hold(session: Session, handling: Handling) -> Complaint:
    complaint = hold_complaint(session, number=handling.number)
    if handling.version is not None and complaint.version != handling.version:
        raise StaleError
    return complaint


def note_step(
    session: Session,
    complaint: Complaint,
    status: ComplaintStatus,
    *,
    actor: Actor,
    reason: str,
    moment: datetime,
) -> None:
    """Bring a complaint into a state, with an entry of its course."""
    complaint.status = status
    complaint.version += 1
    session.add(
        ComplaintEvent(
            complaint_id=complaint.id,
            status=status,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            reason=reason,
            happened_at=moment,
        )
    )
    session.flush()


def _step(
    session: Session,
    complaint: Complaint,
    status: ComplaintStatus,
    handling: Handling,
    *,
    facts: dict[str, str],
    why: str = "",
) -> None:
    before = ComplaintStatus(complaint.status)
    note_step(session, complaint, status, actor=handling.actor, reason=why, moment=handling.moment)
    audit.record(
        session,
        actor=handling.actor,
        action=f"complaint-{status.value}",
        subject=f"complaint/{complaint.number}",
        facts={"from": before.value, "to": status.value, **facts},
        moment=handling.moment,
    )
