"""What a report allocates, as supplies of a term."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bidding.agreed_volumes import Reported, Volume, divided, next_supply
from bidding.report import Allocation
from procurement.agreements.tables import AgreedSupply, AgreementTerm
from procurement.awards.evaluation import report_numbered
from procurement.awards.fixing import awarded_bids
from procurement.rounds.tables import Lot, LotStrength

HospitalVolume = tuple[int, int, int, int, int]
"""Supply, hospital, base volume, volume, and the part of it by brand."""


@dataclass(frozen=True, slots=True)
class CellSupply:
    """The supplies of one strength in one region.

    Attributes:
        ids: Supply by bid.
        allocations: As the report has them.
        manufacturers: Manufacturer by bid, best ranked first.
    """

    ids: Mapping[str, int]
    allocations: tuple[Allocation, ...]
    manufacturers: Mapping[str, str]

    def divide(self, reported: Sequence[Reported[int]]) -> list[HospitalVolume]:
        """Divide the supplies among hospitals; `bidding.agreed_volumes` decides."""
        summed: dict[int, dict[int, tuple[int, int, int]]] = {}
        for one in divided(self.allocations, reported, self.manufacturers):
            own = summed.setdefault(self.ids[one.bid], {})
            for line, part in zip(one.lines, one.parts, strict=True):
                base, volume, by_brand = own.get(line.hospital, (0, 0, 0))
                own[line.hospital] = (
                    base + line.base_volume,
                    volume + part,
                    by_brand + part if one.by_brand else by_brand,
                )
        return [
            (supply_id, hospital_id, *row)
            for supply_id, own in summed.items()
            for hospital_id, row in own.items()
            if row[1]
        ]


def store_supplies(session: Session, *, term: AgreementTerm) -> None:
    """Store what the report of a first term allocates; what has no supplier is left out."""
    if term.report_id is None:
        raise ValueError("a first term has a report")
    report = report_numbered(session, report_id=term.report_id)
    bids = {(lot.code, bid.bid): bid for bid, lot in awarded_bids(session, round_id=term.round_id)}
    strengths = {
        (code, strength): strength_id
        for code, strength, strength_id in session.execute(
            select(Lot.code, LotStrength.strength, LotStrength.id)
            .join(LotStrength, LotStrength.lot_id == Lot.id)
            .where(Lot.round_id == term.round_id)
        )
    }
    rows = [
        {
            "term_id": term.id,
            "region": one["region"],
            "lot_strength_id": strengths[lot["lot"], one["strength"]],
            "awarded_bid_id": bids[lot["lot"], one["bid"]].id,
            "organisation_id": bids[lot["lot"], one["bid"]].organisation_id,
            "volume": one["agreed_volume"],
            "by_brand": one["by_brand"],
        }
        for lot in report.lots
        for one in lot["allocations"]
        if one["bid"] is not None and one["agreed_volume"]
    ]
    if rows:
        session.execute(insert(AgreedSupply), rows)


def store_next_supplies(session: Session, *, term: AgreementTerm, before: AgreementTerm) -> None:
    """Store the part that the term takes of what was supplied in the term before."""
    rows = []
    ratio = Fraction(term.numerator, term.denominator)
    for supply in session.scalars(select(AgreedSupply).where(AgreedSupply.term_id == before.id)):
        volume, by_brand = next_supply(Volume(supply.volume, supply.by_brand), ratio)
        if not volume:
            continue
        rows.append(
            {
                "term_id": term.id,
                "region": supply.region,
                "lot_strength_id": supply.lot_strength_id,
                "awarded_bid_id": supply.awarded_bid_id,
                "organisation_id": supply.organisation_id,
                "volume": volume,
                "by_brand": by_brand,
            }
        )
    if rows:
        session.execute(insert(AgreedSupply), rows)


def cells_of(session: Session, *, term: AgreementTerm, region: str) -> dict[int, CellSupply]:
    """Return the supplies of a region by strength, for a first term."""
    if term.report_id is None:
        raise ValueError("a first term has a report")
    report = report_numbered(session, report_id=term.report_id)
    makers = {lot["lot"]: _manufacturers(lot) for lot in report.lots}
    rows = session.execute(
        select(AgreedSupply, LotStrength.strength, Lot.code)
        .join(LotStrength, LotStrength.id == AgreedSupply.lot_strength_id)
        .join(Lot, Lot.id == LotStrength.lot_id)
        .where(AgreedSupply.term_id == term.id, AgreedSupply.region == region)
        .order_by(AgreedSupply.id)
    )
    names = {bid.id: bid.bid for bid, _ in awarded_bids(session, round_id=term.round_id)}
    found: dict[int, tuple[str, dict[str, int], list[Allocation]]] = {}
    for supply, strength, code in rows:
        name = names[supply.awarded_bid_id]
        _, ids, allocations = found.setdefault(supply.lot_strength_id, (code, {}, []))
        ids[name] = supply.id
        allocations.append(
            Allocation(region, strength, name, supply.volume, by_brand=supply.by_brand)
        )
    return {
        strength_id: CellSupply(ids, tuple(allocations), makers[code])
        for strength_id, (code, ids, allocations) in found.items()
    }


def _manufacturers(lot: Mapping[str, object]) -> dict[str, str]:
    outcomes: Sequence[Mapping[str, str]] = lot["outcomes"]  # type: ignore[assignment]
    by_bid = {one["bid"]: one["manufacturer"] for one in outcomes}
    winners: Sequence[str] = lot["winners"]  # type: ignore[assignment]
    return {bid: by_bid[bid] for bid in winners}
