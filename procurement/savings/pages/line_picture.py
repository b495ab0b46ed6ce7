"""The pictures of one line: from the reported need to the goods taken in, from budget to kept."""

from dataclasses import dataclass
from decimal import Decimal

from procurement.savings.pages.bars import (
    AMBER,
    GREEN,
    GREY,
    PALE,
    RED,
    TEAL,
    Bar,
    Mark,
    Picture,
    draw_bars,
)
from procurement.savings.papers.words import Text, money_words, percent_words
from procurement.savings.rules.completion import Completion
from procurement.savings.rules.exact import less


@dataclass(frozen=True, slots=True)
class VolumeFacts:
    """Volumes of a line, in minimal units.

    Attributes:
        unit: The minimal unit.
        need: What the hospital reported, as far as it belongs to the line.
        agreed: Agreed with the winner.
        ordered: Ordered so far, without what was cancelled; None where it is not known.
        received: Taken in, returns subtracted.
        others: Of other products of the generic; None where it is not known.
        expected: What should be there by today, pro rata; None once the year is over.
    """

    unit: str
    need: int
    agreed: int
    ordered: int | None
    received: int
    others: int | None
    expected: int | None


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """Amounts of a line or of many, in yuan.

    Attributes:
        budget: None where the document knows no budget.
        winning: What counts as spent on winning products.
        others: What counts as spent on others.
        savings_base: Budget less both.
        retained: What is kept, or will be.
        is_forecast: Whether it is at today's pace, and not settled.
    """

    budget: Decimal | None
    winning: Decimal | None
    others: Decimal | None
    savings_base: Decimal
    retained: Decimal
    is_forecast: bool


def volume_picture(facts: VolumeFacts, text: Text) -> Picture:
    """Draw volumes on one scale: need, agreed, ordered, taken in."""
    completion = Completion(facts.received, facts.agreed)

    def bar(label: str, volume: int, colour: str, note: str = "") -> Bar:
        return Bar(label, f"{volume:,} {facts.unit}", Decimal(0), Decimal(volume), colour, note)

    bars = [
        bar(text("填报需求", "reported need"), facts.need, PALE),
        bar(text("约定采购量", "agreed volume"), facts.agreed, TEAL),
    ]
    if facts.ordered is not None:
        bars.append(bar(text("已下单", "ordered"), facts.ordered, PALE))
    behind = facts.expected is not None and facts.received < facts.expected
    colour = GREEN if completion.done else AMBER if facts.expected is not None else RED
    share = percent_words(completion.share)
    bars.append(bar(text("已入库", "taken in"), facts.received, colour, share))
    if facts.others:
        bars.append(bar(text("非中选产品", "non-winning products"), facts.others, GREY))
    marks = [Mark(text("约定采购量", "agreed volume"), Decimal(facts.agreed))]
    if facts.expected is not None:
        words = text("按时间进度", "pace of the year")
        marks.append(Mark(words, Decimal(facts.expected), dashed=True))
    missing = f"{completion.missing:,} {facts.unit}"
    if completion.done:
        title = text(f"约定采购量已完成：{share}", f"the agreed volume is completed: {share}")
    elif behind:
        title = text(f"落后于时间进度，还差 {missing}", f"behind the year, {missing} missing")
    else:
        title = text(f"完成 {share}，还差 {missing}", f"{share} completed, {missing} missing")
    return draw_bars(title, bars, marks)


def money_picture(facts: MoneyFacts, text: Text) -> Picture:
    """Draw how a budget becomes what is kept: each step takes its piece away."""
    bars: list[Bar] = []
    zero, base = Decimal(0), facts.savings_base
    if facts.budget is not None and facts.winning is not None and facts.others is not None:
        left = less(facts.budget, facts.winning)
        bars = [
            Bar(text("预算", "budget"), money_words(facts.budget), zero, facts.budget, PALE),
            Bar(
                text("中选产品支出", "spent on winners"),
                f"− {money_words(facts.winning)}",
                left,
                facts.budget,
                GREY,
            ),
        ]
        if facts.others:
            bars.append(
                Bar(
                    text("非中选产品支出", "spent on others"),
                    f"− {money_words(facts.others)}",
                    base,
                    left,
                    AMBER,
                )
            )
    bars.append(
        Bar(
            text("结余测算基数", "savings base"),
            money_words(base),
            zero,
            base,
            RED if base < 0 else TEAL,
        )
    )
    kept = money_words(facts.retained)
    label = text("预计留用", "kept, at this pace") if facts.is_forecast else text("留用", "kept")
    bars.append(Bar(label, kept, zero, max(facts.retained, zero), GREEN))
    title = text(f"{label} {kept} 元", f"{label}: {kept} yuan")
    return draw_bars(title, bars)
