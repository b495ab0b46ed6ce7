"""Who may take over a supply that fails: the spare supplier, or another region's winner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.agreements.states import DistributionStatus
from procurement.agreements.tables import AgreedSupply, AgreementTerm, Distribution
from procurement.awards.regions.tables import RegionTurn
from procurement.awards.tables import AwardedBid
from procurement.prices.kinds import PriceKind
from procurement.prices.listing import holds_on
from procurement.prices.tables import Price


@dataclass(frozen=True, slots=True)
class Candidate:
    """A winner that may take over.

    Attributes:
        awarded_bid_id: Its bid.
        organisation_id: The manufacturer.
        name: Its name.
        is_spare: It chose the region as the spare supplier (备供).
        rank: Its place among the winners, where the selection ranks.
        prices: Its winning prices in force, of the strength that fails: units of another would
            count as units of this one. Without any it cannot take over.
        distributors: Who confirmed to deliver for it: for this region, else for any.
    """

    awarded_bid_id: int
    organisation_id: int
    name: str
    is_spare: bool
    rank: int | None
    prices: tuple[Price, ...]
    distributors: tuple[Organisation, ...]


def candidates_for(session: Session, *, supply_id: int, day: date) -> list[Candidate]:
    """Return who may take over a supply: the spare supplier first, then by rank.

    Args:
        session: Any session.
        supply_id: The supply that fails.
        day: The first day of taking over; prices must hold on it.
    """
    supply = session.get_one(AgreedSupply, supply_id)
    failing = session.get_one(AwardedBid, supply.awarded_bid_id)
    spare = _spare_bids(session, failing.lot_id, supply.region)
    rows = session.execute(
        select(AwardedBid, Organisation)
        .join(Organisation, Organisation.id == AwardedBid.organisation_id)
        .where(AwardedBid.award_id == failing.award_id, AwardedBid.lot_id == failing.lot_id)
        .where(AwardedBid.id != failing.id, Organisation.is_active)
    ).all()
    found = [
        Candidate(
            awarded_bid_id=bid.id,
            organisation_id=maker.id,
            name=maker.name,
            is_spare=bid.id in spare,
            rank=bid.rank,
            prices=tuple(_prices(session, bid, supply, day)),
            distributors=tuple(_distributors(session, bid, supply)),
        )
        for bid, maker in rows
    ]
    return sorted(found, key=_place)


def _place(candidate: Candidate) -> tuple[bool, bool, int, int]:
    rank = candidate.rank
    return not candidate.is_spare, rank is None, rank or 0, candidate.awarded_bid_id


def _spare_bids(session: Session, lot_id: int, region: str) -> frozenset[int]:
    wanted = select(RegionTurn.awarded_bid_id).where(
        RegionTurn.lot_id == lot_id, RegionTurn.spare, RegionTurn.region == region
    )
    return frozenset(session.scalars(wanted))


def _prices(session: Session, bid: AwardedBid, supply: AgreedSupply, day: date) -> Sequence[Price]:
    """Its winning prices of the strength that fails."""
    return session.scalars(
        select(Price)
        .where(Price.lot_strength_id == supply.lot_strength_id)
        .where(Price.organisation_id == bid.organisation_id)
        .where(Price.kind == PriceKind.WINNING, Price.hospital_id.is_(None), holds_on(day))
        .order_by(Price.id)
    ).all()


def _distributors(
    session: Session, bid: AwardedBid, supply: AgreedSupply
) -> Sequence[Organisation]:
    round_id = session.get_one(AgreementTerm, supply.term_id).round_id
    rows = session.execute(
        select(Organisation, Distribution.region)
        .join(Distribution, Distribution.distributor_id == Organisation.id)
        .where(Distribution.round_id == round_id, Organisation.is_active)
        .where(Distribution.organisation_id == bid.organisation_id)
        .where(Distribution.status == DistributionStatus.CONFIRMED)
        .order_by(Organisation.name, Organisation.id)
    ).all()
    own = {one.id: one for one, region in rows if region == supply.region}
    return list((own or {one.id: one for one, _ in rows}).values())
