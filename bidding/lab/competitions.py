"""The competitions of a round as the engine enters and ranks them, before anything is decided."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bidding.bid_sheet import Bid, Lot, Round, Strength, Volume
from bidding.comparable_price import BASIS, Scales
from bidding.competition import compete
from bidding.contender import Contender, Field
from bidding.groups import SEPARATE, grouped
from bidding.lab.errors import UnsimulableRuleError
from bidding.need import Need, need_of
from bidding.rules import RoundRules


@dataclass(frozen=True, slots=True)
class Competition:
    """One lot, ranked and undecided.

    Attributes:
        lot: The lot, with the strengths that are needed and that nobody bid.
        need: Its reported need.
        volumes: Base volume of all regions, by strength.
        field: Its bids, entered and ranked by the engine.
        scales: How prices of its strengths compare.
    """

    lot: Lot
    need: Need
    volumes: Mapping[str, int]
    field: Field
    scales: Scales

    @property
    def competing(self) -> list[Contender]:
        """The bids that hold a place: those of firms under one control once; invalid ones too."""
        return [bid for bid in self.field.contenders if bid.stands_instead is None]


def competitions_of(round_: Round, rules: RoundRules) -> tuple[Competition, ...]:
    """Enter and rank the bids of every lot, in the order of the lots' identifiers.

    Args:
        round_: The bid sheet.
        rules: The rules; they decide how prices compare, what is valid and who counts.

    Raises:
        UnsimulableRuleError: Groups of bids compete separately, or not by unit prices.
        UnknownRuleError: A rule that the competition needs is not known.
        MissingFactError: A rule needs a fact that the bid sheet does not give.
    """
    if rules.word(BASIS) not in (None, "unit-price"):
        raise UnsimulableRuleError(rules.rulebook.id, BASIS, "the lab compares unit prices")
    bids: dict[str, list[Bid]] = defaultdict(list)
    volumes: dict[str, list[Volume]] = defaultdict(list)
    for bid in sorted(round_.bids, key=lambda bid: bid.bid):
        bids[bid.lot].append(bid)
    for volume in round_.volumes:
        volumes[volume.lot].append(volume)
    return tuple(
        _competition(lot, bids[lot.lot], volumes[lot.lot], rules)
        for lot in sorted(round_.lots, key=lambda lot: lot.lot)
    )


def _competition(
    lot: Lot, bids: Sequence[Bid], volumes: Sequence[Volume], rules: RoundRules
) -> Competition:
    need = need_of(lot, volumes)
    if any(name is not None for name, _ in grouped(bids, need, rules)):
        why = "the lab takes a lot as one competition"
        raise UnsimulableRuleError(rules.rulebook.id, SEPARATE, why)
    by_strength: Counter[str] = Counter()
    for (_, label), base_volume in need.cells.items():
        by_strength[label] += base_volume
    unlisted = {
        volume.strength: Strength(volume.strength, volume.ratio)
        for volume in volumes
        if volume.strength in by_strength and volume.strength not in lot.strengths
    }
    whole = replace(lot, strengths={**lot.strengths, **unlisted})
    field = compete(lot, bids, None, rules)
    if field.conditions.unknown:
        raise field.conditions.unknown[0]
    return Competition(whole, need, by_strength, field, Scales(whole, rules))
