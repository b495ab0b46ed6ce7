"""Reported need of one lot: what regions (and hospitals in them) want, by strength and brand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from bidding.bid_sheet import Lot, Volume

Cell = tuple[str, str]
"""A region and the label of a strength."""


@dataclass(frozen=True, slots=True)
class Need:
    """Reported need of a lot, in minimal units a year.

    Attributes:
        regions: All regions that reported, even nothing, in the order of their names.
        cells: Base volume by region and strength.
        brands: Base volume by region, strength and brand, for what was reported by brand.
    """

    regions: tuple[str, ...]
    cells: Mapping[Cell, int]
    brands: Mapping[Cell, Mapping[str, int]]

    @property
    def total(self) -> int:
        """Base volume of the lot, all strengths."""
        return sum(self.cells.values())

    def brand_total(self, brand: str) -> int:
        """What was reported for one brand in all regions."""
        return sum(brands.get(brand, 0) for brands in self.brands.values())

    @property
    def brand_totals(self) -> dict[str, int]:
        """What was reported for each brand in all regions."""
        totals: dict[str, int] = {}
        for brands in self.brands.values():
            for brand, volume in brands.items():
                totals[brand] = totals.get(brand, 0) + volume
        return totals


def need_of(lot: Lot, volumes: Iterable[Volume]) -> Need:
    """Sum the reports of one lot by region and strength.

    A report joins the lot's strength of the same ratio, however its label is spelled; a strength
    that the lot does not list keeps its own label. All of them count in the base.

    Examples:
        >>> from bidding.bid_sheet import Strength
        >>> lot = Lot("L04", "氨基葡萄糖", {"250mg": Strength("250mg", Decimal(1))})
        >>> need = need_of(lot, [Volume("北京", "L04", "0.25g", Decimal(1), 120)])
        >>> dict(need.cells)
        {('北京', '250mg'): 120}
    """
    by_ratio: dict[Decimal, str] = {}
    for strength in lot.strengths.values():
        by_ratio.setdefault(strength.ratio, strength.label)
    cells: dict[Cell, int] = {}
    brands: dict[Cell, dict[str, int]] = {}
    for volume in volumes:
        exact = lot.strengths.get(volume.strength)
        if exact is not None and exact.ratio == volume.ratio:
            label = volume.strength
        else:
            label = by_ratio.get(volume.ratio, volume.strength)
        cell = (volume.region, label)
        cells[cell] = cells.get(cell, 0) + volume.base_volume
        if volume.brand is not None:
            named = brands.setdefault(cell, {})
            named[volume.brand] = named.get(volume.brand, 0) + volume.base_volume
    ordered = {cell: cells[cell] for cell in sorted(cells)}
    by_name = {cell: dict(sorted(brands[cell].items())) for cell in sorted(brands)}
    regions = tuple(dict.fromkeys(region for region, _ in ordered))
    return Need(regions, ordered, by_name)
