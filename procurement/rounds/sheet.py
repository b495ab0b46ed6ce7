"""The bid sheet of a conducted round before anybody has bid: its lots, day and options."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.bid_sheet import Category, DosageForm, Strength
from bidding.bid_sheet import Lot as SheetLot
from bidding.bid_sheet import Round as Sheet
from procurement.rounds.folder.facts import write_facts
from procurement.rounds.options import read_options
from procurement.rounds.tables import Lot, LotStrength, Round


def lots_of(session: Session, *, round_id: int, standing: bool = False) -> Sequence[Lot]:
    """Return the lots of a round by their codes.

    Args:
        session: Any session.
        round_id: The round.
        standing: Leave out those that failed or were withdrawn.
    """
    lots = select(Lot).where(Lot.round_id == round_id).order_by(Lot.code)
    if standing:
        lots = lots.where(Lot.failed_reason.is_(None))
    return session.scalars(lots).all()


def strengths_by_lot(session: Session, *, round_id: int) -> dict[int, list[LotStrength]]:
    """Return the strengths of a round's lots, by lot; each by content, then by label."""
    found = session.scalars(
        select(LotStrength).join(Lot, Lot.id == LotStrength.lot_id).where(Lot.round_id == round_id)
    )
    by_lot: dict[int, list[LotStrength]] = {}
    for strength in found:
        by_lot.setdefault(strength.lot_id, []).append(strength)
    for strengths in by_lot.values():
        strengths.sort(key=lambda one: (one.strength_ratio, one.strength))
    return by_lot


def limit_of(strength: LotStrength, *, is_inquiry: bool) -> Decimal | None:
    """The highest valid price: the benchmark in an inquiry, else the ceiling.

    In an inquiry every declaration at or below the benchmark can be selected: the benchmark is
    what the rulebook's rule about ceilings speaks of.
    """
    return strength.benchmark_price if is_inquiry else strength.price_ceiling


def sheet_of(session: Session, *, round_: Round) -> Sheet:
    """Return the round as `bidding.evaluate` takes it, without bids and volumes.

    Lots that failed or were withdrawn are left out.

    Args:
        session: Any session.
        round_: A round that the platform conducts.
    """
    strengths = strengths_by_lot(session, round_id=round_.id)
    lots = lots_of(session, round_id=round_.id, standing=True)
    return Sheet(
        title=round_.title,
        rulebook=round_.rulebook,
        opened_on=round_.opened_on,
        lots=tuple(_sheet_lot(lot, strengths.get(lot.id, []), round_.is_inquiry) for lot in lots),
        bids=(),
        options=read_options(round_.options),
    )


def _sheet_lot(lot: Lot, strengths: Sequence[LotStrength], is_inquiry: bool) -> SheetLot:
    return SheetLot(
        lot=lot.code,
        product=lot.product,
        strengths={
            one.strength: Strength(
                one.strength, one.strength_ratio, limit_of(one, is_inquiry=is_inquiry)
            )
            for one in strengths
        },
        dosage_form=None if lot.dosage_form is None else DosageForm(lot.dosage_form),
        category=Category(lot.category),
        daily_dose=lot.daily_dose,
    )


def facts_of(session: Session, *, round_: Round) -> str:
    """Return the round's facts as the canonical text that is frozen at its publication.

    `procurement.rounds.folder.stored.read_facts` reads it; awards add volumes and opened bids.
    """
    return write_facts(sheet_of(session, round_=round_))
