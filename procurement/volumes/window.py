"""When a round takes reports, and by which rule they are measured."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.rules import RoundRules
from procurement.china_days import day_in_china
from procurement.database import database_moment
from procurement.rounds.options import read_options
from procurement.rounds.tables import (
    Round,
    RoundEvent,
    RoundEventKind,
    RoundRegion,
    RoundStatus,
)
from procurement.volumes.errors import (
    LateReportError,
    ReportingClosedError,
    ReportingNotOpenError,
)
from procurement.volumes.rules import ReportingRule, past_years, region_of, reporting_rule
from procurement.volumes.states import ReportStatus
from procurement.volumes.tables import VolumeReport
from rulebooks import load_rulebook


def rule_of(round_: Round) -> ReportingRule:
    """Read the round's rule on need and past use from its rulebook and options."""
    rules = RoundRules(load_rulebook(round_.rulebook), read_options(round_.options))
    return reporting_rule(rules)


def years_of(round_: Round, rule: ReportingRule) -> tuple[int, ...]:
    """The past years that stand beside the need: those before the year of reporting."""
    opens_at = round_.volume_opens_at or round_.imported_at
    return past_years(day_in_china(opens_at), rule.shown_years)


def regions_of(session: Session, *, round_id: int) -> Sequence[str]:
    """Return the codes of the regions that take part, in order."""
    codes = select(RoundRegion.region).where(RoundRegion.round_id == round_id)
    return session.scalars(codes.order_by(RoundRegion.region)).all()


def region_in_round(session: Session, *, round_id: int, division: str) -> str | None:
    """Return the region of the round in which a division lies, or None."""
    return region_of(division, regions_of(session, round_id=round_id))


def due_at(round_: Round, report: VolumeReport | None = None) -> datetime | None:
    """Until when a report is taken: the window's end, or the day set on returning it."""
    closes_at = round_.volume_closes_at
    if report is None or report.status != ReportStatus.RETURNED or report.correct_until is None:
        return closes_at
    return report.correct_until if closes_at is None else max(closes_at, report.correct_until)


def takes_reports(session: Session, *, round_: Round) -> bool:
    """Tell whether a round stands where reports are taken, whatever the time is.

    Comments and volume reporting may overlap: where the comments follow on the reporting, they
    do not cut short the window that hospitals were told.
    """
    if round_.status != RoundStatus.COMMENTS:
        return round_.status == RoundStatus.VOLUME_REPORTING
    came_from = (
        select(RoundEvent.status_from)
        .where(
            RoundEvent.round_id == round_.id,
            RoundEvent.kind == RoundEventKind.STATUS,
            RoundEvent.status_to == RoundStatus.COMMENTS,
        )
        .order_by(RoundEvent.id.desc())
        .limit(1)
    )
    return session.scalar(came_from) == RoundStatus.VOLUME_REPORTING


def is_window_open(
    session: Session, *, round_: Round, report: VolumeReport | None = None, moment: datetime
) -> bool:
    """Tell whether a report could be sent now, for pages; `check_window` asks the database."""
    opens_at, ends_at = round_.volume_opens_at, due_at(round_, report)
    is_ahead = opens_at is not None and moment < opens_at
    is_over = ends_at is not None and ends_at <= moment
    return not is_ahead and not is_over and takes_reports(session, round_=round_)


def check_window(
    session: Session, *, round_: Round, report: VolumeReport | None = None
) -> datetime:
    """Let a report in, or refuse it, by the database's clock.

    The round's row is held until the transaction ends, so that the round cannot move on between
    the question and what is written after it.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        report: The report, whose own day for corrections then counts.

    Returns:
        The present moment of the database.

    Raises:
        ReportingClosedError: The round is not in volume reporting.
        ReportingNotOpenError: The window has not begun.
        LateReportError: The window is over.
    """
    session.flush()
    # Many hospitals report at once: they share the lock, only the round's own step waits.
    session.refresh(round_, with_for_update={"read": True})
    if not takes_reports(session, round_=round_):
        raise ReportingClosedError
    moment = database_moment(session)
    opens_at = round_.volume_opens_at
    if opens_at is not None and moment < opens_at:
        raise ReportingNotOpenError(opens_at=opens_at)
    due = due_at(round_, report)
    if due is not None and moment >= due:
        raise LateReportError(due_at=due, arrived_at=moment)
    return moment
