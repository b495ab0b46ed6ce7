"""The HIV model in draws, by ourselves, by plain numpy, and by the two peers that pip installs.

All four move the same cohort: 4 states, 20 cycles, 2 strategies, a matrix of its own for the two
years with lamivudine. The peers evaluate draw by draw.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyheor
from heormodel.models import CohortSpec, MarkovModel

from benchmarks.rounds import SEED
from pricing.cost_effectiveness import (
    CohortSettings,
    CohortStrategy,
    Outcome,
    apply_relative_risk,
    drawn_proportions,
    run_cohort,
)
from pricing.draws import Draws, as_draws

COUNTS = np.array(
    [[1251, 350, 116, 17], [0, 731, 512, 15], [0, 0, 1312, 437], [0, 0, 0, 0]], dtype=float
)
COST = np.array([5034.0, 5330.0, 11285.0, 0.0])
EFFECT = np.array([1.0, 1.0, 1.0, 0.0])
PRICE = 2086.50
CYCLES, CYCLES_ON_DRUG, RATE = 20, 2, 0.06
STATES = ("A", "B", "C", "D")


@dataclass(frozen=True, slots=True)
class HivDraws:
    """Inputs of all draws.

    Attributes:
        mono: [from, to, draw].
        comb: [from, to, draw], while lamivudine is taken.
        cost: [state, draw].
    """

    mono: Draws
    comb: Draws
    cost: Draws

    @property
    def number(self) -> int:
        """How many draws."""
        return int(self.cost.shape[-1])


def draw_inputs(draws: int) -> HivDraws:
    """Rows of counts as Dirichlet, the relative risk lognormal, costs gamma."""
    generator = np.random.default_rng(SEED)
    mono = drawn_proportions(COUNTS, generator=generator, draws=draws)
    risk = generator.lognormal(np.log(0.509), 0.17, draws)
    cost = COST[:, np.newaxis] * generator.standard_gamma(1.0, (4, draws))
    return HivDraws(mono, apply_relative_risk(mono, risk), cost)


def run_ours(drawn: HivDraws) -> tuple[Outcome, Outcome]:
    """Both strategies by the public function."""
    takes = np.arange(CYCLES) < CYCLES_ON_DRUG
    settings = CohortSettings(
        cycles=CYCLES, discount_cost=as_draws(RATE), count_cost="end", count_effect="end"
    )
    start = np.array([[1.0], [0.0], [0.0], [0.0]])
    cost, effect = drawn.cost[np.newaxis], EFFECT[np.newaxis, :, np.newaxis]
    mono = CohortStrategy("mono", start, drawn.mono[np.newaxis], cost, effect)
    comb = CohortStrategy(
        "comb",
        start,
        np.stack([drawn.mono, drawn.comb]),
        cost,
        effect,
        negotiated_units=takes[:, np.newaxis, np.newaxis] * EFFECT[:, np.newaxis],
        matrix_of_cycle=tuple(int(one) for one in takes),
    )
    return run_cohort(mono, settings), run_cohort(comb, settings)


def run_numpy(drawn: HivDraws) -> tuple[Draws, Draws]:
    """Cost of both strategies as one would write it by hand; nothing is checked."""
    return (
        _by_hand([drawn.mono] * CYCLES, drawn.cost),
        _by_hand(
            [drawn.comb] * CYCLES_ON_DRUG + [drawn.mono] * (CYCLES - CYCLES_ON_DRUG), drawn.cost
        ),
    )


def _by_hand(matrices: list[Draws], cost: Draws) -> Draws:
    cohort = np.zeros_like(cost)
    cohort[0] = 1.0
    total = effect = units = np.zeros(cost.shape[-1])
    for cycle, matrix in enumerate(matrices, start=1):
        cohort = np.einsum("fd,ftd->td", cohort, matrix)
        factor = (1 + RATE) ** -cycle
        total = total + factor * (cohort * cost).sum(axis=0)
        units = units + factor * cohort[:3].sum(axis=0) * (cycle <= CYCLES_ON_DRUG)
        effect = effect + cohort[:3].sum(axis=0)
    return np.asarray(total + PRICE * units)


def run_heormodel(drawn: HivDraws) -> None:
    """Both strategies by `heormodel`."""
    switch = CYCLES_ON_DRUG

    def matrices(row: "pd.Series[float]", strategy: str) -> CohortSpec:
        number = int(row["number"])
        mono = drawn.mono[..., number]
        cost = np.tile(drawn.cost[:, number], (CYCLES + 1, 1))
        by_cycle = np.repeat(mono[np.newaxis], CYCLES, axis=0)
        if strategy == "comb":
            by_cycle[:switch] = drawn.comb[..., number]
            cost[1 : switch + 1, :3] += PRICE
        return CohortSpec(by_cycle, cost, EFFECT)

    engine = MarkovModel(
        states=STATES,
        interventions=("mono", "comb"),
        transitions_and_rewards=matrices,
        n_cycles=CYCLES,
        discount_rate=RATE,
        cycle_correction="none",
    )
    index = pd.RangeIndex(drawn.number, name="iteration")
    engine.evaluate(pd.DataFrame({"number": np.arange(drawn.number)}, index=index))


def run_pyheor(draws: int) -> None:
    """Both strategies by `pyheor`, which draws its inputs itself."""
    model = pyheor.MarkovModel(
        states=list(STATES),
        strategies=["mono", "comb"],
        n_cycles=CYCLES,
        cycle=pyheor.Cycle(1, "year"),
        dr_cost=RATE,
        method="end",
    )
    model.add_param("rr", base=0.509, dist=pyheor.LogNormal(mean=0.509, sd=0.088))
    mono: Draws = (COUNTS + np.diag([0.0, 0.0, 0.0, 1.0])) / np.maximum(1.0, COUNTS.sum(axis=1))[
        :, None
    ]

    def with_drug(values: dict[str, float], cycle: int) -> Draws:
        if cycle > CYCLES_ON_DRUG:
            return mono
        treated: Draws = apply_relative_risk(mono[..., None], as_draws(values["rr"]))[..., 0]
        return treated

    model.set_transitions("mono", mono)
    model.set_transitions("comb", with_drug)
    model.set_state_cost("care", dict(zip(STATES, COST, strict=True)))
    model.set_state_qaly("life", dict(zip(STATES, EFFECT, strict=True)))
    model.run_psa(n_sim=draws, seed=SEED, progress=False)
