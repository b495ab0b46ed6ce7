"""The tables ``[[constraint]]`` of a model."""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import cast

from pricing.ceilings.constraints import (
    AtProbability,
    BudgetCumulative,
    BudgetEveryYear,
    BudgetQuantile,
    Constraint,
    CostNeutral,
    Icer,
    InternationalPrice,
    Over,
    PriceBasis,
    ReferencePrice,
)
from pricing.ceilings.thresholds import BOUNDS, PRESETS, threshold_of
from pricing.plain_table import PlainTable, Table

RULES = ("min", "mean", "rank-K", "gdp-adjusted-mean")
_RANK = re.compile(r"rank-([1-9]\d{0,2})")


def read_constraint(table: Table, *, years: int | None, has_outcomes: bool = True) -> Constraint:
    """Read one constraint from plain values.

    Args:
        table: One table ``[[constraint]]``, its expressions worked out.
        years: Of the budget impact; none where the model has no population, and then cost
            neutrality is that of the cost-effectiveness model.
        has_outcomes: Whether the model has one.

    Raises:
        ModelFaultsError: With every fault; the paths start inside the table.

    Examples:
        >>> read_constraint({"kind": "budget-every-year", "cap": 50e6}, years=2).cap
        (50000000.0, 50000000.0)
        >>> read_constraint({"kind": "icer", "treshold": 1.0}, years=None)
        Traceback (most recent call last):
        pricing.faults.ModelFaultsError: threshold: is missing: expected a number
        treshold: unknown key: expected kind, name, threshold, overrun_probability, indications
    """
    reader = PlainTable(table)
    kind = reader.word("kind", tuple(_READERS))
    reader.faults.raise_if_any()
    name = reader.word("name", default="")
    if kind.startswith("budget-") and years is None:
        zh, en = (
            "需要 [population]，模型中没有",
            "needs [population], which the model does not have",
        )
        reader.fault("kind", zh, en)
    constraint = _READERS[kind](reader, name, years or 0)
    worth = isinstance(constraint, Icer)
    neutral = isinstance(constraint, CostNeutral) and constraint.over == "outcome"
    if (worth or neutral) and not has_outcomes:
        zh = "需要 [cost_effectiveness]，模型中没有"
        en = "needs [cost_effectiveness], which the model does not have"
        reader.fault("kind", zh, en)
    reader.finish()
    return constraint


def _cap(reader: PlainTable, years: int) -> tuple[float, ...]:
    return reader.numbers("cap", length=years)


def _every_year(reader: PlainTable, name: str, years: int) -> Constraint:
    return BudgetEveryYear(_cap(reader, years), name)


def _cumulative(reader: PlainTable, name: str, years: int) -> Constraint:
    if isinstance(reader.value("cap"), list | tuple):
        return BudgetCumulative(sum(_cap(reader, years)), name)
    return BudgetCumulative(reader.number("cap"), name)


def _quantile(reader: PlainTable, name: str, years: int) -> Constraint:
    year = reader.optional_whole("year", at_least=1)
    if year is not None and year > years:
        reader.fault(
            "year", f"为 {year}；模型只有 {years} 年", f"is {year}: expected at most {years}"
        )
    return BudgetQuantile(_cap(reader, years), _probability(reader), year, name)


def _probability(reader: PlainTable) -> AtProbability:
    probability = reader.number("overrun_probability", at_least=0, at_most=1)
    if probability == 1:
        reader.fault(
            "overrun_probability",
            "为 1，等于没有约束；应小于 1",
            "is 1, no constraint: expected below 1",
        )
    return AtProbability(
        probability,
        draws=reader.optional_whole("draws", at_least=1),
        seed=reader.optional_whole("seed", at_least=0),
    )


def _cost_neutral(reader: PlainTable, name: str, years: int) -> Constraint:
    default = "cumulative" if years else "outcome"
    over = reader.word("over", ("cumulative", "every-year", "outcome"), default=default)
    if over != "outcome" and not years:
        zh, en = (
            "需要 [population]，模型中没有",
            "needs [population], which the model does not have",
        )
        reader.fault("over", zh, en)
    return CostNeutral(cast("Over", over), name)


def _icer(reader: PlainTable, name: str, years: int) -> Constraint:
    threshold, source = _threshold(reader)
    at = _probability(reader) if reader.has("overrun_probability") else None
    indications = reader.word("indications", ("each", "blend"), default="each")
    if at is not None and indications == "blend":
        reader.fault(
            "indications", "按概率时只能用 each", "is blend with a probability: expected each"
        )
    return Icer(threshold, at, "blend" if indications == "blend" else "each", source, name)


def _threshold(reader: PlainTable) -> tuple[float, tuple[str, str] | None]:
    if not reader.is_table("threshold"):
        return reader.number("threshold", at_least=0), None
    inside = reader.table("threshold")
    preset = inside.word("preset", tuple(PRESETS))
    gdp_per_head = inside.number("gdp_per_head", above=0)
    bound = inside.word("bound", BOUNDS, default="central")
    threshold = threshold_of(preset, gdp_per_head=gdp_per_head, bound=bound)
    if threshold is None:
        zh = f"{preset} 只给出区间；应指明 low 或 high"
        inside.fault("bound", zh, f"{preset} states a range only: expected low or high")
    inside.check_keys()
    return threshold or 0.0, (PRESETS[preset].source_zh, PRESETS[preset].source_en)


def _reference(reader: PlainTable, name: str, years: int) -> Constraint:
    if reader.has("annual_cost"):
        units = reader.number("units_a_year", above=0)
        price = _exact(reader.number("annual_cost", at_least=0)) / _exact(units or 1.0)
    else:
        price = _exact(reader.number("price", at_least=0))
    return ReferencePrice(
        price, reader.number("premium", default=0.0, above=-1), _basis(reader), name
    )


def _international(reader: PlainTable, name: str, years: int) -> Constraint:
    prices = reader.named_numbers("prices", above=0)
    rule = reader.word("rule")
    rank = _RANK.fullmatch(rule)
    if rule and not rank and rule not in RULES[:2] + RULES[3:]:
        reader.fault(
            "rule", f"未知的规则；应为 {' | '.join(RULES)}", f"expected {' | '.join(RULES)}"
        )
    if rank and int(rank[1]) > len(prices):
        zh, en = f"只有 {len(prices)} 个价格", f"there are only {len(prices)} prices"
        reader.fault("rule", f"{rule}：{zh}", f"{rule}: {en}")
    adjusted = rule == "gdp-adjusted-mean"
    gdp = reader.named_numbers("gdp_per_head", above=0) if adjusted else {}
    for country in prices if adjusted else ():
        if country not in gdp:
            reader.fault(
                f"gdp_per_head.{country}", "缺少；应为一个数", "is missing: expected a number"
            )
    return InternationalPrice(
        prices=tuple(prices.items()),
        rule=rule,
        gdp_per_head=tuple(gdp.items()),
        own_gdp_per_head=reader.number("own_gdp_per_head", above=0) if adjusted else None,
        basis=_basis(reader),
        name=name,
    )


def _basis(reader: PlainTable) -> PriceBasis:
    return cast("PriceBasis", reader.word("basis", ("list", "net"), default="list"))


def _exact(number: float) -> Fraction:
    # What was written, 0.1 for 0.1, not the binary number beside it.
    return Fraction(repr(number))


_READERS: Mapping[str, Callable[[PlainTable, str, int], Constraint]] = MappingProxyType(
    {
        "budget-every-year": _every_year,
        "budget-cumulative": _cumulative,
        "budget-quantile": _quantile,
        "cost-neutral": _cost_neutral,
        "icer": _icer,
        "reference-price": _reference,
        "international-price": _international,
    }
)

KINDS = tuple(_READERS)
"""Every kind of constraint."""
