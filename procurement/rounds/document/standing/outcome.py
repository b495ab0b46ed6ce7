"""Clauses on evaluation, revival, notice, agreements and breaches that hold in every round."""

from procurement.rounds.document.clause import Said
from procurement.rounds.document.standing.ground import Ground, Standing, fixed
from rulebooks import Bilingual

_STAGES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    ((), "核对申报资格和材料，确定申报主体数", "check papers and count the bidders"),
    (
        ("ceiling.above_is_invalid", "ceiling.default"),
        "核对最高有效申报价",
        "check declared prices against the ceilings",
    ),
    ((), "折算单位可比价", "convert to comparable prices"),
    (
        ("composite.weights", "composite.technical_places"),
        "评审技术标并计算综合评分",
        "evaluate the technical envelope and compute scores",
    ),
    ((), "由低到高排序；同价的按规定确定先后", "rank, the lowest first; settle equal prices"),
    (
        ("places.by_bidders", "places.by_group", "places.unlimited"),
        "确定入围",
        "draw up the shortlist",
    ),
    (
        ("anchor.share_of_mean", "anchor.sds_below_mean"),
        "计算锚点价",
        "compute the anchor price",
    ),
    ((), "按拟中选条件确定拟中选", "apply the conditions of selection"),
    (
        ("revival.shortlisted", "revival.others", "revival.reference"),
        "组织复活",
        "offer revival",
    ),
    (("talks.after_direct", "talks.places"), "组织议价", "hold talks"),
    (("regions.choice",), "组织选择供应地区", "let winners choose regions"),
    ((), "计算约定采购量", "compute agreed volumes"),
)
_CONDITIONS = (
    "selection.ratio_to_lowest",
    "selection.ratio_to_anchor",
    "selection.cut_from_ceiling",
    "selection.absolute_low",
    "selection.reference_price",
    "classes.lines",
)


def _order(ground: Ground) -> Said:
    items = [Bilingual(zh, en) for keys, zh, en in _STAGES if not keys or ground.has(*keys)]
    return Said(
        Bilingual("评审按下列次序进行：", "The evaluation goes in this order:"), tuple(items)
    )


def _conditions(ground: Ground) -> Said:
    if not ground.has(*_CONDITIONS):
        return Said(
            Bilingual(
                "本次采购不另设拟中选条件，有效申报入围的，确定为拟中选。",
                "There is no further condition: a valid bid on the shortlist is provisionally "
                "selected.",
            )
        )
    return Said(
        Bilingual(
            "入围的申报主体，符合本章所列拟中选条件之一且不属于本章不予拟中选情形的，确定为拟中选"
            "。",
            "A shortlisted bid that meets one of the conditions of this part, and that this part "
            "does not exclude, is provisionally selected.",
        )
    )


def _second_answers(ground: Ground) -> Said | None:
    keys = ("revival.shortlisted", "revival.others", "revival.reference")
    if not ground.has(*keys, "talks.after_direct", "talks.places"):
        return None
    return Said(
        Bilingual(
            "复活、二次报价和议价的答复同样密封、签名提交，期限在平台通知中载明；逾期未答复的，视"
            "为不接受。",
            "Answers on revival, second quotes and talks are sealed and signed as well, within the "
            "time that the platform's notice names; who does not answer declines.",
        )
    )


_EVALUATION = (
    Standing("evaluation.order", "evaluation", Bilingual("评审次序", "Order"), _order),
    Standing(
        "evaluation.conditions",
        "evaluation",
        Bilingual("拟中选", "Selection"),
        _conditions,
        is_last=True,
    ),
    Standing(
        "evaluation.report",
        "evaluation",
        Bilingual("评审报告", "Report"),
        fixed(
            "评审报告逐项载明每一申报的结论、所依条款和计算过程，并记录所用规则的摘要值；同样的事"
            "实得出同样"
            "的结论。",
            "The report names for each bid what was decided, the clause and the figures, and the "
            "digest of the rules; equal facts give equal decisions.",
        ),
        is_last=True,
    ),
)

_REVIVAL = (
    Standing(
        "revival.open_ties",
        "revival",
        Bilingual("不能区分的同价", "Ties that no rule breaks"),
        fixed(
            "依本文件不能区分先后且影响结果的，由联合采购办公室裁定，理由记录在案并予公布；不影响"
            "结果的，"
            "不作区分。",
            "Equal bids that no rule of this document separates are put in order by the bureau, "
            "with its reasons on record and published, where it decides something; elsewhere they "
            "stay equal.",
        ),
        is_last=True,
    ),
    Standing(
        "revival.answers",
        "revival",
        Bilingual("二次答复", "Second answers"),
        _second_answers,
        is_last=True,
    ),
)


def _agreed_price(ground: Ground) -> Said:
    zh = "中选企业在采购周期内以不高于中选价格的价格供应。"
    en = "Winners supply at or under the selected price throughout the cycle."
    if ground.has("conversion.strength_base", "conversion.pack_base", "conversion.fixed_factors"):
        zh += "其他规格、包装的价格按本文件的换算规则确定。"
        en += " Prices of other strengths and packs follow by the conversion of this document."
    return Said(Bilingual(zh, en))


def _regions(ground: Ground) -> Said | None:
    if ground.has("regions.choice"):
        return None
    return Said(
        Bilingual(
            "本次采购不组织选择供应地区，中选者面向全部采购地区供应。",
            "Winners do not choose regions; they supply all that take part.",
        )
    )


_REGIONS = (
    Standing("regions.none", "regions", Bilingual("供应地区", "Regions"), _regions),
    Standing(
        "regions.record",
        "regions",
        Bilingual("选择的记录", "Record"),
        fixed(
            "中选者按平台通知的顺序和期限选择；事先提交意向顺序的，平台取其中尚未被选的首个地区。"
            "选择结果"
            "即时公布。",
            "Winners choose in the order and time that the platform's notice names; of a list of "
            "preferences given before, the platform takes the first region that is still free. "
            "Choices are shown at once.",
        ),
        is_last=True,
    ),
)

_NOTICE = (
    Standing(
        "notice.provisional",
        "notice",
        Bilingual("公示", "Notice"),
        fixed(
            "拟中选结果在平台公示，公示内容、起止时间在公示通知中载明；价格是否列入公示，按本文件"
            "关于价格公开"
            "范围的规定。",
            "The provisional selection is put on notice on the platform, which names its contents "
            "and its first and last moment; whether prices are among them is as this document "
            "says.",
        ),
    ),
    Standing(
        "notice.objection",
        "notice",
        Bilingual("异议", "Objections"),
        fixed(
            "申报企业对拟中选结果有异议的，应当在公示期内通过平台提出，写明所针对的品种和条款、事"
            "实和理由，"
            "并附证明材料。联合采购办公室核查后在平台答复；异议成立的，重新评审并再次公示。",
            "A bidder objects on the platform within the notice period, naming lot, clause, facts "
            "and reasons, with evidence. The bureau examines it and answers there; if it is "
            "upheld, "
            "the lot is evaluated and put on notice again.",
        ),
    ),
    Standing(
        "notice.final",
        "notice",
        Bilingual("中选结果", "Final result"),
        fixed(
            "公示期满无异议或者异议处理完毕的，由两名经办人分别办理和复核后公布中选结果。",
            "When the period has ended without objections, or all are settled, the result is "
            "published; two officers take that step together.",
        ),
    ),
    Standing(
        "notice.failed",
        "notice",
        Bilingual("采购失败与取消", "Failed lots and cancellation"),
        fixed(
            "没有有效申报或者没有拟中选者的品种，本次采购失败；品种撤出或本次采购取消的，公布理由"
            "。",
            "A lot without a valid bid, or without a winner, has failed; if a lot is withdrawn or "
            "the round cancelled, the reason is published.",
        ),
    ),
)

_AGREEMENT = (
    Standing(
        "agreement.sign",
        "agreement",
        Bilingual("购销协议", "Agreements"),
        fixed(
            "中选企业、医疗机构和配送企业按附件 4 的样式在平台签订购销协议，约定采购量、价格、协"
            "议期和配送；"
            "协议期在采购周期之内。",
            "Winners, hospitals and distributors sign agreements after form 4 on the platform, on "
            "volume, price, term and delivery; the term lies within the cycle.",
        ),
    ),
    Standing(
        "agreement.price",
        "agreement",
        Bilingual("中选价格", "Price"),
        _agreed_price,
    ),
    Standing(
        "agreement.supply",
        "agreement",
        Bilingual("供应与配送", "Supply"),
        fixed(
            "中选企业是保障质量和供应的第一责任人，应当按约定采购量足量、及时供应，并委托具备条件"
            "的企业配送。",
            "The winner answers first for quality and supply, delivers the agreed volume in full "
            "and in time, and entrusts able distributors.",
        ),
    ),
    Standing(
        "agreement.use",
        "agreement",
        Bilingual("采购与结算", "Buying and payment"),
        fixed(
            "医疗机构应当优先使用中选产品，完成约定采购量，并按规定及时结算；医保基金按规定预付和"
            "直接结算。",
            "Hospitals use the winning products first, fulfil the agreed volume and pay in time; "
            "the insurance fund prepays and settles directly as its rules say.",
        ),
    ),
)

_BREACH = (
    Standing(
        "breach.acts",
        "breach",
        Bilingual("违约和失信情形", "Breaches"),
        fixed(
            "申报企业、中选企业及配送企业有下列情形之一的，按本章处理：",
            "This part applies to a bidder, winner or distributor that:",
            ("提供虚假材料", "submits false papers"),
            (
                "以低于成本的价格恶意申报，或者相互串通操纵申报价格",
                "bids below cost in bad faith, or colludes on prices",
            ),
            (
                "以向采购人员、评审人员行贿等手段谋取中选",
                "seeks selection by bribing buyers or evaluators",
            ),
            (
                "拟中选或者中选后无正当理由放弃",
                "gives up its selection without good reason",
            ),
            (
                "不签订购销协议，或者不履行供货承诺、影响临床使用",
                "does not sign, or does not supply as promised so that care suffers",
            ),
            ("中选产品发生严重质量问题", "has a serious fault of quality in a winning product"),
            ("其他违反本文件和承诺的行为", "otherwise breaks this document or its promise"),
        ),
    ),
    Standing(
        "breach.measures",
        "breach",
        Bilingual("处理", "Measures"),
        fixed(
            "经查实的，取消其申报、拟中选或中选资格，列入违规名单，在规定期限内不得参加集中采购，"
            "并依法依约"
            "承担责任；处理前听取当事企业的陈述和申辩。",
            "After it was heard and the facts are established, it loses its declaration or "
            "selection, is put on the violation list, may not take part for the time that is set, "
            "and answers by law and agreement.",
        ),
    ),
    Standing(
        "breach.credit",
        "breach",
        Bilingual("信用记录", "Credit record"),
        fixed(
            "失信行为记入医药价格和招采信用评价，依其等级实施相应处置；修复按该制度办理。",
            "Such conduct enters the credit rating, has the consequences of its grade, and is "
            "repaired as the rating system says.",
        ),
    ),
    Standing(
        "breach.replacement",
        "breach",
        Bilingual("替补", "Replacement"),
        fixed(
            "中选企业被取消资格或者不能供应的，由联合采购办公室确定替补企业并公布；设有备供企业的"
            "，由备供企业"
            "优先替补。",
            "Where a winner is struck out or cannot supply, the bureau names a replacement and "
            "publishes it; where there is a spare supplier, it comes first.",
        ),
    ),
)

STANDING = (*_EVALUATION, *_REVIVAL, *_REGIONS, *_NOTICE, *_AGREEMENT, *_BREACH)
"""In the order in which they are printed within their sections."""
