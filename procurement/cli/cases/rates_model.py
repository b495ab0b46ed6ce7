"""The sick-sicker model: four states moved by yearly rates (Alarid-Escudero 2023).

Mortality is a rate with hazard ratios by state; whoever does not die may fall ill, recover or get
worse. Treatment A makes the sick feel better, treatment B keeps them from getting worse; both are
paid for all who are sick or sicker.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pricing.cost_effectiveness import (
    CohortSettings,
    CohortStrategy,
    Increment,
    Outcome,
    frontier,
    given_survival,
    rate_to_probability,
    run_cohort,
)
from pricing.draws import Draws, as_draws
from pricing.plain_table import PlainTable
from procurement.cli.cases.answers import Answers, Result
from procurement.cli.cases.case_file import Case
from procurement.cli.cases.given import Given
from procurement.cli.cases.price_at import price_at_threshold
from procurement.cli.cases.statuses import status_number

TREATMENTS: Mapping[str, tuple[str, ...]] = {
    "SoC": (),
    "A": ("trtA",),
    "B": ("trtB",),
    "AB": ("trtA", "trtB"),
}
"""Treatments of each strategy."""

STATES = ("H", "S1", "S2", "D")
CYCLES_MAX = 10_000


@dataclass(frozen=True, slots=True)
class RatesModel:
    """The inputs as read.

    Attributes:
        rates: A year, by the states they lead from and to: HD, HS1, S1H, S1S2.
        hazard_ratios: Of death, by state.
        hazard_ratio_treated: Of getting worse, with treatment B.
        costs: Yuan a cycle, by state and by treatment.
        utilities: By state; ``S1_trtA`` with treatment A.
        settings: Cycles, counting, discounting.
    """

    rates: Mapping[str, float]
    hazard_ratios: Mapping[str, float]
    hazard_ratio_treated: float
    costs: Mapping[str, float]
    utilities: Mapping[str, float]
    settings: CohortSettings


def answers(case: Case) -> Answers:
    """Costs, QALYs, ratios, who is dominated, and the price of a treatment at a threshold.

    Raises:
        BadCaseError: An input is missing or impossible.
    """
    model = _read(case)
    outcomes = {name: _run(model, name, negotiated=None) for name in TREATMENTS}
    costs = [float(one.cost[0]) for one in outcomes.values()]
    effects = [float(one.effect[0]) for one in outcomes.values()]
    rows = {row.strategy: row for row in frontier(costs, effects, list(outcomes))}
    named: dict[str, Result] = {}
    for name, outcome in outcomes.items():
        named |= {
            f"cost_{name}": float(outcome.cost[0]),
            f"qaly_{name}": float(outcome.effect[0]),
            f"icer_{name}": rows[name].icer,
            f"status_{name}": status_number(rows[name]),
        }

    def ratio(name: re.Match[str]) -> Result:
        pair = Increment.between(outcomes[name[1]], outcomes[name[2]])
        return float(pair.ratio(0.0)[0])

    def price(name: re.Match[str]) -> Result:
        return _price(model, name[1], float(name[2]))

    strategies = "SoC|A|B|AB"
    return Answers(
        named,
        {
            rf"icer_({strategies})_vs_({strategies})": ratio,
            r"trt(A|B)_annual_price(?:_ceiling)?(?:_at|_wtp)_(\d+)": price,
        },
    )


def _price(model: RatesModel, treatment: str, threshold: float) -> Result:
    """Of a treatment by itself; the strategy with both treatments has its price too."""
    negotiated = f"trt{treatment}"
    new = _run(model, treatment, negotiated=negotiated)
    without = [name for name, taken in TREATMENTS.items() if negotiated not in taken]
    others = [_run(model, name, negotiated=negotiated) for name in without]
    return price_at_threshold(new, others, threshold)


def _run(model: RatesModel, name: str, *, negotiated: str | None) -> Outcome:
    taken = TREATMENTS[name]
    sick = np.array([0.0, 1.0, 1.0, 0.0])[np.newaxis, :, np.newaxis]
    paid = sum(model.costs[one] for one in taken if one != negotiated)
    utility = model.utilities["S1_trtA"] if "trtA" in taken else model.utilities["S1"]
    effect = [model.utilities["H"], utility, model.utilities["S2"], model.utilities.get("D", 0.0)]
    cost = [model.costs.get(state, 0.0) for state in STATES]
    strategy = CohortStrategy(
        name,
        start=np.array([[1.0], [0.0], [0.0], [0.0]]),
        transitions=_transitions(model, treated="trtB" in taken),
        cost=np.array(cost)[np.newaxis, :, np.newaxis] + paid * sick,
        effect=np.array(effect)[np.newaxis, :, np.newaxis],
        negotiated_units=float(negotiated in taken) * sick,
    )
    return run_cohort(strategy, model.settings)


def _transitions(model: RatesModel, *, treated: bool) -> Draws:
    """[1, from, to, draw]: probabilities of a cycle for those who survive it."""
    years = model.settings.cycle_years
    rates = model.rates
    worse = rates["S1S2"] * (model.hazard_ratio_treated if treated else 1.0)
    leaving = np.zeros((3, 3, 1))
    for origin, target, rate in ((0, 1, rates["HS1"]), (1, 0, rates["S1H"]), (1, 2, worse)):
        leaving[origin, target] = rate_to_probability(as_draws(rate), years=years)
    ratios = np.array([1.0, model.hazard_ratios["S1"], model.hazard_ratios["S2"]])
    death = rate_to_probability(rates["HD"] * ratios, years=years)
    return given_survival(leaving, death[:, np.newaxis])[np.newaxis]


def _read(case: Case) -> RatesModel:
    given = Given(case)
    table = given.table
    both = table.number("discount", default=0.0, above=-1.0)
    count = _count(table)
    model = RatesModel(
        rates=_numbers(table.table("rates"), ("HD", "HS1", "S1H", "S1S2")),
        hazard_ratios=_numbers(table.table("hr_death"), ("S1", "S2")),
        hazard_ratio_treated=table.number("hr_S1S2_trtB", at_least=0.0),
        costs=_numbers(table.table("costs"), ("H", "S1", "S2", "trtA", "trtB")),
        utilities=_numbers(table.table("utilities"), ("H", "S1", "S2", "S1_trtA")),
        settings=CohortSettings(
            cycles=int(table.number("cycles", at_least=1.0, at_most=CYCLES_MAX)),
            cycle_years=table.number("cycle_years", default=1.0, above=0.0),
            discount_cost=as_draws(table.number("discount_cost", default=both, above=-1.0)),
            discount_effect=as_draws(table.number("discount_effect", default=both, above=-1.0)),
            count_cost=count,
            count_effect=count,
            states=STATES,
        ),
    )
    given.check()
    return model


def _numbers(table: PlainTable, needed: tuple[str, ...]) -> dict[str, float]:
    return {name: table.number(name) for name in dict.fromkeys((*needed, *table.names()))}


def _count(table: PlainTable) -> str:
    said = table.word("within_cycle", default=table.word("count", default="half-cycle")).lower()
    rules = {"simpson": "simpson", "half": "half-cycle", "start": "start", "end": "end"}
    for word, rule in rules.items():
        if word in said:
            return rule
    table.fault(
        "within_cycle",
        f"“{said}”不是计数规则，应为 Simpson、half-cycle、start 或 end",
        f"is {said!r}: expected Simpson, half-cycle, start or end",
    )
    return "end"
