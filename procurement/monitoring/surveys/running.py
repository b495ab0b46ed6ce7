"""Opening a survey, reminding who has not answered, closing it in time."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from procurement import audit
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError, StaleError
from procurement.jobs import enqueue
from procurement.monitoring.errors import SurveyClosedError, SurveyThereError
from procurement.monitoring.states import Link, SurveyStatus
from procurement.monitoring.surveys.asked import ask_all
from procurement.monitoring.tables import TEXT_LENGTH_MAX, MonitoringSurvey, SurveyAddressee
from procurement.notices import notify_all
from procurement.permissions import Actor
from procurement.web.printing import print_moment

CLOSE_JOB = "close-survey"
REMIND_JOB = "remind-survey"

REMIND_DAY_MAX = 28
REMINDERS_MAX = 5
_FIRST_YEAR = 2000


def open_survey(
    session: Session,
    *,
    month: date,
    closes_at: datetime | None,
    remind_days: Sequence[int],
    note: str,
    actor: Actor,
    moment: datetime,
) -> MonitoringSurvey:
    """Ask the links of the bureau's region about a month; reminders and closing are queued.

    Args:
        session: Session of the caller's transaction.
        month: Its first day; no month to come.
        closes_at: Until when is answered.
        remind_days: How many days before that is reminded.
        note: What those who are asked should know; may be empty.
        actor: An officer of the bureau.
        moment: Now.

    Raises:
        InvalidInputError: With every fault.
        SurveyThereError: The month has one.
    """
    days = sorted(set(remind_days), reverse=True)
    faults = _faults(month, closes_at, days, note, moment)
    if faults or closes_at is None:
        raise InvalidInputError(faults)
    survey = MonitoringSurvey(
        bureau_id=actor.organisation_id,
        region=actor.region,
        month=month,
        status=SurveyStatus.OPEN,
        closes_at=closes_at,
        remind_days=" ".join(map(str, days)),
        note=note,
        opened_by=actor.person_id,
        opened_at=moment,
    )
    try:
        with session.begin_nested():
            session.add(survey)
    except IntegrityError as error:
        raise SurveyThereError from error
    ask_all(
        session,
        survey_id=survey.id,
        bureau_id=survey.bureau_id,
        region=survey.region,
        day=day_in_china(moment),
    )
    _tell(session, survey, moment)
    _queue(session, survey, days, moment)
    _record(session, "open-survey", survey, actor, moment)
    return survey


def _faults(
    month: date, closes_at: datetime | None, days: Sequence[int], note: str, moment: datetime
) -> list[FieldFault]:
    faults = []
    if month.day != 1 or month.year < _FIRST_YEAR or month > day_in_china(moment):
        zh, en = "须为已经开始的月份。", "Expected a month that has begun."
        faults.append(FieldFault("month", zh, en))
    if closes_at is None or closes_at <= moment:
        zh, en = "截止时间须晚于现在。", "Expected a moment to come."
        faults.append(FieldFault("closes_at", zh, en))
    if len(days) > REMINDERS_MAX or not all(1 <= one <= REMIND_DAY_MAX for one in days):
        faults.append(
            FieldFault(
                "remind_days",
                f"须为截止前 1 至 {REMIND_DAY_MAX} 天，最多 {REMINDERS_MAX} 次，例如 5 1。",
                f"Expected at most {REMINDERS_MAX} numbers of days from 1 to {REMIND_DAY_MAX}, "
                "such as 5 1.",
            )
        )
    if len(note) > TEXT_LENGTH_MAX:
        zh, en = f"不超过 {TEXT_LENGTH_MAX} 字。", f"At most {TEXT_LENGTH_MAX} characters."
        faults.append(FieldFault("note", zh, en))
    return faults


def _queue(
    session: Session, survey: MonitoringSurvey, days: Sequence[int], moment: datetime
) -> None:
    payload: dict[str, object] = {"survey": survey.id}
    enqueue(
        session,
        kind=CLOSE_JOB,
        payload=payload,
        moment=moment,
        run_at=survey.closes_at,
        key=f"{CLOSE_JOB}-{survey.id}",
    )
    for before in days:
        remind_at = survey.closes_at - timedelta(days=before)
        # What would lie in the past is the opening's own notice.
        if remind_at > moment:
            enqueue(
                session,
                kind=REMIND_JOB,
                payload={**payload, "days": before},
                moment=moment,
                run_at=remind_at,
                key=f"{REMIND_JOB}-{survey.id}-{before}",
            )


def _tell(session: Session, survey: MonitoringSurvey, moment: datetime) -> None:
    until_zh, until_en = (print_moment(survey.closes_at, one) for one in ("zh", "en"))
    notify_all(
        session,
        organisation_ids=unanswered(session, survey_id=survey.id),
        zh=f"请填报 {survey.month:%Y-%m} 药品价格和供应调查，{until_zh}截止",
        en=f"Please answer the survey of prices and supply of {survey.month:%Y-%m} until "
        f"{until_en}",
        link=f"/monitoring/surveys/{survey.id}/answer",
        moment=moment,
        key=f"survey {survey.id} open",
    )


def unanswered(session: Session, *, survey_id: int) -> Sequence[int]:
    """Return the organisations that were asked and have not answered; not the bureau itself."""
    return session.scalars(
        select(SurveyAddressee.organisation_id)
        .where(SurveyAddressee.survey_id == survey_id, SurveyAddressee.answers == 0)
        .where(SurveyAddressee.link != Link.OPINION)
        .order_by(SurveyAddressee.organisation_id)
    ).all()


def remind(session: Session, *, survey_id: int, days: int, moment: datetime) -> int:
    """Remind who has not answered an open survey; once for each number of days.

    Returns:
        How many were reminded.
    """
    survey = session.get_one(MonitoringSurvey, survey_id)
    if survey.status != SurveyStatus.OPEN:
        return 0
    late = unanswered(session, survey_id=survey_id)
    until_zh, until_en = (print_moment(survey.closes_at, one) for one in ("zh", "en"))
    notify_all(
        session,
        organisation_ids=late,
        zh=f"提醒：{survey.month:%Y-%m} 药品价格和供应调查尚未填报，{until_zh}截止",
        en=f"Reminder: the survey of {survey.month:%Y-%m} is not answered yet; it closes "
        f"{until_en}",
        link=f"/monitoring/surveys/{survey.id}/answer",
        moment=moment,
        key=f"survey {survey.id} {days} days",
    )
    return len(late)


def lock_survey(session: Session, *, survey_id: int) -> MonitoringSurvey:
    """Return a survey that nobody else changes until the transaction ends."""
    return session.get_one(
        MonitoringSurvey, survey_id, with_for_update=True, populate_existing=True
    )


def close_survey(
    session: Session,
    *,
    survey_id: int,
    actor: Actor,
    moment: datetime,
    version: int | None = None,
) -> MonitoringSurvey:
    """Close a survey: by its job in time, where it is closed already nothing happens.

    Args:
        session: Session of the caller's transaction.
        survey_id: Which.
        actor: The officer; nobody for the job.
        moment: Now.
        version: That the officer's page showed; None for the job.

    Raises:
        StaleError: Somebody changed it since.
        SurveyClosedError: An officer closes what is closed.
    """
    survey = lock_survey(session, survey_id=survey_id)
    if survey.status == SurveyStatus.CLOSED:
        if version is None:
            return survey
        raise SurveyClosedError
    if version is not None and version != survey.version:
        raise StaleError
    survey.status = SurveyStatus.CLOSED
    survey.closed_at = moment
    survey.version += 1
    _record(session, "close-survey", survey, actor, moment)
    return survey


def _record(
    session: Session, action: str, survey: MonitoringSurvey, actor: Actor, moment: datetime
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"survey/{survey.id}",
        facts={"month": survey.month.isoformat(), "region": survey.region},
        moment=moment,
    )
