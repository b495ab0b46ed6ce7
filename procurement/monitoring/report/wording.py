"""Headings of the report's parts, and how its figures are computed, in both languages; pure."""

HEADINGS: dict[str, tuple[str, str]] = {
    "index": ("价格指数", "Price index"),
    "movers": ("涨跌幅居前的药品", "Drugs whose prices moved the index"),
    "gaps": ("同药价差", "Price gaps of the same drug"),
    "shares": ("采购构成", "What was bought"),
    "delivery": ("配送率", "Delivery rates"),
    "progress": ("集采进度", "Progress of volume-based procurement"),
    "survey": ("五个环节的调查", "Survey of the five links"),
    "shortages": ("短缺药品清单", "Shortage list"),
    "control": ("四同药品监测价管控", "Control by monitoring prices"),
    "linkage": ("价格联动建议", "Proposals to link prices"),
    "thresholds": ("界限", "Thresholds"),
    "sources": ("资料来源", "Sources"),
}
"""In the order of the report."""

FORMULAS: tuple[tuple[str, str], ...] = (
    (
        "药品：同一通用名、剂型、规格和生产企业。价格：当期采购金额除以最小制剂单位数（退货已扣减）。"
        "只比较两期都有价格的药品。",
        "A drug: the same generic, form, strength and manufacturer. Its price: amount bought in "
        "the period by minimal units, returns deducted. Only drugs with a price in both periods "
        "are compared.",
    ),
    (
        "拉氏指数 L = Σ(p1·q0) ÷ Σ(p0·q0)；帕氏指数 P = Σ(p1·q1) ÷ Σ(p0·q1)；"
        "费雪指数 F = √(L·P)。月度指数逐月链接，首个有采购的月份 = 100。"
        "公式为本平台所选，文件没有规定。",
        "Laspeyres L = Σ(p1·q0) ÷ Σ(p0·q0); Paasche P = Σ(p1·q1) ÷ Σ(p0·q1); Fisher "
        "F = √(L·P). Monthly indices are chained; the first "
        "with purchases is 100. The formula is this "
        "platform's choice; no document states one.",
    ),
    (
        "贡献 = 上季度金额占比 × 价格涨跌幅，全部药品的贡献之和等于 L − 1（百分点）。",
        "Contribution = part of the amount of the quarter before × change of the price; those of "
        "all drugs add up to L − 1 (percentage points).",
    ),
    (
        "同药价差 = 最高采购单价 ÷ 最低采购单价；众数价为采购笔数最多的单价，相同时取低者。",
        "Price gap = highest by lowest unit price paid; the usual price is the one of most "
        "purchase lines, of several the lowest.",
    ),
    (
        "配送率 = 已验收数量 ÷ 订购数量（扣除取消），订单为本季度下单者；"
        "按时率只算有配送时限的订单。",
        "Delivery rate = packs accepted ÷ packs ordered without what was cancelled, of orders "
        "placed in the quarter; in time counts only orders with a time limit.",
    ),
    (
        "断货占比 = 断货机构 ÷ 答复该药品的机构（医疗机构和药店）；库存天数为中位数。",
        "Out of stock = institutions without the drug ÷ institutions that spoke of it (hospitals "
        "and pharmacies); days of stock are the median.",
    ),
)


def heading_of(part: str, language: str) -> str:
    """Return the heading of a part.

    Examples:
        >>> heading_of("gaps", "zh")
        '同药价差'
    """
    return HEADINGS[part][1 if language == "en" else 0]
