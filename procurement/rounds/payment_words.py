"""Words of the rulebooks about renewal, talks and payment standards."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import cast

Pair = tuple[str, str]
Say = Callable[[Pair], str]

PAYMENT_WORDS: Mapping[str, Pair] = {
    "unchanged": ("不变", "unchanged"),
    "original-scope": ("按原支付范围续约", "the original scope is renewed"),
    "simple-renewal": ("按简易续约", "as in simple renewal"),
    "removal": ("调出目录", "removal from the list"),
    "fund-spend": ("医保基金支出", "spending of the fund"),
    "in-scope-cost": ("支付范围内药品费用", "drug cost within the scope"),
    "one-after-another": ("1 −（1 − A 降幅）×（1 − B 降幅）", "1 - (1 - cut by A)(1 - cut by B)"),
    "combined": ("合并后的降幅减半", "the combined cut"),
    "each": ("每项降幅各减半", "each cut"),
    "bargaining": ("直接磋商", "bargaining"),
    "quotes": ("企业报价", "the maker's quotes"),
    "offers": ("谈判组还价", "their own offers"),
    "ceiling": ("谈判底价", "the maximum payable price"),
    "lowest-bid": ("最低报价", "the lowest bid"),
    "own-bid": ("不高于本企业报价", "its own bid"),
    "patient": ("患者", "the patient"),
    "province": ("省级", "the province"),
    "negotiation": ("谈判", "negotiation"),
    "own-price": ("本产品价格", "its own price"),
    "winning-price": ("中选价", "the winning price"),
    "own-price-cut": ("本产品价格下调", "its own price, cut"),
    "at-most-winning-price": ("不高于中选价", "at most the winning price"),
    "half-up": ("四舍五入", "half up"),
}
"""The words of the three vocabularies."""

PAYMENT_LABELS: Mapping[str, Pair] = {
    "above": ("高于", "above"),
    "until": ("不高于", "up to"),
    "least": ("最少", "at least"),
    "most": ("最多", "at most"),
    "standard": ("支付标准", "standard"),
    "first_self_paid": ("先行自付", "paid first by the patient"),
    "self_pay_agreement": ("签订自费协议", "self-pay agreement"),
    "patient_share_added": ("个人负担比例增加", "added to the patient's share"),
    "class-a": ("甲类", "class A"),
    "class-b": ("乙类", "class B"),
}
"""Names of the entries of their tables."""

PAYMENT_UNITS: Mapping[str, Pair] = {
    "agreements": ("{} 个协议期", "{} agreements"),
    "quotes": ("{} 次", "{} quotes"),
    "patients": ("{} 人", "{} patients"),
}

PAYMENT_PERCENT_FIELDS = (
    "cut",
    "first_self_paid",
    "class-a",
    "class-b",
    "patient_share_added",
)
"""Entries that are shares."""

YI = Decimal(100_000_000)
MILLION = Decimal(1_000_000)


def cut_table_lines(value: Mapping[str, object], say: Say) -> list[str]:
    """A table of cuts, a line for each row.

    Examples:
        >>> value = {
        ...     "columns": (Decimal(200000000),),
        ...     "ratio_a": (Decimal("1.1"), Decimal("1.4")),
        ...     "ratio_b": (Decimal("0.1"), Decimal("0.4")),
        ...     "cuts": ((Decimal(0), Decimal(0)), (Decimal("0.05"), Decimal("0.07"))),
        ... }
        >>> for line in cut_table_lines(value, lambda pair: pair[1]):
        ...     print(line)
        columns: million yuan a year up to 200 | above
        A up to 110%, B up to 10%: 0% | 0%
        A up to 140%, B up to 40%: 5% | 7%
    """
    edges = cast("Mapping[str, Sequence[Decimal]]", value)
    rows = cast("Sequence[Sequence[Decimal]]", value["cuts"])
    zh = "列（亿元/年）：" + " | ".join(
        [f"不高于 {_plain(edge / YI)}" for edge in edges["columns"]] + ["以上"]
    )
    en = "columns: million yuan a year " + " | ".join(
        [f"up to {_plain(edge / MILLION)}" for edge in edges["columns"]] + ["above"]
    )
    lines = [say((zh, en))]
    for a, b, row in zip(edges["ratio_a"], edges["ratio_b"], rows, strict=True):
        cells = " | ".join(map(percent_of, row))
        zh = f"A 不高于 {percent_of(a)}、B 不高于 {percent_of(b)}：{cells}"
        lines.append(say((zh, f"A up to {percent_of(a)}, B up to {percent_of(b)}: {cells}")))
    return lines


def band_label(name: str, say: Say) -> str:
    """The name of a ladder's band.

    Examples:
        >>> band_label("2", lambda pair: pair[1]), band_label("above", lambda pair: pair[0])
        ('up to 2 times the winning price', '更高的')
        >>> band_label("1", lambda pair: pair[1])
        'up to the winning price'
    """
    if name == "above":
        return say(("更高的", "above that"))
    if name == "1":
        return say(("不高于中选价的", "up to the winning price"))
    return say((f"不高于中选价 {name} 倍的", f"up to {name} times the winning price"))


def percent_of(share: Decimal) -> str:
    """A share in percent.

    Examples:
        >>> percent_of(Decimal("0.10"))
        '10%'
    """
    return f"{_plain(share * 100)}%"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
