"""How one line came about, step by step, with the values filled in."""

from collections.abc import Iterator

from procurement.rounds.rulebook_words import Voice
from procurement.savings.papers.content import LineContent
from procurement.savings.papers.words import (
    money_words,
    percent_words,
    ratio_words,
)
from procurement.savings.rules import Choices
from procurement.savings.rules.completion import Completion

Step = tuple[str, str, str]
"""What is computed, from which values, and the result."""


def line_steps(line: LineContent, choices: Choices, voice: Voice) -> tuple[Step, ...]:
    """The steps of a line: price, budget, spend, base, completion, amount kept."""
    return (
        *_price(line, voice),
        *_bases(line, choices, voice),
        *_completion(line, choices, voice),
        _retained(line, choices, voice),
    )


def _price(line: LineContent, voice: Voice) -> Iterator[Step]:
    if line.pack_units and line.pack_price is not None:
        yield (
            voice.say(("中选单价", "Winning price of a unit")),
            f"{money_words(line.pack_price)} ÷ {line.pack_units:,}",
            money_words(line.winning_price),
        )


def _bases(line: LineContent, choices: Choices, voice: Voice) -> Iterator[Step]:
    shares = f"{ratio_words(line.payment_ratio)} × {ratio_words(line.insured_share)}"
    before, won = money_words(line.price_before), money_words(line.winning_price)
    base = voice.say(("结余测算基数", "Savings base"))
    if choices.formula.layout == "price-drop":
        factors = f"{line.agreed_volume:,} × ({before} − {won}) × {shares}"
        yield base, factors, money_words(line.savings_base)
        return
    budget, spend = money_words(line.budget), money_words(line.spend)
    yield (
        voice.say(("医保资金预算", "Budget")),
        f"{line.base_volume:,} × {before} × {shares}",
        budget,
    )
    spent = f"{line.agreed_volume:,} × {won}"
    if choices.formula.subtracts_non_winning:
        spent = f"({spent} + {money_words(line.non_winning_amount)})"
    of_spend = f"{ratio_words(line.payment_ratio_spend)} × {ratio_words(line.insured_share)}"
    yield voice.say(("医保资金支出", "Spend")), f"{spent} × {of_spend}", spend
    yield base, f"{budget} − {spend}", money_words(line.savings_base)


def _completion(line: LineContent, choices: Choices, voice: Voice) -> Iterator[Step]:
    own = Completion(line.winning_volume, line.agreed_volume)
    yield (
        voice.say(("完成率", "Completion")),
        f"{line.winning_volume:,} ÷ {line.agreed_volume:,}",
        percent_words(own.share),
    )
    if not choices.needs_completion:
        return
    verdict = ("完成", "completed") if line.completed else ("未完成", "not completed")
    volumes = ""
    if choices.completion_unit != "product" and line.unit_agreed is not None:
        volumes = f"{line.unit_winning or 0:,} ÷ {line.unit_agreed:,}"
    yield voice.say(("考核单元", "Unit that counts")), volumes, voice.say(verdict)


def _retained(line: LineContent, choices: Choices, voice: Voice) -> Step:
    label = voice.say(("留用金额", "Retained"))
    amount = money_words(line.retained)
    if line.nothing_because:
        return label, "", amount
    base = money_words(line.savings_base)
    return label, f"{base} × {ratio_words(line.ratio)}", amount


def formula_words(choices: Choices, voice: Voice) -> str:
    """The formula of the document in one sentence.

    Examples:
        >>> from procurement.savings.rules import Formula
        >>> choices = Choices(Formula("price-drop", False), "floor_each", "product")
        >>> formula_words(choices, Voice("zh"))[:44]
        '结余测算基数 = 约定采购量 ×（集采前均价 − 中选单价）× 支付比例 × 参保占比；'
    """
    if choices.formula.layout == "price-drop":
        return voice.say(
            (
                "结余测算基数 = 约定采购量 ×（集采前均价 − 中选单价）× 支付比例 × 参保占比；"
                "留用 = 基数 × 留用比例。",
                "Savings base = agreed volume × (price before − winning price) × payment ratio × "
                "insured share; retained = base × share kept.",
            )
        )
    if not choices.formula.subtracts_non_winning:
        return voice.say(
            (
                "预算 = 约定采购量基数 × 集采前均价 × 支付比例 × 参保占比；支出 = 约定采购量 × "
                "中选单价 × 支付比例 × 参保占比；基数 = 预算 − 支出；留用 = 基数 × 留用比例。",
                "Budget = base volume × price before × payment ratio × insured share; spend = "
                "agreed volume × winning price × payment ratio × insured share; base = budget − "
                "spend; retained = base × share kept.",
            )
        )
    return voice.say(
        (
            "预算 = 约定采购量基数 × 集采前均价 × 支付比例 × 参保占比；支出 =（约定采购量 × "
            "中选单价 + 非中选金额）× 支付比例 × 参保占比；基数 = 预算 − 支出；"
            "留用 = 基数 × 留用比例。",
            "Budget = base volume × price before × payment ratio × insured share; spend = (agreed "
            "volume × winning price + non-winning amount) × payment ratio × insured share; base = "
            "budget − spend; retained = base × share kept.",
        )
    )
