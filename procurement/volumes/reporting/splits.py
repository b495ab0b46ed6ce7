"""How a group's report is split among its members: for every line the parts add up exactly."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.rounds.tables import Round
from procurement.volumes.groups import members_of, membership_day
from procurement.volumes.reporting.checks import line_key
from procurement.volumes.reporting.history import use_rows
from procurement.volumes.reporting.service import lines_of, lock_report, note_change, note_event
from procurement.volumes.reporting.splitting import propose_split, split_gap
from procurement.volumes.states import EventKind
from procurement.volumes.tables import VolumeLine, VolumeReport, VolumeSplit
from procurement.volumes.window import rule_of, years_of

Parts = Mapping[int, Mapping[int, int]]
"""For each line the part of each hospital of the group, its lead included."""


@dataclass(frozen=True, slots=True)
class Group:
    """The hospitals that a report stands for, its lead hospital first."""

    lead: Organisation
    members: tuple[Organisation, ...]

    @property
    def hospitals(self) -> tuple[Organisation, ...]:
        """All of them."""
        return (self.lead, *self.members)


def group_of(session: Session, *, round_: Round, report: VolumeReport, moment: datetime) -> Group:
    """Return the group of a report; a hospital alone is a group without members."""
    lead = session.get_one(Organisation, report.hospital_id)
    day = membership_day(round_, moment=moment)
    return Group(lead, tuple(members_of(session, lead_id=lead.id, day=day)))


def parts_of(session: Session, *, report_id: int) -> dict[int, dict[int, int]]:
    """Return the parts by line and hospital, as far as they were set."""
    rows = session.execute(
        select(VolumeSplit.line_id, VolumeSplit.member_id, VolumeSplit.volume)
        .join(VolumeLine, VolumeLine.id == VolumeSplit.line_id)
        .where(VolumeLine.report_id == report_id)
        .order_by(VolumeSplit.line_id, VolumeSplit.member_id)
    )
    parts: dict[int, dict[int, int]] = {}
    for line_id, member_id, volume in rows:
        parts.setdefault(line_id, {})[member_id] = volume
    return parts


def propose_parts(
    session: Session, *, round_: Round, report: VolumeReport, moment: datetime
) -> dict[int, dict[int, int]]:
    """Propose parts by each hospital's past use of the strength and brand."""
    hospitals = [
        hospital.id
        for hospital in group_of(session, round_=round_, report=report, moment=moment).hospitals
    ]
    years = years_of(round_, rule_of(round_))
    used: dict[tuple[int | None, int | None, int], int] = {}
    for row in use_rows(session, round_id=round_.id, hospital_ids=hospitals, years=years):
        for brand in {row.brand_id, None}:
            key = (row.lot_strength_id, brand, row.hospital_id)
            used[key] = used.get(key, 0) + row.quantity
    return {
        line.id: propose_split(
            line.demand,
            {
                hospital: used.get((line.lot_strength_id, line.brand_id, hospital), 0)
                for hospital in hospitals
            },
        )
        for line in lines_of(session, report_id=report.id)
    }


def save_parts(
    session: Session,
    *,
    round_: Round,
    report: VolumeReport,
    parts: Parts,
    version: int,
    actor: Actor,
    moment: datetime,
) -> None:
    """Keep how a report is split; the numbers of the report itself do not change.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        report: The lead hospital's report, in any status.
        parts: For each line that is split, every hospital's part.
        version: The version that the page showed.
        actor: Who splits.
        moment: When.

    Raises:
        StaleError: Somebody else changed the report since.
        InvalidInputError: A line's parts do not add up to it, or name a strange hospital.
    """
    lock_report(session, report=report, version=version)
    group = group_of(session, round_=round_, report=report, moment=moment)
    hospitals = {hospital.id for hospital in group.hospitals}
    lines = {line.id: line for line in lines_of(session, report_id=report.id)}
    faults = [
        fault
        for line_id, by_hospital in parts.items()
        if (fault := _part_fault(lines.get(line_id), by_hospital, hospitals))
    ]
    if faults:
        raise InvalidInputError(faults)
    session.execute(delete(VolumeSplit).where(VolumeSplit.line_id.in_(parts)))
    session.add_all(
        VolumeSplit(line_id=line_id, member_id=hospital, volume=volume)
        for line_id, by_hospital in parts.items()
        for hospital, volume in by_hospital.items()
    )
    note_change(report, moment=moment)
    note_event(session, report=report, kind=EventKind.SPLIT, actor=actor, moment=moment)


def _part_fault(
    line: VolumeLine | None, by_hospital: Mapping[int, int], hospitals: Iterable[int]
) -> FieldFault | None:
    if line is None:
        return FieldFault("parts", "报量中没有该行。", "The report has no such line.")
    field = f"part-{line_key(line.lot_strength_id, line.brand_id)}"
    if not set(by_hospital) <= set(hospitals):
        return FieldFault(field, "该机构不是成员单位。", "A hospital is not of the group.")
    if min(by_hospital.values(), default=0) < 0:
        return FieldFault(field, "须为不小于 0 的整数。", "Expected whole numbers from 0.")
    return _gap_fault(field, line.demand, split_gap(line.demand, by_hospital))


def _gap_fault(field: str, demand: int, gap: int) -> FieldFault | None:
    if gap == 0:
        return None
    if gap > 0:
        zh, en = f"还差 {gap:,}", f"{gap:,} are missing"
    else:
        zh, en = f"多出 {-gap:,}", f"{-gap:,} too many"
    return FieldFault(
        field,
        f"各成员单位之和须等于报量 {demand:,}：{zh}。",
        f"The parts must add up to {demand:,}: {en}.",
    )


def split_faults(session: Session, *, lines: Sequence[VolumeLine]) -> list[FieldFault]:
    """Lines whose parts no longer add up because the line was changed after it was split."""
    if not lines:
        return []
    sums = session.execute(
        select(VolumeSplit.line_id, func.sum(VolumeSplit.volume))
        .join(VolumeLine, VolumeLine.id == VolumeSplit.line_id)
        .where(VolumeLine.report_id == lines[0].report_id)
        .group_by(VolumeSplit.line_id)
    )
    by_line = {line.id: line for line in lines}
    faults = []
    for line_id, total in sums:
        line = by_line[line_id]
        field = f"part-{line_key(line.lot_strength_id, line.brand_id)}"
        fault = _gap_fault(field, line.demand, line.demand - int(total))
        if fault is not None:
            faults.append(fault)
    return faults


def parts_of_member(
    session: Session, *, round_id: int, member_id: int
) -> Sequence[tuple[VolumeLine, int]]:
    """Return what a group's report holds for one hospital of the group."""
    rows = session.execute(
        select(VolumeLine, VolumeSplit.volume)
        .join(VolumeSplit, VolumeSplit.line_id == VolumeLine.id)
        .join(VolumeReport, VolumeReport.id == VolumeLine.report_id)
        .where(VolumeReport.round_id == round_id, VolumeSplit.member_id == member_id)
        .order_by(VolumeLine.lot_strength_id, VolumeLine.id)
    )
    return [(line, volume) for line, volume in rows]
