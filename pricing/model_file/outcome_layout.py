"""``[cost_effectiveness]``: which inputs make the strategies, and how."""

from collections.abc import Mapping
from dataclasses import dataclass, field

REST = "C"
"""In a cell for a probability: what the other cells of its row leave."""

STRATEGY = "cost_effectiveness.strategy"


@dataclass(frozen=True, slots=True)
class StateValues:
    """Values by state, and perhaps by cycle; paths of inputs.

    Attributes:
        everywhere: One value for all states and cycles; the others are then empty.
        always: By state, in every cycle that is not named.
        at: By cycle (from 1) and state.
    """

    everywhere: str | None = None
    always: Mapping[str, str] = field(default_factory=dict)
    at: Mapping[tuple[int, str], str] = field(default_factory=dict)


Cells = Mapping[str, str]
"""One row of a matrix: by state, the path of a probability, or ``C``."""


@dataclass(frozen=True, slots=True)
class Transitions:
    """Transition probabilities; a state without a row keeps its patients.

    Attributes:
        always: Rows by state of origin, in every cycle that is not named.
        at: Rows by cycle (from 1) and state of origin, complete.
        counts: Rows of observed counts by state of origin, instead of probabilities.
    """

    always: Mapping[str, Cells] = field(default_factory=dict)
    at: Mapping[tuple[int, str], Cells] = field(default_factory=dict)
    counts: Mapping[str, Cells] = field(default_factory=dict)

    def row(self, cycle: int | None, state: str) -> Cells:
        """The cells of a row in a cycle, or in a cycle that is not named."""
        named = None if cycle is None else self.at.get((cycle, state))
        return self.always.get(state, {}) if named is None else named

    @property
    def named_cycles(self) -> frozenset[int]:
        """The cycles that have rows of their own."""
        return frozenset(cycle for cycle, _ in self.at)


@dataclass(frozen=True, slots=True)
class Branch:
    """A node of a tree; paths of inputs.

    Attributes:
        node: Its name.
        parent: The node before it; none for a root.
        probability: A path; none for what the others leave, and for a root.
        cost: A path, or none for nothing.
        effect: A path, or none for nothing.
        negotiated_units: A path, or none for nothing.
    """

    node: str
    parent: str | None
    probability: str | None
    cost: str | None
    effect: str | None
    negotiated_units: str | None


@dataclass(frozen=True, slots=True)
class Curve:
    """A survival curve.

    Attributes:
        kind: A kind of `pricing.cost_effectiveness.CURVES`, or ``table``.
        parameters: Paths by name.
        years: Paths of the times of a table.
        survival: Paths of the values of a table.
        hazard_ratio: A path, or none.
    """

    kind: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    years: tuple[str, ...] = ()
    survival: tuple[str, ...] = ()
    hazard_ratio: str | None = None


@dataclass(frozen=True, slots=True)
class StrategyLayout:
    """One strategy; what its kind of model does not need is empty."""

    name: str
    start: Mapping[str, str] = field(default_factory=dict)
    transitions: Transitions = field(default_factory=Transitions)
    cost: StateValues = field(default_factory=StateValues)
    effect: StateValues = field(default_factory=StateValues)
    negotiated_units: StateValues = field(default_factory=StateValues)
    one_off_cost: str = ""
    negotiated_units_once: str = ""
    tree: tuple[Branch, ...] = ()
    curves: tuple[Curve, ...] = ()
    crossing: str = "fault"

    @property
    def path(self) -> str:
        """The start of the paths of its inputs."""
        return f"{STRATEGY}.{self.name}"


@dataclass(frozen=True, slots=True)
class OutcomeLayout:
    """All of an outcome model.

    Attributes:
        kind: ``cohort``, ``tree`` or ``partitioned-survival``.
        reference: Name of the strategy that increments are over.
        negotiated: Name of the strategy with the negotiated drug.
        cycles: Number of cycles.
        cycle_years: Path.
        discount_cost: Path.
        discount_effect: Path.
        count_cost: How costs are counted.
        count_effect: How effects are counted.
        states: Their names.
        strategies: In the order of the file.
    """

    kind: str
    reference: str
    negotiated: str
    cycles: int
    cycle_years: str
    discount_cost: str
    discount_effect: str
    count_cost: str
    count_effect: str
    states: tuple[str, ...]
    strategies: tuple[StrategyLayout, ...]
