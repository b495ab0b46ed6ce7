"""The rules of a document as numbers and tables, ready for many fields of bids at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from bidding.allocation.allocate import METHOD
from bidding.bid_sheet import Lot
from bidding.composite import WEIGHTS
from bidding.conditions import CLASS_LINES, Conditions, conditions_of
from bidding.eligibility import COUNT
from bidding.lab.competitions import Competition
from bidding.lab.errors import UnsimulableRuleError
from bidding.lab.lot_arrays import IntArray, LotArrays
from bidding.lab.volume_terms import VolumeTerms, volume_terms_of
from bidding.revival import OTHERS, REFERENCE, SHORTLISTED, TALKS
from bidding.rules import RoundRules
from bidding.shortlist import BY_BIDDERS
from bidding.talks import KEY as TALKS_AFTER_DIRECT
from rulebooks.vocabulary import ByNumber

PER_MAKER = "places.per_maker"
_UNLIMITED = "places.unlimited"
_NO_LIMIT = 32_000

_REFUSED = {
    WEIGHTS: "bids are ranked by a composite score",
    CLASS_LINES: "winners have classes",
    TALKS_AFTER_DIRECT: "people decide in talks",
    TALKS: "people decide in talks",
}
"""Rules that are not computed for arrays, with the reason."""


@dataclass(frozen=True, slots=True)
class Revivals:
    """Who is offered revival.

    Attributes:
        tied_may: Whether the bid that takes a tied place may be revived.
        shortlisted: Shortlisted bids.
        others: Bids that were not shortlisted.
        not_highest: Of those, not the highest bid.
        volume_at_least_mean: Of those, only brands with enough reported volume.
        reference: Reference products that were not shortlisted, without volume.
    """

    tied_may: bool = False
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
        conditions: Of selection; what differs by lot (low prices) is in ``lots``.
        per_maker: Places of one maker, where they are limited.
        revivals: After it.
        lots: The lots.
        volume: How agreed volume is shared out.
    """

    rulebook: str
    assumed: tuple[str, ...]
    decimals: int | None
    places: NDArray[np.int16]
    everyone_counts: bool
    conditions: Conditions
    per_maker: int | None
    revivals: Revivals
    lots: LotArrays
    volume: VolumeTerms

    @property
    def front(self) -> int | None:
        """How many of the best bids of a lot may hold a place; None where any may.

        Bids without volume leave their places to others. They are more than k standard
        deviations under the mean, which at most 1 in 1 + k² of the prices are (Cantelli).
        """
        most = int(self.places.max())
        conditions = self.conditions
        if most >= _NO_LIMIT or self.per_maker is not None or conditions.band_of_all:
            return None
        if conditions.zero_volume_sds is None:
            return most
        return most + int(most / (1 + float(conditions.zero_volume_sds) ** 2))

    def places_for(self, bidders: IntArray) -> NDArray[np.int16]:
        """Places by number of bidders, any shape."""
        return np.take(self.places, bidders, mode="clip")


def terms_of(
    competitions: Sequence[Competition], lots: LotArrays, rules: RoundRules, *, width: int
) -> Terms:
    """Read the rules of a document for arrays.

    Args:
        competitions: The lots, ranked under these rules.
        lots: The same as arrays.
        rules: The rules.
        width: Most bids of a lot in any of the arrays.

    Raises:
        UnsimulableRuleError: The document has a rule that the lab cannot simulate.
        UnknownRuleError: A rule is not known, and nothing is assumed for it.
    """
    for key, why in _REFUSED.items():
        if rules.value(key) is not None:
            raise UnsimulableRuleError(rules.rulebook.id, key, why)
    return Terms(
        rulebook=rules.rulebook.id,
        assumed=rules.assumed,
        decimals=rules.count("comparable.decimals"),
        places=_places(rules),
        everyone_counts=rules.flag(COUNT),
        conditions=conditions_of(Lot("", "", {}), rules),
        per_maker=rules.count(PER_MAKER),
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


def _places(rules: RoundRules) -> NDArray[np.int16]:
    if rules.flag(_UNLIMITED):
        return np.array([0, _NO_LIMIT], np.int16)
    table = cast("ByNumber", rules.required(BY_BIDDERS))
    return np.array([0, *(cast("int", entry) for entry in table.entries)], np.int16)


def _revivals(rules: RoundRules) -> Revivals:
    others = rules.table(OTHERS)
    return Revivals(
        tied_may=rules.mentions(SHORTLISTED),
        shortlisted=rules.table(SHORTLISTED) is not None,
        others=others is not None,
        not_highest=bool(others and others.get("not_highest")),
        volume_at_least_mean=bool(others and others.get("volume_at_least_mean")),
        reference=rules.table(REFERENCE) is not None,
    )
