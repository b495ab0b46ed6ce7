"""The packs of a winner and their prices on a day, as the chain of prices has them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.prices.kinds import PriceKind
from procurement.prices.rules import valid_on
from procurement.prices.tables import Price
from procurement.rounds.tables import LotStrength

PackPlace = tuple[int, int, str]
"""Manufacturer, lot, strength as printed."""


@dataclass(frozen=True, slots=True)
class WinningPrices:
    """All winning prices of some lots.

    Attributes:
        versions: By manufacturer, lot and strength: the versions of each series.
    """

    versions: dict[PackPlace, dict[str, list[Price]]]

    def on(self, place: PackPlace, day: date, lasts_until: date | None = None) -> list[Price]:
        """Return the price of each pack that holds on a day, by units.

        Args:
            place: Manufacturer, lot and strength.
            day: The day.
            lasts_until: An extension of the agreements: a price that ended by its own last day
                holds to the end of it.
        """
        found = []
        for versions in self.versions.get(place, {}).values():
            price = valid_on(versions, day)
            if price is None and lasts_until is not None and day <= lasts_until:
                begun = [one for one in versions if one.starts_on <= day]
                price = max(begun, key=_version, default=None)
            if price is not None:
                found.append(price)
        return sorted(found, key=_place)

    def newest(self, place: PackPlace) -> list[Price]:
        """Return the newest price of each pack, whether it holds or not, by units."""
        series = self.versions.get(place, {}).values()
        return sorted((max(versions, key=_version) for versions in series), key=_place)


def _place(price: Price) -> tuple[int, int]:
    return price.pack_units, price.id


def _version(price: Price) -> int:
    return price.version


def winning_prices(
    session: Session, *, lot_ids: Collection[int], organisation_ids: Collection[int]
) -> WinningPrices:
    """Read the winning prices of some manufacturers in lots.

    Only versions that were recorded for these lots: where a firm wins the same pack in two rounds,
    the price of the other round is not this one's.
    """
    rows: Iterable[tuple[Price, int]] = session.execute(
        select(Price, LotStrength.lot_id)
        .join(LotStrength, LotStrength.id == Price.lot_strength_id)
        .where(Price.kind == PriceKind.WINNING, Price.hospital_id.is_(None))
        .where(LotStrength.lot_id.in_(lot_ids), Price.organisation_id.in_(organisation_ids))
        .order_by(Price.series, Price.version)
    )
    versions: dict[PackPlace, dict[str, list[Price]]] = {}
    for price, lot_id in rows:
        place = (price.organisation_id, lot_id, price.strength)
        versions.setdefault(place, {}).setdefault(price.series, []).append(price)
    return WinningPrices(versions)
