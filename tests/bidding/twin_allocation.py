"""The slow twin of the allocation: picks of regions played one by one, volumes unit by unit."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from bidding.bid_sheet import Choice, Lot, Volume
from tests.bidding.twin import Terms, TwinBid, comparable_at, compare, half_up

Allocated = tuple[str, str, str | None, int]


@dataclass(slots=True)
class TwinAward:
    """What the winners of a lot get."""

    share: Decimal | None = None
    agreed_volume: int | None = None
    regions: dict[str, int] = field(default_factory=dict)
    region_names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    spare_regions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    volumes: dict[str, int] = field(default_factory=dict)
    allocations: list[Allocated] = field(default_factory=list)
    undecided: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Reported:
    """Need by region and strength, by brand, with the labels of the lot's strengths."""

    lot: Lot
    volumes: Sequence[Volume]

    def label(self, volume: Volume) -> str:
        strength = self.lot.strengths.get(volume.strength)
        if strength is not None and strength.ratio == volume.ratio:
            return volume.strength
        same = [one.label for one in self.lot.strengths.values() if one.ratio == volume.ratio]
        return same[0] if same else volume.strength

    @property
    def regions(self) -> list[str]:
        return sorted({volume.region for volume in self.volumes})

    @property
    def cells(self) -> list[tuple[str, str]]:
        return sorted({(volume.region, self.label(volume)) for volume in self.volumes})

    def base(self, cell: tuple[str, str], brand: str | None = None) -> int:
        """Base volume of a cell; with a brand only what was reported for it."""
        return sum(
            volume.base_volume
            for volume in self.volumes
            if (volume.region, self.label(volume)) == cell
            and (brand is None or volume.brand == brand)
        )

    @property
    def total(self) -> int:
        return sum(volume.base_volume for volume in self.volumes)

    @property
    def by_brand(self) -> dict[str, int]:
        brands = {volume.brand for volume in self.volumes if volume.brand is not None}
        return {brand: sum(self.base(cell, brand) for cell in self.cells) for brand in brands}


def supply_price(bid: TwinBid, terms: Terms) -> Fraction:
    """The comparable price of what a winner supplies at: its own, or the one it accepted."""
    if bid.offer is None:
        return bid.price
    return comparable_at(bid.offer, bid.divisor, terms)


def order_of_choice(
    winners: Iterable[TwinBid], terms: Terms, said: Callable[[TwinBid], bool | None]
) -> list[TwinBid]:
    """The cheapest at the price that it supplies for comes first, then the better bid.

    Between equals those preferred come first, then those of whom nothing was said.
    """

    def comes_before(one: TwinBid, other: TwinBid) -> bool:
        prices = supply_price(one, terms), supply_price(other, terms)
        if prices[0] != prices[1]:
            return prices[0] < prices[1]
        if compare(one, other) != 0:
            return compare(one, other) < 0
        wish = {True: 0, None: 1, False: 2}
        return (wish[said(one)], one.name) < (wish[said(other)], other.name)

    bids = list(winners)
    return sorted(bids, key=lambda one: sum(comes_before(other, one) for other in bids))


def order_questions(
    order: Sequence[TwinBid], terms: Terms, said: Callable[[TwinBid], bool | None]
) -> set[str]:
    """The winners that nothing separates, and of which nobody said who comes first.

    Where volumes go by class, only the place of the cheapest of class A is worth a question.
    """
    asked = set()
    for one in order:
        equals = [
            other
            for other in order
            if compare(one, other) == 0 and supply_price(one, terms) == supply_price(other, terms)
        ]
        is_worth_it = one.grade is None or any(other.grade == "A1" for other in equals)
        if len(equals) > 1 and is_worth_it and said(one) is None:
            asked.add(one.name)
    return asked


def by_order(given: "TwinAward", terms: Terms) -> bool:
    """Whether the order of the winners decides what they get."""
    if terms.get("volume.method") == "own-brand":
        ranked = terms.get("share.by_rank") or terms.get("share.by_class")
        return ranked is not None and given.agreed_volume is not None
    return bool(given.regions) or given.agreed_volume is not None


def picks(
    regions: Sequence[str],
    winners: Sequence[str],
    wishes: Mapping[str, Sequence[str]],
    is_own: Callable[[str, str], bool] = lambda winner, region: False,
) -> tuple[dict[str, int], dict[str, list[str]]]:
    """Play the choice: the first winner picks one, then all in turns until nothing is left.

    Returns the number of regions of each winner, and those that are named. A winner that names
    none at its turn stops the naming, unless all turns left are its own.
    """
    turns = [winners[0]] if regions else []
    while len(turns) < len(regions):
        for winner in winners:
            if len(turns) < len(regions):
                turns.append(winner)
    numbers = {winner: sum(turn == winner for turn in turns) for winner in winners}
    free, named = list(regions), {winner: list[str]() for winner in winners}
    for position, winner in enumerate(turns):
        wished = [
            region
            for region in wishes.get(winner, ())
            if region in free and not is_own(winner, region)
        ]
        if wished:
            free.remove(wished[0])
            named[winner].append(wished[0])
        elif set(turns[position:]) == {winner}:
            named[winner] += free
            break
        else:
            break
    return numbers, named


def wishes_of(choices: Iterable[Choice], *, spare: bool) -> dict[str, list[str]]:
    kept = [choice for choice in choices if choice.spare is spare]
    return {
        bid: [c.region for c in sorted(kept, key=lambda c: c.order) if c.bid == bid]
        for bid in {choice.bid for choice in kept}
    }


def spare_picks(
    regions: Sequence[str],
    winners: Sequence[str],
    own: Mapping[str, Sequence[str]],
    wishes: Mapping[str, Sequence[str]],
) -> dict[str, tuple[str, ...]]:
    """Spare regions in turns; who wishes none that is free and not its own passes."""
    free, taken = list(regions), {winner: list[str]() for winner in winners}
    for _ in regions:
        for winner in winners:
            wished = [r for r in wishes.get(winner, ()) if r in free and r not in own[winner]]
            if wished:
                free.remove(wished[0])
                taken[winner].append(wished[0])
    return {winner: tuple(regions) for winner, regions in taken.items()}


def deal(total: int, weights: Sequence[int | Fraction]) -> list[int]:
    """Divide in proportion: whole parts first, then one by one to whom most is missing."""
    if total == 0:
        return [0] * len(weights)
    exact = [Fraction(weight) * total / sum(map(Fraction, weights)) for weight in weights]
    parts = [int(part) for part in exact]
    given: set[int] = set()
    while sum(parts) < total:
        waiting = [index for index in range(len(parts)) if index not in given]
        neediest = max(waiting, key=lambda index: (exact[index] - parts[index], -index))
        parts[neediest] += 1
        given.add(neediest)
    return parts


def supplies(winner: TwinBid, strength: str) -> bool:
    return winner.bid.supplies is None or strength in winner.bid.supplies


def award(
    winners: Sequence[TwinBid], reported: Reported, choices: Sequence[Choice], terms: Terms
) -> TwinAward:
    """The award of one lot; winners in the order of choice."""
    method = terms.get("volume.method")
    if not winners:
        return TwinAward()
    if method == "regions":
        return by_regions(winners, reported, choices, terms)
    if reported.total == 0:
        return TwinAward()
    if method == "rank-split":
        return by_rank(winners, reported, terms)
    return own_brand(winners, reported, terms)


def by_regions(
    winners: Sequence[TwinBid], reported: Reported, choices: Sequence[Choice], terms: Terms
) -> TwinAward:
    result = TwinAward()
    choosing = [bid.name for bid in winners if bid.chooses]
    complete = not choosing or not reported.regions
    if choosing and reported.regions:
        numbers, named = picks(reported.regions, choosing, wishes_of(choices, spare=False))
        result.regions = numbers
        complete = all(len(named[name]) == numbers[name] for name in choosing)
        if complete:
            result.region_names = {name: tuple(regions) for name, regions in named.items()}
        else:
            result.undecided = {n for n in choosing if len(named[n]) < numbers[n]}
        if complete and terms.get("regions.spare"):
            result.spare_regions = spare_picks(
                reported.regions, choosing, named, wishes_of(choices, spare=True)
            )
    if reported.total == 0:
        return result
    by_category = terms.get("share.by_winners")
    result.share = terms.at(by_category[reported.lot.category.value], len(winners))
    for cell in reported.cells:
        result.allocations += cell_parts(cell, winners, reported, result, terms)
    result.agreed_volume = sum(volume for *_, volume in result.allocations)
    if complete:
        sum_up(result, winners)
    return result


def cell_parts(
    cell: tuple[str, str],
    winners: Sequence[TwinBid],
    reported: Reported,
    result: TwinAward,
    terms: Terms,
) -> list[Allocated]:
    """Who supplies how much of one region and strength."""
    region, strength = cell
    agreed = int(half_up(Fraction(result.share or 0) * reported.base(cell), 0))
    main = main_supplier(cell, winners, result, terms)
    brands = {
        volume.brand
        for volume in reported.volumes
        if volume.brand is not None and (volume.region, reported.label(volume)) == cell
    }
    able = [bid for bid in winners if supplies(bid, strength)]
    holders = {brand: holder_of(brand, able) for brand in sorted(brands)}
    keeping = [bid for bid in holders.values() if bid is not None]
    own = [reported.base(cell, brand) for brand, bid in holders.items() if bid is not None]
    rest, *parts = deal(agreed, [reported.base(cell) - sum(own), *own])
    shares: dict[str | None, int] = {}
    for bid, part in zip(keeping, parts, strict=True):
        if part:
            shares[bid.name] = shares.get(bid.name, 0) + part
    if rest or not shares:
        shares[main] = shares.get(main, 0) + rest
    return [(region, strength, name, volume) for name, volume in shares.items()]


def main_supplier(
    cell: tuple[str, str], winners: Sequence[TwinBid], result: TwinAward, terms: Terms
) -> str | None:
    """The winner that chose the region, or who stands in for a strength that it does not make."""
    region, strength = cell
    chose = [bid for bid in winners if region in result.region_names.get(bid.name, ())]
    if not chose or supplies(chose[0], strength):
        return chose[0].name if chose else None
    able = [bid for bid in winners if supplies(bid, strength)]
    if terms.get("regions.unsupplied_strength") == "spare-then-rank":
        spare = [bid for bid in able if region in result.spare_regions.get(bid.name, ())]
        able = spare + able
    return able[0].name if able else None


def by_rank(winners: Sequence[TwinBid], reported: Reported, terms: Terms) -> TwinAward:
    """The steep split: each takes a part of what is left, the last takes the rest."""
    result = TwinAward(share=terms.get("share.of_reported"))
    part = Fraction(terms.at(terms.get("split.of_remainder"), len(winners)))
    left, shares = Fraction(1), []
    for winner in winners:
        shares.append(left if winner is winners[-1] else part * left)
        left -= shares[-1]
    for cell in reported.cells:
        agreed = int(half_up(Fraction(result.share or 1) * reported.base(cell), 0))
        for winner, volume in zip(winners, deal(agreed, shares), strict=True):
            result.allocations.append((*cell, winner.name, volume))
    return sum_up(result, winners)


def holder_of(brand: str, winners: Sequence[TwinBid]) -> TwinBid | None:
    """Who has what was reported for a brand: the bid of that name, else its maker's best."""
    named = [bid for bid in winners if bid.name == brand]
    made = [bid for bid in winners if bid.bid.manufacturer == brand]
    return next(iter([*named, *made]), None)


def own_brand(winners: Sequence[TwinBid], reported: Reported, terms: Terms) -> TwinAward:
    """Each winner keeps a share of what was reported for it."""
    result = TwinAward()
    for cell in reported.cells:
        for rank, winner in enumerate(winners, start=1):
            if terms.get("share.by_class") is not None:
                share = terms.get("share.by_class")[winner.grade]
            elif terms.get("share.by_rank") is not None:
                share = terms.at(terms.get("share.by_rank"), rank)
            else:
                share = terms.get("share.own_brand")
            brands = [b for b in reported.by_brand if holder_of(b, winners) is winner]
            own = sum(reported.base(cell, brand) for brand in brands)
            if own:
                volume = int(half_up(Fraction(share) * own, 0))
                result.allocations.append((*cell, winner.name, volume))
    return sum_up(result, winners)


def sum_up(result: TwinAward, winners: Sequence[TwinBid]) -> TwinAward:
    for winner in winners:
        result.volumes[winner.name] = sum(
            volume for *_, name, volume in result.allocations if name == winner.name
        )
    result.agreed_volume = sum(volume for *_, volume in result.allocations)
    return result
