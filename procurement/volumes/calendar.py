"""Everything that is due: rounds overlap, and each has its own window."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.permissions import Actor, Role
from procurement.rounds.tables import Round, RoundStatus
from procurement.volumes.groups import lead_of, membership_day
from procurement.volumes.reporting.service import report_of_hospital
from procurement.volumes.states import OPEN_STATUSES
from procurement.volumes.subjects import volumes_subject
from procurement.volumes.tables import VolumeReport
from procurement.volumes.window import due_at, is_window_open, region_in_round

UPCOMING = (RoundStatus.VOLUME_REPORTING, RoundStatus.COMMENTS)
OF_A_BUREAU = frozenset({Role.OFFICER, Role.EVALUATOR, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Due:
    """One round of the calendar.

    Attributes:
        round: The round.
        opens_at: From when it takes reports.
        due_at: Until when, for this report.
        report: The hospital's own report, if it has begun one.
        lead: The hospital that reports for this one, if it is another.
        is_open: The round takes reports now.
        is_ahead: Its window has not begun.
        is_owed: The hospital still has to send its report.
    """

    round: Round
    opens_at: datetime | None
    due_at: datetime | None
    report: VolumeReport | None
    lead: Organisation | None
    is_open: bool
    is_ahead: bool
    is_owed: bool


def calendar_of(session: Session, *, actor: Actor, moment: datetime) -> Sequence[Due]:
    """Return the rounds that concern somebody: those due first, the earliest at the top.

    A hospital sees the rounds of its region, a bureau those that it leads or takes part in.
    Draft rounds are not shown: their dates are not fixed.
    """
    found = [
        due
        for round_ in _rounds(session)
        if (due := _due(session, round_, actor, moment)) is not None
    ]
    last = datetime.max.replace(tzinfo=moment.tzinfo)
    return sorted(found, key=lambda due: (not due.is_open, due.due_at or last, due.round.id))


def _rounds(session: Session) -> Sequence[Round]:
    shown = (
        select(Round)
        .where(Round.status.in_(UPCOMING), Round.bureau_id.is_not(None))
        .where(or_(Round.published_at.is_(None), Round.status == RoundStatus.VOLUME_REPORTING))
        .order_by(Round.id)
    )
    return session.scalars(shown).all()


def _due(session: Session, round_: Round, actor: Actor, moment: datetime) -> Due | None:
    if Role.HOSPITAL in actor.roles and actor.organisation_id is not None:
        return _due_of_hospital(session, round_, actor, moment)
    subject = volumes_subject(session, round_=round_, actor=actor)
    concerns = subject.bureau_id == actor.organisation_id or actor.region in subject.regions
    if not actor.roles & OF_A_BUREAU or not concerns:
        return None
    return _dated(session, round_, moment, report=None, lead=None)


def _due_of_hospital(session: Session, round_: Round, actor: Actor, moment: datetime) -> Due | None:
    hospital_id = actor.organisation_id
    assert hospital_id is not None  # noqa: S101 - the caller looked
    report = report_of_hospital(session, round_id=round_.id, hospital_id=hospital_id)
    if (
        report is None
        and region_in_round(session, round_id=round_.id, division=actor.region) is None
    ):
        return None
    day = membership_day(round_, moment=moment)
    lead_id = lead_of(session, hospital_id=hospital_id, day=day)
    lead = None
    if lead_id is not None and lead_id != hospital_id:
        lead = session.get_one(Organisation, lead_id)
    due = _dated(session, round_, moment, report=report, lead=lead)
    is_unsent = lead is None and (report is None or report.status in OPEN_STATUSES)
    return replace(due, is_owed=is_unsent and due.is_open)


def _dated(
    session: Session,
    round_: Round,
    moment: datetime,
    *,
    report: VolumeReport | None,
    lead: Organisation | None,
) -> Due:
    """A round as it is asked of nobody yet, with its dates."""
    opens_at, ends_at = round_.volume_opens_at, due_at(round_, report)
    return Due(
        round=round_,
        opens_at=opens_at,
        due_at=ends_at,
        report=report,
        lead=lead,
        is_open=is_window_open(session, round_=round_, report=report, moment=moment),
        is_ahead=opens_at is not None and moment < opens_at,
        is_owed=False,
    )


def ics_of(dues: Sequence[Due], *, host: str, moment: datetime) -> str:
    """Write the calendar for people's own calendars (iCalendar, RFC 5545).

    Args:
        dues: What is due.
        host: Name of the platform's host, for the ids of the entries.
        moment: Now.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Jicai//volume reporting//ZH"]
    for due in dues:
        if due.due_at is None:
            continue
        lines += [
            "BEGIN:VEVENT",
            f"UID:volumes-{due.round.name}@{host}",
            f"DTSTAMP:{_ics_moment(moment)}",
            f"DTSTART:{_ics_moment(due.due_at)}",
            f"SUMMARY:{_ics_text(f'报量截止：{due.round.title}')}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "\r\n".join(_folded(line) for line in lines) + "\r\n"


def _ics_moment(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%SZ}"


def _ics_text(text: str) -> str:
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


def _folded(line: str) -> str:
    """Break a line after at most 75 bytes, never within a character."""
    pieces, piece = [], ""
    for letter in line:
        if len((piece + letter).encode()) > 73:
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\r\n ".join([*pieces, piece])
