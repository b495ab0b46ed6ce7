"""What the draws of a run say, as outputs show it."""

from collections.abc import Iterator, Sequence

import numpy as np

from pricing.ceilings import (
    Basis,
    BudgetCumulative,
    BudgetQuantile,
    Constraint,
    Indication,
    label,
)
from pricing.negotiation_report import Report
from pricing.negotiation_report.report import OutcomeUncertainty
from pricing.negotiation_report.report import Overrun as FoundOverrun
from pricing.sensitivity import Summary
from procurement.negotiations.outputs.charts.lettering import brief
from procurement.negotiations.outputs.figures import Acceptability, Overrun, Plane, Uncertain
from procurement.negotiations.outputs.said import Said

POINTS_MAX = 600
"""Draws whose points a chart shows."""

CURVES_MAX = 3
"""Curves of overrun in one chart."""


def plane_of(basis: Basis, report: Report, outcomes: OutcomeUncertainty) -> Plane:
    """The draws of incremental cost and effect of one outcome model."""
    found = outcomes.plane
    below = None
    if report.threshold is not None:
        below = float(np.mean(found.cost <= report.threshold * found.effect))
    return Plane(
        effects=[float(one) for one in found.effect[:POINTS_MAX]],
        costs=[float(one) for one in found.cost[:POINTS_MAX]],
        threshold=report.threshold,
        reference=_first(basis).reference,
        drawn=int(found.effect.size),
        below=below,
    )


def _first(basis: Basis) -> Indication:
    """The first indication that has an outcome model."""
    return next(one for one in basis.indications if one.outcomes)


def acceptability_of(
    basis: Basis, report: Report, outcomes: OutcomeUncertainty
) -> Acceptability | None:
    """The curves of one outcome model by threshold; none without a threshold."""
    found = outcomes.acceptability
    if not found:
        return None
    names = list(found[0].probability)
    return Acceptability(
        thresholds=[one.threshold for one in found],
        curves=[(name, [one.probability[name] for one in found]) for name in names],
        frontier=[one.probability[one.preferred] for one in found],
        expected_loss=[(name, [one.expected_loss[name] for one in found]) for name in names],
        information_value=[one.evpi for one in found],
        negotiated=_first(basis).negotiated,
        threshold=report.threshold,
    )


def overrun_of(report: Report, constraints: Sequence[Constraint]) -> Overrun | None:
    """How likely caps are broken by price: of each constraint the likeliest."""
    found = report.uncertainty.overruns if report.uncertainty is not None else ()
    if not found:
        return None
    by_constraint: dict[str, FoundOverrun] = {}
    for one in found:
        other = by_constraint.get(one.constraint)
        if other is None or one.probability >= other.probability:
            by_constraint[one.constraint] = one
    likeliest = sorted(by_constraint.values(), key=lambda one: one.probability)[-CURVES_MAX:]
    # All curves of one size share their prices: a grid up to twice the price under discussion.
    shown = [one for one in likeliest if len(one.curve.prices) == len(likeliest[-1].curve.prices)]
    allowed = [one.at.overrun_probability for one in constraints if isinstance(one, BudgetQuantile)]
    return Overrun(
        prices=[float(price) for price in shown[-1].curve.prices],
        curves=[
            (name, [float(part) for part in one.curve.probability])
            for name, one in zip(_overrun_names(shown, constraints), shown, strict=True)
        ],
        allowed=min(allowed, default=None),
    )


def _overrun_names(shown: Sequence[FoundOverrun], constraints: Sequence[Constraint]) -> list[Said]:
    """What each curve is of, with its cap where two are of the same."""
    cumulative = {label(one) for one in constraints if isinstance(one, BudgetCumulative)}
    names = [_overrun_name(one, is_total=one.constraint in cumulative) for one in shown]
    return [
        name if names.count(name) == 1 else _with_cap(name, one.cap)
        for name, one in zip(names, shown, strict=True)
    ]


def _with_cap(name: Said, cap: float) -> Said:
    """Told apart from another of its name, in as few marks as stand beside a curve."""
    zh, en = f"{brief(cap / 1e4, 4)} 万", f"{brief(cap / 1e6, 3)} m"
    return Said(f"{name.zh} {zh}", f"{name.en} {en}")


def _overrun_name(one: FoundOverrun, *, is_total: bool) -> Said:
    if one.year is not None:
        return Said(f"第{one.year}年", f"Year {one.year}")
    return Said("各年合计", "All years") if is_total else Said("任一年", "Any year")


def uncertain_rows(report: Report) -> Iterator[Uncertain]:
    """Mean and spread of every result."""
    found = report.uncertainty
    if found is None:
        return
    if found.budget is not None:
        for year, summary in enumerate(found.budget.impact, start=1):
            name = Said(f"第{year}年基金影响（¤）", f"impact of year {year}, ¤")
            yield from _row(name, summary)
        name = Said("各年合计基金影响（¤）", "impact of all years, ¤")
        yield from _row(name, found.budget.cumulative)
    for indication, outcomes in found.outcomes:
        yield from _outcome_rows(indication, outcomes)
    for constraint, summary in found.ceilings:
        words = Said(
            f"各次抽样的价格上限（¤）：{constraint}", f"ceilings of the draws, ¤: {constraint}"
        )
        yield from _row(words, summary)


def _outcome_rows(indication: str, found: OutcomeUncertainty) -> Iterator[Uncertain]:
    of_zh, of_en = (f"{indication}：", f"{indication}: ") if indication else ("", "")
    for name, summary in found.cost:
        yield from _row(Said(f"{of_zh}{name} 的费用（¤）", f"{of_en}cost of {name}, ¤"), summary)
    for name, summary in found.effect:
        words = Said(f"{of_zh}{name} 的效果", f"{of_en}effect of {name}")
        yield from _row(words, summary, is_money=False)
    words = Said(f"{of_zh}增量成本（¤）", f"{of_en}incremental cost, ¤")
    yield from _row(words, found.increment_cost)
    words = Said(f"{of_zh}增量效果", f"{of_en}incremental effect")
    yield from _row(words, found.increment_effect, is_money=False)
    ratio = Said(f"{of_zh}增量成本效果比（¤/单位效果）", f"{of_en}ratio, ¤ per unit of effect")
    yield from _row(ratio, found.icer)


def _row(name: Said, summary: Summary | None, *, is_money: bool = True) -> Iterator[Uncertain]:
    if summary is not None:
        yield Uncertain(
            name, summary.mean, summary.sd, summary.q025, summary.q975, is_money=is_money
        )
