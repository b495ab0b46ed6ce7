"""Warnings about fulfilment: issued, answered, settled, or dropped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import is_division
from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.orders.fulfilment.changing import (
    lock_notice,
    note,
    require_text,
    tell,
    text_fault,
)
from procurement.orders.fulfilment.issuing import Demanded, decide, issue
from procurement.orders.fulfilment.rules.crossings import Measure
from procurement.orders.fulfilment.states import NoticeAbout, NoticeStatus
from procurement.orders.fulfilment.tables import (
    DOCUMENT_MAX,
    FulfilmentAnswer,
    FulfilmentNotice,
)
from procurement.permissions import Actor

CLAUSE_MAX = 120

KIND_OF: dict[NoticeAbout, OrganisationKind] = {
    NoticeAbout.HOSPITAL: OrganisationKind.HOSPITAL,
    NoticeAbout.MANUFACTURER: OrganisationKind.MANUFACTURER,
    NoticeAbout.DISTRIBUTOR: OrganisationKind.DISTRIBUTOR,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A notice about something that no threshold found.

    Attributes:
        about: Whose fulfilment.
        organisation_id: Who answers.
        region: Division code of where it is about.
        finding: What was found, in the officer's words.
        basis: The document or rule that it rests on.
        term_id: Of agreements, where it is about one.
        supply_id: A supply, where it is about one.
        lot_id: A product, where it is about one.
    """

    about: NoticeAbout
    organisation_id: int
    region: str
    finding: str
    basis: str
    term_id: int | None = None
    supply_id: int | None = None
    lot_id: int | None = None


def issue_notice(
    session: Session,
    *,
    notice: FulfilmentNotice,
    demanded: Demanded,
    actor: Actor,
    moment: datetime,
    version: int | None = None,
) -> FulfilmentNotice:
    """Issue a notice that the job found; its addressee is told.

    Args:
        session: Session of the caller's transaction.
        notice: With the status ``found``.
        demanded: The step, what is asked for and until when.
        actor: The officer.
        moment: When, aware.
        version: The version that a page showed.

    Raises:
        InvalidInputError: No demand, or no last day where no rule states one.
        WrongNoticeStateError: It was issued or dropped already.
        StaleError: It was changed since the page was loaded.
    """
    lock_notice(session, notice=notice, version=version, wanted=NoticeStatus.OPEN)
    issue(session, notice, demanded, actor, moment)
    return notice


def open_notice(
    session: Session, *, raised: Raised, demanded: Demanded, actor: Actor, moment: datetime
) -> FulfilmentNotice:
    """Issue a notice about something that an officer found without a threshold.

    Raises:
        InvalidInputError: With every fault.
    """
    faults = _faults_of(session, raised)
    if faults:
        raise InvalidInputError(faults)
    finding = raised.finding.strip()
    notice = FulfilmentNotice(
        kind=demanded.kind,
        about=raised.about,
        organisation_id=raised.organisation_id,
        region=raised.region,
        term_id=raised.term_id,
        supply_id=raised.supply_id,
        lot_id=raised.lot_id,
        measure=Measure.OTHER,
        measured_on=day_in_china(moment),
        rulebook="",
        clause=raised.basis.strip(),
        is_verified=False,
        zh=finding,
        en=finding,
        key=f"raised:{raised.organisation_id}:{actor.person_id}:{moment.isoformat()}",
        status=NoticeStatus.FOUND,
        found_at=moment,
    )
    session.add(notice)
    session.flush()
    issue(session, notice, demanded, actor, moment)
    return notice


def drop_notice(
    session: Session,
    *,
    notice: FulfilmentNotice,
    reason: str,
    actor: Actor,
    moment: datetime,
    version: int | None = None,
) -> FulfilmentNotice:
    """Let be what the job found, with a reason; the other side never hears of it.

    Raises:
        InvalidInputError: No reason.
        WrongNoticeStateError: It was issued or dropped already.
        StaleError: It was changed since the page was loaded.
    """
    text = require_text("reason", reason)
    lock_notice(session, notice=notice, version=version, wanted=NoticeStatus.DROPPED)
    decide(notice, NoticeStatus.DROPPED, text, actor, moment)
    note(session, notice, actor=actor, action="drop-fulfilment-notice", moment=moment)
    return notice


def answer_notice(
    session: Session,
    *,
    notice: FulfilmentNotice,
    text: str,
    document: str,
    actor: Actor,
    moment: datetime,
    version: int | None = None,
) -> FulfilmentAnswer:
    """Answer a notice, as its addressee; a second answer may follow until the bureau decides.

    Raises:
        InvalidInputError: No text, or too long.
        WrongNoticeStateError: It waits for no answer.
        StaleError: It was changed since the page was loaded.
    """
    said = require_text("text", text)
    paper = document.strip()
    if len(paper) > DOCUMENT_MAX:
        zh, en = f"最多 {DOCUMENT_MAX} 个字。", f"At most {DOCUMENT_MAX} characters."
        raise InvalidInputError([FieldFault("document", zh, en)])
    lock_notice(session, notice=notice, version=version, wanted=NoticeStatus.ANSWERED)
    answer = FulfilmentAnswer(
        notice_id=notice.id,
        text=said,
        document=paper,
        answered_by=actor.person_id,
        answered_at=moment,
    )
    session.add(answer)
    notice.status = NoticeStatus.ANSWERED
    note(session, notice, actor=actor, action="answer-fulfilment-notice", moment=moment)
    tell(
        session,
        notice,
        organisation_id=notice.bureau_id,
        zh="履约通知已有答复，请处理。",
        en="A notice about fulfilment was answered; decide on it.",
        moment=moment,
    )
    return answer


def settle_notice(
    session: Session,
    *,
    notice: FulfilmentNotice,
    decision: str,
    actor: Actor,
    moment: datetime,
    version: int | None = None,
) -> FulfilmentNotice:
    """Settle a notice: it was put right, or explained.

    Raises:
        InvalidInputError: No decision.
        WrongNoticeStateError: It is over already, or was not issued.
        StaleError: It was changed since the page was loaded.
    """
    text = require_text("decision", decision)
    lock_notice(session, notice=notice, version=version, wanted=NoticeStatus.SETTLED)
    decide(notice, NoticeStatus.SETTLED, text, actor, moment)
    note(session, notice, actor=actor, action="settle-fulfilment-notice", moment=moment)
    tell(
        session,
        notice,
        organisation_id=notice.organisation_id,
        zh=f"履约通知已办结：{text}",
        en=f"A notice about fulfilment is settled: {text}",
        moment=moment,
    )
    return notice


def answers_of(session: Session, *, notice: FulfilmentNotice) -> Sequence[FulfilmentAnswer]:
    """Return the answers to a notice, in order."""
    return session.scalars(
        select(FulfilmentAnswer)
        .where(FulfilmentAnswer.notice_id == notice.id)
        .order_by(FulfilmentAnswer.id)
    ).all()


def _faults_of(session: Session, raised: Raised) -> list[FieldFault]:
    faults = [
        text_fault("finding", raised.finding),
        text_fault("basis", raised.basis, limit=CLAUSE_MAX),
    ]
    if not is_division(raised.region):
        faults.append(FieldFault("region", "应为行政区划代码。", "Expected a division code."))
    organisation = session.get(Organisation, raised.organisation_id)
    if organisation is None or organisation.kind != KIND_OF[raised.about]:
        zh, en = "没有登记该机构。", "No such organisation is registered."
        faults.append(FieldFault("organisation_id", zh, en))
    return [fault for fault in faults if fault is not None]
