"""Adding up accepted reports to base volumes, with the proof of who is in and who is missing."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bidding.bid_sheet import Volume
from procurement import audit
from procurement.accounts.tables import Organisation
from procurement.database import database_moment
from procurement.permissions import Actor
from procurement.rounds.tables import Lot, LotStrength, Round
from procurement.volumes.errors import (
    TooEarlyToAggregateError,
    UnfinishedUploadsError,
    VolumesFrozenError,
)
from procurement.volumes.groups import members_by_lead, membership_day
from procurement.volumes.reporting.listing import missing_hospitals
from procurement.volumes.states import UNFINISHED, ReportStatus
from procurement.volumes.tables import (
    AggregationRun,
    BaseVolume,
    VolumeLine,
    VolumeReport,
    VolumeUpload,
)

BATCH = 500


@dataclass(frozen=True, slots=True, order=True)
class Added:
    """The need of a region in one strength, by generic name (brand 0) or for one brand."""

    region: str
    lot_strength_id: int
    brand_id: int
    volume: int
    reports: int


def aggregate(session: Session, *, round_: Round, actor: Actor, moment: datetime) -> AggregationRun:
    """Fix the base volumes of a round as its accepted reports have them.

    Aggregating again without any change returns the run that exists. Each run keeps which
    hospitals were missing; the last run counts.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        actor: Who aggregates.
        moment: When.

    Returns:
        The run, with its digest.

    Raises:
        VolumesFrozenError: The round is published.
        UnfinishedUploadsError: Uploaded files are still being worked on.
        TooEarlyToAggregateError: The window is open and hospitals are missing.
    """
    session.flush()
    session.refresh(round_, with_for_update=True)
    if round_.published_at is not None:
        raise VolumesFrozenError
    _refuse_unfinished(session, round_)
    missing = missing_hospitals(session, round_=round_, moment=moment)
    closes_at = round_.volume_closes_at
    if missing and closes_at is not None and database_moment(session) < closes_at:
        raise TooEarlyToAggregateError(len(missing))
    reports = _accepted(session, round_)
    added = add_up(session, round_id=round_.id)
    digest = volumes_digest(round_.name, reports, added)
    last = latest_run(session, round_id=round_.id)
    missing_ids = [hospital.id for hospital in missing]
    if last is not None and last.digest == digest and json.loads(last.missing_ids) == missing_ids:
        return last
    run = AggregationRun(
        round_id=round_.id,
        number=1 if last is None else last.number + 1,
        digest=digest,
        reports=len(reports),
        hospitals=_hospitals(session, round_, reports, moment),
        missing=len(missing_ids),
        missing_ids=json.dumps(missing_ids),
        made_by=actor.person_id,
        made_at=moment,
    )
    session.add(run)
    session.flush()
    _keep(session, run, added)
    audit.record(
        session,
        actor=actor,
        action="aggregate-volumes",
        subject=f"round/{round_.name}",
        facts={"run": str(run.number), "digest": digest, "missing": str(run.missing)},
        moment=moment,
    )
    return run


def _refuse_unfinished(session: Session, round_: Round) -> None:
    unfinished = session.scalar(
        select(func.count())
        .select_from(VolumeUpload)
        .where(VolumeUpload.round_id == round_.id, VolumeUpload.status.in_(UNFINISHED))
    )
    if unfinished:
        raise UnfinishedUploadsError(unfinished)


def _accepted(session: Session, round_: Round) -> Sequence[tuple[int, int, str]]:
    rows = session.execute(
        select(VolumeReport.id, VolumeReport.hospital_id, VolumeReport.digest)
        .where(VolumeReport.round_id == round_.id, VolumeReport.status == ReportStatus.ACCEPTED)
        .order_by(VolumeReport.id)
    )
    return [(report_id, hospital_id, digest or "") for report_id, hospital_id, digest in rows]


def add_up(session: Session, *, round_id: int) -> list[Added]:
    """Add up the lines of all accepted reports by region, strength and brand, in that order."""
    line, report = VolumeLine, VolumeReport
    brand = func.coalesce(line.brand_id, 0)
    rows = session.execute(
        select(
            report.region,
            line.lot_strength_id,
            brand,
            func.sum(line.demand),
            func.count(),
        )
        .join(report, report.id == line.report_id)
        .join(LotStrength, LotStrength.id == line.lot_strength_id)
        .join(Lot, Lot.id == LotStrength.lot_id)
        .where(report.round_id == round_id, report.status == ReportStatus.ACCEPTED)
        .where(Lot.failed_reason.is_(None))
        .group_by(report.region, line.lot_strength_id, brand)
    )
    return sorted(
        Added(region, strength, brand_id, int(volume), count)
        for region, strength, brand_id, volume, count in rows
    )


def volumes_digest(
    round_name: str, reports: Iterable[tuple[int, int, str]], added: Iterable[Added]
) -> str:
    """SHA-256 of base volumes and of the submissions that they are made of, in hexadecimal.

    One line of text for the round, one for each report (report, hospital, digest of its
    submission) and one for each volume (region, strength, brand or 0, volume), so that anybody
    with the reports can compute it again.

    Examples:
        >>> volumes_digest("pilot", [], [Added("340000", 1, 0, 120, 1)])[:16]
        '18414a19ce49cc78'
    """
    digest = hashlib.sha256(f"{round_name}\n".encode())
    for report_id, hospital_id, submission in reports:
        digest.update(f"report {report_id} {hospital_id} {submission}\n".encode())
    for row in added:
        place = f"{row.region} {row.lot_strength_id} {row.brand_id}"
        digest.update(f"volume {place} {row.volume}\n".encode())
    return digest.hexdigest()


def _hospitals(
    session: Session,
    round_: Round,
    reports: Sequence[tuple[int, int, str]],
    moment: datetime,
) -> int:
    day = membership_day(round_, moment=moment)
    ids = [hospital_id for _report, hospital_id, _digest in reports]
    members = 0
    for start in range(0, len(ids), BATCH):
        led = members_by_lead(session, lead_ids=ids[start : start + BATCH], day=day)
        members += sum(len(found) for found in led.values())
    return len(ids) + members


def _keep(session: Session, run: AggregationRun, added: Sequence[Added]) -> None:
    rows = [
        {
            "run_id": run.id,
            "region": row.region,
            "lot_strength_id": row.lot_strength_id,
            "brand_id": row.brand_id or None,
            "volume": row.volume,
            "reports": row.reports,
        }
        for row in added
    ]
    if rows:
        session.execute(insert(BaseVolume), rows)


def counts(session: Session, *, round_: Round, run: AggregationRun) -> bool:
    """Tell whether a run still says what the accepted reports say.

    It adds everything up again: a report may have changed without its numbers, as by a new split
    among members, and aggregating again would then give the same run.
    """
    reports = _accepted(session, round_)
    added = add_up(session, round_id=round_.id)
    return volumes_digest(round_.name, reports, added) == run.digest


def latest_run(session: Session, *, round_id: int) -> AggregationRun | None:
    """Return the run that counts, or None where nothing was aggregated."""
    newest = select(AggregationRun).where(AggregationRun.round_id == round_id)
    return session.scalars(newest.order_by(AggregationRun.number.desc()).limit(1)).one_or_none()


@dataclass(frozen=True, slots=True)
class BaseRow:
    """A base volume with the names that pages and files print."""

    region: str
    lot: str
    product: str
    unit: str
    strength: LotStrength
    brand: str | None
    volume: int
    reports: int


def base_rows(session: Session, *, run_id: int) -> list[BaseRow]:
    """Return the base volumes of a run by lot, strength, region and brand."""
    rows = session.execute(
        select(BaseVolume, Lot, LotStrength, Organisation.name)
        .join(LotStrength, LotStrength.id == BaseVolume.lot_strength_id)
        .join(Lot, Lot.id == LotStrength.lot_id)
        .outerjoin(Organisation, Organisation.id == BaseVolume.brand_id)
        .where(BaseVolume.run_id == run_id)
        .order_by(Lot.code, LotStrength.id, BaseVolume.region, Organisation.name)
    )
    return [
        BaseRow(
            base.region,
            lot.code,
            lot.product,
            lot.unit,
            strength,
            brand,
            base.volume,
            base.reports,
        )
        for base, lot, strength, brand in rows
    ]


def frozen_volumes(session: Session, *, round_id: int) -> tuple[Volume, ...]:
    """Return a round's base volumes as the evaluation takes them; nothing before a run.

    A brand is named like its manufacturer in the bids: by the organisation's full name.
    """
    run = latest_run(session, round_id=round_id)
    if run is None:
        return ()
    return tuple(
        Volume(
            region=row.region,
            lot=row.lot,
            strength=row.strength.strength,
            ratio=row.strength.strength_ratio,
            base_volume=row.volume,
            brand=row.brand,
            hospital=None,
        )
        for row in base_rows(session, run_id=run.id)
    )
