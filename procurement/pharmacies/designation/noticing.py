"""Public notices of places to be designated, and objections to them in somebody's real name."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.accounts.secret_values import seal_secret, unseal_secret
from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.notices import notify
from procurement.permissions import Actor, NotFoundForActorError
from procurement.pharmacies.designation.calls import rules_of
from procurement.pharmacies.designation.changing import lock_application, set_status
from procurement.pharmacies.designation.errors import ObjectionsClosedError
from procurement.pharmacies.designation.fields import reason_faults
from procurement.pharmacies.designation.states import (
    OBJECTION_NAMES,
    ApplicationStatus,
    ObjectionStatus,
    StepNotPossibleError,
)
from procurement.pharmacies.designation.tables import (
    DesignationApplication,
    DesignationCall,
    DesignationNotice,
    DesignationObjection,
    NoticeEntry,
)
from procurement.pharmacies.errors import RuleMissingError
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.criteria import PREFIXES

STATEMENT_MAX = 2_000
NAME_MAX = 100
CONTACT_MAX = 200
OPEN_OBJECTIONS_MAX = 200
"""Unanswered objections to one application: a form that needs no account must have an end."""


@dataclass(frozen=True, slots=True)
class NewObjection:
    """An objection as somebody typed it.

    Attributes:
        name: Real name of the person or body.
        contact: Telephone or address at which it can be reached.
        statement: What is wrong with the place.
    """

    name: str
    contact: str
    statement: str


def publish_notice(
    session: Session,
    *,
    call: DesignationCall,
    application_ids: Collection[int],
    objections_until: date | None,
    actor: Actor,
    moment: datetime,
) -> DesignationNotice:
    """Put applications whose places were found in order on a public notice.

    Args:
        session: Session of the caller's transaction.
        call: Their call.
        application_ids: The applications.
        objections_until: Last day of objections; None for the least that the rules allow. Days
            are counted as calendar days from the day after publication: whether working days are
            meant is not stated, so that a later day may be given.
        actor: Of whoever called.
        moment: When, aware.

    Raises:
        InvalidInputError: No application was chosen, one is not of this call, or the day is too
            early.
        RuleMissingError: How many days a notice runs is not known.
        StepNotPossibleError: A place was not visited, or is on a notice already.
    """
    rules = rules_of(call)
    if rules.notice_days is None:
        key = f"{PREFIXES[rules.scheme]}.publicity_days"
        raise RuleMissingError(key, zh="公示天数", en="days of the notice")
    today = day_in_china(moment)
    earliest = today + timedelta(days=rules.notice_days)
    until = objections_until or earliest
    _require_notice(application_ids, until, earliest)
    notice = DesignationNotice(
        call_id=call.id,
        public_on=today,
        objections_until=until,
        published_by=actor.person_id,
        published_at=moment,
    )
    session.add(notice)
    session.flush()
    for application_id in sorted(application_ids):
        application = lock_application(session, application_id=application_id)
        if application.call_id != call.id:
            raise NotFoundForActorError
        session.add(NoticeEntry(notice_id=notice.id, application_id=application.id))
        set_status(
            session,
            application=application,
            wanted=ApplicationStatus.NOTICED,
            facts={"notice": str(notice.id), "until": until.isoformat()},
            actor=actor,
            moment=moment,
        )
    return notice


def _require_notice(application_ids: Collection[int], until: date, earliest: date) -> None:
    faults = []
    if not application_ids:
        zh, en = "请选择要公示的申请。", "Choose the applications to put on notice."
        faults.append(FieldFault("applications", zh, en))
    if not earliest <= until <= earliest + timedelta(days=366):
        zh = f"公示截止日不得早于 {earliest}，也不得晚于一年之后。"
        en = f"Expected {earliest} or later, within a year."
        faults.append(FieldFault("objections_until", zh, en))
    if faults:
        raise InvalidInputError(faults)


def file_objection(
    session: Session,
    *,
    application_id: int,
    objection: NewObjection,
    secret_key: bytes,
    moment: datetime,
) -> DesignationObjection:
    """Take an objection to a place on notice; nobody need be signed in.

    Args:
        session: Session of the caller's transaction.
        application_id: The application on notice.
        objection: In somebody's real name, which is sealed and shown only to who decides.
        secret_key: The installation's key.
        moment: When, aware.

    Raises:
        InvalidInputError: Name, contact or statement is missing or too long.
        ObjectionsClosedError: The application is not on notice, or the days are over.
        RefusedError: Too many objections wait for an answer already.
    """
    application = lock_application(session, application_id=application_id)
    notice = notice_of(session, application_id=application_id)
    on_notice = application.status == ApplicationStatus.NOTICED and notice is not None
    if not on_notice or notice is None or day_in_china(moment) > notice.objections_until:
        raise ObjectionsClosedError
    faults = _objection_faults(objection)
    if faults:
        raise InvalidInputError(faults)
    if unanswered(session, application_id=application_id) >= OPEN_OBJECTIONS_MAX:
        zh = "待答复的异议过多，请稍后再提，或拨打 12393。"
        en = "Too many objections wait for an answer; come back later, or call 12393."
        raise RefusedError(zh=zh, en=en)
    who = {"name": objection.name.strip(), "contact": objection.contact.strip()}
    row = DesignationObjection(
        application_id=application.id,
        name_sealed=seal_secret(
            json.dumps(who, ensure_ascii=False), key=secret_key, purpose=_purpose(application.id)
        ),
        statement=objection.statement.strip(),
        status=ObjectionStatus.RECEIVED,
        filed_at=moment,
    )
    session.add(row)
    session.flush()
    _record(session, row, Actor(), "file-designation-objection", {}, moment)
    call = session.get_one(DesignationCall, application.call_id)
    place = session.get_one(Place, application.place_id)
    notify(
        session,
        organisation_id=call.caller_id,
        zh=f"对{place.name}定点公示的异议。",
        en=f"An objection to the designation of {place.name}.",
        link=f"/designations/applications/{application.id}",
        moment=moment,
    )
    return row


def _purpose(application_id: int) -> str:
    return f"objection {application_id}"


def _objection_faults(objection: NewObjection) -> list[FieldFault]:
    limits = (
        ("name", objection.name, NAME_MAX, "请填写真实姓名或单位名称", "Give your real name"),
        ("contact", objection.contact, CONTACT_MAX, "请填写联系方式", "Say how to reach you"),
        ("statement", objection.statement, STATEMENT_MAX, "请写明异议", "Say what is wrong"),
    )
    return [
        FieldFault(field, f"{zh}，不超过 {most} 字。", f"{en}, in at most {most} characters.")
        for field, text, most, zh, en in limits
        if not 0 < len(text.strip()) <= most
    ]


def answer_objection(
    session: Session,
    *,
    objection_id: int,
    is_upheld: bool,
    answer: str,
    actor: Actor,
    moment: datetime,
) -> DesignationObjection:
    """Say whether an objection holds, and why; an answer stays as it is.

    Raises:
        InvalidInputError: Without a reason.
        StepNotPossibleError: It was answered already.
    """
    row = find_objection(session, objection_id=objection_id)
    lock_application(session, application_id=row.application_id)
    session.refresh(row)
    wanted = ObjectionStatus.UPHELD if is_upheld else ObjectionStatus.DISMISSED
    if row.status != ObjectionStatus.RECEIVED:
        present = ObjectionStatus(row.status)
        raise StepNotPossibleError(OBJECTION_NAMES[present], OBJECTION_NAMES[wanted])
    faults = reason_faults(answer, field="answer")
    if faults:
        raise InvalidInputError(faults)
    row.status, row.answer = wanted, answer.strip()
    row.answered_by, row.answered_at = actor.person_id, moment
    facts = {"before": "received", "after": wanted.value, "reason": row.answer}
    _record(session, row, actor, "answer-designation-objection", facts, moment)
    return row


def _record(
    session: Session,
    row: DesignationObjection,
    actor: Actor,
    action: str,
    facts: dict[str, str],
    moment: datetime,
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=f"designation-objection/{row.id}",
        facts={"application": str(row.application_id), **facts},
        moment=moment,
    )


def find_objection(session: Session, *, objection_id: int) -> DesignationObjection:
    """Return an objection.

    Raises:
        NotFoundForActorError: There is none.
    """
    row = session.get(DesignationObjection, objection_id)
    if row is None:
        raise NotFoundForActorError
    return row


def objector_of(row: DesignationObjection, *, secret_key: bytes) -> tuple[str, str]:
    """Return name and contact of who objected, for those who decide.

    Raises:
        UnsealingError: With another installation's key.
    """
    opened = unseal_secret(row.name_sealed, key=secret_key, purpose=_purpose(row.application_id))
    who = json.loads(opened)
    return who["name"], who["contact"]


def objections_to(session: Session, *, application_id: int) -> Sequence[DesignationObjection]:
    """Return the objections to an application, oldest first."""
    own = select(DesignationObjection).where(DesignationObjection.application_id == application_id)
    return session.scalars(own.order_by(DesignationObjection.id)).all()


def unanswered(session: Session, *, application_id: int) -> int:
    """Count the objections to an application that wait for an answer."""
    waiting = select(func.count()).where(
        DesignationObjection.application_id == application_id,
        DesignationObjection.status == ObjectionStatus.RECEIVED,
    )
    return session.scalar(waiting) or 0


def notice_of(session: Session, *, application_id: int) -> DesignationNotice | None:
    """Return the notice on which an application stands, or None."""
    wanted = (
        select(DesignationNotice)
        .join(NoticeEntry, NoticeEntry.notice_id == DesignationNotice.id)
        .where(NoticeEntry.application_id == application_id)
    )
    return session.scalars(wanted).one_or_none()


def find_notice(session: Session, *, notice_id: int) -> DesignationNotice:
    """Return a notice.

    Raises:
        NotFoundForActorError: There is none.
    """
    notice = session.get(DesignationNotice, notice_id)
    if notice is None:
        raise NotFoundForActorError
    return notice


def newest_notices(session: Session, *, limit: int = 50) -> Sequence[DesignationNotice]:
    """Return notices, the newest first."""
    newest = select(DesignationNotice).order_by(DesignationNotice.id.desc()).limit(limit)
    return session.scalars(newest).all()


def entries_of(
    session: Session, *, notice_id: int
) -> Sequence[tuple[DesignationApplication, Place]]:
    """Return the applications of a notice with their places, by the places' codes."""
    wanted = (
        select(DesignationApplication, Place)
        .join(NoticeEntry, NoticeEntry.application_id == DesignationApplication.id)
        .join(Place, Place.id == DesignationApplication.place_id)
        .where(NoticeEntry.notice_id == notice_id)
        .order_by(Place.institution_code)
    )
    return [(application, place) for application, place in session.execute(wanted)]
