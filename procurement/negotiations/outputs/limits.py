"""Constraints and their ceilings in words."""

from collections.abc import Sequence
from types import MappingProxyType

from pricing.ceilings import (
    BudgetCumulative,
    BudgetEveryYear,
    BudgetQuantile,
    Ceiling,
    Constraint,
    CostNeutral,
    Icer,
    InternationalPrice,
    ReferencePrice,
    Shadow,
)
from procurement.negotiations.outputs.charts.lettering import brief
from procurement.negotiations.outputs.figures import CeilingRow
from procurement.negotiations.outputs.said import Said

KINDS = MappingProxyType(
    {
        "budget-every-year": Said("每年预算上限", "budget of every year"),
        "budget-cumulative": Said("累计预算上限", "budget of all years"),
        "budget-quantile": Said("超支概率", "probability of an overrun"),
        "cost-neutral": Said("费用中性", "cost neutrality"),
        "icer": Said("成本效果阈值", "cost-effectiveness threshold"),
        "reference-price": Said("参照药价格", "price of the reference drug"),
        "international-price": Said("国际价格", "international prices"),
    }
)
"""Kinds of constraints in words."""

_RELAXED = MappingProxyType(
    {
        "cap": (1e6, Said("预算上限每放宽 100 万¤", "a million ¤ more of cap")),
        "threshold": (1e3, Said("阈值每提高 1,000 ¤", "1,000 ¤ more of threshold")),
        "price": (1.0, Said("所依据的价格每提高 1 ¤", "1 ¤ more of the prices it rests on")),
    }
)
"""What is relaxed, by how much, in words."""


def name_of(constraint: Constraint) -> Said:
    """The kind of a constraint, with the name that the model gives it.

    Examples:
        >>> name_of(CostNeutral(name="five years")).en
        'cost neutrality (five years)'
    """
    kind = KINDS[constraint.kind]
    if not constraint.name or constraint.name == constraint.kind:
        return kind
    return Said(f"{kind.zh}（{constraint.name}）", f"{kind.en} ({constraint.name})")


def ceiling_row(constraint: Constraint, ceiling: Ceiling, *, binds: bool) -> CeilingRow:
    """A ceiling as outputs show it."""
    return CeilingRow(
        kind=ceiling.kind,
        name=name_of(constraint),
        price=ceiling.price,
        exact=ceiling.exact,
        binds=binds,
        why=None if ceiling.why is None else Said(ceiling.why.zh, ceiling.why.en),
        shadow=None if ceiling.shadow is None else _shadow(ceiling.shadow),
        limit=limit_of(constraint),
        net_price=ceiling.net_price,
        is_given=_is_list_price(constraint),
    )


def _is_list_price(constraint: Constraint) -> bool:
    if isinstance(constraint, ReferencePrice | InternationalPrice):
        return constraint.basis == "list"
    return False


def _shadow(shadow: Shadow) -> Said:
    step, words = _RELAXED[shadow.of]
    gain = brief(step * shadow.value, 5)
    return Said(f"{words.zh}，该上限提高 {gain} ¤", f"{words.en} raises it by {gain} ¤")


def limit_of(constraint: Constraint) -> Said:
    """What a constraint demands.

    Examples:
        >>> limit_of(Icer(20_000.0)).en
        'ratio ≤ 20,000 ¤ per unit of effect, against every other strategy'
    """
    if isinstance(constraint, BudgetEveryYear):
        caps = _caps(constraint.cap)
        return Said(f"每年影响 ≤ {caps.zh}", f"impact of each year ≤ {caps.en}")
    if isinstance(constraint, BudgetCumulative):
        cap = _amount(constraint.cap)
        return Said(f"各年合计 ≤ {cap.zh}", f"impact of all years ≤ {cap.en}")
    if isinstance(constraint, BudgetQuantile):
        return _quantile(constraint)
    if isinstance(constraint, Icer):
        return _threshold(constraint)
    if isinstance(constraint, CostNeutral):
        return _NEUTRAL[constraint.over]
    return _given(constraint)


_NEUTRAL = MappingProxyType(
    {
        "cumulative": Said("各年合计影响 ≤ 0", "impact of all years ≤ 0"),
        "every-year": Said("每年影响 ≤ 0", "impact of each year ≤ 0"),
        "outcome": Said("费用不高于对照方案", "costs no more than the reference strategy"),
    }
)


def _quantile(constraint: BudgetQuantile) -> Said:
    part = brief(100 * constraint.at.overrun_probability)
    if constraint.year is None:
        caps = _caps(constraint.cap)
        return Said(
            f"任一年影响 > {caps.zh} 的概率 ≤ {part}%",
            f"probability that any year is above {caps.en} ≤ {part}%",
        )
    cap = _amount(constraint.cap[constraint.year - 1])
    return Said(
        f"第{constraint.year}年影响 > {cap.zh} 的概率 ≤ {part}%",
        f"probability that year {constraint.year} is above {cap.en} ≤ {part}%",
    )


def _threshold(constraint: Icer) -> Said:
    amount = brief(constraint.threshold, 7)
    zh, en = f"增量成本效果比 ≤ {amount} ¤/单位效果", f"ratio ≤ {amount} ¤ per unit of effect"
    if constraint.at is not None:
        part = brief(100 * constraint.at.overrun_probability)
        zh, en = f"{zh}，不满足的概率 ≤ {part}%", f"{en}, missed with a probability ≤ {part}%"
    if constraint.indications == "blend":
        zh, en = f"{zh}，各适应症按用量加权", f"{en}, indications weighted by their units"
    else:
        zh, en = f"{zh}，与其他各方案比", f"{en}, against every other strategy"
    if constraint.source is not None:
        zh, en = f"{zh}（{constraint.source[0]}）", f"{en} ({constraint.source[1]})"
    return Said(zh, en)


def _given(constraint: ReferencePrice | InternationalPrice) -> Said:
    if isinstance(constraint, ReferencePrice):
        price, premium = brief(float(constraint.price), 8), brief(100 * constraint.premium)
        return Said(f"{price} ¤ ×（1＋{premium}%）", f"{price} ¤ × (1 + {premium}%)")
    prices = ", ".join(f"{country} {brief(price, 8)}" for country, price in constraint.prices)
    return Said(f"{constraint.rule}：{prices}", f"{constraint.rule}: {prices}")


def _caps(caps: Sequence[float]) -> Said:
    if len(set(caps)) == 1:
        return _amount(caps[0])
    zh = "、".join(_amount(cap).zh for cap in caps)
    en = ", ".join(_amount(cap).en for cap in caps)
    return Said(zh, en)


def _amount(amount: float) -> Said:
    zh = f"{brief(amount / 1e8, 5)} 亿¤" if amount >= 1e8 else f"{brief(amount / 1e4, 7)} 万¤"
    return Said(zh, f"{brief(amount / 1e6, 7)} million ¤")
