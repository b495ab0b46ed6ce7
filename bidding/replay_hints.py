"""What in the facts may explain why a past bid was decided otherwise than the rules say.

A hint names a gap in what is known (an unverified table, an odd strength, an open question); it
never changes a decision, and where nothing is found it says so.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from bidding.bid_sheet import Bid, Lot, Round
from bidding.report import LotReport, Outcome, Status
from bidding.rules import RoundRules
from pricing.money import EXACT
from rulebooks import Bilingual

_CONTENT = re.compile(r"(\d+(?:\.\d+)?)\s*(ug|mg|g)\b", re.IGNORECASE)
_GRAMS = {"ug": Decimal("0.000001"), "mg": Decimal("0.001"), "g": Decimal(1)}


@dataclass(frozen=True, slots=True)
class Missed:
    """A bid that was decided otherwise, with what is needed to look for a reason.

    Attributes:
        report: The report of its lot.
        outcome: What the engine decided.
        winners: How many winners were published in the lot.
        lot: The lot of the bid sheet.
        bids: All bids of the lot.
        rules: The rules that were applied.
    """

    report: LotReport
    outcome: Outcome
    winners: int
    lot: Lot
    bids: tuple[Bid, ...]
    rules: RoundRules

    @property
    def selected(self) -> bool:
        """Whether the engine selects the bid."""
        return self.outcome.status.is_selected


def hints_of(
    report: LotReport, outcome: Outcome, winners: int, round_: Round, rules: RoundRules
) -> tuple[Bilingual, ...]:
    """Possible explanations of a miss, in both languages; never empty.

    Args:
        report: The report of the lot.
        outcome: What the engine decided about the bid.
        winners: How many winners were published in the lot.
        round_: The bid sheet.
        rules: The rules that were applied.
    """
    lot = next(lot for lot in round_.lots if lot.lot == report.lot)
    bids = tuple(bid for bid in round_.bids if bid.lot == report.lot)
    missed = Missed(report, outcome, winners, lot, bids, rules)
    hints = tuple(hint for find in _HINTS for hint in find(missed))
    return hints or (
        Bilingual(
            "现有资料不能解释这一差异", "nothing in the facts at hand explains the difference"
        ),
    )


def _open_question(missed: Missed) -> Iterator[Bilingual]:
    """The bid waits for an answer that the facts do not hold."""
    asked = {one.question for one in missed.report.pending if one.bid == missed.outcome.bid}
    if asked or missed.outcome.status in (Status.TIED, Status.REVIVAL_OFFERED):
        yield Bilingual(
            "开标后的答复未见记录（同价裁定、复活或议价）",
            "what was answered after the opening (tie, revival or talks) is not on record",
        )


def _price_unknown(missed: Missed) -> Iterator[Bilingual]:
    if missed.outcome.declared_price is None:
        yield Bilingual("该企业报价不详", "the price of this bid is not known")


def _places_not_verified(missed: Missed) -> Iterator[Bilingual]:
    """The number of places for so many bidders is itself inferred, and one less or more decides."""
    rule = missed.rules.rulebook.rules.get("places.by_bidders")
    places, rank = missed.report.places, missed.outcome.rank
    bidders = missed.report.bidders
    if rule is None or places is None or (rule.verified and str(bidders) not in rule.unverified):
        return
    if rank == (places if missed.selected else places + 1):
        yield Bilingual(
            f"{bidders} 家申报时的入围数 {places} 未经核实，相差一家即与公布结果一致",
            f"the {places} places for {bidders} bidders are not verified: one "
            f"{'fewer' if missed.selected else 'more'} gives the published outcome",
        )


def _strength_ratio(missed: Missed) -> Iterator[Bilingual]:
    """The content in the label and the ratio of the files disagree, or a conversion decided."""
    strength = missed.lot.strengths[missed.outcome.strength]
    others = (one for one in missed.lot.strengths.values() if one.ratio == 1)
    main = next((one for one in others if one.label != strength.label), None)
    if main is not None:
        ratio = _label_ratio(strength.label, main.label)
        if ratio is not None and ratio != strength.ratio:
            yield Bilingual(
                f"规格：{strength.label} 与主规格 {main.label} 的含量比为 {ratio:f}，"
                f"公布资料按 {strength.ratio:f} 计，换算规格后排序会变",
                f"strength: {strength.label} has {ratio:f} times the content of {main.label}, and "
                f"the published list counts it as {strength.ratio:f}: its conversion is in doubt",
            )
    if strength.ratio != 1:
        yield Bilingual(
            f"规格：{strength.label} 按含量比 {strength.ratio:f} 换算，"
            "实际申报的规格或包装换算可能不同",
            f"strength: {strength.label} was converted at ratio {strength.ratio:f}; the strength "
            "or pack that was declared may have been converted otherwise",
        )


def _label_ratio(label: str, main: str) -> Decimal | None:
    """Content ratio of two labels such as 20mg and 10mg."""
    contents = []
    for text in (label, main):
        match = _CONTENT.search(text)
        if match is None:
            return None
        contents.append(EXACT.multiply(Decimal(match[1]), _GRAMS[match[2].lower()]))
    return EXACT.divide(contents[0], contents[1]).normalize()


def _control_group(missed: Missed) -> Iterator[Bilingual]:
    """Another firm whose name begins alike stands in the same lot: perhaps under one control."""
    name = missed.outcome.manufacturer
    alike = [
        bid.manufacturer
        for bid in missed.bids
        if bid.manufacturer != name and _same_house(bid.manufacturer, name)
    ]
    if alike:
        yield Bilingual(
            f"控制关系：与 {alike[0]} 可能同属一家，应合并计算",
            f"control group: it may belong with {alike[0]}, and would then hold one place with it",
        )


def _same_house(first: str, second: str) -> bool:
    """Whether two Chinese names share their first four characters, or one contains the other."""
    if first.isascii() or second.isascii():
        return False
    return first[:4] == second[:4] or first in second or second in first


def _no_winner(missed: Missed) -> Iterator[Bilingual]:
    if missed.winners == 0 and missed.selected:
        yield Bilingual(
            "该品种公布时无中选企业（流标），原因未公布",
            "the lot was published without any winner; why was not published",
        )


_HINTS: tuple[Callable[[Missed], Iterator[Bilingual]], ...] = (
    _price_unknown,
    _open_question,
    _places_not_verified,
    _strength_ratio,
    _control_group,
    _no_winner,
)
"""What is looked for, the strongest reason first."""
