"""What this stage adds to a round: links on its page, a check and a digest at its publication."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.permissions import Action
from procurement.rounds.hooks import RoundLink
from procurement.rounds.publication import PublicationPart
from procurement.rounds.readiness import Check
from procurement.rounds.tables import Round, RoundEvent, RoundStatus
from procurement.volumes.aggregate import base_rows, counts, latest_run
from procurement.volumes.tables import AggregationRun, VolumeReport

_BEFORE = (
    RoundStatus.IMPORTED,
    RoundStatus.DRAFT,
    RoundStatus.VOLUME_REPORTING,
    RoundStatus.COMMENTS,
    RoundStatus.CANCELLED,
)


def publication_checks(session: Session, round_: Round, moment: datetime) -> Iterator[Check]:
    """Look at the base volumes, as a `procurement.rounds.readiness.CheckRound`."""
    yield _base_volume_check(session, round_)


def _base_volume_check(session: Session, round_: Round) -> Check:
    run = latest_run(session, round_id=round_.id)
    is_met = True
    if not _was_reported(session, round_):
        zh, en = "本批次没有报量", "no volumes are reported for this round"
    elif run is None:
        is_met = False
        zh, en = "采购基数尚未汇总", "the base volumes are not aggregated yet"
    elif (changed := _changed_since(session, round_, run)) and not counts(
        session, round_=round_, run=run
    ):
        is_met = False
        zh = f"汇总之后有 {changed} 份报量变动，须重新汇总"
        en = f"{changed} reports changed since the aggregation; aggregate again"
    else:
        zh = f"采购基数已汇总（第 {run.number} 次，{run.reports} 份报量）"
        en = f"the base volumes are aggregated (run {run.number}, {run.reports} reports)"
    return Check(
        key="base-volumes", zh=zh, en=en, is_met=is_met, link=f"/rounds/{round_.name}/volumes/base"
    )


def _was_reported(session: Session, round_: Round) -> bool:
    reporting = select(RoundEvent.id).where(
        RoundEvent.round_id == round_.id, RoundEvent.status_to == RoundStatus.VOLUME_REPORTING
    )
    reports = select(VolumeReport.id).where(VolumeReport.round_id == round_.id)
    return any(session.scalar(found.limit(1)) is not None for found in (reporting, reports))


def _changed_since(session: Session, round_: Round, run: AggregationRun) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(VolumeReport)
            .where(VolumeReport.round_id == round_.id, VolumeReport.changed_at > run.made_at)
        )
        or 0
    )


def _contents(session: Session, round_: Round) -> Mapping[str, object]:
    """The digest of the base volumes, which two officers confirm together with the rest."""
    run = latest_run(session, round_id=round_.id)
    return {} if run is None else {"run": run.number, "digest": run.digest}


def base_volumes_of(session: Session, round_: Round) -> dict[tuple[str, str], int]:
    """Base volumes by code of the lot and label of the strength, as the document prints them."""
    run = latest_run(session, round_id=round_.id)
    totals: dict[tuple[str, str], int] = {}
    for row in base_rows(session, run_id=run.id) if run else ():
        key = (row.lot, row.strength.strength)
        totals[key] = totals.get(key, 0) + row.volume
    return totals


PUBLICATION = PublicationPart(name="volumes", checks=publication_checks, contents=_contents)
"""What two officers confirm of the volumes."""

LINKS = (
    RoundLink(zh="报量", en="Volume reporting", path="volumes", action=Action.READ_CALENDAR),
    RoundLink(
        zh="首年约定采购量计算基数",
        en="Base volumes",
        path="volumes/base",
        action=Action.READ_BASE_VOLUMES,
        # Before its publication the bureau finds them on the page of the reports.
        statuses=tuple(status for status in RoundStatus if status not in _BEFORE),
    ),
)
"""Pages of this stage about a round."""
