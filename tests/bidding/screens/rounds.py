"""A past round from a round folder, and short ways to write bids and lots in tests."""

import csv
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal, localcontext
from pathlib import Path

import numpy as np

from bidding.screens.answer import ScreenResult
from bidding.screens.competitive_null import Spread, competitive_prices
from bidding.screens.screened_lot import ScreenedBid, ScreenedLot, ScreenedRound, WonRegions


def bid(  # noqa: PLR0913 - keyword-only facts of a bid, each with a default
    name: str,
    price: str | None,
    *,
    selected: bool = False,
    group: str | None = None,
    ceiling: str | None = None,
    valid: bool = True,
    manufacturer: str | None = None,
    originator: bool = False,
) -> ScreenedBid:
    return ScreenedBid(
        bid=name,
        manufacturer=manufacturer or name,
        control_group=group,
        comparable_price=None if price is None else Decimal(price),
        price_ceiling=None if ceiling is None else Decimal(ceiling),
        selected=selected,
        valid=valid,
        originator=originator,
    )


def lot_of(
    name: str, prices: Sequence[float | str], *, winners: int, ceiling: str | None = None
) -> ScreenedLot:
    """A lot in which the cheapest ``winners`` bids win; bidders are called L01-0, L01-1, …"""
    ranked = sorted(Decimal(str(price)) for price in prices)
    bids = tuple(
        bid(f"{name}-{rank}", str(price), selected=rank < winners, ceiling=ceiling)
        for rank, price in enumerate(ranked)
    )
    return ScreenedLot(name, bids, winners)


def read_round(folder: Path) -> ScreenedRound:
    """Read a round folder; a bid above the ceiling of its strength is not valid."""
    strengths = {(row["lot"], row["strength"]): row for row in _rows(folder / "lots.csv")}
    outcomes = {(row["lot"], row["manufacturer"]): row for row in _rows(folder / "expected.csv")}
    bids: dict[str, list[ScreenedBid]] = defaultdict(list)
    for row in _rows(folder / "bids.csv"):
        strength = strengths[row["lot"], row["strength"]]
        outcome = outcomes[row["lot"], row["manufacturer"]]
        bids[row["lot"]].append(_read_bid(row, strength, outcome))
    lots = tuple(
        ScreenedLot(name, tuple(of_lot), len({one.bidder for one in of_lot if one.selected}))
        for name, of_lot in bids.items()
    )
    won = tuple(
        WonRegions(one.lot, selected.bid, tuple(regions.split(";")))
        for one in lots
        for selected in one.bids
        if selected.selected and (regions := outcomes[one.lot, selected.manufacturer]["regions"])
    )
    return ScreenedRound(folder.name, lots, won)


def conversion_factor(strength_ratio: str) -> Decimal:
    """K = 1.7 ^ log2(X) to 28 significant digits."""
    with localcontext(prec=34):
        exponent = Decimal(strength_ratio).ln() / Decimal(2).ln()
        factor = (Decimal("1.7").ln() * exponent).exp()
    with localcontext(prec=28):
        return +factor


def _read_bid(
    row: dict[str, str], strength: dict[str, str], outcome: dict[str, str]
) -> ScreenedBid:
    declared, ceiling = row["declared_price"], strength["price_ceiling"]
    factor = conversion_factor(strength["strength_ratio"])
    price = Decimal(declared) / factor if declared else None
    limit = Decimal(ceiling) / factor if ceiling else None
    valid = price is None or limit is None or price <= limit
    return ScreenedBid(
        bid=f"{row['manufacturer']} {row['strength']}",
        manufacturer=row["manufacturer"],
        control_group=row["control_group"] or None,
        comparable_price=price,
        price_ceiling=limit,
        selected=valid and outcome["selected"] == "1",
        valid=valid,
        originator=row["is_originator"] == "1",
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def answer_of(results: Sequence[ScreenResult], screen: str, subject: str) -> ScreenResult:
    """The only answer of a screen about a subject."""
    (found,) = [one for one in results if (one.screen, one.subject.name) == (screen, subject)]
    return found


def competitive_round(
    generator: np.random.Generator, *, lots: int, spread: Spread, name: str = "simulated"
) -> ScreenedRound:
    """A round in which everybody bids alone, with four to eight bidders and two winners a lot."""
    sizes = generator.integers(4, 9, size=lots)
    fields = [competitive_prices(int(size), generator, 1, spread)[0] for size in sizes]
    return ScreenedRound(
        name,
        tuple(
            lot_of(f"L{number:02}", [f"{price:.6f}" for price in field], winners=2, ceiling="9999")
            for number, field in enumerate(fields)
        ),
    )
