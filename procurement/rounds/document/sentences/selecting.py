"""Clauses on places, the conditions of selection, the anchor price and bands."""

from collections.abc import Mapping
from decimal import Decimal

from procurement.rounds.document.clause import Grid, Said
from procurement.rounds.document.figures import (
    number_grid,
    number_label,
    percent,
    plain,
    same,
)
from procurement.rounds.document.sentences.sentence import Sentence, either, filled, one_of
from rulebooks import Bilingual
from rulebooks.vocabulary import ByNumber

_BIDDERS = Bilingual("申报主体数", "Bidders")
_PLACES = Bilingual("最多入围数", "Places")
_FORMS = {
    "any": Bilingual("各剂型", "any dosage form"),
    "oral-solid": Bilingual("口服固体制剂", "oral solids"),
    "small-injection": Bilingual("小容量注射剂", "small-volume injections"),
    "large-injection": Bilingual("大容量注射剂", "large-volume injections"),
    "other": Bilingual("其他剂型", "other forms"),
}


def _by_bidders(value: ByNumber) -> Said:
    return Said(
        Bilingual(
            "同一采购品种按单位可比价由低到高排序，按申报主体数确定最多入围数：",
            "The bids of a lot are ranked by comparable price, the lowest first; the number of "
            "bidders sets the number of places:",
        ),
        grid=number_grid(value, _BIDDERS, _PLACES, str),
    )


def _by_group(value: Mapping[str, ByNumber]) -> Said:
    rows = [
        (same(group), number_label(number, last=number == len(table.entries)), same(str(places)))
        for group, table in value.items()
        for number, places in enumerate(table.entries, start=1)
    ]
    return Said(
        Bilingual(
            "各组按单位可比价由低到高排序，按本组申报主体数确定最多入围数：",
            "Each group is ranked by comparable price, the lowest first; its number of bidders "
            "sets its number of places:",
        ),
        grid=Grid((Bilingual("组别", "Group"), _BIDDERS, _PLACES), tuple(rows), (1, 2)),
    )


def _absolute_low(value: Mapping[str, Decimal]) -> Said:
    return Said(
        Bilingual(
            "入围的申报主体，单位可比价不高于下列低价线的，确定为拟中选：",
            "A shortlisted bid at or under this comparable price is provisionally selected:",
        ),
        items=tuple(
            Bilingual(
                f"{_FORMS[form].zh}：每最小单位 {plain(price)} 元",
                f"{_FORMS[form].en}: {plain(price)} yuan per minimal unit",
            )
            for form, price in value.items()
        ),
    )


_PLACES_SENTENCES = {
    "places.unlimited": Sentence(
        "evaluation",
        Bilingual("入围数", "Places"),
        either(
            ("不限入围数，有效申报全部入围。", "There is no limit to the places."),
            ("入围数有限，按本章规定确定。", "The number of places is limited as this part says."),
        ),
    ),
    "places.by_bidders": Sentence("evaluation", Bilingual("入围", "Shortlist"), _by_bidders),
    "places.by_group": Sentence(
        "evaluation", Bilingual("分组入围", "Shortlist by group"), _by_group
    ),
    "places.per_maker": Sentence(
        "evaluation",
        Bilingual("同一企业的入围数", "Places of one maker"),
        filled(
            "同一企业（含受同一控制人控制的企业）在同一采购品种最多入围 {} 个产品。",
            "One maker, with the firms under its control, has at most {} products on the shortlist "
            "of a lot.",
        ),
    ),
}

_CONDITION_SENTENCES = {
    "selection.ratio_to_lowest": Sentence(
        "evaluation",
        Bilingual("与最低单位可比价之比", "Ratio to the lowest price"),
        filled(
            "入围的申报主体，单位可比价不高于同品种（同组）入围最低单位可比价 {} 倍的，"
            "确定为拟中选。",
            "A shortlisted bid at or under {} times the lowest shortlisted comparable price is "
            "provisionally selected.",
            plain,
        ),
    ),
    "selection.ratio_to_anchor": Sentence(
        "evaluation",
        Bilingual("与锚点价之比", "Ratio to the anchor price"),
        filled(
            "入围的申报主体，单位可比价不高于锚点价 {} 倍的，确定为拟中选。",
            "A shortlisted bid at or under {} times the anchor price is provisionally selected.",
            plain,
        ),
    ),
    "selection.cut_from_ceiling": Sentence(
        "evaluation",
        Bilingual("降幅达标", "Cut that suffices"),
        filled(
            "入围的申报主体，申报价较本规格最高有效申报价降幅达到 {} 及以上的，确定为拟中选。"
            "降幅按申报价计算，不按单位可比价计算。",
            "A shortlisted bid whose declared price is at least {} under its own ceiling is "
            "provisionally selected. The cut is of the declared, not of the comparable price.",
            percent,
        ),
    ),
    "selection.absolute_low": Sentence(
        "evaluation", Bilingual("低价线", "Absolute low price"), _absolute_low
    ),
    "selection.reference_price": Sentence(
        "evaluation",
        Bilingual("参考价", "Reference price"),
        filled(
            "入围的申报主体，申报价不高于参考价 {} 元的，确定为拟中选。",
            "A shortlisted bid at or under the reference price of {} yuan is provisionally "
            "selected.",
            plain,
        ),
    ),
    "selection.highest_out_after": Sentence(
        "evaluation",
        Bilingual("最高价不予拟中选", "The highest price is out"),
        filled(
            "有效申报中单位可比价最高的，不予拟中选；名次在前 {} 名的除外。",
            "The highest comparable price among the valid bids is not selected, unless it is "
            "among the first {}.",
        ),
    ),
}

_ANCHOR_SENTENCES = {
    "anchor.share_of_mean": Sentence(
        "evaluation",
        Bilingual("锚点价", "Anchor price"),
        filled(
            "锚点价取入围最低单位可比价与入围单位可比价算术平均值的 {} 两者中的较高者。",
            "The anchor is the higher of the lowest shortlisted comparable price and {} of the "
            "mean shortlisted comparable price.",
            percent,
        ),
    ),
    "anchor.sds_below_mean": Sentence(
        "evaluation",
        Bilingual("锚点价", "Anchor price"),
        filled(
            "锚点价取入围最低单位可比价与入围单位可比价算术平均值减 {} 倍标准差（总体标准差）"
            "两者中的较高者。",
            "The anchor is the higher of the lowest shortlisted comparable price and their mean "
            "less {} standard deviations (of the population).",
            plain,
        ),
    ),
    "anchor.extreme_below": Sentence(
        "evaluation",
        Bilingual("锚点价的启用", "When the anchor applies"),
        filled(
            "入围最低单位可比价低于入围均价 {} 的，启用锚点价；否则以最低单位可比价为基准。",
            "The anchor applies where the lowest shortlisted price is under {} of their mean; "
            "otherwise the lowest price stands in its place.",
            percent,
        ),
    ),
    "band.zero_volume_below_sds": Sentence(
        "evaluation",
        Bilingual("不带量中选", "Selected without volume"),
        filled(
            "单位可比价低于均价减 {} 倍标准差的，可以拟中选，但不分配约定采购量，也不占入围名额。",
            "A bid under the mean less {} standard deviations may be selected, gets no agreed "
            "volume and takes no place.",
            plain,
        ),
    ),
    "band.out_above_sds": Sentence(
        "evaluation",
        Bilingual("高价不予拟中选", "Too high to be selected"),
        filled(
            "单位可比价高于均价加 {} 倍标准差的，不予拟中选。",
            "A bid above the mean plus {} standard deviations is not selected.",
            plain,
        ),
    ),
    "band.prices": Sentence(
        "evaluation",
        Bilingual("均价与标准差的口径", "Whose prices make mean and deviation"),
        one_of(
            {
                "shortlisted": (
                    "前述均价与标准差按入围的单位可比价计算。",
                    "Mean and standard deviation are of the shortlisted comparable prices.",
                ),
                "valid": (
                    "前述均价与标准差按全部有效申报的单位可比价计算。",
                    "Mean and standard deviation are of all valid comparable prices.",
                ),
            }
        ),
    ),
    "cost_statement.below_anchor": Sentence(
        "evaluation",
        Bilingual("成本说明", "Statement of costs"),
        either(
            (
                "单位可比价低于锚点价的，申报企业须说明成本构成（制造成本、期间费用和利润）。",
                "A bid under the anchor states its cost parts: making, period costs and profit.",
            ),
            (
                "单位可比价低于锚点价的，不要求说明成本构成。",
                "A bid under the anchor need not state its cost parts.",
            ),
        ),
    ),
}

SENTENCES = {**_PLACES_SENTENCES, **_CONDITION_SENTENCES, **_ANCHOR_SENTENCES}
"""By key of the rule."""
