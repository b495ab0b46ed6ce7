"""Agreed volumes by hospital: what was allocated to a region and strength, down to the unit.

Allocations say how much each supplier delivers to a region, and how much of that was reported for
its brand. A hospital that reported by brand gets its part of the brand's volume where the brand
was selected; everything else goes to the region's supplier (national document 11, rounds.md 1.9).
Parts are rounded by largest remainders, so that they add up over region, strength, hospital and
brand.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar

from bidding.allocation.apportion import apportion_whole
from bidding.report import Allocation
from pricing.money import share_of_units

Hospital = TypeVar("Hospital", bound=Hashable)


class Reported(NamedTuple, Generic[Hospital]):
    """What one hospital reported in one region and strength.

    Attributes:
        hospital: Who reported it.
        brand: The brand it asked for; None if reported by generic name.
        base_volume: Minimal units for the first year.
    """

    hospital: Hospital
    brand: str | None
    base_volume: int


class AgreedVolume(NamedTuple, Generic[Hospital]):
    """What one hospital agrees with one supplier, for one line that it reported.

    Attributes:
        hospital: Who buys.
        bid: Who supplies.
        by_brand: Whether it is what the hospital reported for that supplier's brand.
        base_volume: What the hospital reported in that line.
        volume: Agreed minimal units of the first year.
    """

    hospital: Hospital
    bid: str
    by_brand: bool
    base_volume: int
    volume: int


class Divided(NamedTuple, Generic[Hospital]):
    """A part of an allocation, divided among lines of hospitals.

    Attributes:
        bid: Who supplies.
        by_brand: Whether it is what was reported for that supplier's brand.
        lines: What was reported.
        parts: Agreed minimal units of each line; they add up to the part of the allocation.
    """

    bid: str
    by_brand: bool
    lines: Sequence[Reported[Hospital]]
    parts: Sequence[int]


def holders(allocations: Iterable[Allocation], manufacturers: Mapping[str, str]) -> dict[str, str]:
    """Which supplier keeps what was reported for a brand, in one region and strength.

    Args:
        allocations: Of that region and strength.
        manufacturers: Manufacturer by bid, best ranked first.

    Returns:
        The supplier's bid by brand: a brand is a bid's name or a manufacturer's, of several
        products the best ranked. Brands that were not selected are missing.

    Examples:
        >>> cell = [Allocation("京", "1mg", "甲", 6, by_brand=2), Allocation("京", "1mg", "乙", 1)]
        >>> holders(cell, {"甲": "甲", "乙": "乙"})
        {'甲': '甲'}
    """
    keeping = {one.bid for one in allocations if one.by_brand}
    held: dict[str, str] = {}
    for bid, manufacturer in manufacturers.items():
        if bid in keeping:
            held.setdefault(manufacturer, bid)
    # A bid's own name goes before a manufacturer's.
    held.update({bid: bid for bid in manufacturers if bid in keeping})
    return held


def agreed_volumes(
    allocations: Sequence[Allocation],
    reported: Sequence[Reported[Hospital]],
    manufacturers: Mapping[str, str],
) -> list[AgreedVolume[Hospital]]:
    """Divide the allocations of one region and strength among its hospitals.

    The order of the hospitals decides between equal remainders: give it the same each time.

    Args:
        allocations: Of one region and strength, from the evaluation's report.
        reported: What its hospitals reported.
        manufacturers: Manufacturer by bid, best ranked first.

    Returns:
        One entry for each hospital's line and supplier, also where its part is 0; what has no
        supplier yet is left out. For every allocation the parts add up to it.

    Examples:
        >>> cell = [Allocation("京", "1mg", "甲", 5), Allocation("京", "1mg", "乙", 4, by_brand=4)]
        >>> lines = [Reported("一院", "乙", 6), Reported("一院", None, 3)]
        >>> lines.append(Reported("二院", "丙", 4))
        >>> for one in agreed_volumes(cell, lines, {"甲": "甲", "乙": "乙"}):
        ...     print(one.hospital, one.bid, one.base_volume, one.volume)
        一院 甲 3 2
        二院 甲 4 3
        一院 乙 6 4
    """
    return [
        AgreedVolume(line.hospital, one.bid, one.by_brand, line.base_volume, part)
        for one in divided(allocations, reported, manufacturers)
        for line, part in zip(one.lines, one.parts, strict=True)
    ]


def divided(
    allocations: Sequence[Allocation],
    reported: Sequence[Reported[Hospital]],
    manufacturers: Mapping[str, str],
) -> Iterator[Divided[Hospital]]:
    """Divide as `agreed_volumes` does, part by part: hundreds of thousands of lines at once.

    Args:
        allocations: Of one region and strength, from the evaluation's report.
        reported: What its hospitals reported.
        manufacturers: Manufacturer by bid, best ranked first.
    """
    held = holders(allocations, manufacturers)
    rest: list[Reported[Hospital]] = []
    own: dict[str, list[Reported[Hospital]]] = {}
    for line in reported:
        holder = None if line.brand is None else held.get(line.brand)
        (rest if holder is None else own.setdefault(holder, [])).append(line)
    for one in allocations:
        if one.bid is None:
            continue
        both = (
            (False, one.agreed_volume - one.by_brand, rest),
            (True, one.by_brand, own.get(one.bid, [])),
        )
        for by_brand, volume, lines in both:
            if volume:
                parts = apportion_whole(volume, [line.base_volume for line in lines])
                yield Divided(one.bid, by_brand, lines, parts)


class Volume(NamedTuple):
    """A volume and the part of it that was reported for the supplier's brand.

    Attributes:
        volume: Minimal units in a term.
        by_brand: The part of it by brand.
    """

    volume: int
    by_brand: int


def next_supply(supply: Volume, ratio: Fraction) -> Volume:
    """What is supplied in a following term: a part of the term before, rounded half up.

    A later year has a ratio that a document states, an extension goes pro rata by month.

    Examples:
        >>> next_supply(Volume(100, 25), Fraction(7, 12))
        Volume(volume=58, by_brand=14)
    """
    volume = share_of_units(ratio, supply.volume)
    _, by_brand = apportion_whole(volume, [supply.volume - supply.by_brand, supply.by_brand])
    return Volume(volume, by_brand)


def next_volumes(supply: Volume, hospitals: Sequence[Volume]) -> list[Volume]:
    """Divide what is supplied in a following term as hospitals had it in the term before.

    Args:
        supply: What is supplied now.
        hospitals: What each hospital had, which added up to what was supplied then.

    Examples:
        >>> next_volumes(Volume(5, 2), [Volume(5, 4), Volume(5, 0)])
        [Volume(volume=3, by_brand=2), Volume(volume=2, by_brand=0)]
    """
    rest = apportion_whole(
        supply.volume - supply.by_brand, [one.volume - one.by_brand for one in hospitals]
    )
    own = apportion_whole(supply.by_brand, [one.by_brand for one in hospitals])
    return [Volume(one + kept, kept) for one, kept in zip(rest, own, strict=True)]
