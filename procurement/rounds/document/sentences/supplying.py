"""Clauses on agreed volumes, regions, brands, cycles and what is made public."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from procurement.rounds.document.clause import Grid, Said
from procurement.rounds.document.figures import (
    day,
    number_grid,
    number_label,
    percent,
    same,
)
from procurement.rounds.document.sentences.sentence import Sentence, either, filled, one_of
from rulebooks import Bilingual
from rulebooks.vocabulary import ByNumber

_WINNERS = Bilingual("中选数", "Winners")
CATEGORIES = {
    "general": Bilingual("一般品种", "General"),
    "restricted": Bilingual("限制类品种", "Restricted"),
    "special": Bilingual("特殊类品种", "Special"),
}
"""Categories of lots in words."""


def _by_winners(text: Bilingual, value: Mapping[str, ByNumber], unit: Bilingual) -> Said:
    """A table with a row for each number of winners and a column for each category."""
    height = max(len(table.entries) for table in value.values())
    rows = []
    for number in range(1, height + 1):
        cells = [_entry(table.at(number), unit) for table in value.values()]
        rows.append((number_label(number, last=number == height), *cells))
    heads = (_WINNERS, *(CATEGORIES[name] for name in value))
    return Said(text, grid=Grid(heads, tuple(rows), tuple(range(len(heads)))))


def _entry(value: object, unit: Bilingual) -> Bilingual:
    if isinstance(value, Decimal):
        return same(percent(value))
    return Bilingual(f"{value} {unit.zh}", f"{value} {unit.en}")


def _share_by_winners(value: Mapping[str, ByNumber]) -> Said:
    text = Bilingual(
        "首年约定采购量 = 首年约定采购量计算基数 × 下列比例，按地区和规格分别计算，四舍五入到整数"
        "。",
        "Agreed volume of the first year = base volume × the share below, computed for each region "
        "and strength and rounded half up to the whole unit.",
    )
    return _by_winners(text, value, same(""))


def _cycle_by_winners(value: Mapping[str, ByNumber]) -> Said:
    text = Bilingual("采购周期按中选数确定：", "The number of winners sets the cycle:")
    return _by_winners(text, value, Bilingual("年", "yr"))


def _by_rank(value: ByNumber) -> Said:
    return Said(
        Bilingual(
            "中选者按名次取得本企业报量的下列比例作为约定采购量：",
            "By rank a winner keeps this share of its own reported volume:",
        ),
        grid=number_grid(
            value, Bilingual("名次", "Rank"), Bilingual("比例", "Share"), lambda one: _share(one)
        ),
    )


def _of_remainder(value: ByNumber) -> Said:
    return Said(
        Bilingual(
            "约定采购量按名次依次分配：每一名次取得剩余量的下列比例，最后一名取得其余全部。",
            "Agreed volume is dealt out by rank: each takes this part of what is left, the last "
            "takes the rest.",
        ),
        grid=number_grid(
            value, _WINNERS, Bilingual("占剩余量比例", "Part of the rest"), lambda one: _share(one)
        ),
    )


def _share(value: object) -> str:
    return percent(value) if isinstance(value, Decimal) else str(value)


def _by_class(value: Mapping[str, Decimal]) -> Said:
    return Said(
        Bilingual(
            "中选者按类别取得本企业报量的下列比例作为约定采购量：",
            "By class a winner keeps this share of its own reported volume:",
        ),
        grid=Grid(
            (Bilingual("类别", "Class"), Bilingual("比例", "Share")),
            tuple((same(name), same(percent(part))) for name, part in value.items()),
            (1,),
        ),
    )


def _injections(value: Mapping[str, Any]) -> Said:
    years, names = value["years"], tuple(value["names"])
    return Said(
        Bilingual(
            f"下列注射剂的采购周期为 {years} 年：{'、'.join(names)}。",
            f"The cycle of these injections is {years} yr: {', '.join(names)}.",
        )
    )


def _ends_on(value: date) -> Said:
    last = day(value)
    return Said(
        Bilingual(
            f"采购周期自中选结果实际执行之日起至 {last.zh} 止。",
            f"The cycle runs from the day on which the result takes effect to {last.en}.",
        )
    )


_VOLUME_SENTENCES = {
    "volume.method": Sentence(
        "volume",
        Bilingual("约定采购量的分配方式", "How agreed volume is shared out"),
        one_of(
            {
                "regions": (
                    "约定采购量按供应地区分配：各地区的约定采购量由该地区的主供企业供应。",
                    "Agreed volume goes by region: each region's main supplier delivers it.",
                ),
                "rank-split": (
                    "约定采购量在中选者之间按名次分配。",
                    "Agreed volume is divided among the winners by rank.",
                ),
                "own-brand": (
                    "约定采购量按中选者各自的报量确定，其余部分由医疗机构自主选择中选产品。",
                    "Each winner keeps a part of the volume reported for it; hospitals assign the "
                    "rest among the winning products.",
                ),
            }
        ),
    ),
    "share.of_reported": Sentence(
        "volume",
        Bilingual("采购基数", "Base"),
        filled(
            "采购基数为医疗机构报量的 {}。",
            "The base is {} of the volume that hospitals reported.",
            percent,
        ),
    ),
    "share.by_winners": Sentence(
        "volume", Bilingual("约定采购量比例", "Agreed share"), _share_by_winners
    ),
    "share.by_rank": Sentence("volume", Bilingual("按名次的比例", "Share by rank"), _by_rank),
    "share.by_class": Sentence("volume", Bilingual("按类别的比例", "Share by class"), _by_class),
    "share.own_brand": Sentence(
        "volume",
        Bilingual("本企业报量的比例", "Share of a winner's own volume"),
        filled(
            "中选者的约定采购量为医疗机构对其产品报量的 {}。",
            "A winner's agreed volume is {} of what hospitals reported for it.",
            percent,
        ),
    ),
    "split.of_remainder": Sentence(
        "volume", Bilingual("按名次分量", "Split by rank"), _of_remainder
    ),
    "brand.reporting": Sentence(
        "volume",
        Bilingual("按品牌报量", "Reporting by brand"),
        either(
            (
                "医疗机构可以按通用名报量，也可以按品牌报量。",
                "Hospitals report by generic name or by brand.",
            ),
            (
                "医疗机构按通用名报量，不按品牌报量。",
                "Hospitals report by generic name, not by brand.",
            ),
        ),
    ),
    "brand.fallback": Sentence(
        "volume",
        Bilingual("所报品牌未中选的处理", "Where the reported brand is not selected"),
        one_of(
            {
                "main-supplier": (
                    "所报品牌中选的，由该品牌供应；所报品牌未中选的，由医疗机构所在地区的主供企业"
                    "供应。",
                    "A brand that is selected supplies what was reported for it; otherwise the "
                    "region's main supplier does.",
                )
            }
        ),
    ),
    "reporting.minimum_share": Sentence(
        "volume",
        Bilingual("报量下限", "Least reported volume"),
        filled(
            "医疗机构的报量低于以往年均使用量 {} 的，须逐项说明原因。",
            "A hospital that reports less than {} of its mean past use explains it item by item.",
            percent,
        ),
    ),
    "reporting.history_years": Sentence(
        "volume",
        Bilingual("以往使用量的口径", "Past use"),
        filled(
            "以往年均使用量取报量前 {} 个年度使用量的平均值。",
            "Mean past use is taken over the {} years before the reporting.",
        ),
    ),
    "cycle.by_winners": Sentence("volume", Bilingual("采购周期", "Cycle"), _cycle_by_winners),
    "cycle.injections": Sentence(
        "volume", Bilingual("注射剂的采购周期", "Cycle of injections"), _injections
    ),
    "cycle.ends_on": Sentence("volume", Bilingual("采购周期截止日", "End of the cycle"), _ends_on),
}

_REGION_SENTENCES = {
    "regions.choice": Sentence(
        "regions",
        Bilingual("选择顺序", "Order of choice"),
        one_of(
            {
                "first-pick-then-turns": (
                    "单位可比价最低的中选者先选择一个供应地区；随后全部中选者按单位可比价由低到高、"
                    "每轮各选择一个地区，依次循环，直至全部地区选完。",
                    "The winner with the lowest comparable price first picks one region; then all "
                    "winners, the lowest first, take one region per turn, round and round, until "
                    "none is left.",
                )
            }
        ),
    ),
    "regions.spare": Sentence(
        "regions",
        Bilingual("备供地区", "Spare regions"),
        either(
            (
                "中选者另行依次选择备供地区，备供地区不得与本企业的主供地区相同。",
                "Winners then choose spare regions in turn, different from those they supply.",
            ),
            ("本次采购不设备供地区。", "There are no spare regions."),
        ),
    ),
    "regions.unsupplied_strength": Sentence(
        "regions",
        Bilingual("不能供应的规格", "Strengths that a supplier does not make"),
        one_of(
            {
                "spare-then-rank": (
                    "主供企业不能供应的规格，先由该地区备供企业供应；备供企业也不能供应的，"
                    "按名次由能够供应的中选者供应。",
                    "A strength that the main supplier does not make is delivered by the region's "
                    "spare supplier, failing that by the first winner in rank that makes it.",
                ),
                "next-rank": (
                    "主供企业不能供应的规格，按名次由能够供应的中选者供应。",
                    "A strength that the main supplier does not make is delivered by the first "
                    "winner in rank that makes it.",
                ),
            }
        ),
    ),
}

_DISCLOSURE_SENTENCES = {
    "disclosure.prices": Sentence(
        "opening",
        Bilingual("价格的公开范围", "Who sees prices"),
        one_of(
            {
                "public": (
                    "申报信息开启后，申报价格和中选价格向社会公开。",
                    "After the opening, declared and selected prices are public.",
                ),
                "parties": (
                    "申报信息开启后，价格仅对当事各方公开：申报企业可见本企业的价格、换算、名次和"
                    "所依"
                    "条款，采购方可见中选价格；不向社会公开。",
                    "After the opening prices are shown to the parties alone: each bidder sees its "
                    "own price, conversion, rank and clause, buyers see selected prices; the "
                    "public sees none.",
                ),
                "court": (
                    "申报信息开启后，价格不予公开，仅依法向司法机关提供；申报企业可见本企业的价格、"
                    "换算、名次和所依条款。",
                    "After the opening prices are given to courts alone, as the law demands; each "
                    "bidder sees its own price, conversion, rank and clause.",
                ),
            }
        ),
    )
}

SENTENCES = {**_VOLUME_SENTENCES, **_REGION_SENTENCES, **_DISCLOSURE_SENTENCES}
"""By key of the rule."""
