"""Clauses on revival, talks and price classes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from procurement.rounds.document.clause import Grid, Said
from procurement.rounds.document.figures import percent, plain, same
from procurement.rounds.document.sentences.sentence import Sentence, filled
from rulebooks import Bilingual

_BASES = {
    "lowest": Bilingual("其单位可比价", "its comparable price"),
    "anchor": Bilingual("锚点价", "the anchor price"),
}


def _price(value: Mapping[str, Any]) -> Bilingual:
    """How far a bid must come down."""
    if value["price"] == "highest-winner":
        return Bilingual(
            "将价格降至不高于拟中选者最高单位可比价的水平",
            "comes down to the highest comparable price among the winners",
        )
    return Bilingual("作出二次报价", "makes a second quote")


def _max_rise(value: Mapping[str, Any]) -> list[Bilingual]:
    rise = value.get("max_rise")
    if rise is None:
        return []
    return [
        Bilingual(
            f"价格以拟中选者最高单位可比价上浮 {percent(rise)} 为限",
            f"the price is at most {percent(rise)} above the highest winning comparable price",
        )
    ]


def _shortlisted(value: Mapping[str, Any]) -> Said:
    price = _price(value)
    items = _max_rise(value)
    ratio, of = value.get("single_winner_ratio"), value.get("of")
    if ratio is not None:
        base = _BASES[of or "lowest"]
        items.append(
            Bilingual(
                f"仅有一家拟中选的，以{base.zh}的 {plain(ratio)} 倍为限",
                f"where there is one winner, the limit is {plain(ratio)} times {base.en}",
            )
        )
    elif of is not None:
        base = _BASES[of]
        items.append(Bilingual(f"基准为{base.zh}", f"the base is {base.en}"))
    return Said(
        Bilingual(
            f"入围而未拟中选的申报主体，{price.zh}的，复活为拟中选，并参加供应地区选择。",
            f"A bid that was shortlisted and not selected is revived if it {price.en}; it then "
            f"chooses regions.",
        ),
        items=tuple(items),
    )


def _others(value: Mapping[str, Any]) -> Said:
    price = _price(value)
    items = _max_rise(value)
    for field, yes, no in (
        (
            "volume_at_least_mean",
            ("本品牌报量不低于各品牌平均报量", "its brand's reported volume is at least the mean"),
            ("不以本品牌报量为条件", "its brand's reported volume is no condition"),
        ),
        (
            "not_highest",
            ("首次申报价不是同品种最高价", "its first price was not the highest"),
            ("首次申报价是否最高不作为条件", "whether its first price was the highest is none"),
        ),
    ):
        if value.get(field) is not None:
            items.append(Bilingual(*(yes if value[field] else no)))
    return Said(
        Bilingual(
            f"未入围的申报主体，{price.zh}并符合所列条件的，复活为拟中选，获得本品牌的报量，"
            "不参加供应地区选择。",
            f"A bid that was not shortlisted is revived if it {price.en} and meets the conditions "
            f"listed; it gets the volume reported for its brand and does not choose regions.",
        ),
        items=tuple(items),
    )


def _reference(value: Mapping[str, Any]) -> Said:
    price = _price(value)
    return Said(
        Bilingual(
            f"申报有效而未入围的参比制剂（含原研药），{price.zh}的，可以不带量中选。",
            f"A valid reference product (or originator) that was not shortlisted is selected "
            f"without volume if it {price.en}.",
        )
    )


def _after_direct(value: Mapping[str, int]) -> Said:
    direct, floor = value["direct"], value["floor_bidders"]
    return Said(
        Bilingual(
            f"各品种预中选者按降幅由大到小排序，前 {direct} 名直接拟中选；其余须接受议价，降幅不"
            "低于"
            f"申报主体数不少于 {floor} 家的品种的平均降幅。不接受的，该品种无拟中选者。",
            f"The pre-winners of all lots are ranked by cut; the first {direct} are selected "
            f"outright. The others must grant, in talks, at least the average cut of the lots with "
            f"{floor} bidders or more; a lot whose pre-winner refuses has no winner.",
        )
    )


def _class_lines(value: Mapping[str, Mapping[str, Decimal]]) -> Said:
    return Said(
        Bilingual(
            "各竞争组的 A、B 类价格线如下（元）。单位可比价不高于 B 类线的确定为拟中选；不高于 A "
            "类线的"
            "列为 A 类，其中价格最低的列为 A1 类；不高于 B 类线的列为 B 类；其余拟中选者列为 C 类"
            "。",
            "Price lines of classes A and B, in yuan. A bid at or under line B is provisionally "
            "selected; at or under line A it is of class A, the cheapest of them A1; at or under "
            "line B of class B; other winners are of class C.",
        ),
        grid=Grid(
            (
                Bilingual("竞争组", "Lot"),
                Bilingual("A 类线", "Line A"),
                Bilingual("B 类线", "Line B"),
            ),
            tuple(
                (same(lot), same(plain(lines["a"])), same(plain(lines["b"])))
                for lot, lines in value.items()
            ),
            (1, 2),
        ),
    )


SENTENCES = {
    "revival.shortlisted": Sentence(
        "revival", Bilingual("入围复活", "Revival of the shortlisted"), _shortlisted
    ),
    "revival.others": Sentence(
        "revival", Bilingual("未入围复活", "Revival of those not shortlisted"), _others
    ),
    "revival.reference": Sentence(
        "revival",
        Bilingual("参比制剂不带量复活", "Revival of reference products without volume"),
        _reference,
    ),
    "talks.after_direct": Sentence(
        "revival", Bilingual("降幅排名与议价", "Rank by cut, and talks"), _after_direct
    ),
    "talks.places": Sentence(
        "revival",
        Bilingual("议价名额", "Places in talks"),
        filled(
            "按名次邀请其后 {} 个未拟中选的申报参加议价；将价格降至不高于拟中选者最高单位可比价的，"
            "确定为拟中选。",
            "The next {} bids in rank are invited to talks; one that comes down to the highest "
            "winning comparable price is provisionally selected.",
        ),
    ),
    "classes.lines": Sentence("evaluation", Bilingual("价格分类", "Price classes"), _class_lines),
}
"""By key of the rule."""
