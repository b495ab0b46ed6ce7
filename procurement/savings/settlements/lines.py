"""The lines of a settlement: hospital x agreed supply (lot, strength, winner) of a batch-year."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.agreements.tables import AgreedSupply, AgreedVolume
from procurement.awards.states import PriceSource
from procurement.awards.tables import AwardedPrice
from procurement.errors import RefusedError
from procurement.orders.purchases.amounts import amounts_of
from procurement.rounds.tables import Lot, LotStrength
from procurement.savings.settlements.elsewhere import settled_elsewhere
from procurement.savings.settlements.terms import TermView, in_region, terms_of
from procurement.savings.tables import SavingsSettlement

BATCH = 5_000


class NoWinningPriceError(RefusedError):
    """A strength is supplied, and no price of it stands in the award."""

    def __init__(self, lot: str, strength: str) -> None:
        """Keep lot and strength."""
        super().__init__(
            zh=f"{lot} {strength} 没有中选价格，不能测算。",
            en=f"{lot} {strength} has no winning price: it cannot be settled.",
        )


@dataclass(frozen=True, slots=True)
class Supply:
    """What one winner supplies of a strength in a batch-year.

    Attributes:
        supply_id: The agreed supply.
        term_id: Its term.
        strength_id: The strength of the lot.
        lot_id: The lot.
        organisation_id: The winner.
        winner: Its name.
        lot: Code of the lot.
        product: Generic name.
        strength: As the document prints it.
        unit: Minimal unit.
        pack_units: Minimal units of the pack whose price stands.
        pack_price: Yuan.
    """

    supply_id: int
    term_id: int
    strength_id: int
    lot_id: int
    organisation_id: int
    winner: str
    lot: str
    product: str
    strength: str
    unit: str
    pack_units: int
    pack_price: Decimal

    @property
    def winning_price(self) -> Decimal:
        """Yuan per minimal unit, half up to 0.0001 yuan, as purchases have it."""
        one = amounts_of(packs=1, pack_units=self.pack_units, pack_price=self.pack_price)
        return one.unit_price


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a hospital agreed to of one supply.

    Attributes:
        hospital_id: The hospital.
        supply_id: The supply.
        base_volume: Of the batch-year, in minimal units.
        agreed_volume: Of the batch-year, in minimal units.
    """

    hospital_id: int
    supply_id: int
    base_volume: int
    agreed_volume: int


def supplies_of(session: Session, *, term_ids: Collection[int]) -> dict[int, Supply]:
    """Return all supplies of batch-years, by id.

    Raises:
        NoWinningPriceError: A strength has no price.
    """
    rows = session.execute(
        select(AgreedSupply, LotStrength.strength, Lot, Organisation.name)
        .join(LotStrength, LotStrength.id == AgreedSupply.lot_strength_id)
        .join(Lot, Lot.id == LotStrength.lot_id)
        .join(Organisation, Organisation.id == AgreedSupply.organisation_id)
        .where(AgreedSupply.term_id.in_(term_ids))
        .order_by(AgreedSupply.term_id, Lot.code, LotStrength.id, AgreedSupply.id)
    ).all()
    packs = _packs(session, {supply.awarded_bid_id for supply, *_ in rows})
    found = {}
    for supply, strength, lot, winner in rows:
        pack = packs.get((supply.awarded_bid_id, supply.lot_strength_id))
        if pack is None:
            raise NoWinningPriceError(lot.code, strength)
        units, price = pack
        found[supply.id] = Supply(
            supply_id=supply.id,
            term_id=supply.term_id,
            strength_id=supply.lot_strength_id,
            lot_id=lot.id,
            organisation_id=supply.organisation_id,
            winner=winner,
            lot=lot.code,
            product=lot.product,
            strength=strength,
            unit=lot.unit,
            pack_units=units,
            pack_price=price,
        )
    return found


def agreed_of(session: Session, *, settlement: SavingsSettlement) -> Iterator[Agreed]:
    """Yield what the hospitals of the region agreed to, hospital by hospital.

    Lines with an agreed volume of zero are among them where there is a base volume: they keep
    nothing, and the statement says so. What another settlement settles is not among them.
    """
    terms = terms_of(session, settlement=settlement)
    found = settled_elsewhere(
        session,
        settlement_id=settlement.id,
        term_ids=[one.term_id for one in terms],
        region=settlement.region,
    )
    elsewhere = {(one.hospital_id, one.term_id) for one in found}
    rows = session.execute(
        select(AgreedSupply.id, AgreedSupply.term_id).where(
            AgreedSupply.term_id.in_({term for _, term in elsewhere})
        )
    )
    term_of = {supply: term for supply, term in rows}
    for line in agreed_in(session, terms=terms, region=settlement.region):
        if (line.hospital_id, term_of.get(line.supply_id, 0)) not in elsewhere:
            yield line


def agreed_in(
    session: Session, *, terms: Sequence[TermView], region: str, hospital_id: int | None = None
) -> Iterator[Agreed]:
    """Yield what hospitals of a region, or one of them, agreed to in batch-years."""
    by_id = {one.term_id: one for one in terms}
    wanted = (
        select(
            AgreedVolume.hospital_id,
            AgreedVolume.supply_id,
            AgreedVolume.base_volume,
            AgreedVolume.volume,
            AgreedSupply.term_id,
        )
        .join(AgreedSupply, AgreedSupply.id == AgreedVolume.supply_id)
        .join(Organisation, Organisation.id == AgreedVolume.hospital_id)
        .where(AgreedSupply.term_id.in_(by_id), in_region(region))
        .where(or_(AgreedVolume.base_volume > 0, AgreedVolume.volume > 0))
        .order_by(AgreedVolume.hospital_id, AgreedVolume.supply_id)
    )
    if hospital_id is not None:
        wanted = wanted.where(AgreedVolume.hospital_id == hospital_id)
    # Closed also where a caller takes the first one only: a cursor of the server would stay open.
    with session.execute(wanted.execution_options(yield_per=BATCH)) as rows:
        for hospital, supply_id, base, volume, term_id in rows:
            yield Agreed(hospital, supply_id, by_id[term_id].base(base), volume)


def _packs(
    session: Session, bids: Collection[int]
) -> Mapping[tuple[int, int], tuple[int, Decimal]]:
    """The pack of each strength whose price stands; of converted ones the smallest."""
    rows = session.execute(
        select(
            AwardedPrice.awarded_bid_id,
            AwardedPrice.lot_strength_id,
            AwardedPrice.pack_units,
            AwardedPrice.pack_price,
            AwardedPrice.source,
        )
        .where(AwardedPrice.awarded_bid_id.in_(bids))
        .order_by(AwardedPrice.pack_units.desc(), AwardedPrice.id.desc())
    ).all()
    found: dict[tuple[int, int], tuple[int, Decimal]] = {}
    for is_converted in (True, False):
        for bid_id, strength_id, units, price, source in rows:
            if (source == PriceSource.CONVERTED) is is_converted:
                found[bid_id, strength_id] = (units, price)
    return found
