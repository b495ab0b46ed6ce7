"""From several ceilings to one price, by a policy that is named.

The rule that the real experts use is secret. These are policies to choose from; none of them claims
to be that rule.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Literal, cast, get_args

from pricing.ceilings.ceiling import Ceiling
from pricing.ceilings.constraints import ECONOMICS_KINDS, FUND_KINDS
from pricing.ceilings.search import floor_cents, in_yuan
from pricing.plain_table import PlainTable, Table

Policy = Literal[
    "strict-min", "fund-binding-economics-cap", "weighted-geometric-mean", "expert-corridor"
]
POLICIES: tuple[str, ...] = get_args(Policy)


@dataclass(frozen=True, slots=True)
class Combination:
    """How several ceilings become one price.

    Attributes:
        policy: ``strict-min``: the lowest; ``fund-binding-economics-cap``: the lowest that the fund
            can bear, capped by what the drug is worth, while prices elsewhere only inform;
            ``weighted-geometric-mean``; ``expert-corridor``: a point between the lowest and the
            median.
        weights: By name or kind of the constraint; for the mean only.
        position: From 0, the lowest, to 1, the median; for the corridor only.
    """

    policy: Policy = "strict-min"
    weights: tuple[tuple[str, float], ...] = ()
    position: float = 0.0

    def weight(self, ceiling: Ceiling) -> float:
        """The weight of a ceiling: that of its name, else that of its kind, else 0."""
        weights = dict(self.weights)
        return weights.get(ceiling.name, weights.get(ceiling.kind, 0.0))


def read_combination(table: Table) -> Combination:
    """Read the table ``[combination]`` from plain values.

    Raises:
        ModelFaultsError: With every fault; the paths start inside the table.

    Examples:
        >>> read_combination({"policy": "expert-corridor", "position": 0.5}).position
        0.5
    """
    reader = PlainTable(table)
    policy = reader.word("policy", POLICIES)
    weights: dict[str, float] = {}
    if policy == "weighted-geometric-mean":
        weights = reader.named_numbers("weights", above=0)
    position = 0.0
    if policy == "expert-corridor":
        position = reader.number("position", at_least=0, at_most=1)
    reader.finish()
    return Combination(cast("Policy", policy), tuple(weights.items()), position)


@dataclass(frozen=True, slots=True)
class CombinedCeiling:
    """The one price, and how each ceiling moves it.

    Attributes:
        policy: By which it was combined.
        price: Yuan per unit, rounded down to the cent.
        exact: Not rounded.
        pulls: By ceiling: yuan of the combined price for a yuan of that ceiling.
        binding: By ceiling: whether it is the lowest of those that take part.
        corridor: Lowest and highest price of the corridor, for that policy.
        why: Why there is no price, in Chinese and English.
    """

    policy: Policy
    price: Decimal | None
    exact: float | None
    pulls: tuple[float, ...]
    binding: tuple[bool, ...]
    corridor: tuple[float, float] | None = None
    why: tuple[str, str] | None = None

    def shadow(self, ceilings: Sequence[Ceiling], index: int) -> float | None:
        """Yuan of the combined price for relaxing one ceiling's constraint by one unit."""
        own = ceilings[index].shadow
        return None if own is None or self.price is None else own.value * self.pulls[index]


@dataclass(frozen=True, slots=True)
class _Part:
    """A ceiling that takes part: its index, its exact price and its weight."""

    index: int
    exact: float
    weight: float


@dataclass(frozen=True, slots=True)
class _Mixed:
    exact: float
    pulls: dict[int, float]
    corridor: tuple[float, float] | None = None


def combine(ceilings: Sequence[Ceiling], combination: Combination) -> CombinedCeiling:
    """Combine ceilings by a policy.

    A ceiling that limits nothing is left out. One that no price satisfies leaves no price at all,
    if it takes part in the policy.

    Examples:
        >>> low = Ceiling("icer", "icer", price=Decimal("10.00"), exact=10.0)
        >>> high = Ceiling("budget-cumulative", "b", price=Decimal("40.00"), exact=40.0)
        >>> combine([high, low], Combination()).binding
        (False, True)
        >>> weights = (("icer", 1.0), ("b", 1.0))
        >>> combine([high, low], Combination("weighted-geometric-mean", weights)).price
        Decimal('20.00')
    """
    taking_part = [index for index, one in enumerate(ceilings) if _takes_part(one, combination)]
    for index in taking_part:
        why = ceilings[index].why
        if why is not None and not why.cause.limits_nothing:
            return _without_price(combination, len(ceilings), (why.zh, why.en))
    parts = [
        _Part(index, exact, combination.weight(ceilings[index]))
        for index in taking_part
        if (exact := ceilings[index].exact) is not None
    ]
    if not parts:
        why_none = ("没有任何约束限制价格", "no constraint limits the price")
        return _without_price(combination, len(ceilings), why_none)
    mixed = _POLICIES[combination.policy](parts, combination)
    lowest = min(part.exact for part in parts)
    bound = {part.index for part in parts if part.exact == lowest}
    return CombinedCeiling(
        policy=combination.policy,
        price=_price(mixed, ceilings),
        exact=mixed.exact,
        pulls=tuple(mixed.pulls.get(index, 0.0) for index in range(len(ceilings))),
        binding=tuple(index in bound for index in range(len(ceilings))),
        corridor=mixed.corridor,
    )


def _takes_part(ceiling: Ceiling, combination: Combination) -> bool:
    if combination.policy == "fund-binding-economics-cap":
        return ceiling.kind in FUND_KINDS + ECONOMICS_KINDS
    if combination.policy == "weighted-geometric-mean":
        return combination.weight(ceiling) > 0
    return True


def _without_price(combination: Combination, count: int, why: tuple[str, str]) -> CombinedCeiling:
    nothing = (0.0,) * count
    return CombinedCeiling(combination.policy, None, None, nothing, (False,) * count, why=why)


def _price(mixed: _Mixed, ceilings: Sequence[Ceiling]) -> Decimal:
    """The combined price; where it is one of the ceilings, that ceiling's own rounding."""
    for index, pull in mixed.pulls.items():
        own = ceilings[index].price
        if pull == 1 and own is not None:
            return own
    return in_yuan(floor_cents(Fraction(repr(mixed.exact))))


def _lowest(parts: Sequence[_Part], combination: Combination) -> _Mixed:
    lowest = min(parts, key=lambda part: part.exact)
    return _Mixed(lowest.exact, {lowest.index: 1.0})


def _geometric_mean(parts: Sequence[_Part], combination: Combination) -> _Mixed:
    if any(part.exact <= 0 for part in parts):
        return _Mixed(0.0, {})
    total = sum(part.weight for part in parts)
    mean = math.exp(sum(part.weight * math.log(part.exact) for part in parts) / total)
    return _Mixed(mean, {part.index: part.weight / total * mean / part.exact for part in parts})


def _corridor(parts: Sequence[_Part], combination: Combination) -> _Mixed:
    ordered = sorted(parts, key=lambda part: part.exact)
    middles = (ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2])
    low, high = ordered[0].exact, sum(part.exact for part in middles) / 2
    position = combination.position
    pulls = {ordered[0].index: 1 - position}
    for part in middles:
        pulls[part.index] = pulls.get(part.index, 0.0) + position / 2
    return _Mixed(low + position * (high - low), pulls, (low, high))


_POLICIES: Mapping[str, Callable[[Sequence[_Part], Combination], _Mixed]] = MappingProxyType(
    {
        "strict-min": _lowest,
        "fund-binding-economics-cap": _lowest,
        "weighted-geometric-mean": _geometric_mean,
        "expert-corridor": _corridor,
    }
)
