"""What a price must satisfy; each constraint gives one ceiling."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

Over = Literal["cumulative", "every-year", "outcome"]
PriceBasis = Literal["list", "net"]


@dataclass(frozen=True, slots=True)
class AtProbability:
    """A constraint that may fail in some draws.

    Attributes:
        overrun_probability: Part of the draws in which it may fail, 0 to 1 (not 1).
        draws: Number of draws; the run's own unless given.
        seed: Of those draws; the run's own unless given.
    """

    overrun_probability: float
    draws: int | None = None
    seed: int | None = None

    def failures_max(self, draws: int) -> int:
        """How many of so many draws may fail, counted exactly.

        Examples:
            >>> AtProbability(0.29).failures_max(100)
            29
        """
        return int(Fraction(repr(self.overrun_probability)) * draws)


@dataclass(frozen=True, slots=True)
class BudgetEveryYear:
    """The impact of every year is not above that year's cap.

    Attributes:
        cap: Yuan by year.
        name: Shown in place of the kind.
    """

    cap: tuple[float, ...]
    name: str = ""
    kind: Literal["budget-every-year"] = "budget-every-year"


@dataclass(frozen=True, slots=True)
class BudgetCumulative:
    """The impact of all years together is not above the cap.

    Attributes:
        cap: Yuan.
        name: Shown in place of the kind.
    """

    cap: float
    name: str = ""
    kind: Literal["budget-cumulative"] = "budget-cumulative"


@dataclass(frozen=True, slots=True)
class BudgetQuantile:
    """The impact is above the cap with at most a given probability.

    Attributes:
        cap: Yuan by year.
        at: The probability, and the draws that measure it.
        year: The year that counts, from 1; without one, an overrun of any year counts.
        name: Shown in place of the kind.
    """

    cap: tuple[float, ...]
    at: AtProbability
    year: int | None = None
    name: str = ""
    kind: Literal["budget-quantile"] = "budget-quantile"


@dataclass(frozen=True, slots=True)
class CostNeutral:
    """The drug costs nothing more than it saves.

    Attributes:
        over: ``cumulative``: the fund's impact of all years together is not above 0;
            ``every-year``: that of each year; ``outcome``: the strategy with the drug costs no more
            than the reference strategy of the cost-effectiveness model.
        name: Shown in place of the kind.
    """

    over: Over = "cumulative"
    name: str = ""
    kind: Literal["cost-neutral"] = "cost-neutral"


@dataclass(frozen=True, slots=True)
class Icer:
    """The drug is worth its cost: no other strategy has a higher net benefit at the threshold.

    Attributes:
        threshold: Yuan per unit of effect.
        at: Without it, the expected outcomes count; with it, the part of draws in which the drug
            may not be worth its cost.
        indications: ``each``: in every indication; ``blend``: against the mean of the indications'
            own ceilings, weighted by the units that the fund pays.
        source: Where the threshold comes from, in Chinese and English, where it is a preset.
        name: Shown in place of the kind.
    """

    threshold: float
    at: AtProbability | None = None
    indications: Literal["each", "blend"] = "each"
    source: tuple[str, str] | None = None
    name: str = ""
    kind: Literal["icer"] = "icer"


@dataclass(frozen=True, slots=True)
class ReferencePrice:
    """The price is not above that of the reference drug with a premium.

    Attributes:
        price: Yuan per unit of the negotiated drug.
        premium: Part of that price that is added.
        basis: Whether it limits the list price or the net price of an agreement.
        name: Shown in place of the kind.
    """

    price: Fraction
    premium: float = 0.0
    basis: PriceBasis = "list"
    name: str = ""
    kind: Literal["reference-price"] = "reference-price"


@dataclass(frozen=True, slots=True)
class InternationalPrice:
    """The price is not above a figure of the prices in other countries.

    Attributes:
        prices: Yuan per unit, by country.
        rule: ``min``, ``mean``, ``rank-K`` (the K-th lowest) or ``gdp-adjusted-mean`` (the mean of
            the prices, each multiplied by own GDP per head and divided by that country's).
        gdp_per_head: By country, in one currency; for ``gdp-adjusted-mean`` only.
        own_gdp_per_head: In the same currency.
        basis: Whether it limits the list price or the net price of an agreement.
        name: Shown in place of the kind.
    """

    prices: tuple[tuple[str, float], ...]
    rule: str
    gdp_per_head: tuple[tuple[str, float], ...] = ()
    own_gdp_per_head: float | None = None
    basis: PriceBasis = "list"
    name: str = ""
    kind: Literal["international-price"] = "international-price"


BudgetConstraint = BudgetEveryYear | BudgetCumulative | BudgetQuantile
GivenPrice = ReferencePrice | InternationalPrice
Constraint = BudgetConstraint | CostNeutral | Icer | GivenPrice

FUND_KINDS = ("budget-every-year", "budget-cumulative", "budget-quantile", "cost-neutral")
"""Kinds that say what the fund can bear."""

ECONOMICS_KINDS = ("icer",)
"""Kinds that say what the drug is worth."""


def label(constraint: Constraint) -> str:
    """The name of a constraint, its kind where it has none.

    Examples:
        >>> label(CostNeutral())
        'cost-neutral'
    """
    return constraint.name or constraint.kind


def labels(constraints: Sequence[Constraint]) -> list[str]:
    """The names of constraints, each once: those that come again are numbered.

    Examples:
        >>> labels([CostNeutral(), CostNeutral(), BudgetCumulative(1.0, "five years")])
        ['cost-neutral', 'cost-neutral 2', 'five years']
    """
    seen: dict[str, int] = {}
    found = []
    for one in constraints:
        name = label(one)
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return found


def probability_of(constraint: Constraint) -> AtProbability | None:
    """The draws and the probability of a constraint that is measured on draws."""
    if isinstance(constraint, BudgetQuantile | Icer):
        return constraint.at
    return None


def without_probability(constraint: Constraint) -> Constraint:
    """A constraint as it is in a single draw."""
    if isinstance(constraint, BudgetQuantile):
        return replace(constraint, at=AtProbability(0.0))
    return replace(constraint, at=None) if isinstance(constraint, Icer) else constraint


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A constraint that asks a little less.

    Attributes:
        constraint: The relaxed one.
        of: What was raised: ``cap`` or ``threshold``.
        by: By how many units.
    """

    constraint: "Constraint"
    of: str
    by: float


def relaxed(constraint: Constraint, part: float) -> Relaxed | None:
    """Raise a cap or a threshold by a part of itself; nothing for other constraints.

    Examples:
        >>> relaxed(Icer(20_000), 0.01).constraint.threshold
        20200.0
    """
    if isinstance(constraint, Icer):
        by = max(constraint.threshold, 1.0) * part
        return Relaxed(replace(constraint, threshold=constraint.threshold + by), "threshold", by)
    if isinstance(constraint, BudgetCumulative):
        by = max(abs(constraint.cap), 1.0) * part
        return Relaxed(replace(constraint, cap=constraint.cap + by), "cap", by)
    if isinstance(constraint, BudgetEveryYear | BudgetQuantile):
        by = max(*map(abs, constraint.cap), 1.0) * part
        caps = tuple(cap + by for cap in constraint.cap)
        return Relaxed(replace(constraint, cap=caps), "cap", by)
    return None
