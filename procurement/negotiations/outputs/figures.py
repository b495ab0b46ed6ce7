"""Figures of a negotiation model as its outputs show them, whatever the model is made of.

Money is in yuan, or in the one currency that the model states. Prices are those of one unit of the
negotiated drug. What a model does not have is empty or none: it may be a budget impact only, or
outcomes only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from procurement.negotiations.outputs.said import Said


@dataclass(frozen=True, slots=True)
class PriceLine:
    """An amount that is affine in the price: at_zero + price x slope.

    Attributes:
        name: What it is: a year, all years together, a comparator.
        at_zero: Yuan if the drug cost nothing.
        slope: Yuan for each yuan of the price.
        cap: What it must not exceed; none where nothing limits it.
        binds: It is what decides the ceiling.
        is_total: It is all years together.
        points: Prices and amounts of a curve, where it is no straight line; empty otherwise.
    """

    name: Said
    at_zero: float
    slope: float
    cap: float | None = None
    binds: bool = False
    is_total: bool = False
    points: Sequence[tuple[float, float]] = ()

    @property
    def is_affine(self) -> bool:
        """Whether it is a straight line."""
        return not self.points

    def at(self, price: float) -> float:
        """The amount at a price.

        Examples:
            >>> PriceLine(Said("第1年", "Year 1"), -50.0, 2.0).at(100)
            150.0
        """
        if not self.points:
            return self.at_zero + price * self.slope
        for (low, before), (high, after) in pairwise(self.points):
            if price <= high:
                return before + (after - before) * (price - low) / (high - low)
        return self.points[-1][1]


@dataclass(frozen=True, slots=True)
class CeilingRow:
    """One ceiling, as the report has it.

    Attributes:
        kind: Of the constraint.
        name: Of the constraint, in words.
        price: Rounded down to the cent; none where there is none.
        exact: Not rounded.
        binds: The lowest one that counts.
        why: Why there is none.
        shadow: By how much the ceiling of the drug moves for one unit more of what limits it.
        limit: What the constraint demands, in words.
        net_price: What the fund pays at that price after an agreement.
        is_given: It is a price that the model states, not one that it computes.
    """

    kind: str
    name: Said
    price: Decimal | None
    exact: float | None
    binds: bool
    why: Said | None = None
    shadow: Said | None = None
    limit: Said | None = None
    net_price: float | None = None
    is_given: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """What all constraints together allow.

    Attributes:
        ceiling: The highest price; none where there is none.
        binding: The constraint that decides.
        why: Why there is no ceiling.
        is_unlimited: There is none because nothing limits the price.
    """

    ceiling: float | None
    binding: CeilingRow | None = None
    why: Said | None = None
    is_unlimited: bool = False


@dataclass(frozen=True, slots=True)
class BudgetTable:
    """The budget impact of one scenario, by year.

    Attributes:
        name: Of the scenario.
        eligible: Patients.
        patients: By treatment: name, without and with the drug.
        without: Yuan.
        with_: Yuan.
        impact: Yuan.
        offsets: The part of the impact that is saved elsewhere.
        patient_view: What the patients pay more.
        members: Insured people, for the impact a member and month; empty where not known.
        agreed: Its impact after an agreement and with uptake by price; empty where neither.
        refund: What the maker pays back because of a cap.
    """

    name: Said
    eligible: Sequence[float]
    patients: Sequence[tuple[str, Sequence[float], Sequence[float]]]
    without: Sequence[float]
    with_: Sequence[float]
    impact: Sequence[float]
    offsets: Sequence[float]
    patient_view: Sequence[float]
    members: Sequence[float] = ()
    agreed: Sequence[float] = ()
    refund: Sequence[float] = ()

    @property
    def years(self) -> int:
        """Number of years."""
        return len(self.impact)

    @property
    def per_member(self) -> Sequence[float]:
        """Impact by member and month; empty where the members are not known."""
        pairs = zip(self.impact, self.members, strict=False)
        return [impact / members / 12 for impact, members in pairs]


@dataclass(frozen=True, slots=True)
class StrategyRow:
    """A strategy of the outcome model at the price under discussion."""

    name: str
    cost: float
    effect: float
    status: str
    icer: float | None
    is_negotiated: bool


@dataclass(frozen=True, slots=True)
class RatioLine:
    """The ratio of the drug against one comparator, by price: (cost + price x units) / effect."""

    comparator: str
    cost: float
    units: float
    effect: float

    def at(self, price: float) -> float:
        """Extra yuan for one more unit of effect."""
        return (self.cost + price * self.units) / self.effect


@dataclass(frozen=True, slots=True)
class Bar:
    """One input of a one-way analysis.

    Attributes:
        path: Of the input.
        low_input: Its low value.
        high_input: Its high value.
        at_low: The result there; none where there is none.
        at_high: The result at the high value.
    """

    path: str
    low_input: float
    high_input: float
    at_low: float | None
    at_high: float | None

    @property
    def span(self) -> float:
        """How far the result moves; an end without a result moves furthest."""
        if self.at_low is None or self.at_high is None:
            return float("inf")
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True, slots=True)
class Tornado:
    """A one-way analysis of one result."""

    base: float
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Plane:
    """Draws of incremental cost and effect against the reference.

    Attributes:
        effects: By draw.
        costs: By draw.
        threshold: Yuan per unit of effect.
        reference: The strategy that it is compared with.
        drawn: How many draws there were; the points may be a part of them.
        below: Part of all draws in which the drug is worth its cost at the threshold.
    """

    effects: Sequence[float]
    costs: Sequence[float]
    threshold: float | None
    reference: str
    drawn: int
    below: float | None


@dataclass(frozen=True, slots=True)
class Acceptability:
    """Acceptability curves: probabilities by threshold.

    Attributes:
        thresholds: Yuan per unit of effect.
        curves: By strategy, the part of draws in which it has the highest net benefit.
        frontier: That of the strategy with the highest mean net benefit.
        expected_loss: By strategy, what choosing it is expected to lose.
        information_value: What perfect information is worth for one patient, by threshold.
        negotiated: The strategy with the drug.
        threshold: The one of the model.
    """

    thresholds: Sequence[float]
    curves: Sequence[tuple[str, Sequence[float]]]
    frontier: Sequence[float]
    expected_loss: Sequence[tuple[str, Sequence[float]]]
    information_value: Sequence[float]
    negotiated: str
    threshold: float | None


@dataclass(frozen=True, slots=True)
class Overrun:
    """How likely the impact is above its cap, by price.

    Attributes:
        prices: Of one unit.
        curves: Name, and the probability at each price.
        allowed: The highest probability that a constraint allows; none where none does.
    """

    prices: Sequence[float]
    curves: Sequence[tuple[Said, Sequence[float]]]
    allowed: float | None


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The ceiling for other caps and thresholds.

    Attributes:
        caps: Yuan a year.
        thresholds: Yuan per unit of effect.
        prices: By threshold, by cap; none where there is no ceiling.
        budget_binds: Whether the budget is what decides, in the same order.
        cap: The model's own, or none where its years differ: caps are then multiples of it.
        threshold: The model's own.
        is_relative: The caps are multiples of the model's own, by year.
    """

    caps: Sequence[float]
    thresholds: Sequence[float]
    prices: Sequence[Sequence[float | None]]
    budget_binds: Sequence[Sequence[bool]]
    cap: float
    threshold: float
    is_relative: bool = False


@dataclass(frozen=True, slots=True)
class Register:
    """One assumption: an input with where it comes from.

    Attributes:
        path: Of the input.
        value: As written: a number or an expression.
        computed: Its value where it is one number.
        unit: Its unit.
        source: Where it comes from.
        date: Of the source.
        verified: Whether somebody checked it; none where the model does not say.
        distribution: In words, where it is uncertain.
    """

    path: str
    value: str
    computed: float | None
    unit: str
    source: str
    date: str
    verified: bool | None
    distribution: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Mean, standard deviation and the middle 95 % of a result."""

    name: Said
    mean: float
    sd: float
    q025: float
    q975: float
    is_money: bool = True


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that the outputs of one run show.

    Attributes:
        title: Of the model.
        drug: The negotiated one.
        unit: In which its price is.
        price: Under discussion.
        ceiling: The highest price that the policy allows, rounded down to the cent.
        policy: How ceilings were combined.
        why: Why there is no ceiling.
        is_unlimited: There is none because nothing limits the price.
        money: The currency of its amounts.
        model_hash: SHA-256 over the model's files.
        seed: Of the draws.
        draws: Number of them; 0 where nothing was drawn.
        ceilings: One for each constraint.
        budgets: The plain scenario first.
        lines: The fund's impact by price: each year, then all together.
        strategies: From the cheapest to the dearest.
        ratios: The drug against each strategy that brings less.
        effect_unit: What an effect is.
        threshold: Yuan per unit of effect.
        impact_tornado: One-way analysis of the impact of all years.
        ceiling_tornado: One-way analysis of the ceiling.
        plane: Draws of cost and effect.
        acceptability: Curves by threshold.
        overrun: Curves by price.
        heat: Ceilings for other caps and thresholds.
        uncertain: Summary of the draws.
        information: What knowing one input alone would be worth: path, value a patient, method.
        register: Assumptions.
        notes: What could not be shown, and why.
    """

    title: str
    drug: str
    unit: str
    price: float
    ceiling: Decimal | None
    policy: Said
    why: Said | None
    is_unlimited: bool
    money: Said
    model_hash: str
    seed: int
    draws: int
    ceilings: Sequence[CeilingRow]
    budgets: Sequence[BudgetTable] = ()
    lines: Sequence[PriceLine] = ()
    strategies: Sequence[StrategyRow] = ()
    ratios: Sequence[RatioLine] = ()
    effect_unit: str = ""
    threshold: float | None = None
    impact_tornado: Tornado | None = None
    ceiling_tornado: Tornado | None = None
    plane: Plane | None = None
    acceptability: Acceptability | None = None
    overrun: Overrun | None = None
    heat: HeatMap | None = None
    uncertain: Sequence[Uncertain] = ()
    information: Sequence[tuple[str, float, str]] = ()
    register: Sequence[Register] = ()
    notes: Sequence[Said] = field(default=())

    @property
    def decided(self) -> Decided:
        """What all constraints together allow."""
        ceiling = None if self.ceiling is None else float(self.ceiling)
        return Decided(ceiling, self.binding, self.why, self.is_unlimited)

    @property
    def binding(self) -> CeilingRow | None:
        """The constraint that decides."""
        return next((row for row in self.ceilings if row.binds), None)
