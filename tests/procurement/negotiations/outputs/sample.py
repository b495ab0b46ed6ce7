"""A dossier whose figures are made up, to look at pictures of every kind."""

from decimal import Decimal

import numpy as np

from procurement.negotiations.outputs.figures import (
    Acceptability,
    Bar,
    BudgetTable,
    CeilingRow,
    Dossier,
    HeatMap,
    Overrun,
    Plane,
    PriceLine,
    RatioLine,
    Register,
    StrategyRow,
    Tornado,
    Uncertain,
)
from procurement.negotiations.outputs.said import YUAN, Said

YEARS = [
    (-30_100_000.0, 1_680.0),
    (-58_000_000.0, 3_380.0),
    (-88_000_000.0, 5_100.0),
    (-88_600_000.0, 5_130.0),
    (-89_000_000.0, 5_160.0),
]
CAP = 50_000_000.0
CEILING = 26_937.98


def year(number, name="Year"):
    return Said(f"第{number}年", f"{name} {number}")


def sample_dossier() -> Dossier:
    generator = np.random.default_rng(1)
    effects = generator.normal(0.9, 0.35, 800)
    costs = 9_000 + 9_000 * effects + generator.normal(0, 4_000, 800)
    prices = np.linspace(0, 36_000, 61)
    thresholds = np.linspace(0, 60_000, 61)
    own = 1 / (1 + np.exp(-(thresholds - 21_000) / 6_000))
    lines = [
        PriceLine(year(n), zero, slope, CAP, binds=n == 5)
        for n, (zero, slope) in enumerate(YEARS, start=1)
    ]
    zero, slope = (sum(one) for one in zip(*YEARS, strict=True))
    return Dossier(
        title="药品 A 用于疾病 X",
        drug="A",
        unit="疗程年",
        price=28_800.0,
        ceiling=Decimal("26937.98"),
        policy=Said("取最低（strict-min）", "the lowest (strict-min)"),
        why=None,
        is_unlimited=False,
        money=YUAN,
        model_hash="c4b0ee0cf2a3f8a4" * 4,
        seed=1,
        draws=10_000,
        ceilings=ceilings(),
        budgets=[a_budget("基准", "base", 1.0), a_budget("乐观", "optimistic", 1.6)],
        lines=[*lines, PriceLine(Said("合计", "in all"), zero, slope, is_total=True)],
        strategies=[
            StrategyRow("B", 31_000.0, 5.1, "frontier", None, is_negotiated=False),
            StrategyRow("C", 33_000.0, 5.0, "dominated", None, is_negotiated=False),
            StrategyRow("A", 48_000.0, 6.0, "frontier", 18_888.9, is_negotiated=True),
        ],
        ratios=[RatioLine("B", 2_000.0, 0.6, 0.9), RatioLine("C", 100.0, 0.6, 1.0)],
        effect_unit="QALY",
        threshold=21_000.0,
        impact_tornado=a_tornado(202_000_000.0, 30_000_000.0),
        ceiling_tornado=a_tornado(CEILING, 2_600.0),
        plane=Plane(list(effects), list(costs), 21_000.0, "B", 10_000, 0.612),
        acceptability=Acceptability(
            thresholds=list(thresholds),
            curves=[("B", list(1 - own)), ("A", list(own)), ("C", [0.0] * 61)],
            frontier=list(np.maximum(own, 1 - own)),
            expected_loss=[("B", list(own * 900)), ("A", list((1 - own) * 900)), ("C", [2e3] * 61)],
            information_value=list(900 * own * (1 - own)),
            negotiated="A",
            threshold=21_000.0,
        ),
        overrun=Overrun(
            prices=list(prices),
            curves=[
                (year(5), list(1 / (1 + np.exp(-(prices - 27_500) / 1_400)))),
                (Said("任一年", "any year"), list(1 / (1 + np.exp(-(prices - 26_900) / 1_400)))),
            ],
            allowed=0.1,
        ),
        heat=a_heat(),
        uncertain=[Uncertain(year(1), 16_636_860.0, 4_100_000.0, 9e6, 2.5e7)],
        register=[
            Register(
                "population.size", "42000000", 42e6, "person", "某统计公报", "2026-01", True, ""
            ),
            Register(
                "parameter.rr",
                "0.509",
                0.509,
                "ratio",
                "",
                "",
                None,
                "lognormal(mean=0.509, sd=0.088)",
            ),
        ],
    )


def a_ceiling(kind, zh, en, price, *, binds=False, **more):
    exact = None if price is None else float(price)
    rounded = None if price is None else Decimal(price)
    return CeilingRow(kind, Said(zh, en), rounded, exact, binds, **more)


def ceilings():
    every_year = a_ceiling(
        "budget-every-year",
        "每年预算上限",
        "budget of every year",
        "26937.98",
        binds=True,
        shadow=Said("上限每增 100 万元，价格上限增 193.80 元", "a million more adds 193.80 yuan"),
        limit=Said("每年 ≤ 5,000 万元", "≤ 50 million a year"),
    )
    limit = Said("≤ 21,000 元/QALY", "≤ 21,000 per QALY")
    why = Said("零价时仍增加支出", "it costs more even free")
    return [
        every_year,
        a_ceiling("icer", "成本效果阈值", "threshold", "28166.66", limit=limit),
        a_ceiling("reference-price", "参照药价格", "reference drug", "26400.00", is_given=True),
        a_ceiling("budget-quantile", "超支概率 10%", "overrun of 10 %", "25300.10"),
        a_ceiling("cost-neutral", "费用中性", "cost neutral", None, why=why),
    ]


def a_budget(zh, en, times):
    eligible = [10_206.0, 10_257.0, 10_308.0, 10_360.0, 10_412.0]
    without = [68_927_620.0, 69_254_590.0, 69_604_770.0, 69_955_900.0, 70_307_030.0]
    impact = [
        times * one for one in (16_636_860.0, 33_518_052.0, 50_534_648.0, 50_767_108.0, 5.1e7)
    ]
    return BudgetTable(
        name=Said(zh, en),
        eligible=eligible,
        patients=[
            ("A", [0.0] * 5, [680.0, 1_368.0, 2_062.0, 2_072.0, 2_082.0]),
            ("B", [2_552.0] * 5, [2_381.0, 2_222.0, 2_062.0, 2_072.0, 2_082.0]),
        ],
        without=without,
        with_=[old + new for old, new in zip(without, impact, strict=True)],
        impact=impact,
        offsets=[0.0] * 5,
        patient_view=[one / 4 for one in impact],
        members=[42_000_000 * 1.005**n for n in range(5)],
    )


def a_tornado(base, step):
    names = (
        "population.funnel.prevalence",
        "treatment.A.share_with",
        "population.funnel.eligible",
        "treatment.B.price",
        "parameter.rr",
        "population.growth",
    )
    bars = [
        Bar(
            name,
            0.002 * n,
            0.004 * n,
            base - step / n * (-1) ** n,
            base + step / n * (-1) ** n * 1.3,
        )
        for n, name in enumerate(names, start=1)
    ]
    return Tornado(base, [*bars, Bar("treatment.A.offset", 0.0, 10.0, None, base + step / 9)])


def a_heat():
    caps = [CAP * part for part in (0.6, 0.8, 1.0, 1.2, 1.4)]
    thresholds = [21_000.0 * part for part in (0.5, 0.75, 1.0, 1.5, 2.0)]
    zero, slope = YEARS[-1]
    prices, binds = [], []
    for threshold in thresholds:
        fund = [(cap - zero) / slope for cap in caps]
        worth = (threshold * 0.9 - 2_000) / 0.6
        prices.append([min(one, worth) for one in fund])
        binds.append([one <= worth for one in fund])
    return HeatMap(caps, thresholds, prices, binds, CAP, 21_000.0)
