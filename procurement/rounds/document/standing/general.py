"""Clauses on purpose, terms, timetable, lots and volumes of a round."""

from procurement.rounds.document.clause import OPEN, Certainty, Grid, Said
from procurement.rounds.document.figures import listed, moment, plain, same, whole
from procurement.rounds.document.plan import PlannedLot, PlannedStrength
from procurement.rounds.document.sentences.supplying import CATEGORIES
from procurement.rounds.document.standing.ground import Ground, Standing, fixed
from rulebooks import Bilingual

_TERMS = (
    (
        (),
        "申报：申报企业按本文件向联合采购办公室提出供应产品及其价格的行为。",
        "declaration: what a bidder offers to supply under this document, and its price.",
    ),
    (
        (),
        "申报主体：按本文件计算申报主体数、参加排序的企业或产品。",
        "bidder: the firm or product that is counted and ranked under this document.",
    ),
    (
        ("ceiling.above_is_invalid", "ceiling.default"),
        "最高有效申报价：各规格有效申报价格的上限。",
        "ceiling: the maximum valid declared price of a strength.",
    ),
    (
        (),
        "单位可比价：申报价折算到同一口径后用于比较的价格。",
        "comparable price: a declared price brought to one scale for comparison.",
    ),
    (
        ("places.by_bidders", "places.by_group", "places.unlimited"),
        "入围：名次在规定名额之内。",
        "shortlist: the bids whose rank is within the places.",
    ),
    (
        ("anchor.share_of_mean", "anchor.sds_below_mean"),
        "锚点价：由入围价格算出、作为拟中选价格比较基准的价格。",
        "anchor price: a price computed from those shortlisted, from which limits are drawn.",
    ),
    (
        (),
        "拟中选：评审后、公示期满前的中选状态；公示期满并公布后为中选。",
        "provisionally selected: selected by the evaluation, until the notice period has ended.",
    ),
    (
        ("share.by_winners", "cycle.by_winners"),
        "限制类品种：抗菌药物等约定采购量比例较低的品种；特殊类品种：特殊使用级抗菌药物、重点监控"
        "合理用药"
        "等品种。",
        "restricted: antimicrobials and others with a lower agreed share; special: special-grade "
        "antimicrobials and the list for rational use.",
    ),
    (
        ("regions.choice", "regions.spare"),
        "主供企业、备供企业：在某一供应地区承担供应、备用供应的中选企业。",
        "main and spare supplier: the winners that supply, or stand by for, a region.",
    ),
)


def _purpose(ground: Ground) -> Said:
    plan, issuer = ground.plan, ground.issuer
    return Said(
        Bilingual(
            f"{issuer.zh}组织开展{plan.title}，邀请符合条件的企业申报。本次集中采购坚持公开、公平、"
            f"公正和诚实信用，带量采购、量价挂钩、招采合一。",
            f"{issuer.en} holds “{plan.title}” and invites eligible firms to declare. The round is "
            f"open, fair and impartial; volume is agreed together with the price.",
        )
    )


def _inquiry(ground: Ground) -> Said | None:
    if not ground.plan.is_inquiry:
        return None
    return Said(
        Bilingual(
            "本次采购为接续采购，采用询价方式：企业对照基准价申报，不高于基准价的按本文件确定拟中"
            "选。",
            "This is a follow-on round by inquiry: firms declare against a benchmark price, and "
            "those at or under it are selected as this document says.",
        )
    )


def _terms(ground: Ground) -> Said:
    items = [Bilingual(zh, en) for keys, zh, en in _TERMS if not keys or ground.has(*keys)]
    return Said(Bilingual("本文件下列用语的含义：", "In this document:"), tuple(items))


def _regions(ground: Ground) -> Said:
    regions = ground.plan.regions
    if not regions:
        return Said(
            Bilingual("参加本次采购的地区：待定。", "Regions that take part: to be decided.")
        )
    zh, en = "、".join(one.zh for one in regions), ", ".join(one.en for one in regions)
    return Said(
        Bilingual(
            f"参加本次采购的地区共 {len(regions)} 个：{zh}。",
            f"{len(regions)} regions take part: {en}.",
        )
    )


_DATES = (
    ("volume_opens_at", Bilingual("医疗机构报量开始", "Volume reporting opens")),
    ("volume_closes_at", Bilingual("医疗机构报量截止", "Volume reporting closes")),
    ("comments_close_at", Bilingual("征求意见截止", "Comments close")),
    ("bidding_opens_at", Bilingual("申报开始", "Bidding opens")),
    ("closes_at", Bilingual("申报截止", "Bidding closes")),
    ("opens_at", Bilingual("申报信息公开", "Bids are opened")),
)
_NEEDED_DATES = ("bidding_opens_at", "closes_at", "opens_at")


def _timetable(ground: Ground) -> Said:
    dates = [(name, label, getattr(ground.plan.timetable, name)) for name, label in _DATES]
    # A round need not have volume reporting or comments of its own; bidding it has.
    rows = [
        (label, moment(at)) for name, label, at in dates if at is not None or name in _NEEDED_DATES
    ]
    return Said(
        Bilingual(
            "时间安排如下，均为北京时间，以平台数据库的时钟为准。",
            "The timetable is in Beijing time, by the clock of the platform's database.",
        ),
        grid=Grid((Bilingual("事项", "What"), Bilingual("时间", "When")), tuple(rows)),
    )


def _timetable_open(ground: Ground) -> bool:
    return any(getattr(ground.plan.timetable, name) is None for name in _NEEDED_DATES)


def _standing_lots(ground: Ground) -> list[PlannedLot]:
    return [lot for lot in ground.plan.lots if lot.failed_reason is None]


def _limit(ground: Ground, strength: PlannedStrength) -> Bilingual:
    """The price limit of a strength, as the table of lots prints it."""
    price = strength.benchmark_price if ground.plan.is_inquiry else strength.price_ceiling
    if price is not None:
        return same(plain(price))
    if not ground.plan.is_inquiry and ground.has("ceiling.default"):
        return Bilingual("统一", "common")
    return OPEN if _needs_limit(ground) else same("—")


def _needs_limit(ground: Ground) -> bool:
    return ground.plan.is_inquiry or (
        ground.has("ceiling.above_is_invalid") and not ground.has("ceiling.default")
    )


def _lots(ground: Ground) -> Said:
    limit = (
        Bilingual("基准价（元）", "Benchmark price (yuan)")
        if ground.plan.is_inquiry
        else Bilingual("最高有效申报价（元）", "Ceiling (yuan)")
    )
    heads = (
        Bilingual("品种编号", "Lot"),
        Bilingual("采购品种", "Product"),
        Bilingual("类别", "Category"),
        Bilingual("规格", "Strength"),
        Bilingual("与主规格含量比", "Content ratio"),
        Bilingual("最小单位", "Unit"),
        limit,
    )
    rows = tuple(
        (
            same(lot.code),
            same(lot.product),
            CATEGORIES.get(lot.category, same(lot.category)),
            same(strength.label),
            same(plain(strength.ratio)),
            same(lot.unit),
            _limit(ground, strength),
        )
        for lot in _standing_lots(ground)
        for strength in lot.strengths
    )
    count = len(_standing_lots(ground))
    return Said(
        Bilingual(
            f"本次采购共 {count} 个采购品种，价格按最小单位计，以元为单位。",
            f"There are {count} lots. Prices are in yuan per minimal unit.",
        ),
        grid=Grid(heads, rows, (4, 6)) if rows else None,
    )


def _lots_open(ground: Ground) -> bool:
    strengths = [strength for lot in _standing_lots(ground) for strength in lot.strengths]
    return not strengths or any(_limit(ground, strength) == OPEN for strength in strengths)


def _withdrawn(ground: Ground) -> Said | None:
    gone = [lot for lot in ground.plan.lots if lot.failed_reason is not None]
    if not gone:
        return None
    return Said(
        Bilingual("下列采购品种已撤出本次采购：", "These lots have been withdrawn:"),
        tuple(same(f"{lot.code} {lot.product}：{lot.failed_reason}") for lot in gone),
    )


def _by_brand(ground: Ground) -> Said | None:
    lots = [f"{lot.code} {lot.product}" for lot in _standing_lots(ground) if lot.by_brand]
    if not lots:
        return None
    names = listed(tuple(lots))
    return Said(
        Bilingual(f"按品牌报量的采购品种：{names.zh}。", f"Lots reported by brand: {names.en}.")
    )


def _base_volumes(ground: Ground) -> Said:
    rows = tuple(
        (
            same(lot.code),
            same(lot.product),
            same(strength.label),
            same(lot.unit),
            same(whole(strength.base_volume)),
        )
        for lot in _standing_lots(ground)
        for strength in lot.strengths
        if strength.base_volume is not None
    )
    if not rows:
        return Said(
            Bilingual(
                "首年约定采购量计算基数由平台按医疗机构报量分地区、分规格汇总，并在平台公布。",
                "The base of the first year's agreed volume is aggregated from the hospitals' "
                "reports by region and strength, and published on the platform.",
            )
        )
    heads = (
        Bilingual("品种编号", "Lot"),
        Bilingual("采购品种", "Product"),
        Bilingual("规格", "Strength"),
        Bilingual("最小单位", "Unit"),
        Bilingual("首年约定采购量计算基数", "Base volume"),
    )
    return Said(
        Bilingual(
            "首年约定采购量计算基数由医疗机构报量汇总，全部地区合计如下；分地区数量在平台公布。",
            "The base of the first year's agreed volume is aggregated from the hospitals' reports; "
            "totals of all regions are below, those of each region on the platform.",
        ),
        grid=Grid(heads, rows, (4,)),
    )


STANDING = (
    Standing("general.purpose", "general", Bilingual("目的", "Purpose"), _purpose),
    Standing("general.inquiry", "general", Bilingual("采购方式", "Procedure"), _inquiry),
    Standing(
        "general.regions",
        "general",
        Bilingual("采购地区", "Regions"),
        _regions,
        lambda ground: not ground.plan.regions,
        Certainty.FACT,
    ),
    Standing("general.terms", "general", Bilingual("用语", "Terms"), _terms),
    Standing(
        "general.timetable",
        "general",
        Bilingual("时间安排", "Timetable"),
        _timetable,
        _timetable_open,
        Certainty.FACT,
    ),
    Standing(
        "general.amendments",
        "general",
        Bilingual("文件的澄清与修改", "Amendments"),
        fixed(
            "本文件发布后的修改，以依次编号的补充文件在平台发布，列明所修改条款的原文和修改后的文"
            "字，"
            "由已申报和准备申报的企业在平台确认收悉。补充文件是本文件的组成部分，与本文件不一致的，"
            "以发布在后者为准。",
            "After publication this document is changed by numbered amendments on the platform, "
            "which show each clause before and after; bidders acknowledge them there. An amendment "
            "is part of this document, and the later text prevails.",
        ),
    ),
    Standing(
        "general.language",
        "general",
        Bilingual("文字", "Language"),
        fixed(
            "本文件以中文为准，英文译文仅供参考。",
            "The Chinese text prevails; the English one is for reference.",
        ),
    ),
    Standing(
        "products.lots",
        "products",
        Bilingual("采购品种目录", "Lots"),
        _lots,
        _lots_open,
        Certainty.FACT,
    ),
    Standing(
        "products.withdrawn",
        "products",
        Bilingual("撤出的品种", "Withdrawn lots"),
        _withdrawn,
        certainty=Certainty.FACT,
    ),
    Standing(
        "products.price",
        "products",
        Bilingual("申报价格", "Declared prices"),
        fixed(
            "申报价格按包装申报，以人民币元为单位，精确到分，并注明每包装所含最小单位数；单位申报"
            "价为二者"
            "之商，不作舍入。",
            "Prices are declared for a pack, in yuan and fen, with the number of minimal units in "
            "it; the unit price is their exact quotient, never rounded.",
        ),
        is_last=True,
    ),
    Standing(
        "volume.base",
        "volume",
        Bilingual("首年约定采购量计算基数", "Base volumes"),
        _base_volumes,
        certainty=Certainty.FACT,
    ),
    Standing(
        "volume.brands",
        "volume",
        Bilingual("按品牌报量的品种", "Lots reported by brand"),
        _by_brand,
        certainty=Certainty.FACT,
        is_last=True,
    ),
)
"""In the order in which they are printed within their sections."""
