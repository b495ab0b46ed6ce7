"""Clauses on the comparable price, its conversion, scores and the order of equal prices."""

from collections.abc import Mapping
from decimal import Decimal

from procurement.rounds.document.clause import Grid, Said
from procurement.rounds.document.figures import number_grid, percent, plain, same
from procurement.rounds.document.sentences.sentence import Sentence, filled, one_of
from rulebooks import Bilingual
from rulebooks.vocabulary import ByNumber

_PARTS = {
    "cut": Bilingual("降幅", "price cut"),
    "supply": Bilingual("供应", "supply"),
    "quality": Bilingual("质量", "quality"),
}
_TIES = {
    "regions-covered": Bilingual(
        "既往供应覆盖地区多者优先", "who delivered to more regions before comes first"
    ),
    "prior-supply": Bilingual(
        "既往在联盟地区供应量大者优先", "who supplied more in the round's regions comes first"
    ),
    "passed-on": Bilingual(
        "通过质量和疗效一致性评价时间早者优先",
        "who passed the consistency evaluation earlier comes first",
    ),
    "quality-score": Bilingual(
        "评审的质量和供应评分高者优先",
        "the higher score of quality and supply by the evaluators comes first",
    ),
    "originator": Bilingual("原研药或参比制剂优先", "originator and reference products come first"),
}


def _main_pack(value: Mapping[str, int]) -> Said:
    return Said(
        Bilingual("各采购品种的代表包装数量如下。", "The main pack of each lot holds:"),
        grid=Grid(
            (
                Bilingual("采购品种", "Lot"),
                Bilingual("代表包装数量（最小单位）", "Minimal units in the main pack"),
            ),
            tuple((same(lot), same(str(units))) for lot, units in value.items()),
            (1,),
        ),
    )


def _factors(text: Bilingual, head: Bilingual, value: Mapping[str, Decimal]) -> Said:
    return Said(
        text,
        grid=Grid(
            (head, Bilingual("系数", "Factor")),
            tuple((same(name), same(plain(factor))) for name, factor in value.items()),
            (1,),
        ),
    )


def _fixed_factors(value: Mapping[str, Decimal]) -> Said:
    text = Bilingual(
        "下列规格按固定系数换算：单位可比价 = 申报价 ÷ 系数。",
        "These strengths are converted by a fixed factor: comparable price = declared price ÷ "
        "factor.",
    )
    return _factors(text, Bilingual("规格", "Strength"), value)


def _product_factors(value: Mapping[str, Decimal]) -> Said:
    text = Bilingual(
        "下列产品的申报价除以价格系数后参加比较。",
        "The declared prices of these products are divided by a price coefficient.",
    )
    return _factors(text, Bilingual("采购品种/产品", "Lot/product"), value)


def _weights(value: Mapping[str, Decimal]) -> Said:
    zh = " + ".join(f"{_PARTS[part].zh} × {percent(weight)}" for part, weight in value.items())
    en = " + ".join(f"{_PARTS[part].en} × {percent(weight)}" for part, weight in value.items())
    return Said(
        Bilingual(
            f"按综合评分由高到低排序：综合评分 = {zh}，各项均为百分制。",
            f"Bids are ranked by a composite score: {en}, each part out of 100.",
        )
    )


def _technical_places(value: ByNumber) -> Said:
    return Said(
        Bilingual(
            "先评审技术标，按质量评分由高到低取下列名额进入价格评审；其余申报的价格不予开启。",
            "The technical envelope is evaluated first; by quality score so many go on to the "
            "evaluation of prices, and the prices of the others stay closed:",
        ),
        grid=number_grid(
            value, Bilingual("申报主体数", "Bidders"), Bilingual("名额", "Places"), str
        ),
    )


def _tie_breaks(value: tuple[str, ...]) -> Said:
    return Said(
        Bilingual(
            "单位可比价（或综合评分）相同的，依次按下列规则确定先后：",
            "Equal comparable prices (or scores) are put in order by these rules, one after the "
            "other:",
        ),
        items=tuple(_TIES[name] for name in value),
    )


SENTENCES = {
    "comparable.basis": Sentence(
        "evaluation",
        Bilingual("比价口径", "What is compared"),
        one_of(
            {
                "unit-price": (
                    "各申报以折算到主规格每最小单位的价格为单位可比价。",
                    "What is compared is the price per minimal unit of the main strength.",
                ),
                "daily-cost": (
                    "各申报以折算到主规格的日均费用为单位可比价。",
                    "What is compared is the daily cost at the main strength.",
                ),
                "price-cut": (
                    "各申报以申报价与本规格最高有效申报价之比（即降幅）为单位可比价。",
                    "What is compared is the declared price in relation to its own ceiling, that "
                    "is the cut.",
                ),
            }
        ),
    ),
    "conversion.strength_base": Sentence(
        "evaluation",
        Bilingual("含量差比价", "Conversion of strengths"),
        filled(
            "不同含量规格按差比价规则折算：差比系数 K = {0}^(log₂X)，X 为该规格含量与主规格含量之"
            "比；"
            "单位可比价 = 单位申报价 ÷ K。同一申报含多个规格的，取其中最低的有效单位可比价。",
            "Strengths are converted by the price ratio rules: K = {0}^(log2 X), X being the "
            "content relative to the main strength; comparable price = declared unit price ÷ K. Of "
            "several strengths in one declaration the lowest valid comparable price stands.",
            plain,
        ),
    ),
    "conversion.pack_base": Sentence(
        "evaluation",
        Bilingual("包装差比价", "Conversion of packs"),
        filled(
            "列有代表包装数量的采购品种，不同包装数量按差比价规则折算：差比系数 K = {0}^(log₂X)，"
            "X 为包装数量与代表包装数量之比。",
            "Where a lot has a main pack, packs are converted by the price ratio rules: "
            "K = {0}^(log2 X), X being the number of units relative to the main pack.",
            plain,
        ),
    ),
    "conversion.main_pack": Sentence("evaluation", Bilingual("代表包装", "Main packs"), _main_pack),
    "conversion.fixed_factors": Sentence(
        "evaluation", Bilingual("固定换算系数", "Fixed conversion factors"), _fixed_factors
    ),
    "conversion.product_factors": Sentence(
        "evaluation", Bilingual("产品价格系数", "Price coefficients"), _product_factors
    ),
    "comparable.decimals": Sentence(
        "evaluation",
        Bilingual("单位可比价的取位", "Decimals of the comparable price"),
        filled(
            "单位可比价四舍五入保留 {} 位小数后参加比较。",
            "Comparable prices are rounded half up to {} decimals before they are compared.",
        ),
    ),
    "composite.weights": Sentence("evaluation", Bilingual("综合评分", "Composite score"), _weights),
    "composite.technical_places": Sentence(
        "evaluation", Bilingual("技术标入围", "Technical envelope"), _technical_places
    ),
    "ranking.tie_breaks": Sentence(
        "revival", Bilingual("同价的先后", "Order of equal prices"), _tie_breaks
    ),
}
"""By key of the rule."""
