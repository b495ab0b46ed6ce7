"""A bid as its bidder reads it before sealing: amounts in words, cut against the ceiling."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from bidding.sealing import Bid, BidLine, Manifest
from bidding.sealing.bid import strengths_of
from pricing.money import UnitPrice
from procurement.cli.aligned import table
from procurement.cli.amount_words import in_words

_HEADS = {
    "zh": ("品种", "规格", "申报价（元）", "大写", "最高有效申报价", "降幅"),
    "en": ("lot", "strength", "declared (yuan)", "in words", "ceiling", "cut"),
}
_ANSWER_HEADS = {
    "zh": ("品种", "问题", "答复", "价格（元）", "大写"),
    "en": ("lot", "question", "answer", "price (yuan)", "in words"),
}


def describe_bid(bid: Bid, manifest: Manifest, *, language: str) -> str:
    """The lines of a bid, or of second answers, as a table."""
    if bid.answers:
        return _answers(bid, language)
    strengths = strengths_of(manifest)
    rows = [
        (
            line.lot,
            line.strength,
            _declared(line, language),
            in_words(_typed(line)) or "",
            "" if ceiling is None else f"{ceiling:f}",
            cut_text(line.unit_price, ceiling, language=language),
        )
        for line in bid.lines
        for ceiling in [strengths[line.lot, line.strength].price_ceiling]
    ]
    return _text([_HEADS[language], *rows])


def _typed(line: BidLine) -> Decimal:
    return line.unit_price.pack_price


def _declared(line: BidLine, language: str) -> str:
    if line.pack_units is None:
        return f"{_typed(line):f}"
    pack = f"/ {line.pack_units} 单位的包装" if language == "zh" else f"a pack of {line.pack_units}"
    return f"{_typed(line):f} {pack}"


def cut_text(price: UnitPrice, ceiling: Decimal | None, *, language: str) -> str:
    """By how many per cent a price lies below its ceiling; two decimals, cut off.

    Examples:
        >>> cut_text(UnitPrice(Decimal("0.55")), Decimal("0.96"), language="en")
        '42.70 %'
        >>> cut_text(UnitPrice(Decimal("1.00")), Decimal("0.96"), language="en")
        'ABOVE by 4.16 %'
    """
    if ceiling is None:
        return ""
    difference = Fraction(ceiling) - price.exact
    hundredths = int(abs(difference) * 10000 / Fraction(ceiling))
    percent = f"{hundredths // 100}.{hundredths % 100:02d} %"
    if difference >= 0:
        return percent
    return f"高出 {percent}" if language == "zh" else f"ABOVE by {percent}"


def _answers(bid: Bid, language: str) -> str:
    yes, no = ("是", "否") if language == "zh" else ("yes", "no")
    rows = [
        (
            answer.lot,
            answer.question,
            yes if answer.answer else no,
            "" if answer.price is None else f"{answer.price:f}",
            "" if answer.price is None else in_words(answer.price) or "",
        )
        for answer in bid.answers
    ]
    return _text([_ANSWER_HEADS[language], *rows])


def _text(rows: Sequence[Sequence[str]]) -> str:
    return "".join(f"{line}\n" for line in table(rows))
