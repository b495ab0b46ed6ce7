"""From the agreement to its end: signing, suspending, resuming, ending."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.notices import notify
from procurement.permissions import Actor, NotFoundForActorError
from procurement.pharmacies.designation.changing import (
    lock_application,
    lock_designation,
    set_status,
)
from procurement.pharmacies.designation.errors import (
    AlreadyDesignatedError,
    NoticeRunningError,
    ObjectionUpheldError,
)
from procurement.pharmacies.designation.fields import document_faults, reason_faults, span_faults
from procurement.pharmacies.designation.noticing import notice_of, objections_to
from procurement.pharmacies.designation.states import (
    EVENT_NAMES,
    ApplicationStatus,
    DesignationEventKind,
    DesignationStatus,
    ObjectionStatus,
    require_application_step,
    require_designation_step,
)
from procurement.pharmacies.designation.tables import (
    Designation,
    DesignationApplication,
    DesignationCall,
    DesignationEvent,
)
from procurement.pharmacies.places.service import lock_place
from procurement.pharmacies.places.tables import Place

STATUS_AFTER = {
    DesignationEventKind.SUSPENDED: DesignationStatus.SUSPENDED,
    DesignationEventKind.RESUMED: DesignationStatus.IN_FORCE,
    DesignationEventKind.TERMINATED: DesignationStatus.ENDED,
    DesignationEventKind.EXITED: DesignationStatus.ENDED,
    DesignationEventKind.EXPIRED: DesignationStatus.ENDED,
}
"""Where each event leads."""

DECIDED = (
    DesignationEventKind.SUSPENDED,
    DesignationEventKind.RESUMED,
    DesignationEventKind.TERMINATED,
    DesignationEventKind.EXITED,
)
"""Events that somebody decides; the agreement is signed, and runs out by itself."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreement as it was signed.

    Attributes:
        number: Its number.
        starts_on: First day.
        ends_on: Last day; None where it names none.
    """

    number: str
    starts_on: date | None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """What was decided about a designation.

    Attributes:
        kind: One of `DECIDED`.
        happens_on: First day on which it counts: not in the future, not before what happened
            last.
        reason: Why.
        document: Number of the decision.
    """

    kind: DesignationEventKind
    happens_on: date | None
    reason: str
    document: str


def sign_agreement(
    session: Session,
    *,
    application_id: int,
    agreed: Agreed,
    version: int,
    actor: Actor,
    moment: datetime,
) -> Designation:
    """Record the agreement with a place after its notice: it is designated from its first day.

    Args:
        session: Session of the caller's transaction.
        application_id: The application.
        agreed: The agreement.
        version: As the page showed it.
        actor: Of whoever called.
        moment: When, aware.

    Raises:
        InvalidInputError: The number is missing, or the agreement ends before it begins, or it
            begins while the notice ran or an earlier agreement held.
        NoticeRunningError: The notice still runs, or an objection is not answered.
        ObjectionUpheldError: An objection was upheld.
        AlreadyDesignatedError: The place is designated under this scheme already.
        StaleError: Somebody changed the application since.
    """
    application = lock_application(session, application_id=application_id, version=version)
    require_application_step(ApplicationStatus(application.status), ApplicationStatus.AGREED)
    noticed_until = _end_of_notice(session, application, day_in_china(moment))
    call = session.get_one(DesignationCall, application.call_id)
    designation = _designate(
        session,
        Designation(
            place_id=application.place_id,
            scheme=call.scheme,
            application_id=application.id,
            decider_id=call.caller_id,
        ),
        agreed,
        actor,
        moment,
        _notice_faults(agreed.starts_on, noticed_until),
    )
    set_status(
        session,
        application=application,
        wanted=ApplicationStatus.AGREED,
        facts={"agreement": designation.agreement},
        actor=actor,
        moment=moment,
    )
    return designation


def _end_of_notice(session: Session, application: DesignationApplication, today: date) -> date:
    """Return the last day of a notice that is over without an objection that holds."""
    notice = notice_of(session, application_id=application.id)
    if notice is None:
        raise NotFoundForActorError
    objections = objections_to(session, application_id=application.id)
    waiting = sum(one.status == ObjectionStatus.RECEIVED for one in objections)
    if today <= notice.objections_until or waiting:
        raise NoticeRunningError(notice.objections_until, waiting)
    if any(one.status == ObjectionStatus.UPHELD for one in objections):
        raise ObjectionUpheldError
    return notice.objections_until


def _notice_faults(starts_on: date | None, noticed_until: date) -> list[FieldFault]:
    if starts_on is None or starts_on > noticed_until:
        return []
    zh = f"协议须在公示期满（{noticed_until}）之后开始。"
    en = f"Expected a day after {noticed_until}, the last of the notice."
    return [FieldFault("starts_on", zh, en)]


def _designate(
    session: Session,
    row: Designation,
    agreed: Agreed,
    actor: Actor,
    moment: datetime,
    more_faults: Sequence[FieldFault] = (),
) -> Designation:
    # Two agreements with one place at once: the second waits here, and then finds the first.
    place = lock_place(session, place_id=row.place_id)
    faults = span_faults(agreed.starts_on, agreed.ends_on, names=("starts_on", "ends_on"))
    faults += document_faults(agreed.number, field="agreement")
    faults += [*more_faults, *_overlap_faults(session, row, agreed.starts_on)]
    if faults or agreed.starts_on is None:
        raise InvalidInputError(faults)
    present = select(Designation.id).where(
        Designation.place_id == place.id,
        Designation.scheme == row.scheme,
        Designation.status != DesignationStatus.ENDED,
    )
    if session.scalar(present) is not None:
        raise AlreadyDesignatedError
    row.agreement, row.starts_on = agreed.number.strip(), agreed.starts_on
    row.ends_on, row.status, row.changed_at = agreed.ends_on, DesignationStatus.IN_FORCE, moment
    session.add(row)
    session.flush()
    happened = Happened(DesignationEventKind.AGREED, row.starts_on, "", row.agreement)
    _note(session, row, happened, actor, moment)
    return row


def _overlap_faults(session: Session, row: Designation, starts_on: date | None) -> list[FieldFault]:
    """Days that an ended agreement covered, or a termination left uncovered, stay as they are."""
    last = session.scalar(
        select(func.max(Designation.ends_on)).where(
            Designation.place_id == row.place_id,
            Designation.scheme == row.scheme,
            Designation.status == DesignationStatus.ENDED,
        )
    )
    if last is None or starts_on is None or starts_on > last:
        return []
    zh = f"须晚于上一协议的最后一日（{last}）。"
    en = f"Expected a day after {last}, the last of the agreement before."
    return [FieldFault("starts_on", zh, en)]


def take_over(
    session: Session, *, row: Designation, agreed: Agreed, actor: Actor, moment: datetime
) -> Designation:
    """Designate a place that a published list names, without an application here.

    Args:
        session: Session of the caller's transaction.
        row: With place, scheme and decider.
        agreed: The list's number, and its days.
        actor: Who takes the list over.
        moment: When, aware.

    Raises:
        InvalidInputError: The days are wrong or lie in an earlier agreement, or the number is
            missing.
        AlreadyDesignatedError: The place is designated under this scheme already.
    """
    return _designate(session, row, agreed, actor, moment)


def decide(
    session: Session,
    *,
    designation_id: int,
    happened: Happened,
    version: int,
    actor: Actor,
    moment: datetime,
) -> Designation:
    """Suspend, resume or end a designation.

    Args:
        session: Session of the caller's transaction.
        designation_id: The designation.
        happened: What was decided.
        version: As the page showed it.
        actor: Of whoever designated.
        moment: When, aware.

    Raises:
        InvalidInputError: Reason, document or day is missing or wrong.
        StepNotPossibleError: It cannot go this way from where it stands.
        StaleError: Somebody changed it since.
    """
    designation = lock_designation(session, designation_id=designation_id, version=version)
    wanted = STATUS_AFTER.get(happened.kind)
    if wanted is None or happened.kind not in DECIDED:
        raise InvalidInputError([FieldFault("kind", "请选择决定。", "Choose the decision.")])
    require_designation_step(DesignationStatus(designation.status), wanted)
    last = events_of(session, designation_id=designation.id)[-1].happens_on
    faults = _happened_faults(happened, max(last, designation.starts_on), day_in_china(moment))
    if faults or happened.happens_on is None:
        raise InvalidInputError(faults)
    if wanted is DesignationStatus.ENDED:
        designation.ends_on = happened.happens_on - timedelta(days=1)
    _change(session, designation, wanted, happened, actor, moment)
    place = session.get_one(Place, designation.place_id)
    if place.organisation_id is not None:
        zh, en = EVENT_NAMES[happened.kind]
        notify(
            session,
            organisation_id=place.organisation_id,
            zh=f"{place.name}：{zh}，自 {happened.happens_on} 起。{happened.reason}",
            en=f"{place.name}: {en} from {happened.happens_on}. {happened.reason}",
            link=f"/designations/{designation.id}",
            moment=moment,
        )
    return designation


def _happened_faults(happened: Happened, earliest: date, today: date) -> list[FieldFault]:
    faults = reason_faults(happened.reason) + document_faults(happened.document)
    if happened.happens_on is None or not earliest <= happened.happens_on <= today:
        zh = f"生效日须在 {earliest} 至 {today} 之间。"
        en = f"Expected a day from {earliest} to {today}."
        faults.append(FieldFault("happens_on", zh, en))
    return faults


def _change(
    session: Session,
    designation: Designation,
    wanted: DesignationStatus,
    happened: Happened,
    actor: Actor,
    moment: datetime,
) -> None:
    designation.status = wanted
    designation.version += 1
    designation.changed_at = moment
    _note(session, designation, happened, actor, moment)


def _note(
    session: Session, row: Designation, happened: Happened, actor: Actor, moment: datetime
) -> None:
    session.add(
        DesignationEvent(
            designation_id=row.id,
            kind=happened.kind,
            happens_on=happened.happens_on,
            reason=happened.reason.strip(),
            document=happened.document.strip(),
            decided_by=actor.person_id,
            decided_at=moment,
        )
    )
    session.flush()
    place = session.get_one(Place, row.place_id)
    record(
        session,
        actor=actor,
        action=f"designation-{happened.kind.value}",
        subject=f"designation/{row.id}",
        facts={
            "place": place.institution_code,
            "scheme": row.scheme,
            "from": str(happened.happens_on),
            "document": happened.document,
            "reason": happened.reason,
        },
        moment=moment,
    )


def expire_due(session: Session, *, moment: datetime, limit: int = 500) -> int:
    """End designations whose agreement has run out, some at a time; for the daily job.

    Returns:
        How many were ended.
    """
    today = day_in_china(moment)
    due = (
        select(Designation)
        .where(Designation.status != DesignationStatus.ENDED, Designation.ends_on < today)
        .order_by(Designation.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    rows = session.scalars(due).all()
    for row in rows:
        if row.ends_on is None:
            continue
        happened = Happened(
            DesignationEventKind.EXPIRED, row.ends_on + timedelta(days=1), "", row.agreement
        )
        _change(session, row, DesignationStatus.ENDED, happened, Actor(), moment)
    return len(rows)


def find_designation(session: Session, *, designation_id: int) -> Designation:
    """Return a designation.

    Raises:
        NotFoundForActorError: There is none.
    """
    row = session.get(Designation, designation_id)
    if row is None:
        raise NotFoundForActorError
    return row


def events_of(session: Session, *, designation_id: int) -> Sequence[DesignationEvent]:
    """Return what happened to a designation, oldest first."""
    own = select(DesignationEvent).where(DesignationEvent.designation_id == designation_id)
    return session.scalars(own.order_by(DesignationEvent.id)).all()
