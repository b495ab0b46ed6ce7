"""What a run of a negotiation model found."""

from dataclasses import dataclass

from pricing.ceilings import Ceiling, CombinedCeiling, Priced
from pricing.cost_effectiveness import FrontierRow
from pricing.negotiation_report.joint import ImpactResult
from pricing.sensitivity import (
    Acceptability,
    Bar,
    OverrunCurve,
    PartialInformation,
    Plane,
    Summary,
)


@dataclass(frozen=True, slots=True)
class StrategyResult:
    """One strategy at the price under discussion.

    Attributes:
        strategy: Its name.
        cost: Yuan.
        effect: Mostly life years or QALYs.
    """

    strategy: str
    cost: float
    effect: float


@dataclass(frozen=True, slots=True)
class IncrementResult:
    """The negotiated strategy over the reference.

    Attributes:
        cost: Yuan.
        effect: Mostly life years or QALYs.
        icer: Yuan per unit of effect; none where the effects are equal.
    """

    cost: float
    effect: float
    icer: float | None


@dataclass(frozen=True, slots=True)
class CostEffectiveness:
    """The outcome model at the price under discussion.

    Attributes:
        strategies: In the order of the model.
        increment: The negotiated one over the reference.
        frontier: All of them in the incremental analysis.
    """

    strategies: tuple[StrategyResult, ...]
    increment: IncrementResult
    frontier: tuple[FrontierRow, ...]


@dataclass(frozen=True, slots=True, eq=False)
class IndicationResult:
    """One of several indications under one price, at the price under discussion.

    Attributes:
        name: What it is called.
        budget_impact: Its own, at the list price.
        cost_effectiveness: Its outcome model.
    """

    name: str
    budget_impact: ImpactResult | None
    cost_effectiveness: CostEffectiveness | None


@dataclass(frozen=True, slots=True)
class CeilingSet:
    """All ceilings of one scenario.

    Attributes:
        ceilings: One for each constraint, in the order of the model.
        combined: The one price.
    """

    ceilings: tuple[Ceiling, ...]
    combined: CombinedCeiling


@dataclass(frozen=True, slots=True, eq=False)
class Overrun:
    """How often a cap is broken.

    Attributes:
        constraint: Name of the constraint.
        year: The year that counts, from 1; none where all years together, or any of them, do.
        cap: Yuan.
        probability: At the price under discussion.
        curve: Against the price.
    """

    constraint: str
    year: int | None
    cap: float
    probability: float
    curve: OverrunCurve


@dataclass(frozen=True, slots=True)
class BudgetUncertainty:
    """The budget impact in draws.

    Attributes:
        impact: The fund's impact by year.
        cumulative: The fund's impact of all years.
    """

    impact: tuple[Summary | None, ...]
    cumulative: Summary | None


@dataclass(frozen=True, slots=True, eq=False)
class OutcomeUncertainty:
    """The outcome model in draws.

    Attributes:
        cost: By strategy.
        effect: By strategy.
        increment_cost: Of the negotiated strategy over the reference.
        increment_effect: The same.
        icer: Of the draws' own ratios.
        plane: The draws on the cost-effectiveness plane.
        acceptability: At rising thresholds.
        evpi: Value of perfect information at the model's threshold, yuan per patient; none without
            a threshold.
        evppi: Value of knowing single inputs, at that threshold.
    """

    cost: tuple[tuple[str, Summary | None], ...]
    effect: tuple[tuple[str, Summary | None], ...]
    increment_cost: Summary | None
    increment_effect: Summary | None
    icer: Summary | None
    plane: Plane
    acceptability: tuple[Acceptability, ...] = ()
    evpi: float | None = None
    evppi: tuple[PartialInformation, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Uncertainty:
    """The probabilistic analysis at the price under discussion.

    Attributes:
        budget: Of the budget impact; none where there is no population.
        outcomes: Of each indication's outcome model, by its name; the only one has none.
        ceilings: By constraint: the draws' own ceilings, for affine models.
        overruns: Of the caps.
    """

    budget: BudgetUncertainty | None
    outcomes: tuple[tuple[str, OutcomeUncertainty], ...]
    ceilings: tuple[tuple[str, Summary | None], ...]
    overruns: tuple[Overrun, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """All results of a negotiation model.

    Attributes:
        title: Of the model.
        digest: SHA-256 over the model's files.
        price: Under discussion, yuan per unit.
        unit: What the price is for.
        draws: Of the probabilistic analysis; 0 for none.
        seed: Of its draws.
        threshold: Yuan per unit of effect of the first such constraint; none without one.
        budget_impact: By scenario, the plain one named ``base``, at the list price; of all
            indications together.
        managed_entry: By scenario, what the fund spends with the agreement and with uptake that
            follows the price; empty where the model has neither.
        cost_effectiveness: Of the plain model; none where it names indications.
        indications: Each of several indications under this price.
        base: The ceilings of the plain model.
        scenarios: The ceilings of each named scenario.
        uncertainty: The probabilistic analysis.
        tornado: Bars by result: ``impact``, ``icer``, ``ceiling``, and each constraint's own.
    """

    title: str
    digest: str
    price: float
    unit: str
    draws: int
    seed: int
    threshold: float | None
    budget_impact: dict[str, ImpactResult]
    managed_entry: dict[str, Priced]
    cost_effectiveness: CostEffectiveness | None
    indications: tuple[IndicationResult, ...]
    base: CeilingSet
    scenarios: dict[str, CeilingSet]
    uncertainty: Uncertainty | None
    tornado: dict[str, list[Bar]]
