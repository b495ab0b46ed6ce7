"""Agreed volumes split by rank, and winners' own volumes by rank or class."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import cast

from bidding.allocation.apportion import apportion
from bidding.allocation.holders import held_by
from bidding.conditions import CLASS_LINES
from bidding.contender import Contender
from bidding.need import Need
from bidding.report import Allocation
from bidding.rules import RoundRules
from pricing.money import share_of_units
from rulebooks.vocabulary import ByNumber

OF_REMAINDER = "split.of_remainder"
OWN_BY_RANK = "share.by_rank"
OWN_BY_CLASS = "share.by_class"
OWN = "share.own_brand"


def steep_split(winners: int, part: Decimal) -> list[Fraction]:
    """Shares by rank where each takes a part of what is left, and the last takes the rest.

    Examples:
        >>> [str(share) for share in steep_split(3, Decimal("0.6"))]
        ['3/5', '6/25', '4/25']
    """
    left = Fraction(1)
    shares = []
    for _ in range(winners - 1):
        shares.append(left * Fraction(part))
        left -= shares[-1]
    return [*shares, left]


def split_by_rank(
    need: Need, base_share: Decimal, winners: Sequence[Contender], rules: RoundRules
) -> list[Allocation]:
    """Divide every region's agreed volume among the winners by rank.

    Args:
        need: Reported need.
        base_share: Share of the reported need that is agreed.
        winners: By rank, one or more.
        rules: The rules of the round.
    """
    table = cast("ByNumber", rules.required(OF_REMAINDER))
    shares = steep_split(len(winners), cast("Decimal", table.at(len(winners))))
    allocations: list[Allocation] = []
    for (region, strength), base in need.cells.items():
        agreed = share_of_units(base_share, base)
        parts = apportion(agreed, shares)
        allocations += [
            Allocation(region, strength, winner.name, part)
            for winner, part in zip(winners, parts, strict=True)
        ]
    return allocations


def own_share(winner: Contender, position: int, rules: RoundRules) -> tuple[str, Decimal]:
    """The rule and the share of its own reported volume that a winner keeps.

    Args:
        winner: The winner.
        position: Its rank among the winners, from 1.
        rules: The rules of the round.

    Raises:
        UnknownRuleError: The shares, or the lines of the classes they go by, are not known.
    """
    by_class = cast("dict[str, Decimal] | None", rules.value(OWN_BY_CLASS))
    if by_class is not None:
        rules.required(CLASS_LINES)
        return OWN_BY_CLASS, by_class[winner.grade or "C"]
    by_rank = rules.by_number(OWN_BY_RANK)
    if by_rank is not None:
        return OWN_BY_RANK, cast("Decimal", by_rank.at(position))
    return OWN, cast("Decimal", rules.required(OWN))


def keep_own(
    need: Need, winners: Sequence[Contender], shares: Sequence[Decimal]
) -> list[Allocation]:
    """Each winner keeps its share of what was reported for it, by region and strength.

    What is left (the losers' volumes, and the cut of the winners') is for the hospitals to
    assign.
    """
    shared = dict(zip((winner.name for winner in winners), shares, strict=True))
    allocations: list[Allocation] = []
    for (region, strength), brands in need.brands.items():
        allocations += [
            Allocation(region, strength, name, kept, by_brand=kept)
            for name, own in held_by(brands, strength, winners).items()
            for kept in (share_of_units(shared[name], own),)
        ]
    return allocations
