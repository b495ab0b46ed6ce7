"""Own prices beside those of imported lists: the same generic, form, strength and maker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from procurement.accounts.tables import Organisation
from procurement.catalogue.tables import GenericProduct
from procurement.monitoring.rules.comparison import PackPrice, excess
from procurement.monitoring.rules.gaps import Control
from procurement.monitoring.surveys.asked import holds_there
from procurement.monitoring.tables import ReferenceList, ReferencePrice
from procurement.prices.kinds import PriceKind
from procurement.prices.listing import holds_on
from procurement.prices.tables import Price

COMPARED_KINDS = (PriceKind.LISTING, PriceKind.WINNING)


@dataclass(frozen=True, slots=True)
class Compared:
    """An own price beside the lowest one of the same drug elsewhere.

    Attributes:
        price: The own one.
        reference: The lowest of the lists.
        source: The list that it stands in.
        drug: Generic product.
        maker: Name.
        others: In how many lines of the lists the drug stands.
    """

    price: Price
    reference: ReferencePrice
    source: ReferenceList
    drug: GenericProduct
    maker: str
    others: int

    @property
    def own(self) -> PackPrice:
        """The own price."""
        return PackPrice(self.price.pack_price, self.price.pack_units)

    @property
    def lowest(self) -> PackPrice:
        """The lowest one elsewhere."""
        return PackPrice(self.reference.pack_price, self.reference.pack_units)

    @property
    def excess(self) -> Fraction:
        """By which part the own unit price is above the lowest one."""
        return excess(self.own, self.lowest)

    @property
    def is_same_pack(self) -> bool:
        """Whether both packs have as many units."""
        return self.price.pack_units == self.reference.pack_units


def lists_of(*, bureau_id: int | None) -> Select[ReferenceList]:
    """Select a bureau's lists, newest first."""
    return (
        select(ReferenceList)
        .where(ReferenceList.bureau_id == bureau_id)
        .order_by(ReferenceList.id.desc())
    )


def lists_in_force(
    session: Session, *, bureau_id: int | None, day: date
) -> Sequence[ReferenceList]:
    """Return the newest list of each kind and place that has begun."""
    newest: dict[tuple[str, str], ReferenceList] = {}
    rows = session.scalars(lists_of(bureau_id=bureau_id).where(ReferenceList.valid_from <= day))
    for one in rows:
        known = newest.setdefault((one.kind, one.place), one)
        if (one.valid_from, one.id) > (known.valid_from, known.id):
            newest[one.kind, one.place] = one
    return sorted(newest.values(), key=lambda one: one.id)


def compare(
    session: Session, *, lists: Sequence[ReferenceList], region: str, day: date
) -> list[Compared]:
    """Return the own prices of drugs that stand in lists, the greatest excess first.

    Args:
        session: Any session.
        lists: To compare with.
        region: Own prices that hold there.
        day: On which they hold.
    """
    by_list = {one.id: one for one in lists}
    rows = session.execute(_pairs(sorted(by_list), region, day)).all()
    found: dict[int, Compared] = {}
    for price, reference, drug, maker in rows:
        here = Compared(price, reference, by_list[reference.list_id], drug, maker, 1)
        known = found.get(price.id)
        others = 1 if known is None else known.others + 1
        best = here if known is None or here.excess > known.excess else known
        found[price.id] = Compared(price, best.reference, best.source, drug, maker, others)
    return sorted(found.values(), key=lambda one: (-one.excess, one.price.id))


def _pairs(list_ids: Sequence[int], region: str, day: date) -> Select[*tuple[Any, ...]]:
    return (
        select(Price, ReferencePrice, GenericProduct, Organisation.name)
        .join(
            ReferencePrice,
            (ReferencePrice.generic_product_id == Price.generic_product_id)
            & (ReferencePrice.holder_id == Price.organisation_id)
            & (_plain(ReferencePrice.strength) == _plain(Price.strength)),
        )
        .join(GenericProduct, GenericProduct.id == Price.generic_product_id)
        .join(Organisation, Organisation.id == Price.organisation_id)
        .where(ReferencePrice.list_id.in_(list_ids), Price.kind.in_(COMPARED_KINDS))
        .where(holds_on(day), holds_there(region))
        .order_by(Price.id, ReferencePrice.id)
    )


def _plain(column: InstrumentedAttribute[str]) -> ColumnElement[str]:
    return func.lower(func.replace(column, " ", ""))


def control_of(session: Session, *, found: ReferenceList, region: str, day: date) -> Control:
    """Say what became of the prices that stood above a list on its first day.

    Args:
        session: Any session.
        found: The list; of monitoring prices.
        region: Own prices that hold there.
        day: Until when.
    """
    then = compare(session, lists=[found], region=region, day=found.valid_from)
    now = {
        one.price.series: one.excess
        for one in compare(session, lists=[found], region=region, day=day)
    }
    above = [one.price.series for one in then if one.excess > 0]
    adjusted = sum(_is_down(now, series) for series in above)
    return Control(listed=len(then), above=len(above), adjusted=adjusted)


def _is_down(now: Mapping[str, Fraction], series: str) -> bool:
    excess_now = now.get(series)
    return excess_now is not None and excess_now <= 0
