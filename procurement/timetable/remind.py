"""Reminding those who have something to do before a date."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.notices import notify_all
from procurement.rounds.rules import DATE_NAMES, Addressee, Reminder, reminders_between
from procurement.rounds.scheduling import timetable_of
from procurement.rounds.tables import ParticipantPart, Round, RoundParticipant, RoundStatus
from procurement.timetable.heartbeat import THE_ONE
from procurement.timetable.tables import Heartbeat
from procurement.volumes.reporting.listing import missing_hospitals
from procurement.volumes.states import ReportStatus
from procurement.volumes.window import takes_reports
from procurement.web.printing import print_moment

REMINDED = (
    RoundStatus.VOLUME_REPORTING,
    RoundStatus.COMMENTS,
    RoundStatus.PUBLISHED,
    RoundStatus.BIDDING,
    RoundStatus.CLOSED,
)


def send_reminders(session: Session, *, moment: datetime) -> None:
    """Send the reminders that became due since the last time.

    Args:
        session: Session of the caller's transaction.
        moment: By the database's clock.
    """
    heartbeat = session.get(Heartbeat, THE_ONE, with_for_update=True)
    if heartbeat is None:
        return
    since, heartbeat.reminded_until = heartbeat.reminded_until, moment
    for round_ in session.scalars(select(Round).where(Round.status.in_(REMINDED))):
        due = reminders_between(
            RoundStatus(round_.status), timetable_of(round_), since=since, until=moment
        )
        for reminder in due:
            _send(session, round_, reminder, moment)


def _send(session: Session, round_: Round, reminder: Reminder, moment: datetime) -> None:
    zh, en = DATE_NAMES[reminder.date]
    notify_all(
        session,
        organisation_ids=_ADDRESSEES[reminder.addressee](session, round_, moment),
        zh=f"提醒：{round_.title}，{zh}：{print_moment(reminder.date_at, 'zh')}",
        en=f"Reminder: {round_.title}, {en}: {print_moment(reminder.date_at, 'en')}",
        link=f"/rounds/{round_.name}",
        moment=moment,
        key=f"round {round_.id} {reminder.key}",
    )


def _manufacturers(session: Session, round_: Round, moment: datetime) -> Iterable[int]:
    return session.scalars(
        select(Organisation.id).where(
            Organisation.kind == OrganisationKind.MANUFACTURER, Organisation.is_active
        )
    )


def _keyholders(session: Session, round_: Round, moment: datetime) -> Iterable[int]:
    return session.scalars(
        select(RoundParticipant.organisation_id).where(
            RoundParticipant.round_id == round_.id,
            RoundParticipant.part == ParticipantPart.KEYHOLDER,
        )
    )


def _bureau(session: Session, round_: Round, moment: datetime) -> Iterable[int]:
    return () if round_.bureau_id is None else (round_.bureau_id,)


def _hospitals(session: Session, round_: Round, moment: datetime) -> Iterable[int]:
    if not takes_reports(session, round_=round_):
        return ()
    handed_in = (ReportStatus.SUBMITTED, ReportStatus.ACCEPTED)
    missing = missing_hospitals(session, round_=round_, moment=moment, statuses=handed_in)
    return [hospital.id for hospital in missing]


_ADDRESSEES: Mapping[Addressee, Callable[[Session, Round, datetime], Iterable[int]]] = {
    Addressee.HOSPITALS: _hospitals,
    Addressee.MANUFACTURERS: _manufacturers,
    Addressee.KEYHOLDERS: _keyholders,
    Addressee.BUREAU: _bureau,
}
