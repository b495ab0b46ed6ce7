"""A cohort moved by observed counts, with a drug added in its first years (Chancellor 1997).

The counts are read as yearly probabilities; while the drug is added, a relative risk multiplies
the probabilities of leaving a state. The negotiated price is that of the added drug.
"""

from dataclasses import dataclass, replace

import numpy as np

from pricing.cost_effectiveness import (
    CohortSettings,
    CohortStrategy,
    Increment,
    Outcome,
    apply_relative_risk,
    proportions,
    run_cohort,
)
from pricing.draws import Draws, as_draws
from pricing.plain_table import PlainTable
from procurement.cli.cases.answers import Answers
from procurement.cli.cases.case_file import Case
from procurement.cli.cases.given import Given
from procurement.cli.cases.price_at import price_at_threshold

CYCLES_MAX = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class CountsModel:
    """The numbers of the model, each certain or drawn.

    Attributes:
        counts: [from, to]: observed transitions; a row of zeros for death, the last state.
        living: How many states are alive: the first ones.
        transitions: [from, to, draw] without the added drug.
        relative_risk: [draw]: of leaving a state, with the added drug.
        cycles_on_drug: Cycles in which the drug is added.
        state_costs: [part, state, draw]: yuan a cycle, each part of cost by itself.
        base_drug_cost: Yuan a cycle of the drug that all take.
        price: Yuan a cycle of the added drug.
        effect: [state]: what a cycle brings.
        start: [state].
        settings: Cycles and discounting; counted at the end of a cycle.
    """

    counts: Draws
    living: int
    transitions: Draws
    relative_risk: Draws
    cycles_on_drug: int
    state_costs: Draws
    base_drug_cost: float
    price: float
    effect: Draws
    start: Draws
    settings: CohortSettings


def read_model(case: Case, inputs: dict[str, object] | None = None) -> CountsModel:
    """Read the inputs of a case.

    Args:
        case: The case.
        inputs: Inputs in place of its own.

    Raises:
        BadCaseError: With every fault.
    """
    given = Given(case, inputs)
    table = given.table
    counts, living = _counts(given)
    states = len(counts)
    parts = [given.row(table, name, length=living) for name in ("direct_medical", "community")]
    cycle_years = table.number("cycle_years", default=1.0, above=0.0)
    years_on_drug = table.number("years_on_lamivudine", at_least=0.0)
    effect = [1.0] * living
    if table.has("utilities"):
        effect = given.row(table, "utilities", length=living)
    dead = [0.0] * (states - living)
    model = CountsModel(
        counts=counts,
        living=living,
        transitions=proportions(counts),
        relative_risk=as_draws(table.number("rr_comb", at_least=0.0)),
        cycles_on_drug=round(years_on_drug / cycle_years),
        state_costs=np.array([[*part, *dead] for part in parts])[..., np.newaxis],
        base_drug_cost=table.number("cost_zidovudine", at_least=0.0),
        price=table.number("cost_lamivudine", at_least=0.0),
        effect=np.array([*effect, *dead]),
        start=_start(table, states),
        settings=_settings(given, cycle_years),
    )
    given.check()
    return model


def _counts(given: Given) -> tuple[Draws, int]:
    """A row for each state, and how many states are alive; death may have a row or none."""
    rows = given.rows("counts")
    states = rows.shape[1]
    living = min(len(rows), states - 1)
    if len(rows) > states or living < 1:
        given.table.fault(
            "counts",
            "列数应比在世状态多一（死亡）",
            "expected a column for each row, and one for death",
        )
    given.check()
    return np.vstack([rows, np.zeros((states - len(rows), states))]), living


def _start(table: PlainTable, states: int) -> Draws:
    names = table.table("counts").names()
    names += [f"state {number}" for number in range(len(names) + 1, states + 1)]
    if table.is_table("start"):
        parts = table.table("start")
        return np.array([parts.number(name, default=0.0, at_least=0.0) for name in names])
    chosen = table.word("start", names, default=names[0])
    return np.array([float(name == chosen) for name in names])


def _settings(given: Given, cycle_years: float) -> CohortSettings:
    table = given.table
    count = table.word("count", default="end")
    return CohortSettings(
        cycles=int(table.number("cycles", at_least=1.0, at_most=CYCLES_MAX)),
        cycle_years=cycle_years,
        discount_cost=as_draws(table.number("disc_cost", default=0.0, above=-1.0)),
        discount_effect=as_draws(table.number("disc_effect", default=0.0, above=-1.0)),
        count_cost=count,
        count_effect=count,
    )


def mono(model: CountsModel) -> Outcome:
    """The outcome without the added drug."""
    return run_cohort(_strategy(model, "mono", model.transitions[np.newaxis]), model.settings)


def comb(model: CountsModel) -> Outcome:
    """The outcome with it, its price kept apart."""
    with_drug = apply_relative_risk(model.transitions, model.relative_risk)
    without = np.broadcast_to(model.transitions, with_drug.shape)
    takes = np.arange(model.settings.cycles) < model.cycles_on_drug
    strategy = replace(
        _strategy(model, "comb", np.stack([without, with_drug])),
        matrix_of_cycle=tuple(int(one) for one in takes),
        negotiated_units=takes[:, np.newaxis, np.newaxis] * _alive(model),
    )
    return run_cohort(strategy, model.settings)


def half_cycle(model: CountsModel, *, cost: bool = True) -> CountsModel:
    """The same model with effects, and if wished costs, counted in the middle of a cycle."""
    count_cost = "half-cycle" if cost else model.settings.count_cost
    settings = replace(model.settings, count_effect="half-cycle", count_cost=count_cost)
    return replace(model, settings=settings)


def _strategy(model: CountsModel, name: str, transitions: Draws) -> CohortStrategy:
    cost = model.state_costs.sum(axis=0) + model.base_drug_cost * _alive(model)
    return CohortStrategy(
        name,
        start=model.start[:, np.newaxis],
        transitions=transitions,
        cost=cost[np.newaxis],
        effect=model.effect[np.newaxis, :, np.newaxis],
    )


def _alive(model: CountsModel) -> Draws:
    """[state, draw]: 1 but for death."""
    lives: Draws = (np.arange(len(model.counts)) < model.living).astype(np.float64)
    return lives[:, np.newaxis]


def answers(case: Case) -> Answers:
    """Costs, life years, ratio, and the price at a threshold.

    Raises:
        BadCaseError: An input is missing or impossible.
    """
    model = read_model(case)
    old, new = mono(model), comb(model)
    increment = Increment.between(new, old)
    middle = half_cycle(model)
    old_middle, new_middle = mono(middle), comb(middle)
    middle_increment = Increment.between(new_middle, old_middle)
    price = model.price
    ratio = _one(increment.ratio(price))
    published = case.published("icer")
    named = {
        "cost_mono": _one(old.cost),
        "ly_mono": _one(old.effect),
        "cost_comb": _one(new.cost_at(price)),
        "ly_comb": _one(new.effect),
        "d_cost": _one(increment.cost_at(price)),
        "d_ly": _one(increment.effect),
        "icer": ratio,
        "cost_mono_hcc": _one(old_middle.cost),
        "ly_mono_hcc": _one(old_middle.effect),
        "cost_comb_hcc": _one(new_middle.cost_at(price)),
        "ly_comb_hcc": _one(new_middle.effect),
        "d_cost_hcc": _one(middle_increment.cost_at(price)),
        "d_ly_hcc": _one(middle_increment.effect),
        "icer_hcc": _one(middle_increment.ratio(price)),
        "price_slope_d_cost_per_unit_price": _one(increment.units),
        "d_cost_at_zero_price": _one(increment.cost),
        # The round trip: the ratio as it was printed must give the price back.
        "price_at_wtp_eq_published_icer": price_at_threshold(
            new, [old], ratio if published is None else published
        ),
    }
    return Answers(
        named,
        {r"max_price_wtp_(\d+)": lambda name: price_at_threshold(new, [old], float(name[1]))},
    )


def _one(values: Draws) -> float:
    return float(values[0])
