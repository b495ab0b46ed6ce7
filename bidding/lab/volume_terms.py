"""How agreed volume is shared out, as tables by number of winners."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import cast

import numpy as np

from bidding.allocation.allocate import CHOICE, METHOD, OF_REPORTED
from bidding.allocation.by_rank import (
    OF_REMAINDER,
    OWN,
    OWN_BY_CLASS,
    OWN_BY_RANK,
    steep_split,
)
from bidding.allocation.regions import turns
from bidding.allocation.shares import share_by_winners
from bidding.bid_sheet import Category, Lot
from bidding.lab.competitions import Competition
from bidding.lab.errors import UnsimulableRuleError
from bidding.lab.lot_arrays import FloatArray, IntArray, LotArrays
from bidding.rules import RoundRules
from rulebooks.vocabulary import ByNumber


@dataclass(frozen=True, slots=True)
class VolumeTerms:
    """What winners of a lot get, looked up by the number of winners.

    A winner's part is its expected share of the agreed volume: which regions it will choose is
    not known, so each of its regions counts as the lot's mean region.

    Attributes:
        agreed: Agreed share of the base volume, rows of ``stride`` entries, one row a lot:
            entry ``stride`` × lot + winners.
        parts: Part of each winner, best first, by entry ``stride`` × class + winners; 0 behind
            the last winner. (positions, classes × stride)
        lot_offset: Where a lot's row in ``agreed`` starts. (lots,)
        part_offset: Where a lot's class in ``parts`` starts. (lots,)
        by_brand: Whether a winner's part is of its own reported volume.
        brands_first: Whether winners keep what was reported for their brand and share the rest.
    """

    agreed: FloatArray
    parts: FloatArray
    lot_offset: IntArray
    part_offset: IntArray
    by_brand: bool
    brands_first: bool


def volume_terms_of(
    competitions: Sequence[Competition], lots: LotArrays, rules: RoundRules, width: int
) -> VolumeTerms:
    """Tables of shares and parts.

    Args:
        competitions: The lots.
        lots: The same as arrays.
        rules: The rules.
        width: Most winners that a lot can have.

    Raises:
        UnsimulableRuleError: Volume goes by class, or by brand and no brand was reported.
        UnknownRuleError: A rule about shares is not known.
    """
    method = rules.word(METHOD) if lots.base_volume.any() else None
    brands = any(competition.need.brands for competition in competitions)
    if method == "own-brand":
        return _by_own_brand(lots, rules, width, brands=brands)
    if method == "rank-split":
        return _by_rank(lots, rules, width)
    if method == "regions":
        return _by_regions(lots, rules, width, brands=brands)
    nothing = np.zeros((width, width + 1))
    return _terms(lots, width, lambda category, winners: 0.0, nothing)


def _terms(
    lots: LotArrays,
    width: int,
    share: Callable[[Category, int], float],
    parts: FloatArray,
    classes: IntArray | None = None,
    *,
    by_brand: bool = False,
    brands_first: bool = False,
) -> VolumeTerms:
    stride = width + 1
    count = len(lots.lots)
    agreed = np.zeros((count, stride))
    for row, category, base in zip(agreed, lots.categories, lots.base_volume, strict=True):
        if base:
            row[1:] = [share(category, winners) for winners in range(1, stride)]
    return VolumeTerms(
        agreed=agreed.ravel(),
        parts=parts,
        lot_offset=np.arange(count) * stride,
        part_offset=np.zeros(count, np.int64) if classes is None else classes * stride,
        by_brand=by_brand,
        brands_first=brands_first,
    )


def _by_regions(lots: LotArrays, rules: RoundRules, width: int, *, brands: bool) -> VolumeTerms:
    """One first pick, then turns: a winner's part is its share of the number of regions."""
    rules.required(CHOICE)
    numbers, classes = np.unique(lots.regions, return_inverse=True)
    parts = np.zeros((width, len(numbers), width + 1))
    for place, regions in enumerate(numbers.tolist()):
        for winners in range(1, width + 1):
            for position, chosen in Counter(turns(regions, winners)).items():
                parts[position, place, winners] = chosen / regions

    @cache
    def share(category: Category, winners: int) -> float:
        return float(share_by_winners(Lot("", "", {}, category=category), winners, rules))

    return _terms(
        lots, width, share, parts.reshape(width, -1), classes.astype(np.int64), brands_first=brands
    )


def _by_rank(lots: LotArrays, rules: RoundRules, width: int) -> VolumeTerms:
    """Each rank takes a part of what is left, the last one the rest."""
    table = cast("ByNumber", rules.required(OF_REMAINDER))
    share = float(rules.decimal(OF_REPORTED) or Decimal(1))
    parts = np.zeros((width, width + 1))
    for winners in range(1, width + 1):
        split = steep_split(winners, cast("Decimal", table.at(winners)))
        parts[:winners, winners] = [float(part) for part in split]
    return _terms(lots, width, lambda category, winners: share, parts)


def _by_own_brand(lots: LotArrays, rules: RoundRules, width: int, *, brands: bool) -> VolumeTerms:
    """Each winner keeps a share, by its rank, of what was reported for it."""
    if not brands:
        why = "winners keep their own reported volume, and volumes.csv names no brand"
        raise UnsimulableRuleError(rules.rulebook.id, METHOD, why)
    if rules.value(OWN_BY_CLASS) is not None:
        raise UnsimulableRuleError(rules.rulebook.id, OWN_BY_CLASS, "it has no classes")
    by_rank = rules.by_number(OWN_BY_RANK)
    ranks = range(1, width + 1)
    if by_rank is None:
        own = [float(cast("Decimal", rules.required(OWN)))] * width
    else:
        own = [float(cast("Decimal", by_rank.at(rank))) for rank in ranks]
    parts = np.zeros((width, width + 1))
    for winners in ranks:
        parts[:winners, winners] = own[:winners]
    return _terms(lots, width, lambda category, winners: 1.0, parts, by_brand=True)
