"""What the winners of a hospital's region supply: under its agreement, or without one."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.agreements.states import AgreementStatus, DistributionStatus
from procurement.agreements.tables import AgreedSupply, AgreedVolume, Agreement, Distribution
from procurement.errors import RefusedError
from procurement.orders.errors import NoPriceError, UnsignedAgreementError
from procurement.orders.offers.bought import bought_of
from procurement.orders.offers.cycles import Cycle
from procurement.orders.offers.offer import SERIES_SHOWN, Offer, Seller
from procurement.orders.offers.winning_prices import WinningPrices, winning_prices
from procurement.orders.states import OrderKind
from procurement.prices.tables import Price
from procurement.rounds.tables import Lot, LotStrength
from procurement.volumes.window import region_in_round

AGREED = "agreed"
"""What keys of these offers begin with."""


@dataclass(frozen=True, slots=True)
class Supply:
    """A supply to the hospital's region, with what the hospital agreed.

    Attributes:
        cycle: Its round and term.
        row: The supply.
        lot: Its lot.
        strength: The lot's strength.
        winner: The manufacturer.
        agreed: Minimal units in the term; None where the hospital agreed nothing.
        agreement: Of the hospital with the winner, where there is one.
    """

    cycle: Cycle
    row: AgreedSupply
    lot: Lot
    strength: LotStrength
    winner: Organisation
    agreed: int | None
    agreement: Agreement | None

    @property
    def is_agreed(self) -> bool:
        """Whether an agreement of the hospital names it."""
        agreement = self.agreement
        if agreement is None or self.agreed is None:
            return False
        return agreement.status != AgreementStatus.VOID

    @property
    def refusal(self) -> RefusedError | None:
        """Why it cannot be ordered, prices apart."""
        over = self.cycle.refusal(self.lot.id)
        if over is not None:
            return over
        is_open = self.agreement is not None and self.agreement.status != AgreementStatus.SIGNED
        return UnsignedAgreementError() if self.is_agreed and is_open else None


def agreed_offers(
    session: Session,
    *,
    hospital: Organisation,
    cycles: Sequence[Cycle],
    supply_id: int | None = None,
) -> list[Offer]:
    """Return what winners supply to a hospital's region, also what it cannot order now.

    Args:
        session: Any session.
        hospital: Who would order.
        cycles: Rounds with the term of the day.
        supply_id: Only this supply.
    """
    supplies = [
        one for cycle in cycles for one in _supplies(session, hospital, cycle, supply_id=supply_id)
    ]
    prices = winning_prices(
        session,
        lot_ids={one.lot.id for one in supplies},
        organisation_ids={one.row.organisation_id for one in supplies},
    )
    bought = bought_of(
        session, hospital_id=hospital.id, supply_ids={one.row.id for one in supplies}
    )
    sellers = _Sellers(session, supplies)
    return [
        offer
        for one in supplies
        for offer in _offers(one, prices, bought.get(one.row.id, (0, 0)), sellers)
    ]


def _supplies(
    session: Session, hospital: Organisation, cycle: Cycle, *, supply_id: int | None
) -> list[Supply]:
    region = region_in_round(session, round_id=cycle.round.id, division=hospital.region)
    wanted = (
        select(AgreedSupply, Lot, LotStrength, Organisation, AgreedVolume.volume, Agreement)
        .join(LotStrength, LotStrength.id == AgreedSupply.lot_strength_id)
        .join(Lot, Lot.id == LotStrength.lot_id)
        .join(Organisation, Organisation.id == AgreedSupply.organisation_id)
        .outerjoin(
            AgreedVolume,
            and_(
                AgreedVolume.supply_id == AgreedSupply.id, AgreedVolume.hospital_id == hospital.id
            ),
        )
        .outerjoin(
            Agreement,
            and_(
                Agreement.term_id == AgreedSupply.term_id,
                Agreement.hospital_id == hospital.id,
                Agreement.organisation_id == AgreedSupply.organisation_id,
            ),
        )
        .where(AgreedSupply.term_id == cycle.term.id, AgreedSupply.region == region)
        .order_by(Lot.code, LotStrength.id, AgreedSupply.id)
    )
    if supply_id is not None:
        wanted = wanted.where(AgreedSupply.id == supply_id)
    return [Supply(cycle, *row) for row in session.execute(wanted)]


class _Sellers:
    """Who delivers the winners' products."""

    def __init__(self, session: Session, supplies: Sequence[Supply]) -> None:
        rows = session.execute(
            select(
                Distribution.round_id,
                Distribution.organisation_id,
                Distribution.region,
                Organisation.id,
                Organisation.name,
            )
            .join(Organisation, Organisation.id == Distribution.distributor_id)
            .where(Distribution.status == DistributionStatus.CONFIRMED)
            .where(Distribution.organisation_id.in_({one.winner.id for one in supplies}))
            .where(Distribution.round_id.in_({one.cycle.round.id for one in supplies}))
            .order_by(Organisation.name, Organisation.id)
        )
        self._confirmed: dict[tuple[int, int, str], list[Seller]] = {}
        for round_id, winner_id, region, seller_id, name in rows:
            place = (round_id, winner_id, region)
            self._confirmed.setdefault(place, []).append(Seller(seller_id, name))
        named = {one.agreement.distributor_id for one in supplies if one.agreement is not None}
        chosen = select(Organisation.id, Organisation.name).where(Organisation.id.in_(named))
        self._chosen = {one: Seller(one, name) for one, name in session.execute(chosen)}

    def of(self, supply: Supply) -> tuple[Seller, ...]:
        """The distributor that the agreement names; without one, all that confirmed."""
        agreement = supply.agreement
        if supply.is_agreed and agreement is not None:
            chosen = self._chosen.get(agreement.distributor_id or 0)
            return () if chosen is None else (chosen,)
        place = (supply.cycle.round.id, supply.winner.id, supply.row.region)
        return tuple(self._confirmed.get(place, ()))


def _offers(
    supply: Supply, prices: WinningPrices, bought: tuple[int, int], sellers: _Sellers
) -> list[Offer]:
    place = (supply.winner.id, supply.lot.id, supply.strength.strength)
    cycle = supply.cycle
    held = prices.on(place, cycle.day, cycle.price_lasts_until)
    if not held and supply.refusal is not None:
        # What cannot be ordered for another reason is still the same pack.
        held = prices.newest(place)
    if not held:
        return [_offer(supply, None, bought, sellers, NoPriceError(cycle.day))]
    return [_offer(supply, price, bought, sellers, None) for price in held]


def _offer(
    supply: Supply,
    price: Price | None,
    bought: tuple[int, int],
    sellers: _Sellers,
    lacking: RefusedError | None,
) -> Offer:
    kind = OrderKind.AGREED if supply.is_agreed else OrderKind.OTHER
    series = "" if price is None else f"-{price.series[:SERIES_SHOWN]}"
    return Offer(
        key=f"{AGREED}-{supply.row.id}{series}",
        kind=kind,
        is_winning=True,
        organisation_id=supply.winner.id,
        manufacturer=supply.winner.name,
        product=supply.lot.product,
        strength=supply.strength.strength,
        unit=supply.lot.unit,
        pack_units=1 if price is None else price.pack_units,
        pack_price=None if price is None else price.pack_price,
        price_id=None if price is None else price.id,
        sellers=sellers.of(supply),
        starts_on=supply.cycle.term.starts_on,
        ends_on=supply.cycle.last_day(supply.lot.id),
        supply_id=supply.row.id,
        round_id=supply.cycle.round.id,
        round_title=supply.cycle.round.title,
        term_id=supply.cycle.term.id,
        agreement_id=supply.agreement.id if supply.is_agreed and supply.agreement else None,
        lot_strength_id=supply.strength.id,
        generic_product_id=supply.lot.generic_product_id,
        agreed=supply.agreed if supply.is_agreed else None,
        ordered=bought[0],
        received=bought[1],
        refusal=supply.refusal or lacking,
    )
