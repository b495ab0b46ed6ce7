"""Choice of regions (选区): the cheapest winner first, then all in turns, round and round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RegionChoice:
    """Who supplies which regions.

    Attributes:
        numbers: Number of regions of each winner, in the order of the winners.
        names: Regions of each winner, in the order chosen; fewer than ``numbers`` where the
            choice stopped because a preference is not known.
    """

    numbers: tuple[int, ...]
    names: tuple[tuple[str, ...], ...]

    @property
    def complete(self) -> bool:
        """Whether every region is named."""
        return all(
            len(names) == number for names, number in zip(self.names, self.numbers, strict=True)
        )


def turns(regions: int, winners: int) -> list[int]:
    """Whose turn it is, by position among the winners: one first pick, then turn by turn.

    Examples:
        >>> turns(6, 3)
        [0, 0, 1, 2, 0, 1]
    """
    if regions == 0:
        return []
    return [0, *(position % winners for position in range(regions - 1))]


def choose_regions(
    regions: Sequence[str], winners: Sequence[str], wishes: Mapping[str, Sequence[str]]
) -> RegionChoice:
    """Let winners choose their regions.

    At its turn a winner takes the region it prefers most among those still free. The choice stops
    at the first turn whose preference is not known, since it might take what a later winner
    wants; where all turns that are left are one winner's, the rest is his.

    Args:
        regions: All regions of the lot.
        winners: Winners in the order of choice, one or more.
        wishes: Preferred regions by winner, most preferred first; may be incomplete.

    Examples:
        >>> regions, wishes = ["北京", "上海", "天津"], {"A": ["上海", "北京"], "B": ["天津"]}
        >>> choose_regions(regions, ["A", "B"], wishes)
        RegionChoice(numbers=(2, 1), names=(('上海', '北京'), ('天津',)))
        >>> choose_regions(regions, ["A", "B"], {}).names
        ((), ())
    """
    order = turns(len(regions), len(winners))
    numbers = tuple(order.count(position) for position in range(len(winners)))
    free = dict.fromkeys(regions)
    chosen: list[list[str]] = [[] for _ in winners]
    for turn, position in enumerate(order):
        if set(order[turn:]) == {position}:
            chosen[position].extend(_by_wish(free, wishes.get(winners[position], ())))
            break
        wished = wishes.get(winners[position], ())
        region = next((name for name in wished if name in free), None)
        if region is None:
            break
        del free[region]
        chosen[position].append(region)
    return RegionChoice(numbers, tuple(tuple(names) for names in chosen))


def _by_wish(free: Mapping[str, None], wished: Sequence[str]) -> list[str]:
    """The free regions, those wished for first."""
    first = [region for region in wished if region in free]
    return [*first, *(region for region in free if region not in first)]


def choose_spare_regions(
    regions: Sequence[str],
    winners: Sequence[str],
    chosen: Sequence[Sequence[str]],
    wishes: Mapping[str, Sequence[str]],
) -> tuple[tuple[str, ...], ...]:
    """Let winners choose spare regions (备供), turn by turn, each different from its own.

    Returns:
        Spare regions of each winner; a region that nobody wishes for stays without a spare.

    Examples:
        >>> wishes = {"A": ["上海", "北京"], "B": ["北京"]}
        >>> choose_spare_regions(["北京", "上海"], ["A", "B"], [["北京"], ["上海"]], wishes)
        (('上海',), ('北京',))
    """
    free = dict.fromkeys(regions)
    spare: list[list[str]] = [[] for _ in winners]
    # As many rounds as there are regions: enough for one winner to take them all.
    for turn in range(len(regions) * len(winners)):
        position = turn % len(winners)
        wished = wishes.get(winners[position], ())
        own = chosen[position]
        region = next((name for name in wished if name in free and name not in own), None)
        if region is not None:
            del free[region]
            spare[position].append(region)
    return tuple(tuple(names) for names in spare)
