"""What a document makes of many fields of bids: winners, spend, savings, concentration."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bidding.lab.field_arrays import Fields, KnownBidders
from bidding.lab.lot_arrays import BoolArray, FloatArray, IntArray
from bidding.lab.terms import Terms
from bidding.lab.vectorised import Decision

COUNTS = (
    "winners",
    "shortlisted",
    "cut_off",
    "to_revive",
    "selected_without_volume",
    "tied",
    "lots_without_winner",
)
"""Measures that are whole numbers of one field of each lot."""

FIGURES = (
    "median_cut",
    "agreed_volume",
    "spend",
    "savings",
    "highest_to_lowest",
    "concentration",
)
"""Measures that are not."""

MEASURES = COUNTS + FIGURES
"""All measures of a draw."""


@dataclass(frozen=True, slots=True)
class Suppliers:
    """The winners of every field, best first, without the bids between them that lost.

    Attributes:
        number: How many. (draws, lots)
        standing: Whether a position is taken. (positions, draws, lots)
        price: Their comparable price. (positions, draws, lots)
        ratio: Declared price ÷ own ceiling. (positions, draws, lots)
        part: Part of the lot's agreed volume of each; their sum is 1 unless winners keep shares
            of their own reported volume. (positions, draws, lots)
        paid: Price that is paid to them, yuan a price unit. (positions, draws, lots)
        cost: Sum of part × paid: what a price unit of the lot costs, yuan. (draws, lots)
    """

    number: IntArray
    standing: BoolArray
    price: FloatArray
    ratio: FloatArray
    part: FloatArray
    paid: FloatArray
    cost: FloatArray


def suppliers_of(fields: Fields, decision: Decision, terms: Terms) -> Suppliers:
    """The winners of fields and what each supplies.

    Args:
        fields: Ranked.
        decision: Who is selected in them.
        terms: The document.
    """
    supplying, known, volume = decision.supplying, fields.known, terms.volume
    number = np.count_nonzero(supplying, axis=0)
    price, ratio, paid = _winners_first(supplying, number, fields.price, fields.ratio, fields.paid)
    standing = np.arange(len(price), dtype=np.int16)[:, None, None] < number.astype(np.int16)
    part = np.take(volume.parts[: len(price)], volume.part_offset + number, axis=1)
    if known is not None and (volume.by_brand or volume.brands_first):
        (own,) = _winners_first(supplying, number, _own_shares(known, supplying))
        own = own * standing
        part = own * part if volume.by_brand else own + (1 - own.sum(axis=0)) * part
    cost = np.einsum("pdl,pdl->dl", part, paid)
    return Suppliers(number, standing, price, ratio, part, paid, cost)


def _own_shares(known: KnownBidders, supplying: BoolArray) -> FloatArray:
    """Share of the need that was reported for each winner, by its product or its manufacturer."""
    own = known.brand_share.copy()
    for place in range(len(supplying)):
        same = known.manufacturer[:place] == known.manufacturer[place]
        first = ~(supplying[:place] & same).any(axis=0)
        own[place] += known.maker_share[place] * first
    return own


def _winners_first(
    mask: BoolArray, number: IntArray, *arrays: FloatArray
) -> tuple[FloatArray, ...]:
    """The first rows of arrays, with the bids of a mask moved up over those between them."""
    height = max(int(number.max(initial=0)), 1)
    broken = (mask[1:] & ~mask[:-1]).any(axis=0)
    if not broken.any():
        return tuple(array[:height] for array in arrays)
    order = np.argsort(~mask[:, broken], axis=0, kind="stable")[:height]
    moved = []
    for array in arrays:
        front = array[:height].copy()
        front[:, broken] = np.take_along_axis(array[:, broken], order, axis=0)
        moved.append(front)
    return tuple(moved)


def measure(fields: Fields, decision: Decision, terms: Terms) -> Mapping[str, FloatArray]:
    """All measures of every draw.

    Args:
        fields: Ranked.
        decision: Who is selected in them.
        terms: The document.

    Returns:
        By name, one number a draw; NaN where a draw has none (no winner with a ceiling, no lot
        with two winners, no volume).
    """
    suppliers = suppliers_of(fields, decision, terms)
    offered = list(decision.offered.values())
    return {
        "winners": _with_members(decision.selected, fields.known),
        "shortlisted": _per_draw(decision.shortlisted),
        "cut_off": _per_draw(decision.shortlisted) - _per_draw(decision.selected),
        "to_revive": np.sum([_per_draw(mask) for mask in offered], axis=0)
        if offered
        else np.zeros(fields.price.shape[1]),
        "selected_without_volume": _with_members(decision.without_volume, fields.known),
        "tied": _per_draw(decision.tied),
        "lots_without_winner": np.count_nonzero(suppliers.number == 0, axis=1).astype(np.float64),
        "median_cut": 1 - _median_ratio(suppliers),
        "highest_to_lowest": _highest_to_lowest(suppliers),
        **_money(suppliers, terms),
    }


def _with_members(mask: BoolArray, known: KnownBidders | None) -> FloatArray:
    """Number of bids a draw, with the further members of joint bids."""
    number = _per_draw(mask)
    return number if known is None else number + _per_draw(mask * known.members)


def _per_draw(mask: BoolArray | IntArray) -> FloatArray:
    return np.asarray(mask.sum(axis=0, dtype=np.int16).sum(axis=-1), dtype=np.float64)


def _money(suppliers: Suppliers, terms: Terms) -> dict[str, FloatArray]:
    """Spend, savings, agreed volume, and the concentration weighted by it."""
    lots = terms.lots
    share = np.take(terms.volume.agreed, terms.volume.lot_offset + suppliers.number)
    part = suppliers.part.sum(axis=0)
    squares = np.einsum("pdl,pdl->dl", suppliers.part, suppliers.part)
    volume = share * part * lots.base_volume
    # Where nothing is agreed the volume is 0, and the index counts for nothing.
    index = squares / np.maximum(part * part, np.finfo(np.float64).tiny)
    total = volume.sum(axis=1)
    has_ceiling = ~np.isnan(lots.ceiling_cost)
    at_ceiling = share * part * np.where(has_ceiling, lots.ceiling_cost, 0.0)
    spend = share * suppliers.cost * lots.units
    weighted = (index * volume).sum(axis=1)
    return {
        "agreed_volume": total,
        "spend": spend.sum(axis=1),
        "savings": at_ceiling.sum(axis=1) - (spend * has_ceiling).sum(axis=1),
        "concentration": np.where(total > 0, weighted / np.maximum(total, 1.0), np.nan),
    }


def _median_ratio(suppliers: Suppliers) -> FloatArray:
    """Median over all winners of a draw with a ceiling, of declared price ÷ ceiling."""
    ratios = np.where(suppliers.standing, suppliers.ratio, np.inf)
    rows = np.moveaxis(ratios, 1, 0).reshape(ratios.shape[1], -1)
    return median_of_rows(rows, np.count_nonzero(np.isfinite(rows), axis=1))


def _highest_to_lowest(suppliers: Suppliers) -> FloatArray:
    """Median over the lots with two winners or more of highest ÷ lowest comparable price."""
    last = np.maximum(suppliers.number - 1, 0)[None]
    highest = np.take_along_axis(suppliers.price, last, axis=0)[0]
    several = suppliers.number > 1
    ratio = np.where(several, highest / suppliers.price[0], np.inf)
    return median_of_rows(ratio, np.count_nonzero(several, axis=1))


def median_of_rows(rows: FloatArray, counts: IntArray) -> FloatArray:
    """Median of the finite numbers of each row; NaN where a row has none.

    Args:
        rows: Infinite where there is nothing. (rows, columns)
        counts: How many of each row are finite. (rows,)

    Examples:
        >>> rows = np.array([[3.0, np.inf, 1.0], [np.inf, np.inf, np.inf]])
        >>> median_of_rows(rows, np.array([2, 0])).tolist()
        [2.0, nan]
    """
    if not rows.shape[1]:
        return np.full(len(rows), np.nan)
    ordered = np.sort(rows, axis=1)
    middle = np.maximum(np.stack([(counts - 1) // 2, counts // 2], axis=1), 0)
    pair = np.take_along_axis(ordered, middle, axis=1)
    return np.where(counts > 0, pair.mean(axis=1), np.nan)
