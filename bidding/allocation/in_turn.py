"""Whose turn it is to choose a region, while winners choose one after the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bidding.allocation.regions import RegionChoice, choose_regions, turns

Picked = tuple[str, str | None]
"""A winner and the region that it chose; None where it passed."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn that is to be played.

    Attributes:
        number: From 1, in the choice of main or of spare regions.
        winner: Whose turn it is.
        free: Regions that it may choose.
    """

    number: int
    winner: str
    free: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MainChoice:
    """How far the choice of main regions is.

    Attributes:
        choice: Numbers and names of regions, by winner.
        turn: The turn to be played; None where every region has its supplier.
        coming: Winners of the turns that follow it, in order; what is left to one winner alone
            is his without a turn.
    """

    choice: RegionChoice
    turn: Turn | None
    coming: tuple[str, ...]


def main_choice(
    regions: Sequence[str], winners: Sequence[str], picked: Sequence[tuple[str, str]]
) -> MainChoice:
    """Tell how far winners are with their regions, and whose turn it is.

    Args:
        regions: All regions of the lot.
        winners: Winners who choose, in the order of choice; one or more.
        picked: Winner and region of each turn that was played, in order.

    Examples:
        >>> regions, winners = ["京", "沪", "津", "冀"], ["A", "B"]
        >>> main_choice(regions, winners, []).turn
        Turn(number=1, winner='A', free=('京', '沪', '津', '冀'))
        >>> played = main_choice(regions, winners, [("A", "沪"), ("A", "京"), ("B", "冀")])
        >>> played.turn, played.choice.names
        (None, (('沪', '京', '津'), ('冀',)))
    """
    choice = choose_regions(regions, winners, _wishes(picked))
    if choice.complete:
        return MainChoice(choice, None, ())
    order = [winners[position] for position in turns(len(regions), len(winners))]
    taken = {region for names in choice.names for region in names}
    number = len(taken)
    free = tuple(region for region in regions if region not in taken)
    last = max(place for place, winner in enumerate(order) if winner != order[-1])
    coming = tuple(order[number + 1 : last + 1])
    return MainChoice(choice, Turn(number + 1, order[number], free), coming)


def spare_turn(
    regions: Sequence[str],
    winners: Sequence[str],
    chosen: Mapping[str, Sequence[str]],
    played: Sequence[Picked],
) -> Turn | None:
    """Tell whose turn it is to choose a spare region (备供), different from its own.

    Turns go round and round in the order of choice. Who passes, and for whom nothing suitable is
    free, is not asked again; a region that nobody takes stays without a spare supplier.

    Args:
        regions: All regions of the lot.
        winners: In the order of choice.
        chosen: Main regions of each winner.
        played: The turns so far, in order.

    Examples:
        >>> chosen = {"A": ["京"], "B": ["沪"]}
        >>> spare_turn(["京", "沪"], ["A", "B"], chosen, [])
        Turn(number=1, winner='A', free=('沪',))
        >>> spare_turn(["京", "沪"], ["A", "B"], chosen, [("A", None)]).winner
        'B'
        >>> spare_turn(["京", "沪"], ["A", "B"], chosen, [("A", None), ("B", "京")]) is None
        True
    """
    taken = {region for _, region in played if region is not None}
    passed = {winner for winner, region in played if region is None}
    free = [region for region in regions if region not in taken]
    last = winners.index(played[-1][0]) if played else -1
    for step in range(1, len(winners) + 1):
        winner = winners[(last + step) % len(winners)]
        suitable = tuple(region for region in free if region not in chosen.get(winner, ()))
        if winner not in passed and suitable:
            return Turn(len(played) + 1, winner, suitable)
    return None


def _wishes(picked: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    wishes: dict[str, list[str]] = {}
    for winner, region in picked:
        wishes.setdefault(winner, []).append(region)
    return wishes
