"""What was supplied last in a round: volumes of the last year, winners and their prices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.agreements.follow_on.rules import highest_unit_price
from procurement.agreements.states import TermKind, TermStatus
from procurement.agreements.tables import AgreedSupply, AgreementTerm
from procurement.agreements.terms import terms_of
from procurement.prices.kinds import PriceKind
from procurement.prices.tables import Price
from procurement.rounds.sheet import lots_of, strengths_by_lot
from procurement.rounds.tables import Lot, LotStrength, Round


@dataclass(frozen=True, slots=True)
class WinnerSupply:
    """What one winner supplied of a strength.

    Attributes:
        organisation_id: The winner.
        name: Its name.
        volume: Minimal units in the year.
        packs: Price and minimal units of the packs at its newest selected prices.
    """

    organisation_id: int
    name: str
    volume: int
    packs: tuple[tuple[Decimal, int], ...]


@dataclass(frozen=True, slots=True)
class SuppliedStrength:
    """A strength, with what was agreed of it last.

    Attributes:
        row: The strength.
        regions: Agreed minimal units by region, in order.
        winners: By name.
    """

    row: LotStrength
    regions: Mapping[str, int]
    winners: tuple[WinnerSupply, ...]

    @property
    def volume(self) -> int:
        """Agreed minimal units in the year, all regions together."""
        return sum(self.regions.values())

    @property
    def highest_price(self) -> Decimal | None:
        """The highest selected price of one unit; None where nobody supplied it."""
        return highest_unit_price(pack for winner in self.winners for pack in winner.packs)


@dataclass(frozen=True, slots=True)
class SuppliedLot:
    """A lot that was supplied, with all its strengths.

    Attributes:
        lot: The lot.
        strengths: By content.
    """

    lot: Lot
    strengths: tuple[SuppliedStrength, ...]


@dataclass(frozen=True, slots=True)
class LastYear:
    """What was agreed last in a round.

    Attributes:
        term: The last year.
        lots: That were supplied in it, by code.
    """

    term: AgreementTerm
    lots: tuple[SuppliedLot, ...]


def last_year(session: Session, *, round_id: int) -> AgreementTerm | None:
    """Return the last year whose agreements are made; None before the first.

    An extension is a part of the year before it, and says nothing about a whole one.
    """
    made = [
        term
        for term in terms_of(session, round_id=round_id)
        if term.status == TermStatus.DONE and term.kind != TermKind.EXTENSION
    ]
    return made[-1] if made else None


def supplied_last(session: Session, *, round_: Round) -> LastYear | None:
    """Return what was supplied in the last year of a round, with selected prices.

    Only for who may see the prices of all winners.

    Args:
        session: Any session.
        round_: A round with agreements.

    Returns:
        None before the first agreements are made.
    """
    term = last_year(session, round_id=round_.id)
    if term is None:
        return None
    supplies = _supplies(session, term)
    prices = _prices(session, sorted({one.strength_id for one in supplies}))
    strengths = strengths_by_lot(session, round_id=round_.id)
    supplied = {one.strength_id for one in supplies}
    lots = []
    for lot in lots_of(session, round_id=round_.id, standing=True):
        own = strengths.get(lot.id, [])
        if any(one.id in supplied for one in own):
            lots.append(SuppliedLot(lot, tuple(_strength(one, supplies, prices) for one in own)))
    return LastYear(term, tuple(lots))


@dataclass(frozen=True, slots=True)
class _Supply:
    strength_id: int
    region: str
    organisation_id: int
    name: str
    volume: int


def _supplies(session: Session, term: AgreementTerm) -> list[_Supply]:
    rows = session.execute(
        select(
            AgreedSupply.lot_strength_id,
            AgreedSupply.region,
            AgreedSupply.organisation_id,
            Organisation.name,
            func.sum(AgreedSupply.volume),
        )
        .join(Organisation, Organisation.id == AgreedSupply.organisation_id)
        .where(AgreedSupply.term_id == term.id)
        .group_by(
            AgreedSupply.lot_strength_id,
            AgreedSupply.region,
            AgreedSupply.organisation_id,
            Organisation.name,
        )
        .order_by(AgreedSupply.lot_strength_id, AgreedSupply.region, Organisation.name)
    )
    return [
        _Supply(strength_id, region, organisation_id, name, int(volume))
        for strength_id, region, organisation_id, name, volume in rows
    ]


_Prices = Mapping[tuple[int, int], tuple[tuple[Decimal, int], ...]]
"""Pack prices and units by strength and winner."""


def _prices(session: Session, strength_ids: Sequence[int]) -> _Prices:
    """The newest version of each selected price; converted packs of the catalogue are left out."""
    versions = session.scalars(
        select(Price)
        .where(Price.kind == PriceKind.WINNING, Price.product_id.is_(None))
        .where(Price.lot_strength_id.in_(strength_ids))
        .order_by(Price.series, Price.version)
    )
    newest = {price.series: price for price in versions}
    found: dict[tuple[int, int], tuple[tuple[Decimal, int], ...]] = {}
    for price in sorted(newest.values(), key=lambda one: one.pack_units):
        if price.lot_strength_id is None:
            continue
        place = (price.lot_strength_id, price.organisation_id)
        found[place] = (*found.get(place, ()), (price.pack_price, price.pack_units))
    return found


def _strength(row: LotStrength, supplies: Sequence[_Supply], prices: _Prices) -> SuppliedStrength:
    own = [one for one in supplies if one.strength_id == row.id]
    regions: dict[str, int] = {}
    volumes: dict[tuple[str, int], int] = {}
    for one in own:
        regions[one.region] = regions.get(one.region, 0) + one.volume
        winner = (one.name, one.organisation_id)
        volumes[winner] = volumes.get(winner, 0) + one.volume
    winners = tuple(
        WinnerSupply(winner_id, name, volume, prices.get((row.id, winner_id), ()))
        for (name, winner_id), volume in sorted(volumes.items())
    )
    return SuppliedStrength(row, regions, winners)
