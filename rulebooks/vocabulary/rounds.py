"""The vocabulary of procurement rounds, in the order in which an evaluation uses it."""

from rulebooks.vocabulary.kinds import (
    by_key,
    by_number,
    count,
    day,
    flag,
    list_of,
    one_of,
    positive,
    ratio,
    record,
    share,
    text,
)
from rulebooks.vocabulary.term import Term

CATEGORIES = ("general", "restricted", "special")
DOSAGE_FORMS = ("oral-solid", "small-injection", "large-injection", "other", "any")

_BIDDERS = {
    "bidders.unit": Term(
        one_of("firm", "product"),
        "竞争主体（企业或产品；关联企业合并为一家）",
        "who competes: firms (those under one control once) or products",
    ),
    "bidders.above_ceiling_count": Term(
        flag, "超最高有效申报价者计入申报企业数", "bidders above the ceiling count as bidders"
    ),
    "groups.separate": Term(flag, "分组竞争", "groups compete separately"),
    "groups.by_volume": Term(
        record({"share": share, "fill_to": count}),
        "按意向采购量累计占比分组",
        "group A by cumulative intended volume",
    ),
    "ceiling.above_is_invalid": Term(
        flag, "高于最高有效申报价的报价无效", "a bid above its ceiling is invalid"
    ),
    "ceiling.default": Term(
        positive, "最高有效申报价", "maximum valid declared price", "yuan per unit"
    ),
    "requirements": Term(
        list_of(text), "申报要求（由评审人员核对）", "requirements that evaluators check"
    ),
}

_COMPARABLE = {
    "comparable.basis": Term(
        one_of("unit-price", "daily-cost", "price-cut"),
        "比价口径",
        "what is compared: unit price, daily cost or price cut",
    ),
    "conversion.strength_base": Term(
        positive, "含量差比价底数", "strength: K = base ^ log2(content ratio)"
    ),
    "conversion.pack_base": Term(
        positive, "包装数量差比价底数", "pack: K = base ^ log2(pack ratio)"
    ),
    "conversion.main_pack": Term(
        by_key(count), "各品种代表包装数量", "units in the main pack, by lot", "units"
    ),
    "conversion.fixed_factors": Term(
        by_key(positive), "固定换算系数（按规格）", "fixed conversion factors, by strength"
    ),
    "conversion.product_factors": Term(
        by_key(positive), "产品价格系数", "price coefficients, by lot/bid"
    ),
    "comparable.decimals": Term(
        count, "单位可比价保留小数位（四舍五入）", "decimals of the comparable price, half up"
    ),
    "composite.weights": Term(
        by_key(share, "cut", "supply", "quality"),
        "综合评分权重",
        "weights of the composite score",
    ),
    "composite.technical_places": Term(
        by_number(count), "技术标入围数", "places after the technical envelope, by bidders"
    ),
    "ranking.tie_breaks": Term(
        list_of(
            one_of("regions-covered", "prior-supply", "passed-on", "quality-score", "originator")
        ),
        "同价排序规则",
        "tie-breaks at equal comparable price, in order",
    ),
}

_SELECTION = {
    "places.unlimited": Term(flag, "不限入围数", "no limit to places"),
    "places.by_bidders": Term(
        by_number(count), "最多入围企业数", "places by number of bidders", "bidders"
    ),
    "places.by_group": Term(
        by_key(by_number(count)), "各组入围数", "places by group and number of bidders", "bidders"
    ),
    "places.per_maker": Term(count, "同一企业最多中选产品数", "places of one maker", "products"),
    "selection.ratio_to_lowest": Term(
        positive, "与最低单位可比价之比上限", "highest ratio to the lowest comparable price"
    ),
    "selection.ratio_to_anchor": Term(
        positive, "与锚点价之比上限", "highest ratio to the anchor price"
    ),
    "selection.cut_from_ceiling": Term(
        share, "降幅达到即中选", "cut from the bid's own ceiling that suffices"
    ),
    "selection.absolute_low": Term(
        by_key(positive, *DOSAGE_FORMS),
        "低价直接中选线",
        "comparable price that suffices, by dosage form",
        "yuan",
    ),
    "selection.reference_price": Term(
        positive, "参考价（不高于即中选）", "declared price that suffices", "yuan"
    ),
    "selection.highest_out_after": Term(
        count, "最高价不中选（前若干名除外）", "the highest price is out beyond this rank", "rank"
    ),
    "anchor.share_of_mean": Term(
        share, "锚点价：入围均价的比例", "anchor: share of the mean shortlisted price"
    ),
    "anchor.sds_below_mean": Term(
        ratio, "锚点价：均价减标准差倍数", "anchor: mean less this many standard deviations"
    ),
    "anchor.extreme_below": Term(
        share,
        "极端低价判定（最低价与入围均价之比）",
        "the anchor applies where the lowest is under this share of the mean",
    ),
    "band.zero_volume_below_sds": Term(
        ratio,
        "零量中选线：均价减标准差倍数",
        "below mean less this many standard deviations: selected without volume",
    ),
    "band.out_above_sds": Term(
        ratio,
        "不中选线：均价加标准差倍数",
        "above mean plus this many standard deviations: not selected",
    ),
    "band.prices": Term(
        one_of("shortlisted", "valid"), "均价与标准差的计算范围", "whose prices make the mean"
    ),
    "cost_statement.below_anchor": Term(
        flag, "低于锚点价须说明成本构成", "a bid below the anchor states its cost parts"
    ),
}

_AFTERWARDS = {
    "revival.shortlisted": Term(
        record(
            {"price": one_of("highest-winner", "second-quote")},
            {
                "single_winner_ratio": positive,
                "of": one_of("lowest", "anchor"),
                "max_rise": share,
            },
        ),
        "入围复活",
        "revival of shortlisted bids",
    ),
    "revival.others": Term(
        record(
            {"price": one_of("highest-winner", "second-quote")},
            {"volume_at_least_mean": flag, "not_highest": flag, "max_rise": share},
        ),
        "未入围复活",
        "revival of bids that were not shortlisted",
    ),
    "revival.reference": Term(
        record({"price": one_of("highest-winner")}),
        "参比制剂不带量复活",
        "revival without volume of reference products that were not shortlisted",
    ),
    "talks.after_direct": Term(
        record({"direct": count, "floor_bidders": count}),
        "降幅排名议价",
        "pre-winners ranked by cut; those after the direct ones must grant a cut in talks",
    ),
    "talks.places": Term(count, "议价名额", "bids next in rank that are invited to talks", "bids"),
    "classes.lines": Term(
        by_key(record({"a": positive, "b": positive})),
        "A、B 类价格线（按竞争组）",
        "price lines of classes A and B, by lot",
        "yuan",
    ),
}

_VOLUME = {
    "volume.method": Term(
        one_of("regions", "rank-split", "own-brand"), "分量方式", "how agreed volume is shared out"
    ),
    "share.of_reported": Term(
        share, "采购基数占报量比例", "share of the reported volume that is the base"
    ),
    "share.by_winners": Term(
        by_key(by_number(share), *CATEGORIES),
        "约定采购量占比（按中选企业数）",
        "share of the base volume, by number of winners",
    ),
    "share.by_rank": Term(
        by_number(share), "约定采购量占比（按名次）", "share of a winner's own volume, by rank"
    ),
    "share.by_class": Term(
        by_key(share, "A1", "A", "B", "C"),
        "约定采购量占比（按类别）",
        "share of a winner's own volume, by class",
    ),
    "share.own_brand": Term(
        share, "约定采购量占比（本企业报量）", "share of a winner's own reported volume"
    ),
    "split.of_remainder": Term(
        by_number(share),
        "按名次分量（占剩余量比例）",
        "part of what is left that each rank takes, by number of winners; the last takes the rest",
    ),
    "regions.choice": Term(
        one_of("first-pick-then-turns"), "选区规则", "how winners choose regions"
    ),
    "regions.spare": Term(flag, "选择备供地区", "winners choose spare regions"),
    "regions.unsupplied_strength": Term(
        one_of("spare-then-rank", "next-rank"),
        "不能供应规格的处理",
        "who supplies a strength that a region's main supplier cannot",
    ),
    "brand.reporting": Term(flag, "可按品牌报量", "need may be reported by brand"),
    "brand.fallback": Term(
        one_of("main-supplier"),
        "所报品牌未中选时的供应企业",
        "who supplies what was reported for a brand that did not win",
    ),
    "reporting.minimum_share": Term(
        share, "报量占以往年均用量的下限", "least reported need as a share of past use"
    ),
    "reporting.history_years": Term(
        count, "以往用量的年数（取年均）", "past years whose mean use is the measure", "years"
    ),
    "cycle.by_winners": Term(
        by_key(by_number(count), *CATEGORIES), "采购周期（按中选企业数）", "cycle", "years"
    ),
    "cycle.injections": Term(
        record({"years": count, "names": list_of(text)}),
        "注射剂采购周期",
        "cycle of the listed injections",
        "years",
    ),
    "cycle.ends_on": Term(day, "采购周期截止日", "end of the cycle"),
    "disclosure.prices": Term(
        one_of("public", "parties", "court"), "价格公开范围", "who may see prices afterwards"
    ),
}

ROUND_TERMS: dict[str, Term] = {
    **_BIDDERS,
    **_COMPARABLE,
    **_SELECTION,
    **_AFTERWARDS,
    **_VOLUME,
}
"""By key, in the order of an evaluation."""
