"""Starting a report, finding it, locking it, and its timeline."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.database import text_digest
from procurement.errors import StaleError
from procurement.permissions import Actor, NotFoundForActorError
from procurement.rounds.tables import Round
from procurement.volumes.errors import NotInRoundError, ReportsThroughLeadError
from procurement.volumes.groups import lead_of, members_of, membership_day
from procurement.volumes.known_needs import KnownNeeds, Needs, no_needs
from procurement.volumes.lots import asked_lots
from procurement.volumes.reporting.history import Uses, uses_of
from procurement.volumes.rules import rounded_mean
from procurement.volumes.states import EventKind, ReportStatus, check_transition
from procurement.volumes.tables import VolumeEvent, VolumeExplanation, VolumeLine, VolumeReport
from procurement.volumes.window import check_window, region_in_round, rule_of, years_of


def start_report(
    session: Session,
    *,
    round_: Round,
    hospital: Organisation,
    actor: Actor,
    moment: datetime,
    needs: KnownNeeds = no_needs,
) -> VolumeReport:
    """Begin a hospital's report, prefilled with known needs, else its mean use of past years.

    Starting again returns the report that exists.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        hospital: The hospital, or the lead hospital of a group.
        actor: Who starts it.
        moment: When.
        needs: Tells what is known of its need, as from agreements of the round before.

    Returns:
        The report.

    Raises:
        ReportingClosedError: The round does not take reports now.
        LateReportError: The window is over.
        NotInRoundError: The round does not cover the hospital's region.
        ReportsThroughLeadError: The hospital's lead reports for it.
    """
    known = report_of_hospital(session, round_id=round_.id, hospital_id=hospital.id)
    if known is not None:
        return known
    check_window(session, round_=round_)
    region = region_in_round(session, round_id=round_.id, division=hospital.region)
    if region is None:
        raise NotInRoundError
    day = membership_day(round_, moment=moment)
    lead = lead_of(session, hospital_id=hospital.id, day=day)
    if lead is not None and lead != hospital.id:
        raise ReportsThroughLeadError(session.get_one(Organisation, lead).name)
    report = VolumeReport(
        round_id=round_.id,
        hospital_id=hospital.id,
        region=region,
        status=ReportStatus.DRAFT,
        started_at=moment,
        started_by=actor.person_id,
        changed_at=moment,
    )
    session.add(report)
    session.flush()
    hospital_ids = _hospitals_of(session, round_, report, moment)
    _prefill(
        session,
        round_=round_,
        report=report,
        uses=report_uses(session, round_=round_, report=report, moment=moment),
        known=needs(session, round_=round_, hospital_ids=hospital_ids),
    )
    note_event(session, report=report, kind=EventKind.STARTED, actor=actor, moment=moment)
    return report


def _prefill(
    session: Session, *, round_: Round, report: VolumeReport, uses: Uses, known: Needs
) -> None:
    lots = {
        strength.id: lot
        for lot in asked_lots(session, round_id=round_.id)
        for strength in lot.strengths
    }
    proposed: dict[tuple[int, int | None], int] = {}
    for (strength_id, brand_id), units in (*known.items(), *_mean_uses(uses, known)):
        if units and strength_id in lots:
            # A lot that is reported by generic name only has one line for all its brands.
            key = (strength_id, brand_id if lots[strength_id].by_brand else None)
            proposed[key] = proposed.get(key, 0) + units
    session.add_all(
        VolumeLine(
            report_id=report.id,
            lot_strength_id=strength_id,
            brand_id=brand_id,
            quantity=quantity,
            demand=quantity,
            is_prefilled=True,
        )
        for (strength_id, brand_id), quantity in sorted(
            proposed.items(), key=lambda item: (item[0][0], item[0][1] or 0)
        )
    )
    session.flush()


def _mean_uses(uses: Uses, known: Needs) -> Iterator[tuple[tuple[int, int | None], int | None]]:
    """The mean use of the strengths of which nothing else is known."""
    others = {strength_id for strength_id, _ in known}
    for strength_id, brand_id in {key[:2] for key in uses.quantities}:
        if strength_id not in others:
            yield (strength_id, brand_id), rounded_mean(uses.of_line(strength_id, brand_id))


def report_uses(session: Session, *, round_: Round, report: VolumeReport, moment: datetime) -> Uses:
    """Past use of the hospitals that a report stands for: the hospital and its members."""
    return uses_of(
        session,
        round_id=round_.id,
        hospital_ids=_hospitals_of(session, round_, report, moment),
        years=years_of(round_, rule_of(round_)),
    )


def _hospitals_of(
    session: Session, round_: Round, report: VolumeReport, moment: datetime
) -> list[int]:
    day = membership_day(round_, moment=moment)
    members = members_of(session, lead_id=report.hospital_id, day=day)
    return [report.hospital_id, *(member.id for member in members)]


def report_of_hospital(session: Session, *, round_id: int, hospital_id: int) -> VolumeReport | None:
    """Return a hospital's report for a round, or None."""
    return session.scalars(
        select(VolumeReport).where(
            VolumeReport.round_id == round_id, VolumeReport.hospital_id == hospital_id
        )
    ).one_or_none()


def report_of(session: Session, *, round_: Round, report_id: int) -> VolumeReport:
    """Return a report of a round.

    Raises:
        NotFoundForActorError: The round has none of this id.
    """
    report = session.get(VolumeReport, report_id)
    if report is None or report.round_id != round_.id:
        raise NotFoundForActorError
    return report


def lock_report(
    session: Session, *, report: VolumeReport, version: int | None = None
) -> VolumeReport:
    """Read a report anew and keep others from changing it until the transaction ends.

    Raises:
        StaleError: It is not the version that the page showed.
    """
    session.flush()
    session.refresh(report, with_for_update=True)
    if version is not None and report.version != version:
        raise StaleError
    return report


def lines_of(session: Session, *, report_id: int) -> Sequence[VolumeLine]:
    """Return the lines of a report; within a strength the line by generic name first."""
    lines = session.scalars(select(VolumeLine).where(VolumeLine.report_id == report_id)).all()
    return sorted(lines, key=lambda line: (line.lot_strength_id, line.brand_id or 0))


def explanations_of(session: Session, *, report_id: int) -> dict[int, VolumeExplanation]:
    """Return the explanations of a report by lot."""
    rows = session.scalars(
        select(VolumeExplanation).where(VolumeExplanation.report_id == report_id)
    )
    return {row.lot_id: row for row in rows}


def events_of(session: Session, *, report_id: int) -> Sequence[VolumeEvent]:
    """Return what happened to a report, the oldest first."""
    in_order = select(VolumeEvent).where(VolumeEvent.report_id == report_id)
    return session.scalars(in_order.order_by(VolumeEvent.id)).all()


def set_status(
    session: Session, *, report: VolumeReport, status: ReportStatus, moment: datetime
) -> None:
    """Bring a locked report to another status; the only function that does so for one report.

    Raises:
        WrongReportStatusError: The table of transitions does not have it.
    """
    check_transition(ReportStatus(report.status), status)
    report.status = status
    note_change(report, moment=moment)
    session.flush()


def note_change(report: VolumeReport, *, moment: datetime, page: str | None = None) -> None:
    """Count a change, so that every other page of the report becomes stale."""
    report.version += 1
    report.changed_at = moment
    report.draft_page = page


def note_event(
    session: Session,
    *,
    report: VolumeReport,
    kind: EventKind,
    actor: Actor,
    moment: datetime,
    reason: str | None = None,
    content: str | None = None,
) -> VolumeEvent:
    """Add an entry to a report's timeline; ``content`` is what a submission said."""
    event = VolumeEvent(
        report_id=report.id,
        kind=kind,
        person_id=actor.person_id,
        reason=reason,
        submission=None if content is None else report.submissions,
        content=content,
        digest=None if content is None else text_digest(content),
        happened_at=moment,
    )
    session.add(event)
    session.flush()
    return event
