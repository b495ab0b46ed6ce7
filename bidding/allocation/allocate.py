"""Allocation of one lot: from its winners to agreed volumes, by the method of the document."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from bidding.allocation.by_rank import (
    OWN_BY_RANK,
    keep_own,
    own_share,
    split_by_rank,
)
from bidding.allocation.by_region import agreed_by_cell, supply_by_region
from bidding.allocation.regions import (
    RegionChoice,
    choose_regions,
    choose_spare_regions,
)
from bidding.allocation.shares import BY_WINNERS, Cycle, cycle_of, share_by_winners
from bidding.bid_sheet import Choice, Lot
from bidding.contender import Contender
from bidding.need import Need
from bidding.report import Allocation, Number, Step
from bidding.rules import RoundRules

METHOD = "volume.method"
CHOICE = "regions.choice"
SPARE = "regions.spare"
OF_REPORTED = "share.of_reported"
REQUIREMENTS = "requirements"


class OrderMatters(Enum):
    """Whose order among the winners decides what they get."""

    NO = "no"
    FOR_CHEAPEST = "for the cheapest"
    """Only who is A1: the cheapest of class A keeps more than the others."""
    FOR_ALL = "for all"


@dataclass(slots=True)
class Awarded:
    """What the winners of a lot are awarded.

    Attributes:
        share: Agreed share of the base volume; None where it differs by winner.
        cycle: How long agreements run.
        agreed_volume: Total in minimal units; None where nothing is agreed yet.
        allocations: By region and strength.
        regions: Number of regions by bid.
        region_names: Names by bid, where all choices are known.
        spare_regions: Spare regions by bid.
        volumes: Agreed volume by bid; a bid that is missing has none decided yet.
        undecided: Winners whose preferences do not name all their regions.
        order_matters: Whether the order of the winners decides what they get.
        steps: The explanation, in order.
    """

    share: Decimal | None = None
    cycle: Cycle = field(default_factory=Cycle)
    agreed_volume: int | None = None
    allocations: list[Allocation] = field(default_factory=list)
    regions: dict[str, int] = field(default_factory=dict)
    region_names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    spare_regions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    volumes: dict[str, int] = field(default_factory=dict)
    undecided: tuple[str, ...] = ()
    order_matters: OrderMatters = OrderMatters.NO
    steps: list[Step] = field(default_factory=list)

    def leave_open(self, tied: Sequence[str]) -> None:
        """Leave undecided what depends on the order of equal winners, until a person gives it.

        Regions keep their numbers, which equal winners may exchange; who gets which region and
        how much of the volume is open, for the others as well, since they chose after them.

        Args:
            tied: Winners that nothing separates.
        """
        if not tied:
            return
        self.region_names, self.spare_regions, self.volumes = {}, {}, {}
        merged: dict[tuple[str, str], int] = {}
        for one in self.allocations:
            cell = (one.region, one.strength)
            merged[cell] = merged.get(cell, 0) + one.agreed_volume
        self.allocations = [
            Allocation(region, strength, None, volume)
            for (region, strength), volume in merged.items()
        ]

    def record(self, code: str, clause: str, **numbers: Number) -> None:
        """Add a step about the lot."""
        self.steps.append(Step(code, clause, None, numbers))


def allocate(
    lot: Lot,
    winners: Sequence[Contender],
    need: Need,
    choices: Sequence[Choice],
    rules: RoundRules,
    *,
    volumes: bool = True,
) -> Awarded:
    """Award regions and volumes to the winners of a lot.

    Args:
        lot: The lot.
        winners: Winners with volume, in the order of choice.
        need: Reported need.
        choices: Preferences for regions of this lot.
        rules: The rules of the round.
        volumes: False leaves volumes and their shares out (a replay compares regions only).

    Raises:
        UnknownRuleError: A rule that the allocation needs is not known.
    """
    awarded = Awarded()
    if not winners:
        return awarded
    awarded.cycle = cycle_of(lot, len(winners), rules)
    if awarded.cycle.clause is not None:
        length = awarded.cycle.years or str(awarded.cycle.ends_on)
        awarded.record("cycle", awarded.cycle.clause, length=length, winners=len(winners))
    method = rules.word(METHOD) if rules.knows(METHOD) or (volumes and need.total) else None
    if method == "regions":
        _by_regions(awarded, lot, winners, need, choices, rules, volumes=volumes)
    elif method == "rank-split" and volumes:
        _by_rank(awarded, winners, need, rules)
    elif method == "own-brand" and volumes:
        _by_own_brand(awarded, winners, need, rules)
    _check_capacities(awarded, lot, winners, rules)
    return awarded


def _by_regions(
    awarded: Awarded,
    lot: Lot,
    winners: Sequence[Contender],
    need: Need,
    choices: Sequence[Choice],
    rules: RoundRules,
    *,
    volumes: bool,
) -> None:
    choosing = [winner for winner in winners if winner.chooses_regions]
    names = [winner.name for winner in choosing]
    choice = RegionChoice((), ())
    if choosing and need.regions and (volumes or rules.knows(CHOICE)):
        rules.required(CHOICE)
        choice = choose_regions(need.regions, names, _wishes(choices, spare=False))
        _record_regions(awarded, names, choice, need, rules)
        if rules.flag(SPARE) and choice.complete:
            spare = choose_spare_regions(
                need.regions, names, choice.names, _wishes(choices, spare=True)
            )
            awarded.spare_regions = dict(zip(names, spare, strict=True))
    if not volumes or not need.total:
        return
    awarded.share = share_by_winners(lot, len(winners), rules)
    agreed = agreed_by_cell(need, awarded.share)
    awarded.agreed_volume = sum(agreed.values())
    awarded.record(
        "share",
        rules.cite(BY_WINNERS),
        winners=len(winners),
        share=awarded.share,
        base=need.total,
        agreed=awarded.agreed_volume,
    )
    main: dict[str, Contender | None] = dict.fromkeys(need.regions)
    by_name = {winner.name: winner for winner in winners}
    for name, regions in awarded.region_names.items():
        main.update(dict.fromkeys(regions, by_name[name]))
    spares = {
        region: by_name[name]
        for name, regions in awarded.spare_regions.items()
        for region in regions
    }
    awarded.allocations = supply_by_region(need, agreed, main, spares, winners, rules)
    if choice.complete:
        _sum_volumes(awarded, winners)


def _record_regions(
    awarded: Awarded, names: list[str], choice: RegionChoice, need: Need, rules: RoundRules
) -> None:
    awarded.order_matters = OrderMatters.FOR_ALL
    awarded.regions = dict(zip(names, choice.numbers, strict=True))
    listed = ", ".join(f"{name} {number}" for name, number in awarded.regions.items())
    awarded.record("regions", rules.cite(CHOICE), regions=len(need.regions), numbers=listed)
    if choice.complete:
        awarded.region_names = dict(zip(names, choice.names, strict=True))
        return
    awarded.undecided = tuple(
        name
        for name, number, chosen in zip(names, choice.numbers, choice.names, strict=True)
        if len(chosen) < number
    )


def _by_rank(awarded: Awarded, winners: Sequence[Contender], need: Need, rules: RoundRules) -> None:
    if not need.total:
        return
    awarded.order_matters = OrderMatters.FOR_ALL
    awarded.share = rules.decimal(OF_REPORTED) or Decimal(1)
    awarded.allocations = split_by_rank(need, awarded.share, winners, rules)
    _sum_volumes(awarded, winners)
    awarded.agreed_volume = sum(awarded.volumes.values())
    awarded.record(
        "rank-split",
        rules.cite("split.of_remainder"),
        winners=len(winners),
        share=awarded.share,
        base=need.total,
        agreed=awarded.agreed_volume,
    )


def _by_own_brand(
    awarded: Awarded, winners: Sequence[Contender], need: Need, rules: RoundRules
) -> None:
    if not need.total:
        return
    if rules.mentions(OWN_BY_RANK):
        awarded.order_matters = OrderMatters.FOR_ALL
    elif any(winner.grade == "A1" for winner in winners):
        awarded.order_matters = OrderMatters.FOR_CHEAPEST
    kept = [own_share(winner, rank, rules) for rank, winner in enumerate(winners, start=1)]
    awarded.allocations = keep_own(need, winners, [share for _, share in kept])
    _sum_volumes(awarded, winners)
    awarded.agreed_volume = sum(awarded.volumes.values())
    for winner, (key, share) in zip(winners, kept, strict=True):
        volume = awarded.volumes[winner.name]
        awarded.steps.append(
            Step("own-volume", rules.cite(key), winner.name, {"share": share, "volume": volume})
        )
    left = need.total - awarded.agreed_volume
    awarded.record("left-to-hospitals", rules.cite(kept[0][0]), left=left, base=need.total)


def _check_capacities(
    awarded: Awarded, lot: Lot, winners: Sequence[Contender], rules: RoundRules
) -> None:
    """Record whose agreed volume exceeds the capacity it declared: a prompt, not a decision."""
    for winner in winners:
        capacity = winner.bid.capacity
        if capacity is None or winner.name not in awarded.volumes:
            continue
        agreed = sum(
            (
                allocation.agreed_volume * lot.strengths[allocation.strength].ratio
                for allocation in awarded.allocations
                if allocation.bid == winner.name and allocation.strength in lot.strengths
            ),
            Decimal(0),
        )
        if agreed > capacity:
            numbers: dict[str, Number] = {"agreed": agreed, "capacity": capacity}
            clause = rules.cite(REQUIREMENTS)
            awarded.steps.append(Step("capacity-short", clause, winner.name, numbers))


def _sum_volumes(awarded: Awarded, winners: Sequence[Contender]) -> None:
    awarded.volumes = dict.fromkeys((winner.name for winner in winners), 0)
    for allocation in awarded.allocations:
        if allocation.bid is not None:
            awarded.volumes[allocation.bid] += allocation.agreed_volume


def _wishes(choices: Sequence[Choice], *, spare: bool) -> dict[str, list[str]]:
    wishes: dict[str, list[str]] = {}
    for choice in sorted(choices, key=lambda choice: (choice.bid, choice.order)):
        if choice.spare == spare:
            wishes.setdefault(choice.bid, []).append(choice.region)
    return wishes
