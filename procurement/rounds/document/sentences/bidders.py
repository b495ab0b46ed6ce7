"""Clauses on who declares, in which groups, and under which ceiling."""

from collections.abc import Mapping
from typing import Any

from procurement.rounds.document.clause import Said
from procurement.rounds.document.figures import halves, percent, plain
from procurement.rounds.document.sentences.sentence import Sentence, either, filled, one_of
from rulebooks import Bilingual


def _by_volume(value: Mapping[str, Any]) -> Said:
    share, least = percent(value["share"]), value["fill_to"]
    return Said(
        Bilingual(
            f"各采购品种按意向采购量由多到少累计，累计占比进入前 {share} 的企业列入 A 组；"
            f"A 组不足 {least} 家的，按意向采购量依次补足至 {least} 家；其余企业列入 B 组。",
            f"Firms are taken in the order of the volume intended for them; those within the first "
            f"{share} of the cumulative volume form group A, which is filled up by volume to "
            f"{least} firms; the others form group B.",
        )
    )


def _requirements(value: tuple[str, ...]) -> Said:
    return Said(
        Bilingual(
            "本次采购的品种、企业及申报须符合下列要求，由评审人员逐项核对：",
            "Products, firms and declarations meet the following, which evaluators check one by "
            "one:",
        ),
        items=tuple(halves(entry) for entry in value),
    )


SENTENCES = {
    "bidders.unit": Sentence(
        "eligibility",
        Bilingual("申报主体", "Who competes"),
        one_of(
            {
                "firm": (
                    "本次集中采购以企业为申报主体。受同一控制人控制的关联企业合并为一个申报主体，"
                    "以其中最低的有效单位可比价参加评审。",
                    "Firms compete. Related firms under one control count as one bidder, for which "
                    "their lowest valid comparable price stands.",
                ),
                "product": (
                    "本次集中采购以产品为申报主体。同一企业申报的不同产品分别计数、分别参加评审。",
                    "Products compete. Different products of one firm are counted and evaluated "
                    "each for itself.",
                ),
            }
        ),
    ),
    "bidders.above_ceiling_count": Sentence(
        "eligibility",
        Bilingual("申报主体数的计算", "How bidders are counted"),
        either(
            (
                "申报价高于最高有效申报价的申报主体，计入该采购品种的申报主体数。",
                "A bidder above the ceiling counts among the lot's bidders.",
            ),
            (
                "申报价高于最高有效申报价的申报主体，不计入该采购品种的申报主体数。",
                "A bidder above the ceiling does not count among the lot's bidders.",
            ),
        ),
    ),
    "groups.separate": Sentence(
        "eligibility",
        Bilingual("分组竞争", "Groups"),
        either(
            (
                "同一采购品种的申报主体分组竞争，各组分别排序、分别确定拟中选。",
                "The bidders of a lot compete in groups, each ranked and decided by itself.",
            ),
            (
                "同一采购品种的申报主体不分组，统一排序。",
                "The bidders of a lot compete together, without groups.",
            ),
        ),
    ),
    "groups.by_volume": Sentence(
        "eligibility", Bilingual("分组办法", "How groups are formed"), _by_volume
    ),
    "requirements": Sentence("eligibility", Bilingual("申报要求", "Requirements"), _requirements),
    "ceiling.above_is_invalid": Sentence(
        "products",
        Bilingual("最高有效申报价的效力", "Effect of the ceiling"),
        either(
            (
                "申报价高于相应规格最高有效申报价的，该申报无效。",
                "A declared price above the ceiling of its strength is invalid.",
            ),
            (
                "申报价高于相应规格最高有效申报价的，不因此无效。",
                "A declared price above the ceiling of its strength is not invalid for that.",
            ),
        ),
    ),
    "ceiling.default": Sentence(
        "products",
        Bilingual("统一最高有效申报价", "Common ceiling"),
        filled(
            "未单列最高有效申报价的规格，最高有效申报价均为每最小单位 {} 元。",
            "Where no ceiling is listed for a strength, it is {} yuan per minimal unit.",
            plain,
        ),
    ),
}
"""By key of the rule."""
