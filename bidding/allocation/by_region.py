"""Agreed volumes by region: each region's main supplier, brands that won, strengths not made."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import cast

from bidding.allocation.apportion import apportion
from bidding.allocation.holders import held_by, supplies
from bidding.contender import Contender
from bidding.need import Cell, Need
from bidding.report import Allocation
from bidding.rules import RoundRules
from pricing.money import share_of_units

UNSUPPLIED = "regions.unsupplied_strength"
BRAND_FALLBACK = "brand.fallback"


def agreed_by_cell(need: Need, share: Decimal) -> dict[Cell, int]:
    """Agreed volume of each region and strength, rounded half up there.

    Examples:
        >>> need = Need(("北京", "上海"), {("北京", "1mg"): 5, ("上海", "1mg"): 5}, {})
        >>> sum(agreed_by_cell(need, Decimal("0.5")).values())
        6
    """
    return {cell: share_of_units(share, base) for cell, base in need.cells.items()}


def supply_by_region(
    need: Need,
    agreed: Mapping[Cell, int],
    main: Mapping[str, Contender | None],
    spare: Mapping[str, Contender],
    winners: Sequence[Contender],
    rules: RoundRules,
) -> list[Allocation]:
    """Who supplies how much of each region and strength.

    Args:
        need: Reported need.
        agreed: Agreed volume by region and strength.
        main: Main supplier by region; None while it is not named.
        spare: Spare supplier by region, where one was chosen.
        winners: All winners with volume, by rank.
        rules: The rules of the round.

    Raises:
        UnknownRuleError: A main supplier does not make a strength, and nobody knows who does.
    """
    allocations: list[Allocation] = []
    for cell, volume in agreed.items():
        region, strength = cell
        kept = _by_brand(need, cell, volume, winners, rules) if need.brands else {}
        parts = dict(kept)
        rest = volume - sum(parts.values())
        supplier = main[region]
        if supplier is not None and not supplies(supplier, strength):
            supplier = _instead(strength, spare.get(region), winners, rules)
        name = supplier.name if supplier else None
        if rest or not parts:
            parts[name] = parts.get(name, 0) + rest
        allocations += [
            Allocation(region, strength, bid, part, kept.get(bid, 0)) for bid, part in parts.items()
        ]
    return allocations


def _by_brand(
    need: Need, cell: Cell, volume: int, winners: Sequence[Contender], rules: RoundRules
) -> dict[str | None, int]:
    """What winning brands keep of a cell; the rest falls back to the region's main supplier."""
    brands = need.brands.get(cell)
    if not brands:
        return {}
    rules.required(BRAND_FALLBACK)
    held = held_by(brands, cell[1], winners)
    if not held:
        return {}
    rest = need.cells[cell] - sum(held.values())
    _, *parts = apportion(volume, [Fraction(rest), *map(Fraction, held.values())])
    kept: dict[str | None, int] = {}
    for name, part in zip(held, parts, strict=True):
        if part:
            kept[name] = part
    return kept


def _instead(
    strength: str, spare: Contender | None, winners: Sequence[Contender], rules: RoundRules
) -> Contender | None:
    """Who supplies a strength that a region's main supplier does not make."""
    word = cast("str", rules.required(UNSUPPLIED))
    if word == "spare-then-rank" and spare is not None and supplies(spare, strength):
        return spare
    return next((winner for winner in winners if supplies(winner, strength)), None)
