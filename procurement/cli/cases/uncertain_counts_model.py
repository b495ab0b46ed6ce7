"""The model of `counts_model` with uncertain inputs (Briggs 2006, exercise 4.7).

Rows of counts are Dirichlet, the relative risk lognormal, each part of a state's cost gamma.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from pricing.cost_effectiveness import Increment, drawn_proportions
from pricing.draws import Draws
from pricing.plain_table import PlainTable
from procurement.cli.cases.answers import Answers, Result
from procurement.cli.cases.case_file import Case
from procurement.cli.cases.counts_model import CountsModel, comb, half_cycle, mono, read_model
from procurement.cli.cases.given import Given, calculation
from procurement.cli.errors import BadCaseError

DRAWS = 100_000
DRAWS_MAX = 1_000_000

_NUMBER = r"(?:\d+\.?\d*|\.\d+)"
_MEAN = re.compile(rf"mean\s*=?\s*({_NUMBER})", re.IGNORECASE)
_SD = re.compile(r"\bsd\s*=?\s*(.+)$", re.IGNORECASE)
_SHAPE = re.compile(rf"shape\s*=?\s*({_NUMBER})", re.IGNORECASE)


@dataclass(frozen=True)
class Drawn:
    """The outcomes of all draws.

    Attributes:
        model: The model with certain inputs.
        relative_risk: Mean and standard deviation.
        shape: Of the gamma distribution of each part of cost.
        draws: How many.
        seed: Where chance starts.
    """

    model: CountsModel
    relative_risk: tuple[float, float]
    shape: float
    draws: int
    seed: int

    @cached_property
    def columns(self) -> Mapping[str, Draws]:
        """Cost and life years of each strategy, and the ratio, by name."""
        drawn = self._drawn()
        old, new = mono(drawn), comb(drawn)
        increment = Increment.between(new, old)
        return {
            "cost_mono": old.cost,
            "ly_mono": old.effect,
            "cost_comb": new.cost_at(drawn.price),
            "ly_comb": new.effect,
            "d_cost": increment.cost_at(drawn.price),
            "d_ly": increment.effect,
            "icer": increment.ratio(drawn.price),
        }

    def _drawn(self) -> CountsModel:
        generator = np.random.default_rng(self.seed)
        counts = self.model.counts
        means = self.model.state_costs
        parts = generator.standard_gamma(self.shape, (*means.shape[:2], self.draws)) / self.shape
        return replace(
            self.model,
            transitions=drawn_proportions(counts, generator=generator, draws=self.draws),
            relative_risk=lognormal(*self.relative_risk, generator=generator, draws=self.draws),
            state_costs=means * parts,
        )


def lognormal(mean: float, sd: float, *, generator: np.random.Generator, draws: int) -> Draws:
    """Draws of a lognormal distribution with this mean and standard deviation of its own.

    Examples:
        >>> drawn = lognormal(0.5, 0.1, generator=np.random.default_rng(1), draws=100_000)
        >>> round(float(drawn.mean()), 2), round(float(drawn.std()), 2)
        (0.5, 0.1)
    """
    variance = np.log1p((sd / mean) ** 2)
    return generator.lognormal(np.log(mean) - variance / 2, np.sqrt(variance), draws)


def answers(case: Case) -> Answers:
    """Means, standard deviations and quantiles of costs, life years and ratio.

    Raises:
        BadCaseError: An input is missing or impossible, or the base case is not beside the file.
    """
    drawn = _read(case)

    def statistic(name: re.Match[str]) -> Result:
        return _statistic(name[1], drawn.columns[name[2]])

    def mean_of_ratios() -> Result:
        return float(drawn.columns["icer"].mean())

    def ratio_of_means() -> Result:
        return float(drawn.columns["d_cost"].mean() / drawn.columns["d_ly"].mean())

    columns = "|".join(("cost_mono", "cost_comb", "ly_mono", "ly_comb", "d_cost", "d_ly", "icer"))
    return Answers(
        {"mean_of_icers": mean_of_ratios, "icer_of_means": ratio_of_means},
        {rf"(mean|sd|median|q\d+)_({columns})": statistic},
    )


def _statistic(name: str, values: Draws) -> float:
    if name == "mean":
        return float(values.mean())
    if name == "sd":
        return float(values.std(ddof=1))
    # q025 is 0.025, q5 is 0.5.
    part = 0.5 if name == "median" else float(f"0.{name[1:]}")
    return float(np.quantile(values, part))


def _read(case: Case) -> Drawn:
    given = Given(case)
    table = given.table
    base = _base(case)
    model = read_model(case, {**base, **_own(table, base)})
    relative_risk = _mean_and_sd(table, "rr")
    shape = _shape(table, "state_costs")
    draws = int(table.number("draws", default=float(DRAWS), at_least=1.0, at_most=DRAWS_MAX))
    seed = int(table.number("seed", default=1.0, at_least=0.0))
    middle = str(table.value("half_cycle") or "none").lower()
    given.check()
    if "none" not in middle and middle != "no":
        model = half_cycle(model, cost="cost" in middle or "both" in middle)
    return Drawn(model, relative_risk, shape, draws, seed)


def _own(table: PlainTable, base: Mapping[str, object]) -> dict[str, object]:
    """Inputs of the base case that the case gives anew."""
    return {name: table.value(name) for name in table.names() if name in base or name == "counts"}


def _base(case: Case) -> dict[str, object]:
    name = case.inputs.get("base") if isinstance(case.inputs, Mapping) else None
    if isinstance(name, Mapping):
        return {str(key): value for key, value in name.items()}
    if name is None:
        return {}
    beside = sorted(case.path.parent.glob("*.json"))
    for path in (path for path in beside if path.stem.startswith(str(name))):
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(document, dict) and isinstance(document.get("inputs"), dict):
            return dict(document["inputs"])
    raise BadCaseError(
        case.path, [f"inputs.base: {name!r}: expected the file of that case beside this one"]
    )


def _mean_and_sd(table: PlainTable, key: str) -> tuple[float, float]:
    if table.is_table(key):
        inside = table.table(key)
        return inside.number("mean", above=0.0), inside.number("sd", above=0.0)
    text = str(table.value(key))
    mean, sd = _MEAN.search(text), _SD.search(text)
    spread = None if sd is None else calculation(sd[1])
    if mean is None or spread is None:
        table.fault(key, "应写明均值和标准差", "expected a mean and an sd")
        return 1.0, 1.0
    return float(mean[1]), spread


def _shape(table: PlainTable, key: str) -> float:
    if table.is_table(key):
        return table.table(key).number("shape", above=0.0)
    found = _SHAPE.search(str(table.value(key)))
    if found is None:
        table.fault(key, "应写明伽马分布的形状参数", "expected the shape of a gamma distribution")
        return 1.0
    return float(found[1])
