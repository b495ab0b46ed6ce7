"""Read the plan of a round from its tables."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import division_name
from procurement.accounts.tables import Organisation
from procurement.rounds.document.later import BaseVolumes, later_facts
from procurement.rounds.document.plan import (
    Keyholders,
    PlannedLot,
    PlannedStrength,
    RoundPlan,
)
from procurement.rounds.options import read_options
from procurement.rounds.rules import DATE_NAMES, Timetable
from procurement.rounds.sheet import lots_of, strengths_by_lot
from procurement.rounds.tables import (
    Lot,
    LotStrength,
    ParticipantPart,
    Round,
    RoundParticipant,
    RoundRegion,
)
from rulebooks import Bilingual


def plan_of(
    session: Session, round_: Round, *, base_volumes: BaseVolumes | None = None
) -> RoundPlan:
    """Read all facts of a round that its document prints.

    Args:
        session: Any session.
        round_: A round that the platform conducts.
        base_volumes: In place of those that a later stage knows, see `later`.
    """
    later = later_facts(session, round_)
    bureau = None if round_.bureau_id is None else session.get(Organisation, round_.bureau_id)
    holders = _participants(session, round_, ParticipantPart.KEYHOLDER)
    dates: dict[str, datetime | None] = {name: getattr(round_, name) for name in DATE_NAMES}
    return RoundPlan(
        name=round_.name,
        title=round_.title,
        bureau=None if bureau is None else bureau.name,
        regions=_regions(session, round_),
        lots=_lots(session, round_, base_volumes or later.base_volumes),
        timetable=Timetable(**dates),
        keyholders=Keyholders(names=holders, quorum=round_.quorum, suite=later.suite),
        outage_shift_minutes=round_.outage_shift_minutes,
        is_inquiry=round_.is_inquiry,
        observers=_participants(session, round_, ParticipantPart.OBSERVER),
        options=read_options(round_.options),
    )


def _regions(session: Session, round_: Round) -> tuple[Bilingual, ...]:
    codes = select(RoundRegion.region).where(RoundRegion.round_id == round_.id)
    return tuple(Bilingual(*division_name(code)) for code in sorted(session.scalars(codes)))


def _participants(session: Session, round_: Round, part: ParticipantPart) -> tuple[str, ...]:
    names = (
        select(Organisation.name)
        .join(RoundParticipant, RoundParticipant.organisation_id == Organisation.id)
        .where(RoundParticipant.round_id == round_.id, RoundParticipant.part == part)
        .order_by(RoundParticipant.seat)
    )
    return tuple(session.scalars(names))


def _lots(session: Session, round_: Round, volumes: BaseVolumes) -> tuple[PlannedLot, ...]:
    strengths = strengths_by_lot(session, round_id=round_.id)
    lots = lots_of(session, round_id=round_.id)
    return tuple(_lot(lot, strengths.get(lot.id, []), volumes) for lot in lots)


def _lot(lot: Lot, strengths: list[LotStrength], volumes: BaseVolumes) -> PlannedLot:
    return PlannedLot(
        code=lot.code,
        product=lot.product,
        unit=lot.unit,
        strengths=tuple(
            PlannedStrength(
                label=one.strength,
                ratio=one.strength_ratio,
                price_ceiling=one.price_ceiling,
                benchmark_price=one.benchmark_price,
                base_volume=volumes.get((lot.code, one.strength)),
            )
            for one in strengths
        ),
        category=lot.category,
        by_brand=lot.by_brand,
        failed_reason=lot.failed_reason,
        daily_dose=lot.daily_dose,
    )
