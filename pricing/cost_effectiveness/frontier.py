"""The efficiency frontier: strong dominance, extended dominance, ratios between neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass

FRONTIER = "frontier"
DOMINATED = "dominated"
EXTENDED_DOMINATED = "extended-dominated"


@dataclass(frozen=True, slots=True)
class FrontierRow:
    """One strategy in the incremental analysis.

    Attributes:
        strategy: Its name.
        cost: Yuan.
        effect: Mostly life years or QALYs.
        status: ``frontier``; ``dominated``: another costs no more and brings no less;
            ``extended-dominated``: a mix of two others does.
        icer: Yuan per unit of effect over the strategy before it on the frontier; None for its
            first one and for those that are not on it.
    """

    strategy: str
    cost: float
    effect: float
    status: str
    icer: float | None


def frontier(
    costs: Sequence[float], effects: Sequence[float], names: Sequence[str]
) -> list[FrontierRow]:
    """Compare strategies with each other, from the cheapest to the dearest.

    Of strategies that are equal in both respects the first one named stands.

    Args:
        costs: Expected cost of each strategy.
        effects: Expected effect of each.
        names: Its name.

    Returns:
        All strategies, by rising cost.

    Examples:
        C is dominated by a mix of B and D, A by B alone:

        >>> rows = frontier(
        ...     [55000, 35000, 25000, 10000, 12000, 5000], [5, 4, 3, 2, 1.5, 1],
        ...     ["E", "D", "C", "B", "A", "usual care"],
        ... )
        >>> for row in rows:
        ...     print(row.strategy, row.status, row.icer)
        usual care frontier None
        B frontier 5000.0
        A dominated None
        C extended-dominated None
        D frontier 12500.0
        E frontier 20000.0
    """
    order = sorted(range(len(names)), key=lambda one: (costs[one], -effects[one], one))
    efficient = _undominated(order, effects)
    hull = _hull(efficient, costs, effects)
    before = dict(zip(hull[1:], hull, strict=False))
    rows = []
    for one in order:
        ratio = None if one not in before else _ratio(before[one], one, costs, effects)
        status = _status(one, efficient, hull)
        rows.append(FrontierRow(names[one], float(costs[one]), float(effects[one]), status, ratio))
    return rows


def _undominated(order: Sequence[int], effects: Sequence[float]) -> list[int]:
    """Those that bring more than every cheaper one."""
    kept: list[int] = []
    for one in order:
        if not kept or effects[one] > effects[kept[-1]]:
            kept.append(one)
    return kept


def _hull(efficient: Sequence[int], costs: Sequence[float], effects: Sequence[float]) -> list[int]:
    """Those whose ratio is not above that of the next one."""
    hull: list[int] = []
    for one in efficient:
        while len(hull) > 1 and _ratio(hull[-2], hull[-1], costs, effects) > _ratio(
            hull[-1], one, costs, effects
        ):
            hull.pop()
        hull.append(one)
    return hull


def _ratio(old: int, new: int, costs: Sequence[float], effects: Sequence[float]) -> float:
    return float((costs[new] - costs[old]) / (effects[new] - effects[old]))


def _status(one: int, efficient: Sequence[int], hull: Sequence[int]) -> str:
    if one in hull:
        return FRONTIER
    return EXTENDED_DOMINATED if one in efficient else DOMINATED
