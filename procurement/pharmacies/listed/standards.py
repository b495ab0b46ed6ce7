"""Payment standards of listed drugs, read from the chain of prices and never stored here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from procurement.permissions import Actor
from procurement.pharmacies.listed.service import lists_above
from procurement.prices.kinds import PriceKind
from procurement.prices.listing import PriceFilter, price_list
from procurement.prices.service import EVERYWHERE
from procurement.prices.tables import Price


@dataclass(frozen=True, slots=True)
class Standard:
    """The recorded payment standards of a drug's packs.

    Attributes:
        lowest: Of the cheapest pack, in yuan.
        highest: Of the dearest.
        packs: How many packs have one.
        starts_on: First day of the newest.
        ends_on: Last day of that which ends first; None where none has an end.
    """

    lowest: Decimal
    highest: Decimal
    packs: int
    starts_on: date
    ends_on: date | None


def standards_of(
    session: Session,
    *,
    generic_product_ids: Iterable[int],
    region: str,
    day: date,
    actor: Actor,
) -> Mapping[int, Standard]:
    """Return the recorded payment standards of many drugs at once.

    Args:
        session: Any session.
        generic_product_ids: The drugs.
        region: Where; standards of the region, those above it and of the nation count.
        day: The day on which they hold.
        actor: Who asks: what is not disclosed to him is left out.

    Returns:
        By generic product; a drug without a recorded standard is not in it.
    """
    wanted = set(generic_product_ids)
    regions = (*lists_above(region), EVERYWHERE)
    held = price_list(PriceFilter(kind=PriceKind.PAYMENT_STANDARD, day=day), actor=actor)
    rows = session.scalars(
        held.where(Price.generic_product_id.in_(wanted), Price.region.in_(regions))
    )
    by_drug: dict[int, list[Price]] = {}
    for row in rows:
        if row.generic_product_id is not None:
            by_drug.setdefault(row.generic_product_id, []).append(row)
    return {one: _standard(prices) for one, prices in by_drug.items()}


def _standard(prices: list[Price]) -> Standard:
    amounts = [one.pack_price for one in prices]
    ends = [one.ends_on for one in prices if one.ends_on is not None]
    return Standard(
        min(amounts),
        max(amounts),
        len(prices),
        max(one.starts_on for one in prices),
        min(ends) if ends else None,
    )
