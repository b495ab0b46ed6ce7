"""What an agreement says: parties, term, products, volumes, prices; and its digest."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.sealing import canonical_bytes
from procurement.accounts.tables import Organisation
from procurement.agreements.states import Party
from procurement.agreements.tables import AgreedSupply, AgreedVolume, Agreement, AgreementTerm
from procurement.awards.tables import AwardedBid, AwardedPrice
from procurement.rounds.tables import Lot, LotStrength, Round

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class PackPrice:
    """A pack at the selected price.

    Attributes:
        pack_units: Minimal units in it.
        pack_price: Yuan.
    """

    pack_units: int
    pack_price: str


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """What is agreed of one strength.

    Attributes:
        supply_id: The supply that it is a part of.
        lot: Code of the lot.
        product: Generic name.
        strength: As the document prints it.
        unit: Minimal unit.
        volume: Agreed minimal units in the term.
        by_brand: The part of it that was reported for this brand.
        prices: Packs and their selected prices.
    """

    supply_id: int
    lot: str
    product: str
    strength: str
    unit: str
    volume: int
    by_brand: int
    prices: tuple[PackPrice, ...]


@dataclass(frozen=True, slots=True)
class AgreementContent:
    """An agreement as it is printed and signed.

    Attributes:
        agreement: The row.
        number: How people call it.
        round_title: Title of the round.
        starts_on: First day.
        ends_on: Last day.
        parties: The three organisations; a distributor that is not chosen is missing.
        lines: By lot and strength.
    """

    agreement: Agreement
    number: str
    round_title: str
    starts_on: date
    ends_on: date
    parties: Mapping[Party, Organisation]
    lines: tuple[AgreementLine, ...]

    @property
    def volume(self) -> int:
        """All strengths together, in minimal units."""
        return sum(line.volume for line in self.lines)

    def document(self) -> dict[str, object]:
        """What is signed, as plain values."""
        return {
            "agreement": self.number,
            "revision": self.agreement.revision,
            "round": self.round_title,
            "region": self.agreement.region,
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat(),
            "parties": {
                party.value: {"name": one.name, "credit_code": one.credit_code}
                for party, one in self.parties.items()
            },
            "lines": [
                {
                    "lot": line.lot,
                    "product": line.product,
                    "strength": line.strength,
                    "unit": line.unit,
                    "volume": line.volume,
                    "prices": [
                        {"pack_units": price.pack_units, "pack_price": price.pack_price}
                        for price in line.prices
                    ],
                }
                for line in self.lines
            ],
        }

    def digest(self) -> str:
        """SHA-256 of the document's canonical bytes, in hexadecimal."""
        return hashlib.sha256(canonical_bytes(self.document())).hexdigest()  # type: ignore[arg-type]


def number_of(round_: Round, term: AgreementTerm, agreement: Agreement) -> str:
    """Return how people call an agreement: round, term and a number."""
    return f"{round_.name}-{term.number}-{agreement.id:07d}"


def contents_of(
    session: Session, *, round_: Round, term: AgreementTerm, agreements: Sequence[Agreement]
) -> list[AgreementContent]:
    """Return the contents of agreements of one term, in their order; read in batches."""
    found: list[AgreementContent] = []
    prices = _prices(session, {one.organisation_id for one in agreements}, round_)
    for start in range(0, len(agreements), BATCH):
        some = agreements[start : start + BATCH]
        organisations = _organisations(session, some)
        lines = _lines(session, term, some, prices)
        for one in some:
            parties = {
                Party.HOSPITAL: organisations[one.hospital_id],
                Party.MANUFACTURER: organisations[one.organisation_id],
            }
            if one.distributor_id is not None:
                parties[Party.DISTRIBUTOR] = organisations[one.distributor_id]
            own = lines.get((one.hospital_id, one.organisation_id), [])
            found.append(
                AgreementContent(
                    one,
                    number_of(round_, term, one),
                    round_.title,
                    term.starts_on,
                    term.ends_on,
                    parties,
                    tuple(own),
                )
            )
    return found


def _organisations(session: Session, agreements: Sequence[Agreement]) -> dict[int, Organisation]:
    ids = {one.hospital_id for one in agreements} | {one.organisation_id for one in agreements}
    ids |= {one.distributor_id for one in agreements if one.distributor_id is not None}
    rows = session.scalars(select(Organisation).where(Organisation.id.in_(ids)))
    return {one.id: one for one in rows}


_Prices = Mapping[tuple[int, int], tuple[PackPrice, ...]]


def _prices(session: Session, winners: set[int], round_: Round) -> _Prices:
    rows = session.execute(
        select(
            AwardedPrice.awarded_bid_id,
            AwardedPrice.lot_strength_id,
            AwardedPrice.pack_units,
            AwardedPrice.pack_price,
        )
        .join(AwardedBid, AwardedBid.id == AwardedPrice.awarded_bid_id)
        .join(Lot, Lot.id == AwardedBid.lot_id)
        .where(Lot.round_id == round_.id, AwardedBid.organisation_id.in_(winners))
        .order_by(AwardedPrice.awarded_bid_id, AwardedPrice.pack_units)
    )
    found: dict[tuple[int, int], tuple[PackPrice, ...]] = {}
    for bid_id, strength_id, units, price in rows:
        own = found.get((bid_id, strength_id), ())
        found[bid_id, strength_id] = (*own, PackPrice(units, f"{price.normalize():f}"))
    return found


def _lines(
    session: Session, term: AgreementTerm, agreements: Sequence[Agreement], prices: _Prices
) -> dict[tuple[int, int], list[AgreementLine]]:
    hospitals = {one.hospital_id for one in agreements}
    winners = {one.organisation_id for one in agreements}
    rows = session.execute(
        select(AgreedVolume, AgreedSupply, LotStrength.strength, Lot.code, Lot.product, Lot.unit)
        .join(AgreedSupply, AgreedSupply.id == AgreedVolume.supply_id)
        .join(LotStrength, LotStrength.id == AgreedSupply.lot_strength_id)
        .join(Lot, Lot.id == LotStrength.lot_id)
        .where(AgreedSupply.term_id == term.id, AgreedSupply.organisation_id.in_(winners))
        .where(AgreedVolume.hospital_id.in_(hospitals), AgreedVolume.volume > 0)
        .order_by(Lot.code, LotStrength.id, AgreedSupply.id)
    )
    found: dict[tuple[int, int], list[AgreementLine]] = {}
    for agreed, supply, strength, code, product, unit in rows:
        line = AgreementLine(
            supply.id,
            code,
            product,
            strength,
            unit,
            agreed.volume,
            agreed.by_brand,
            prices.get((supply.awarded_bid_id, supply.lot_strength_id), ()),
        )
        found.setdefault((agreed.hospital_id, supply.organisation_id), []).append(line)
    return found
