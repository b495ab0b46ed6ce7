"""Sentences for ceilings that do not exist."""

from pricing.ceilings.ceiling import Cause, Why
from pricing.ceilings.constraints import Constraint, Icer, label
from pricing.faults import shown

_BUDGET = {
    Cause.TOO_DEAR_FREE: (
        "即使价格为 0 也不满足（{part}，差 {missing} 元）",
        "it fails even at a price of 0 ({part}: {missing} yuan short)",
    ),
    Cause.NO_VOLUME: (
        "谈判药品没有正的用量，价格不影响结果，不构成价格上限",
        "no positive volume: the price of the drug changes nothing, so nothing limits it",
    ),
    Cause.NO_VOLUME_FAILS: (
        "没有正的用量：价格不影响结果，而任何价格都不满足（{part}，差 {missing} 元）",
        "no positive volume: the price changes nothing, and it fails at every price "
        "({part}: {missing} yuan short)",
    ),
    Cause.ONLY_FROM_BELOW: (
        "没有正的用量：价格越高结果越小，不构成价格上限",
        "no positive volume: fewer units are paid with the drug than without, so that a higher "
        "price only relieves it",
    ),
    Cause.CROSSED: (
        "没有同时满足各项的价格：{part} 要求价格不低于 {missing} 元",
        "no price satisfies all of it: {part} asks for at least {missing} yuan",
    ),
    Cause.NEVER_FAILS: (
        "任何价格都满足，不构成价格上限",
        "it holds at every price, so nothing limits it",
    ),
}

_WORTH = {
    Cause.TOO_DEAR_FREE: (
        "即使免费也不具成本效果：与 {part} 相比，净效益少 {missing} 元",
        "never cost-effective, even free: {missing} yuan of net benefit short of {part}",
    ),
    Cause.NO_VOLUME_FAILS: (
        "没有正的用量：与 {part} 相比，任何价格都不具成本效果（差 {missing} 元）",
        "no positive volume: not cost-effective at any price ({missing} yuan short of {part})",
    ),
    Cause.CROSSED: (
        "没有成本效果的价格：价格不低于 {missing} 元时才优于 {part}，而那时已不优于其他方案",
        "never cost-effective: better than {part} only from {missing} yuan, and then no longer "
        "better than the others",
    ),
}


def why_none(constraint: Constraint, cause: Cause, *, part: str = "", missing: float = 0.0) -> Why:
    """Say why a constraint gives no ceiling.

    Args:
        constraint: The constraint.
        cause: The case.
        part: The year or the alternative at which it fails.
        missing: Yuan that are short there; the lowest price, where alternatives cross.

    Examples:
        >>> why = why_none(Icer(20_000), Cause.TOO_DEAR_FREE, part="mono", missing=12.5)
        >>> why.en
        'icer: never cost-effective, even free: 12.5 yuan of net benefit short of mono'
    """
    texts = _WORTH if isinstance(constraint, Icer) and cause in _WORTH else _BUDGET
    zh, en = texts[cause]
    name = label(constraint)
    if not part:
        zh, en = zh.replace("{part}，", ""), en.replace("{part}: ", "")
    short = shown(round(missing, 2))
    return Why(
        cause,
        f"{name}：{zh.format(part=_part(part, 'zh'), missing=short)}",
        f"{name}: {en.format(part=_part(part, 'en'), missing=short)}",
    )


def _part(part: str, language: str) -> str:
    """A year by its number, an alternative by its name."""
    if part.isascii() and part.isdigit():
        return f"第 {part} 年" if language == "zh" else f"year {part}"
    if part == "cumulative":
        return "累计" if language == "zh" else "all years together"
    return part
