"""The sentences of a report, in Chinese and in English, by the code of the step."""

from decimal import Decimal
from string import Formatter

from bidding.report import Number, Step

LANGUAGES = ("zh", "en")

WORDING: dict[str, tuple[str, str]] = {
    "bidders-counted": (
        "申报企业 {bidders} 家（其中报价无效 {above} 家，仍计入；关联企业、联合体合并计）",
        "{bidders} bidders count ({above} of them without a valid price; related firms once)",
    ),
    "bidders-counted-valid": (
        "申报企业 {bidders} 家（超最高有效申报价者不计入；无有效报价共 {above} 家）",
        "{bidders} bidders count (those above the ceiling do not; {above} have no valid price)",
    ),
    "converted": (
        "规格 {strength}：申报价 {declared} ÷ 差比系数 {factor} = 单位可比价 {comparable} 元",
        "strength {strength}: declared {declared} / price ratio {factor} = comparable {comparable}",
    ),
    "not-converted": (
        "规格 {strength}（含量比 {ratio}）：文件未载换算规则，按申报价直接比较",
        "strength {strength} (ratio {ratio}): the document states no conversion; compared as bid",
    ),
    "capacity-short": (
        "约定采购量折合主规格 {agreed}，超出申报产能 {capacity}，请核实供应能力",
        "agreed volume of {agreed} main-strength units exceeds its capacity of {capacity}: check",
    ),
    "price-unknown": (
        "参与申报，价格不详：计入申报企业数，不能中选",
        "bid, at a price that is not known: counts as a bidder and cannot be selected",
    ),
    "above-ceiling": (
        "申报价 {declared} 元高于最高有效申报价 {ceiling} 元，报价无效",
        "declared {declared} is above the ceiling {ceiling}: invalid",
    ),
    "united": (
        "与同一控制人“{group}”的企业合并为一家，以 {standing} 的报价为准",
        "holds one place with the firms under {group}; the bid of {standing} stands",
    ),
    "joint-member": (
        "联合体“{group}”成员，以 {standing} 的报价为准",
        "member of the joint bid {group}; the bid of {standing} stands for it",
    ),
    "joint-selected": (
        "联合体“{group}”随 {standing} 中选，共享约定采购量",
        "selected with the joint bid {group} ({standing}); they share one agreed volume",
    ),
    "technical-out": (
        "技术标得分 {quality} 低于入围线 {last}（入围 {places} 家），不开启商务标",
        "quality score {quality} is under {last}, the last of {places} places: price not opened",
    ),
    "scored": ("综合评分 {score}", "composite score {score}"),
    "places-unlimited": ("不限入围企业数", "no limit to the number of places"),
    "places": (
        "申报企业 {bidders} 家，最多入围 {places} 家",
        "{places} places for {bidders} bidders",
    ),
    "maker-cap": (
        "{maker} 中选产品已达上限 {cap} 个",
        "{maker} already holds {cap} places, the most of one maker",
    ),
    "beyond-places": (
        "排名第 {rank}，超出入围名额 {places}",
        "rank {rank} is beyond the {places} places",
    ),
    "tied": (
        "单位可比价 {price} 元，{tied} 家同价争 {open} 个名额，文件规则未能区分，待裁定",
        "{tied} bids tie at {price} for {open} places and no rule separates them: to be decided",
    ),
    "tie-lost": (
        "单位可比价 {price} 元，{tied} 家同价争 {open} 个名额，经裁定未入围",
        "{tied} bids tied at {price} for {open} places; decided against this one",
    ),
    "anchor": (
        "锚点价 {anchor} 元（最低单位可比价 {lowest} 元）",
        "anchor price {anchor} (lowest comparable price {lowest})",
    ),
    "zero-volume-band": (
        "单位可比价低于 {limit} 元者中选但不带量",
        "a bid under {limit} is selected without volume",
    ),
    "zero-volume": (
        "单位可比价 {price} 元低于 {limit} 元：中选、不带量、不占名额",
        "{price} is under {limit}: selected without volume, and takes no place",
    ),
    "within-line": (
        "第 {rank} 名（名额 {places}），可比价 {price} 元 ≤ {line} 元（{base} 元的 {ratio} 倍）",
        "rank {rank} of {places} places, {price} is at most {line}, {ratio} times {base}",
    ),
    "cut-suffices": (
        "申报价 {declared} 元 ≤ {limit} 元，较最高有效申报价降幅达到 {cut:%}",
        "declared {declared} is at most {limit}: a cut of {cut:%} from its ceiling",
    ),
    "absolute-low": (
        "单位可比价 {price} 元 ≤ 低价线 {limit} 元",
        "{price} is at most the absolute low price {limit}",
    ),
    "reference-price": (
        "申报价 {declared} 元 ≤ 参考价 {limit} 元",
        "declared {declared} is at most the reference price {limit}",
    ),
    "class-b": (
        "单位可比价 {price} 元 ≤ B 类价格线 {limit} 元",
        "{price} is at most the price line {limit} of class B",
    ),
    "within-places": ("排名第 {rank}，在名额 {places} 内", "rank {rank} of {places} places"),
    "above-line": (
        "已入围，但单位可比价 {price} 元高于 {line} 元（{base} 元的 {ratio} 倍），其他条件亦不满足",
        "shortlisted, but {price} is above {line}, {ratio} times {base}, and passes nothing else",
    ),
    "above-line-and-cut": (
        "已入围，但单位可比价 {price} 元高于 {line} 元（{base} 元的 {ratio} 倍），"
        "申报价亦高于 {cut_limit} 元（降幅 {cut:%}），其他条件亦不满足",
        "shortlisted, but {price} is above {line}, {ratio} times {base}, the declared price is "
        "above {cut_limit} (a cut of {cut:%}), and it passes nothing else",
    ),
    "passes-nothing": (
        "已入围，但单位可比价 {price} 元不满足任何中选条件",
        "shortlisted, but {price} passes none of the conditions",
    ),
    "above-band": (
        "单位可比价 {price} 元高于上限 {limit} 元",
        "{price} is above {limit}, the upper end of the band",
    ),
    "highest-out": (
        "单位可比价 {price} 元为最高，排名第 {rank}（前 {exempt} 名除外），不中选",
        "{price} is the highest price and rank {rank} is not among the first {exempt}: out",
    ),
    "cost-statement-owed": (
        "单位可比价 {price} 元低于锚点价 {anchor} 元，须说明成本构成",
        "{price} is under the anchor {anchor}: a statement of costs is owed",
    ),
    "revival-highest": (
        "首次报价 {price} 元为最高，不符合复活条件",
        "its first price {price} is the highest: no revival",
    ),
    "revival-volume": (
        "品牌报量 {volume}，低于 {brands} 个品牌的平均（合计 {total}），不符合复活条件",
        "{volume} reported for its brand is under the mean of {brands} brands ({total} in all)",
    ),
    "revival-offered": (
        "如接受 {offer} 元（单位可比价 {limit} 元）可中选，待企业答复",
        "may still be selected at {offer} (comparable {limit}): waiting for the bidder's answer",
    ),
    "revival-declined": (
        "未接受 {offer} 元，不中选",
        "declined {offer}: not selected",
    ),
    "revived": ("接受 {price} 元，中选", "accepted {price}: selected"),
    "revived-without-volume": (
        "接受 {price} 元，不带量中选",
        "accepted {price}: selected without volume",
    ),
    "withdrawn": ("开标后放弃", "withdrew after the opening"),
    "no-valid-bid": ("无有效报价，本品种流标", "no valid bid: the lot has no winner"),
    "class": (
        "单位可比价 {price} 元，{grade} 类中选",
        "selected at {price} in class {grade}",
    ),
    "direct": (
        "降幅 {cut:%}，排名第 {position}（前 {direct} 名直接中选）",
        "cut {cut:%}, position {position} of {direct} that win outright",
    ),
    "talks-open": (
        "须议价：平均降幅 {floor:%}，报价不高于 {offer} 元，待企业答复（目前为预中选）",
        "talks: average cut {floor:%}, at most {offer}; a pre-winner until it answers",
    ),
    "talks-refused": (
        "议价未成（平均降幅 {floor:%}，不高于 {offer} 元），本品种流标",
        "refused the cut (average {floor:%}, at most {offer}): the lot has no winner",
    ),
    "talks-agreed": ("议价成交 {price} 元", "agreed in talks at {price}"),
    "cycle": (
        "中选 {winners} 家，采购周期 {length}（年或截止日）",
        "winners: {winners}; procurement cycle {length} (years, or its last day)",
    ),
    "regions": (
        "{regions} 个地区，按选区规则各得：{numbers}",
        "{regions} regions, by first pick and turns: {numbers}",
    ),
    "share": (
        "中选 {winners} 家，约定采购量占基数 {base} 的 {share:%} 即 {agreed}（分地区规格四舍五入）",
        "winners: {winners}; {share:%} of {base} = {agreed} (rounded by region and strength)",
    ),
    "rank-split": (
        "中选 {winners} 家，报量 {base} 的 {share:%} 即 {agreed} 按名次分配",
        "winners: {winners}; {share:%} of {base} = {agreed}, split by rank",
    ),
    "own-volume": (
        "本企业报量的 {share:%}，即 {volume}",
        "{share:%} of its own reported volume: {volume}",
    ),
    "left-to-hospitals": (
        "报量 {base} 中 {left} 由医疗机构在中选产品间分配",
        "{left} of {base} is left to the hospitals to assign among winners",
    ),
}
"""Chinese and English sentence by step code; fields are the step's numbers."""


class _Plain(Formatter):
    """Formats exact figures as people write them: no exponent, at most six decimals."""

    def format_field(self, value: object, format_spec: str) -> str:
        if not isinstance(value, Decimal):
            return str(value)
        if format_spec == "%":
            return f"{shown(value * 100, 2)}%"
        return shown(value, 6)


_PLAIN = _Plain()


def shown(value: Decimal, decimals: int) -> str:
    """A figure with at most so many decimals, without trailing zeros.

    Examples:
        >>> shown(Decimal("0.162540"), 6), shown(Decimal("1E+2"), 2)
        ('0.16254', '100')
    """
    text = f"{round(value, decimals):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def sentence(step: Step, language: str) -> str:
    """A step in words.

    Args:
        step: The step.
        language: ``zh`` or ``en``.

    Examples:
        >>> sentence(Step("places", "places.by_bidders", None, {"places": 4, "bidders": 5}), "en")
        '4 places for 5 bidders'
    """
    return _PLAIN.vformat(WORDING[step.code][LANGUAGES.index(language)], (), step.numbers)


def exact(number: Number) -> str | int:
    """A figure as JSON carries it: exact decimals as strings, whole numbers as numbers.

    Examples:
        >>> exact(Decimal("0.0500")), exact(3)
        ('0.0500', 3)
    """
    return f"{number:f}" if isinstance(number, Decimal) else number
