"""One strategy of a cohort model: where its patients go, what is paid and gained on the way."""

from dataclasses import dataclass, field

from pricing.cost_effectiveness.rewards import nothing_by_state, nothing_once
from pricing.draws import Draws, part_of


@dataclass(frozen=True, slots=True, eq=False)
class CohortStrategy:
    """One strategy of a cohort model. An axis of length 1 means: the same everywhere.

    Attributes:
        name: The strategy.
        start: [state, draw]: the cohort at point 0.
        transitions: [cycle or 1, from, to, draw]: probabilities.
        cost: [cycle or 1, state, draw]: yuan for a cycle in the state, without the negotiated drug.
        effect: [cycle or 1, state, draw]: may be negative.
        negotiated_units: [cycle or 1, state, draw]: units of the negotiated drug.
        one_off_cost: [draw]: yuan at the start, not discounted.
        negotiated_units_once: [draw]: units at the start, not discounted.
        matrix_of_cycle: Which of the matrices in `transitions` each cycle uses, where cycles share
            them (a treatment of two years among twenty needs two matrices, not twenty).
    """

    name: str
    start: Draws
    transitions: Draws
    cost: Draws = field(default_factory=nothing_by_state)
    effect: Draws = field(default_factory=nothing_by_state)
    negotiated_units: Draws = field(default_factory=nothing_by_state)
    one_off_cost: Draws = field(default_factory=nothing_once)
    negotiated_units_once: Draws = field(default_factory=nothing_once)
    matrix_of_cycle: tuple[int, ...] | None = None

    @property
    def arrays(self) -> tuple[Draws, ...]:
        """All of its numbers."""
        return (
            self.start,
            self.transitions,
            self.cost,
            self.effect,
            self.negotiated_units,
            self.one_off_cost,
            self.negotiated_units_once,
        )

    def of_draws(self, chosen: slice) -> "CohortStrategy":
        """The same for some of the draws."""
        return CohortStrategy(
            name=self.name,
            start=part_of(self.start, chosen),
            transitions=part_of(self.transitions, chosen),
            cost=part_of(self.cost, chosen),
            effect=part_of(self.effect, chosen),
            negotiated_units=part_of(self.negotiated_units, chosen),
            one_off_cost=part_of(self.one_off_cost, chosen),
            negotiated_units_once=part_of(self.negotiated_units_once, chosen),
            matrix_of_cycle=self.matrix_of_cycle,
        )
