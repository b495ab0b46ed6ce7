"""What pages and exports of awards call things, in Chinese and in English."""

from collections.abc import Mapping

from bidding.bid_sheet import QuestionKind
from bidding.report import Status
from procurement.bids.opening.disclosure import Disclosure

Pair = tuple[str, str]

STATUS_WORDS: Mapping[str, Pair] = {
    Status.SELECTED: ("拟中选", "selected"),
    "awarded": ("中选", "awarded"),
    Status.SELECTED_WITHOUT_VOLUME: ("中选不带量", "selected without volume"),
    Status.REVIVAL_OFFERED: ("待复活答复", "revival offered"),
    Status.TIED: ("同价待裁定", "tied, to be decided"),
    Status.REJECTED: ("未中选", "not selected"),
    Status.INVALID: ("报价无效", "invalid"),
}

STATUS_KINDS: Mapping[str, str] = {
    Status.SELECTED: "good",
    "awarded": "good",
    Status.SELECTED_WITHOUT_VOLUME: "good",
    Status.REVIVAL_OFFERED: "warning",
    Status.TIED: "warning",
    Status.REJECTED: "neutral",
    Status.INVALID: "bad",
}
"""Marks of `parts/status.html`."""

QUESTION_WORDS: Mapping[str, Pair] = {
    QuestionKind.REVIVE: ("是否接受复活价", "accepts the price offered for a revival?"),
    QuestionKind.TIE: ("同价由谁入围", "which of the tied bids takes the place?"),
    QuestionKind.CUT: ("是否接受议价降幅", "grants the cut asked for in talks?"),
    QuestionKind.WITHDRAW: ("是否放弃", "has it withdrawn?"),
    "region": ("选择地区", "chooses regions"),
}

SCOPE_WORDS: Mapping[str, Pair] = {
    "all": ("全部报价。", "All bids."),
    "selected": (
        "只列拟中选企业；价格按采购文件不予公开，贵单位自己的报价除外。",
        "Selected bidders only. By the procurement document prices are not disclosed, except your "
        "own.",
    ),
    "own": ("公示之前只列贵单位自己的报价。", "Before the notice, your own bids only."),
}
"""What an export holds, by `Sight.scope`; it says so itself."""

DISCLOSURE_WORDS: Mapping[Disclosure, Pair] = {
    Disclosure.PUBLIC: ("价格向社会公开", "Prices are public"),
    Disclosure.PARTIES: ("价格只向参加申报的企业公开", "Prices are shown to the bidders only"),
    Disclosure.COURT: ("价格只向司法机关提供", "Prices are given to courts only"),
    Disclosure.UNKNOWN: (
        "没有文件规定价格的公开范围，按最小范围处理",
        "No source says who may see prices, so the narrowest rule applies",
    ),
}

SCREEN_WORDS: Mapping[str, Pair] = {
    "cv": ("变异系数", "coefficient of variation"),
    "spd": ("最高价与最低价之差", "spread from lowest to highest"),
    "diffp": ("中选与落选之间的价差", "gap below the first loser"),
    "rd": ("价差与落选报价离散之比", "that gap against the losers' scatter"),
    "altrd": ("价差与落选报价间距之比", "that gap against the losers' gaps"),
    "kurtosis": ("峰度", "kurtosis"),
    "skewness": ("偏度", "skewness"),
    "ks": ("与均匀分布的距离", "distance from an even layout"),
    "subgroups": ("三家之间的接近程度", "three bidders close together"),
    "missing_bids": ("缺失的接近报价", "missing near misses"),
    "same_price": ("不同控制人报价相同", "the same price under different control"),
    "disqualified": ("报价无效的比例", "bids ruled out"),
    "win_rate": ("频繁参与而少中选", "busy bidders that hardly win"),
    "rotation": ("轮流中选或划分地区", "taking turns, or keeping regions"),
    "digital_traces": ("共用设备或网络", "a shared device or network"),
    "links": ("关联关系", "ties between bidders"),
}

SUBJECT_WORDS: Mapping[str, Pair] = {
    "lot": ("品种", "lot"),
    "bidder": ("企业", "bidder"),
    "round": ("批次", "round"),
}


def say(pair: Pair, language: str) -> str:
    """Return the text of a language.

    Examples:
        >>> say(STATUS_WORDS["tied"], "en")
        'tied, to be decided'
    """
    return pair[1] if language == "en" else pair[0]
