"""What hospitals bought in past years, beside the strengths of a round."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.catalogue.tables import ProductStrength
from procurement.rounds.tables import Lot, LotStrength
from procurement.volumes.tables import PurchaseHistory

BATCH = 500
"""Hospitals asked for at once: SQLite takes only so many values in a statement."""


@dataclass(slots=True)
class Uses:
    """Past use of one report's hospitals: one hospital, or a group.

    Attributes:
        years: The years asked for, oldest first.
        known: Years of which anything at all is known about them; in such a year a product
            without a purchase was not used, in another one its use is not known.
        quantities: By lot strength, brand (None = not told apart) and year.
        others: Use of strengths that a lot does not list, by lot, strength and year.
    """

    years: tuple[int, ...]
    known: set[int] = field(default_factory=set)
    quantities: dict[tuple[int, int | None, int], int] = field(default_factory=dict)
    others: dict[tuple[int, str, int], int] = field(default_factory=dict)
    _sums: dict[tuple[int, int], int] = field(default_factory=dict)

    def of_line(self, lot_strength_id: int, brand_id: int | None) -> list[int | None]:
        """Use of one strength and brand by year; None where the year is not known."""
        return [
            self.quantities.get((lot_strength_id, brand_id, year), 0)
            if year in self.known
            else None
            for year in self.years
        ]

    def of_strength(self, lot_strength_id: int) -> list[int | None]:
        """Use of one strength by year, all brands together."""
        return [
            self.in_year(lot_strength_id, year) if year in self.known else None
            for year in self.years
        ]

    def in_year(self, lot_strength_id: int, year: int) -> int:
        """Use of one strength in a year that is known."""
        return self._sums.get((lot_strength_id, year), 0)

    def add(self, row: "UseRow") -> None:
        """Add the purchases of one hospital."""
        if row.lot_strength_id is None:
            other = (row.lot_id, row.strength, row.year)
            self.others[other] = self.others.get(other, 0) + row.quantity
        else:
            key = (row.lot_strength_id, row.brand_id, row.year)
            self.quantities[key] = self.quantities.get(key, 0) + row.quantity
            total = (row.lot_strength_id, row.year)
            self._sums[total] = self._sums.get(total, 0) + row.quantity


class UseRow(NamedTuple):
    """Purchases of a hospital: strength of a lot (or one that it does not list), brand, year."""

    hospital_id: int
    lot_id: int
    lot_strength_id: int | None
    strength: str
    brand_id: int | None
    year: int
    quantity: int


def uses_of(
    session: Session, *, round_id: int, hospital_ids: Collection[int], years: tuple[int, ...]
) -> Uses:
    """Add up the past use of the hospitals of one report."""
    uses = Uses(years)
    for years_known in known_years(session, hospital_ids=hospital_ids, years=years).values():
        uses.known |= years_known
    for row in use_rows(session, round_id=round_id, hospital_ids=hospital_ids, years=years):
        uses.add(row)
    return uses


def known_years(
    session: Session, *, hospital_ids: Collection[int], years: Sequence[int]
) -> dict[int, set[int]]:
    """Tell of which years any purchase of each hospital is known."""
    known: dict[int, set[int]] = {}
    for batch in _batches(hospital_ids):
        rows = session.execute(
            select(PurchaseHistory.hospital_id, PurchaseHistory.year)
            .where(PurchaseHistory.hospital_id.in_(batch), PurchaseHistory.year.in_(years))
            .distinct()
        )
        for hospital_id, year in rows:
            known.setdefault(hospital_id, set()).add(year)
    return known


def use_rows(
    session: Session, *, round_id: int, hospital_ids: Collection[int], years: Sequence[int]
) -> list[UseRow]:
    """Read the purchases of hospitals in the generic products of a round's lots."""
    # Tables and not classes: hundreds of thousands of rows need no mapping.
    history, strength = PurchaseHistory.__table__, ProductStrength.__table__
    lot, asked = Lot.__table__, LotStrength.__table__
    joined = (
        history.join(strength, strength.c.id == history.c.strength_id)
        .join(lot, lot.c.generic_product_id == strength.c.generic_product_id)
        .outerjoin(asked, (asked.c.lot_id == lot.c.id) & (asked.c.strength == strength.c.label))
    )
    # One row for each hospital, strength, brand and year, as the table has them: nothing to add.
    wanted = select(
        history.c.hospital_id,
        lot.c.id,
        asked.c.id,
        strength.c.label,
        history.c.brand_id,
        history.c.year,
        history.c.quantity,
    ).select_from(joined)
    rows: list[UseRow] = []
    for batch in _batches(hospital_ids):
        found = session.execute(
            wanted.where(lot.c.round_id == round_id, lot.c.failed_reason.is_(None)).where(
                history.c.hospital_id.in_(batch), history.c.year.in_(years)
            )
        )
        rows += map(UseRow._make, found)
    return rows


def _batches(hospital_ids: Collection[int]) -> list[list[int]]:
    ordered = sorted(hospital_ids)
    return [ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH)]
