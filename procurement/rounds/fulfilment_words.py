"""Words of the rulebooks about fulfilment."""

from collections.abc import Mapping

Pair = tuple[str, str]

FULFILMENT_WORDS: Mapping[str, Pair] = {
    "tcm": ("中药", "Chinese medicines"),
    "order-confirmation": ("确认订单", "the confirmation of the order"),
    "counted": ("计入", "count"),
    "excluded": ("不计入", "do not count"),
    "agreed-volume-not-completed": ("未完成约定采购量", "agreed volume not completed"),
    "non-winning-share-above-limit": (
        "非中选产品使用占比超限",
        "share of non-winning products above the limit",
    ),
    "demand-changed": ("临床需求变化", "changed demand"),
    "shortage": ("短缺药品", "drugs in shortage"),
    "emergency": ("急救", "emergency"),
    "seasonal": ("季节性用药", "seasonal drugs"),
    "units": ("数量", "units"),
    "amount": ("金额", "money"),
    "winning": ("中选产品", "winning products"),
    "limited-winning": ("限价中选产品", "products selected at a capped price"),
    "priced-at-most-winner": ("价格不高于中选价的产品", "products priced at most like the winner"),
    "end-of-next-month": ("次月底前", "by the end of the next month"),
    "packs": ("配送盒数占订购盒数", "packs delivered of those ordered"),
    "packs-in-time": ("按时配送盒数占订购盒数", "packs delivered in time of those ordered"),
    "orders": ("完成配送的订单占比", "orders delivered in full"),
    "orders-in-time": ("按时完成配送的订单占比", "orders delivered in full and in time"),
    "named": ("通报", "named publicly"),
    "tracked": ("跟踪督办", "tracked"),
    "interview": ("约谈", "talk"),
    "replacement": ("替补", "replaced"),
    "credit-rating": ("纳入信用评价", "credit rating"),
    "manufacturer-bulletin": ("通报生产企业", "bulletin about the manufacturer"),
    "delivery-right-lost": (
        "取消配送企业配送权",
        "the distributor loses the right to deliver",
    ),
    "manufacturer": ("生产企业", "the manufacturer"),
    "remind": ("提醒", "reminder"),
    "warn": ("告诫", "warning"),
    "deadline": ("限期整改", "deadline to put it right"),
    "winning-status-lost": ("取消中选资格", "loss of the winning status"),
    "reported-to-nhsa": (
        "报告国家医保局",
        "report to the National Healthcare Security Administration",
    ),
    "supplementary-agreement": ("三方补充协议", "a supplementary agreement of the three parties"),
    "pro-rata-by-month": ("按上年约定采购量按月折算", "the last year's, pro rata by month"),
    "payment-standard": ("医保支付标准", "payment standard"),
    "retained-savings": ("结余留用", "retained savings"),
    "payment": ("货款结算", "payment for goods"),
    "supervision": ("监督管理", "supervision"),
}
"""The words of the vocabulary."""

FULFILMENT_LABELS: Mapping[str, Pair] = {
    "emergency-remote": ("急救（偏远地区）", "emergency, remote"),
    "ordinary": ("一般", "ordinary"),
    "remote": ("偏远地区", "remote"),
    "cold-chain": ("冷链", "cold chain"),
    "emergency": ("急救", "emergency"),
}
"""Names of the entries of its tables."""

FULFILMENT_UNITS: Mapping[str, Pair] = {
    "hours": ("{} 小时", "{} h"),
    "days": ("{} 天", "{} days"),
    "months": ("{} 个月", "{} months"),
    "percentage points": ("{} 个百分点", "{} percentage points"),
}
