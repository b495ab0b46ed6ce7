"""The report of a negotiation model in words, for a terminal."""

from collections.abc import Sequence
from decimal import Decimal

from pricing.ceilings import Ceiling
from pricing.draws import Draws
from pricing.negotiation_report import (
    BASE,
    CostEffectiveness,
    ImpactResult,
    OutcomeUncertainty,
    Report,
    Uncertainty,
)
from pricing.sensitivity import Bar, Summary
from procurement.cli.aligned import table

Rows = list[list[str]]

BARS_SHOWN = 10
"""Bars of a tornado that are printed; all of them are in the JSON."""


def describe_ceiling(report: Report, *, language: str) -> str:
    """The report in words: ceilings, budget impact, outcomes, uncertainty.

    Args:
        report: Of a run.
        language: ``zh`` or ``en``.

    Returns:
        Text that ends in a line feed.
    """
    words = _Words(language)
    unit = f"/{report.unit}" if report.unit else ""
    discussed = words("讨论价格", "price under discussion")
    blocks = [
        [report.title, f"{discussed}: {_amount(report.price)}{unit}"],
        _ceilings(report, words),
        *(_impact(name, found, words) for name, found in report.budget_impact.items()),
    ]
    if report.cost_effectiveness is not None:
        blocks.append(_outcomes(report.cost_effectiveness, words))
    for one in report.indications:
        if one.cost_effectiveness is not None:
            blocks.append([one.name, *_outcomes(one.cost_effectiveness, words)])
    if report.uncertainty is not None:
        blocks += _uncertainty(report, report.uncertainty, words)
    if "ceiling" in report.tornado:
        head = words("单因素分析（价格上限，2.5%–97.5%）", "one-way on the ceiling (2.5 %-97.5 %)")
        blocks.append([head, *_bars(report.tornado["ceiling"], words)])
    blocks.append([f"SHA-256 {report.digest}"])
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


class _Words:
    """Picks the language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en


def _ceilings(report: Report, words: _Words) -> list[str]:
    found = report.base
    if not found.ceilings:
        return [words("模型没有 [[constraint]]，没有价格上限", "no [[constraint]], so no ceiling")]
    head = words("约束", "constraint"), words("价格上限", "ceiling"), words("净价", "net price")
    rows: Rows = [[*head, words("放宽一单位", "one unit more"), ""]]
    reasons = []
    for ceiling, binding in zip(found.ceilings, found.combined.binding, strict=True):
        mark = words("← 起约束作用", "<- binding") if binding else ""
        rows.append([ceiling.name, *_prices(ceiling), mark])
        if ceiling.why is not None:
            reasons.append(words(ceiling.why.zh, ceiling.why.en))
    policy, combined = found.combined.policy, found.combined
    price = "-" if combined.price is None else _amount(combined.price)
    last = [f"{words('价格上限', 'ceiling')} ({policy}): {price}"]
    if combined.why is not None and words(*combined.why) not in reasons:
        reasons.append(words(*combined.why))
    others = [
        f"{words('情景', 'scenario')} {name}: "
        f"{'-' if one.combined.price is None else _amount(one.combined.price)}"
        for name, one in report.scenarios.items()
    ]
    return [*table(rows, right=(1, 2, 3)), *reasons, *last, *others]


def _prices(ceiling: Ceiling) -> list[str]:
    price = "-" if ceiling.price is None else _amount(ceiling.price)
    net = "-" if ceiling.net_price is None else _amount(ceiling.net_price)
    shadow = ceiling.shadow
    return [price, net, "-" if shadow is None else f"{shadow.value:+.6g} ({shadow.of})"]


def _impact(name: str, impact: ImpactResult, words: _Words) -> list[str]:
    title = words("基金预算影响（元）", "impact on the fund (yuan)")
    years = [str(year + 1) for year in range(len(impact.impact))]
    rows: Rows = [[words("年", "year"), *years, words("累计", "total")]]
    lines = (
        (words("目标患者", "eligible"), impact.eligible),
        (words("不含该药", "without"), impact.without),
        (words("含该药", "with"), impact.with_),
        (words("增量", "impact"), impact.impact),
        (words("患者负担", "patients pay"), impact.patient_view),
    )
    for word, values in lines:
        row = _first_draw(values, len(years))
        total = "" if values is impact.eligible else _amount(sum(row), 0)
        rows.append([word, *(_amount(value, 0) for value in row), total])
    shown = words("基本方案", "base") if name == BASE else name
    return [f"{title}: {shown}", *table(rows, right=range(1, len(rows[0])))]


def _first_draw(values: Draws, years: int) -> list[float]:
    column = values[:, 0] if values.ndim > 1 else values[:1]
    return [float(value) for value in column] * (years if len(column) < years else 1)


def _outcomes(found: CostEffectiveness, words: _Words) -> list[str]:
    head = words("方案", "strategy"), words("成本", "cost"), words("效果", "effect")
    rows: Rows = [[*head, words("增量成本效果比", "ICER"), words("前沿", "status")]]
    for row in found.frontier:
        icer = "" if row.icer is None else _amount(row.icer)
        rows.append([row.strategy, _amount(row.cost), f"{row.effect:.6g}", icer, row.status])
    lines = table(rows, right=(1, 2, 3))
    increment = found.increment
    ratio = "-" if increment.icer is None else _amount(increment.icer)
    name = words(
        "与参照相比的增量成本、效果、比值", "increment over the reference: cost, effect, ICER"
    )
    return [*lines, f"{name}: {_amount(increment.cost)}, {increment.effect:.6g}, {ratio}"]


def _uncertainty(report: Report, found: Uncertainty, words: _Words) -> list[list[str]]:
    drawn = words(
        f"概率敏感性分析，{report.draws} 次（种子 {report.seed}）",
        f"probabilistic analysis, {report.draws} draws (seed {report.seed})",
    )
    mean = words("均值", "mean")
    rows: Rows = [["", mean, words("标准差", "sd"), "2.5 %", "97.5 %"]]
    if found.budget is not None:
        for year, summary in enumerate(found.budget.impact, 1):
            rows.append(_summary(words(f"第 {year} 年增量", f"impact of year {year}"), summary))
    for name, outcome in found.outcomes:
        rows += _outcome_rows(name, outcome, words)
    for name, summary in found.ceilings:
        rows.append(_summary(f"{words('价格上限', 'ceiling')}: {name}", summary))
    blocks = [[drawn, *table(rows, right=(1, 2, 3, 4))]]
    overruns = [
        f"P({one.constraint}, {one.year or words('累计', 'total')}: "
        f"> {_amount(one.cap, 0)}) = {one.probability:.4g}"
        for one in found.overruns
    ]
    blocks += [
        [words("超支概率（讨论价格下）", "P(overrun) at the price under discussion"), *overruns]
    ]
    return blocks if overruns else blocks[:1]


def _outcome_rows(name: str, outcome: OutcomeUncertainty, words: _Words) -> Rows:
    before = f"{name}: " if name else ""
    rows = [_summary(f"{before}{words('成本', 'cost')} {one}", it) for one, it in outcome.cost]
    rows += [_summary(f"{before}{words('效果', 'effect')} {one}", it) for one, it in outcome.effect]
    rows.append(_summary(f"{before}ICER", outcome.icer))
    if outcome.evpi is not None:
        rows.append([f"{before}EVPI", _amount(outcome.evpi), "", "", ""])
    return rows


def _summary(name: str, summary: Summary | None) -> list[str]:
    if summary is None:
        return [name, "-", "-", "-", "-"]
    values = (summary.mean, summary.sd, summary.q025, summary.q975)
    return [name, *(_amount(value) for value in values)]


def _bars(bars: Sequence[Bar], words: _Words) -> list[str]:
    rows: Rows = [[words("输入", "input"), words("低", "low"), words("高", "high"), "→", "→"]]
    for bar in bars[:BARS_SHOWN]:
        ends = ("-" if end is None else _amount(end) for end in (bar.at_low, bar.at_high))
        rows.append([bar.input, f"{bar.low:.6g}", f"{bar.high:.6g}", *ends])
    return table(rows, right=(1, 2, 3, 4))


def _amount(value: float | Decimal, decimals: int = 2) -> str:
    """A number with thousands set apart."""
    return f"{value:,.{decimals}f}"
