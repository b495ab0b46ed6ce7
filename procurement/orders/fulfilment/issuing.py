"""How a notice is issued, and how it ends."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.orders.fulfilment.changing import note, require_text, tell
from procurement.orders.fulfilment.parameters import rules_of
from procurement.orders.fulfilment.states import KIND_NAMES, NoticeKind, NoticeStatus
from procurement.orders.fulfilment.tables import FulfilmentNotice
from procurement.permissions import Actor

ANSWER_DAYS = "breach.answer_days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demanded:
    """What a bureau asks for with a notice.

    Attributes:
        kind: The step.
        demand: What is asked for, where and when a talk is held.
        due_on: Last day to answer or to put it right; needed where no rule states the days.
    """

    kind: NoticeKind
    demand: str
    due_on: date | None = None


def issue(
    session: Session,
    notice: FulfilmentNotice,
    demanded: Demanded,
    actor: Actor,
    moment: datetime,
) -> None:
    """Issue a notice and tell its addressee.

    Raises:
        InvalidInputError: No demand, or no last day where no rule states one.
    """
    demand = require_text("demand", demanded.demand)
    notice.kind = demanded.kind
    notice.demand = demand
    notice.due_on = _due_on(session, notice, demanded.due_on, moment)
    notice.status = NoticeStatus.OPEN
    notice.bureau_id, notice.issued_by = actor.organisation_id, actor.person_id
    notice.issued_at = moment
    note(session, notice, actor=actor, action="issue-fulfilment-notice", moment=moment)
    zh, en = KIND_NAMES[NoticeKind(notice.kind)]
    tell(
        session,
        notice,
        organisation_id=notice.organisation_id,
        zh=f"收到履约{zh}，请于 {notice.due_on} 前答复：{notice.zh}",
        en=f"A notice about fulfilment ({en}); answer by {notice.due_on}: {notice.en}",
        moment=moment,
    )


def decide(
    notice: FulfilmentNotice,
    status: NoticeStatus,
    decision: str,
    actor: Actor,
    moment: datetime,
) -> None:
    """Write down how a notice ended."""
    notice.status, notice.decision = status, decision
    notice.decided_by, notice.decided_at = actor.person_id, moment


def _due_on(
    session: Session, notice: FulfilmentNotice, given: date | None, moment: datetime
) -> date:
    """The last day that was given, else by the days that a rule states."""
    today = day_in_china(moment)
    if given is not None:
        if given < today:
            zh, en = "不得早于今天。", "It lies before today."
            raise InvalidInputError([FieldFault("due_on", zh, en)])
        return given
    rules = rules_of(session, region=notice.region, day=today)
    if rules.knows(ANSWER_DAYS):
        return today + timedelta(days=rules.count(ANSWER_DAYS))
    zh = "本地区没有规则载明答复期限，请填写。"
    en = "No rule of this region states how long an answer may take: give the last day."
    raise InvalidInputError([FieldFault("due_on", zh, en)])
