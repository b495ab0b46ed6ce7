"""The rules of a document as numbers and tables, ready for many fields of bids at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

import numpy as np

from bidding.allocation.allocate import METHOD
from bidding.composite import WEIGHTS
from bidding.cut_off_lines import (
    EXTREME_BELOW,
    OUT_ABOVE,
    RATIO_TO_ANCHOR,
    RATIO_TO_LOWEST,
    SDS_BELOW_MEAN,
    SHARE_OF_MEAN,
    ZERO_VOLUME,
)
from bidding.lab.competitions import Competition
from bidding.lab.errors import UnsimulableRuleError
from bidding.lab.lot_arrays import IntArray, LotArrays, lot_arrays_of
from bidding.lab.volume_terms import VolumeTerms, volume_terms_of
from bidding.revival import OTHERS, REFERENCE, SHORTLISTED, TALKS
from bidding.rules import RoundRules
from bidding.selection import CLASS_LINES, CUT, HIGHEST_OUT
from bidding.selection import REFERENCE as REFERENCE_PRICE
from bidding.shortlist import BY_BIDDERS
from bidding.talks import KEY as TALKS_AFTER_DIRECT
from rulebooks.vocabulary import ByNumber

PER_MAKER = "places.per_maker"
_UNLIMITED = "places.unlimited"
_COUNT = "bidders.above_ceiling_count"
_BAND_PRICES = "band.prices"
_NO_LIMIT = 10**6

_REFUSED = {
    WEIGHTS: "bids are ranked by a composite score",
    CLASS_LINES: "winners have classes",
    TALKS_AFTER_DIRECT: "people decide in talks",
    TALKS: "people decide in talks",
}
"""Rules that are not computed for arrays, with the reason."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions of selection; None where the document has no such rule.

    Attributes:
        ratio_to_lowest: Highest ratio to the lowest comparable price.
        ratio_to_anchor: Highest ratio to the anchor price.
        share_of_mean: The anchor is this share of the mean shortlisted price, or the lowest.
        sds_below_mean: The anchor is the mean less so many standard deviations, or the lowest.
        extreme_below: The anchor applies where the lowest is under this share of the mean.
        cut: Cut from the bid's own ceiling that suffices.
        reference_price: Declared price that suffices, yuan.
        zero_volume_sds: So many standard deviations under the mean a bid wins without volume.
        out_sds: So many standard deviations above the mean a bid is out.
        band_of_valid: Whether all valid prices make the bands' mean; else the shortlisted.
        highest_out_after: Beyond this rank the highest price is out.
        per_maker: Places of one maker.
    """

    ratio_to_lowest: float | None = None
    ratio_to_anchor: float | None = None
    share_of_mean: float | None = None
    sds_below_mean: float | None = None
    extreme_below: float | None = None
    cut: float | None = None
    reference_price: float | None = None
    zero_volume_sds: float | None = None
    out_sds: float | None = None
    band_of_valid: bool = False
    highest_out_after: int | None = None
    per_maker: int | None = None


@dataclass(frozen=True, slots=True)
class Revivals:
    """Who is offered revival.

    Attributes:
        shortlisted: Shortlisted bids.
        others: Bids that were not shortlisted.
        not_highest: Of those, not the highest bid.
        volume_at_least_mean: Of those, only brands with enough reported volume.
        reference: Reference products that were not shortlisted, without volume.
    """

    shortlisted: bool = False
    others: bool = False
    not_highest: bool = False
    volume_at_least_mean: bool = False
    reference: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """A document, its lots and its tables of volume, as arrays.

    Attributes:
        rulebook: Identifier.
        assumed: Rules that nobody knows and the lab assumes.
        decimals: To which comparable prices are rounded; None leaves them.
        places: Places by number of counted bidders, from 0; the last entry stands for all above.
        everyone_counts: Whether bidders whose price is invalid count.
        conditions: Of selection.
        revivals: After it.
        lots: The lots.
        volume: How agreed volume is shared out.
    """

    rulebook: str
    assumed: tuple[str, ...]
    decimals: int | None
    places: IntArray
    everyone_counts: bool
    conditions: Conditions
    revivals: Revivals
    lots: LotArrays
    volume: VolumeTerms

    def places_for(self, bidders: IntArray) -> IntArray:
        """Places by number of bidders, any shape."""
        return np.take(self.places, bidders, mode="clip")


def terms_of(competitions: Sequence[Competition], rules: RoundRules, *, width: int) -> Terms:
    """Read the rules of a document for arrays.

    Args:
        competitions: The lots, ranked under these rules.
        rules: The rules.
        width: Most bids of a lot in any of the arrays.

    Raises:
        UnsimulableRuleError: The document has a rule that the lab cannot simulate.
        UnknownRuleError: A rule is not known, and nothing is assumed for it.
    """
    for key, why in _REFUSED.items():
        if rules.value(key) is not None:
            raise UnsimulableRuleError(rules.rulebook.id, key, why)
    lots = lot_arrays_of(competitions, rules)
    return Terms(
        rulebook=rules.rulebook.id,
        assumed=rules.assumed,
        decimals=rules.count("comparable.decimals"),
        places=_places(rules),
        everyone_counts=rules.flag(_COUNT),
        conditions=_conditions(rules),
        revivals=_revivals(rules),
        lots=lots,
        volume=volume_terms_of(competitions, lots, rules, width),
    )


def refuse_without_bidders(rules: RoundRules) -> None:
    """Refuse rules that need to know who bids: simulated bidders have no brand and no maker.

    Raises:
        UnsimulableRuleError: The document has such a rule.
    """
    if rules.knows(METHOD) and rules.word(METHOD) == "own-brand":
        why = "winners keep their own reported volume, and simulated bidders have no brand"
        raise UnsimulableRuleError(rules.rulebook.id, METHOD, why)
    if rules.count(PER_MAKER) is not None:
        why = "simulated bidders have no makers"
        raise UnsimulableRuleError(rules.rulebook.id, PER_MAKER, why)


def _places(rules: RoundRules) -> IntArray:
    if rules.flag(_UNLIMITED):
        return np.array([0, _NO_LIMIT])
    table = cast("ByNumber", rules.required(BY_BIDDERS))
    return np.array([0, *(cast("int", entry) for entry in table.entries)])


def _conditions(rules: RoundRules) -> Conditions:
    share, sds = _number(rules, SHARE_OF_MEAN), _number(rules, SDS_BELOW_MEAN)
    has_anchor = share is not None or sds is not None
    zero, out = _number(rules, ZERO_VOLUME), _number(rules, OUT_ABOVE)
    has_band = zero is not None or out is not None
    extreme = _number(rules, EXTREME_BELOW) if share is not None else None
    to_anchor = _number(rules, RATIO_TO_ANCHOR) if has_anchor else None
    always_anchor = to_anchor is not None and extreme is None
    return Conditions(
        ratio_to_lowest=None if always_anchor else _number(rules, RATIO_TO_LOWEST),
        ratio_to_anchor=to_anchor,
        share_of_mean=share,
        sds_below_mean=sds,
        extreme_below=extreme,
        cut=_number(rules, CUT),
        reference_price=_number(rules, REFERENCE_PRICE),
        zero_volume_sds=zero,
        out_sds=out,
        band_of_valid=has_band and rules.word(_BAND_PRICES) == "valid",
        highest_out_after=rules.count(HIGHEST_OUT),
        per_maker=rules.count(PER_MAKER),
    )


def _revivals(rules: RoundRules) -> Revivals:
    others = rules.table(OTHERS)
    return Revivals(
        shortlisted=rules.table(SHORTLISTED) is not None,
        others=others is not None,
        not_highest=bool(others and others.get("not_highest")),
        volume_at_least_mean=bool(others and others.get("volume_at_least_mean")),
        reference=rules.table(REFERENCE) is not None,
    )


def _number(rules: RoundRules, key: str) -> float | None:
    value: Decimal | None = rules.decimal(key)
    return None if value is None else float(value)
