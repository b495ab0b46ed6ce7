"""What hospitals took in of their lines up to a day, from purchase lines."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select, type_coerce
from sqlalchemy.orm import Session

from procurement.database import Money
from procurement.orders.tables import PurchaseLine
from procurement.savings.rules import Use
from procurement.savings.settlements.lines import Agreed, Supply
from procurement.savings.settlements.terms import TermView

Key = tuple[int, int]
"""Hospital and supply."""


def uses_of(
    session: Session,
    *,
    term: TermView,
    agreed: Sequence[Agreed],
    supplies: Mapping[int, Supply],
    until: date,
) -> dict[Key, Use]:
    """Sum what was taken in of the lines of one batch-year, up to a day.

    As in an extract: winning products go to the line of their supply; what was bought of others to
    the line of its strength, else to the lot's line with the largest base volume.

    Args:
        session: Any session.
        term: The batch-year.
        agreed: Lines of some hospitals.
        supplies: By id.
        until: Last day that counts.
    """
    targets = _Targets(agreed, supplies)
    rows = session.execute(
        select(
            PurchaseLine.hospital_id,
            PurchaseLine.supply_id,
            PurchaseLine.lot_id,
            PurchaseLine.lot_strength_id,
            PurchaseLine.is_winning,
            func.sum(PurchaseLine.quantity),
            type_coerce(func.sum(PurchaseLine.amount), Money()),
        )
        .where(PurchaseLine.hospital_id.in_({one.hospital_id for one in agreed}))
        .where(PurchaseLine.received_on.between(term.starts_on, min(term.ends_on, until)))
        .where((PurchaseLine.term_id == term.term_id) | PurchaseLine.term_id.is_(None))
        .group_by(
            PurchaseLine.hospital_id,
            PurchaseLine.supply_id,
            PurchaseLine.lot_id,
            PurchaseLine.lot_strength_id,
            PurchaseLine.is_winning,
        )
    )
    found: dict[Key, list[int | Decimal]] = {}
    for hospital_id, supply_id, lot_id, strength_id, wins, units, amount in rows:
        if wins:
            key = targets.winning(hospital_id, supply_id, strength_id)
        else:
            key = targets.other(hospital_id, lot_id, strength_id)
        if key is None:
            continue
        sums = found.setdefault(key, [0, Decimal(0), 0])
        if wins:
            sums[0] += int(units)
        else:
            sums[1] += amount
            sums[2] += int(units)
    return {key: Use(int(a), Decimal(b), int(c)) for key, (a, b, c) in found.items()}


class _Targets:
    """The lines of some hospitals, by what may be bought for them."""

    def __init__(self, agreed: Iterable[Agreed], supplies: Mapping[int, Supply]) -> None:
        ordered = sorted(agreed, key=lambda one: (-one.base_volume, one.supply_id))
        self._own: set[Key] = set()
        self._by_strength: dict[tuple[int, int], Key] = {}
        self._by_lot: dict[tuple[int, int], Key] = {}
        for one in ordered:
            key = (one.hospital_id, one.supply_id)
            supply = supplies[one.supply_id]
            self._own.add(key)
            self._by_strength.setdefault((one.hospital_id, supply.strength_id), key)
            self._by_lot.setdefault((one.hospital_id, supply.lot_id), key)

    def winning(self, hospital: int, supply: int | None, strength: int | None) -> Key | None:
        if supply is not None and (hospital, supply) in self._own:
            return (hospital, supply)
        return self._by_strength.get((hospital, strength or 0))

    def other(self, hospital: int, lot: int | None, strength: int | None) -> Key | None:
        nearest = self._by_strength.get((hospital, strength or 0))
        return nearest or self._by_lot.get((hospital, lot or 0))
