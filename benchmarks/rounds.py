"""Rounds of any size to measure with: prices spread as in the real third round."""

from decimal import Decimal

import numpy as np

from bidding.bid_sheet import Bid, Lot, Quote, Round, Strength, Volume
from pricing.money import UnitPrice

REGIONS = tuple(f"region {number:02}" for number in range(1, 32))
SEED = 2020


def make_round(*, lots: int, bids: int, rulebook: str = "national-3", regions: int = 31) -> Round:
    """A round with so many lots and bids, the same on every call.

    Log prices are normal with the spread of the third round (coefficient of variation about
    0.43 within a lot); one lot in three has a second strength; every region reports need.

    Args:
        lots: Number of lots.
        bids: Number of bids in all, dealt out evenly.
        rulebook: Identifier of the rulebook.
        regions: How many regions report need.
    """
    generator = np.random.default_rng(SEED)
    counts = [bids // lots + (position < bids % lots) for position in range(lots)]
    made = [_lot(position, generator) for position in range(lots)]
    entered: list[Bid] = []
    for lot, count in zip(made, counts, strict=True):
        entered += _bids(lot, count, generator)
    volumes = [volume for lot in made for volume in _volumes(lot, generator, regions)]
    return Round("benchmark", rulebook, None, tuple(made), tuple(entered), tuple(volumes))


def _lot(position: int, generator: np.random.Generator) -> Lot:
    ceiling = Decimal(str(round(float(generator.lognormal(1.0, 1.2)), 4))) + 1
    strengths = {"10mg": Strength("10mg", Decimal(1), ceiling)}
    if position % 3 == 0:
        strengths["20mg"] = Strength("20mg", Decimal(2), ceiling * Decimal("1.7"))
    return Lot(f"L{position:05}", "阿那曲唑口服常释剂型", strengths)


def _bids(lot: Lot, count: int, generator: np.random.Generator) -> list[Bid]:
    cuts = np.exp(generator.normal(-1.2, 0.45, count))
    units = generator.choice([7, 10, 14, 24, 30], count)
    labels = list(lot.strengths)
    made = []
    for number in range(count):
        strength = lot.strengths[labels[number % len(labels)]]
        ceiling = strength.price_ceiling or Decimal(1)
        pack = int(units[number])
        price = (ceiling * pack * Decimal(str(round(float(cuts[number]), 4)))).quantize(
            Decimal("0.01")
        ) + Decimal("0.01")
        name = f"firm {number:06}"
        quote = Quote(strength.label, UnitPrice(price, pack))
        made.append(Bid(lot.lot, name, name, (quote,)))
    return made


def _volumes(lot: Lot, generator: np.random.Generator, regions: int) -> list[Volume]:
    needs = generator.integers(1_000, 5_000_000, (regions, len(lot.strengths)))
    return [
        Volume(region, lot.lot, strength.label, strength.ratio, int(needs[row, column]))
        for row, region in enumerate(REGIONS[:regions])
        for column, strength in enumerate(lot.strengths.values())
    ]
