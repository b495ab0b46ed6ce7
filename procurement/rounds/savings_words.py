"""Words of the rulebooks about retained savings."""

from collections.abc import Callable, Mapping

Pair = tuple[str, str]
Say = Callable[[Pair], str]

SAVINGS_WORDS: Mapping[str, Pair] = {
    "drugs": ("药品", "drugs"),
    "consumables": ("医用耗材", "consumables"),
    "budget-less-spend": ("预算减支出", "budget less spend"),
    "price-drop": ("约定采购量 × 降价额", "agreed volume x price drop"),
    "agreed-volume": ("约定采购量", "the agreed volume"),
    "subtracted": ("计入支出", "counts as spending"),
    "not-counted": ("不计", "is not counted"),
    "one": ("一个比例", "one"),
    "budget-and-spend": (
        "预算用上年度、支出用合同期内",
        "that of the year before for the budget, of the contract period for spending",
    ),
    "use-share": ("使用量占比", "share of the use"),
    "person-time-share": ("人次占比", "share of person-times"),
    "institution": ("医疗机构", "institution"),
    "product-specification": ("品种规格", "product and specification"),
    "volume-completion": ("约定采购量完成率", "completion of the agreed volume"),
    "payment-in-time": ("货款按时支付率", "payment in time"),
    "cost-growth": ("药品耗材费用增长", "growth of drug and consumable cost"),
    "off-line-share": ("网外采购占比", "purchases off the platform"),
    "non-winning-share": ("非中选产品采购占比", "purchases of non-winning products"),
    "winning-use": ("中选产品使用率", "use of winning products"),
    "rules-kept": ("执行集采政策", "keeping the rules of procurement"),
    "reform-carried-out": ("落实集采和价格改革", "carrying out procurement and price reform"),
    "agreed-volume-completed": ("完成约定采购量", "agreed volume completed"),
    "assessment-passed": ("考核合格", "assessment passed"),
    "floor_each": ("逐品种按零计，不相抵", "each counts as zero, none is set off"),
    "net_batch": ("同批次品种间相抵", "set off within a hospital's batch"),
    "institution_every_product": ("医疗机构的每个品种", "every product of the institution"),
    "group": ("医共体", "medical group"),
    "half_up_cent": ("按医疗机构四舍五入到分", "half up to the cent, by hospital"),
    "half_up_cent_line": ("逐行四舍五入到分", "half up to the cent, line by line"),
    "not_rounded": ("不取舍", "not rounded"),
    "earns": ("仍可留用", "it still earns"),
    "nothing": ("不再留用", "it earns nothing"),
}
"""The words of the vocabulary."""

SAVINGS_LABELS: Mapping[str, Pair] = {
    "ratio": ("留用比例", "share kept"),
    "grade": ("等级", "grade"),
}
"""Names of the entries of its tables."""


def score_label(name: str, say: Say) -> str:
    """The name of a band by score.

    Examples:
        >>> score_label("80", lambda pair: pair[0]), score_label(">80", lambda pair: pair[1])
        ('80 分及以上', 'above 80 points')
    """
    edge = name.removeprefix(">")
    if name != edge:
        return say((f"高于 {edge} 分", f"above {edge} points"))
    return say((f"{edge} 分及以上", f"from {edge} points"))
