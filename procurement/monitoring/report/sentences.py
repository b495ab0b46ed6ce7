"""What the report finds, in a sentence of each language; pure."""

from decimal import Decimal
from fractions import Fraction

from procurement.china_days import Quarter
from procurement.monitoring.rules.index import half_up

Sentence = tuple[str, str]

_HUNDRED = 100


def _percent(value: Fraction) -> str:
    return f"{half_up(value * _HUNDRED, 2):f}"


def index_finding(fisher: Decimal | None, quarter: Quarter) -> Sentence:
    """Say how prices stand to the quarter before.

    Examples:
        >>> index_finding(Decimal("0.9750"), Quarter(2027, 2))[1]
        'Prices fell by 2.50 % from the quarter before'
        >>> index_finding(Decimal("1.0000"), Quarter(2027, 2))[0]
        '本季度价格总水平与上季度持平'
    """
    if fisher is None:
        return (
            "没有可比的采购记录，本季度不编制价格指数",
            f"No purchases can be compared, so there is no price index of {quarter}",
        )
    change = (fisher - 1) * _HUNDRED
    if change == 0:
        return "本季度价格总水平与上季度持平", "Prices stood as in the quarter before"
    zh, en = ("上涨", "rose") if change > 0 else ("下降", "fell")
    return (
        f"本季度价格总水平比上季度{zh} {abs(change):.2f}%",
        f"Prices {en} by {abs(change):.2f} % from the quarter before",
    )


def mover_finding(ups: int, downs: int) -> Sentence:
    """Say how many drugs rose and fell.

    Examples:
        >>> mover_finding(0, 0)[1]
        'No drug that may be named changed its price'
    """
    if not ups and not downs:
        return "没有可列出的药品价格变动", "No drug that may be named changed its price"
    return (
        f"可列出的药品中 {ups:,} 个涨价、{downs:,} 个降价",
        f"Of the drugs that may be named {ups:,} rose and {downs:,} fell",
    )


def gap_finding(wide: int, drugs: int, widest: Fraction | None) -> Sentence:
    """Say how many drugs have different prices.

    Examples:
        >>> gap_finding(2, 9, Fraction(3, 2))[1]
        'Of 9 drugs 2 were bought at different prices, up to 1.50 times the lowest'
    """
    if not wide:
        return (
            f"{drugs:,} 个药品没有需要列出的同药价差",
            f"None of {drugs:,} drugs has a price gap that is to be listed",
        )
    zh = "" if widest is None else f"，最高为最低价的 {half_up(widest, 2):f} 倍"
    en = "" if widest is None else f", up to {half_up(widest, 2):f} times the lowest"
    return (
        f"{drugs:,} 个药品中 {wide:,} 个以不同价格采购{zh}",
        f"Of {drugs:,} drugs {wide:,} were bought at different prices{en}",
    )


def delivery_finding(rate: Fraction | None, makers: int, distributors: int) -> Sentence:
    """Say which part of the orders was delivered.

    Examples:
        >>> delivery_finding(Fraction(9, 10), 3, 2)[0]
        '3 家企业、2 家配送企业的订单到货 90.00%'
    """
    if rate is None:
        return "本季度没有平台订单", "No orders were placed in the quarter"
    return (
        f"{makers:,} 家企业、{distributors:,} 家配送企业的订单到货 {_percent(rate)}%",
        f"{_percent(rate)} % of what was ordered from {makers:,} manufacturers by way of "
        f"{distributors:,} distributors was delivered",
    )


def progress_finding(terms: int, behind: int, hidden: int = 0) -> Sentence:
    """Say how many rounds are behind their time target.

    Args:
        terms: That ran.
        behind: Those of them that are behind.
        hidden: Those whose progress too few hospitals tell.

    Examples:
        >>> progress_finding(2, 0)[1]
        'None of the 2 running terms is behind its time target'
        >>> progress_finding(3, 1, 2)[1]
        'Of the 3 running terms the progress of 1 may be shown, and 1 of them is behind'
    """
    if not terms:
        return "本季度没有执行中的集采协议期", "No term of agreements ran in the quarter"
    if hidden:
        known = terms - hidden
        return (
            f"{terms:,} 个执行中的协议期中可列出进度的有 {known:,} 个，"
            f"其中 {behind:,} 个落后于时间进度",
            f"Of the {terms:,} running terms the progress of {known:,} may be shown, "
            f"and {behind:,} of them {'is' if behind == 1 else 'are'} behind",
        )
    if not behind:
        return (
            f"{terms:,} 个执行中的协议期都达到时间进度",
            f"None of the {terms:,} running terms is behind its time target",
        )
    return (
        f"{terms:,} 个执行中的协议期有 {behind:,} 个落后于时间进度",
        f"Of the {terms:,} running terms {behind:,} are behind their time target",
    )


def shortage_finding(short: int, drugs: int) -> Sentence:
    """Say how many drugs institutions were out of.

    Examples:
        >>> shortage_finding(1, 4)[1]
        'Of the 4 drugs that may be named institutions were out of 1'
    """
    if not drugs:
        return "没有可列出的调查结果", "The surveys gave nothing that may be named"
    return (
        f"可列出的 {drugs:,} 个药品中 {short:,} 个有机构断货",
        f"Of the {drugs:,} drugs that may be named institutions were out of {short:,}",
    )
