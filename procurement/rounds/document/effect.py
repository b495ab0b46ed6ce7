"""What an amendment does to real fields of bids: past rounds decided by the old and new rules.

The engine decides both times; nothing is estimated. Nobody is assumed to bid otherwise.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from bidding.bid_sheet import Round
from bidding.errors import BiddingError
from bidding.evaluate import evaluate
from bidding.report import EvaluationReport, LotReport, Status
from bidding.rules import PER_ROUND, RoundRules
from bidding.savings import Savings, savings_of
from procurement.rounds.document.amended import RulesInForce

_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class PastField:
    """A past round whose bids are known.

    Attributes:
        name: Short name.
        sheet: Its bids. Answers that were given to the offers of the past are not among them.
    """

    name: str
    sheet: Round


@dataclass(frozen=True, slots=True)
class Spend:
    """First-year spend in yuan; bounds, as who supplies which region is not known."""

    least: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class LotEffect:
    """A lot whose outcome differs.

    Attributes:
        lot: Identifier.
        product: Generic name.
        joined: Bids that are selected by the new rules only.
        left: Bids that were selected by the old rules only.
        moved: Bids that are selected by neither, and whose status differs: (bid, old, new).
        share_before: Agreed share of the base volume by the old rules, if one is decided.
        share_after: By the new ones.
        spend_before: Of the first year by the old rules, where ceilings are known.
        spend_after: By the new ones.
    """

    lot: str
    product: str
    joined: tuple[str, ...]
    left: tuple[str, ...]
    moved: tuple[tuple[str, str, str], ...]
    share_before: Decimal | None
    share_after: Decimal | None
    spend_before: Spend | None
    spend_after: Spend | None


@dataclass(frozen=True, slots=True)
class RoundEffect:
    """What the new rules make of one past round.

    Attributes:
        name: The round.
        title: What it is called.
        lots: How many lots were compared.
        winners_before: Selected bids by the old rules.
        winners_after: By the new ones.
        spend_before: Of the lots with known spend under both rules.
        spend_after: The same lots by the new rules.
        changed: The lots that differ.
        refused: Why it could not be decided under the old or new rules; empty if it could.
    """

    name: str
    title: str
    lots: int
    winners_before: int
    winners_after: int
    spend_before: Spend | None
    spend_after: Spend | None
    changed: tuple[LotEffect, ...]
    refused: str = ""


def effect_of(
    old: RulesInForce, new: RulesInForce, fields: Iterable[PastField]
) -> tuple[RoundEffect, ...]:
    """Decide past rounds by the old and by the new rules and compare.

    Args:
        old: The rules in force.
        new: The amended ones.
        fields: Past rounds with their bids.

    Returns:
        One effect for each field, in their order. A field that the rules cannot decide (it lacks
        a fact that they ask for) says so.

    Examples:
        >>> from bidding.bid_sheet import Bid, Lot, Quote, Strength
        >>> from pricing.money import UnitPrice
        >>> from procurement.rounds.document.amended import amend_rules
        >>> from rulebooks import load_rulebook
        >>> bids = tuple(
        ...     Bid("L1", name, name, (Quote("1mg", UnitPrice(Decimal(price))),))
        ...     for name, price in {"甲": "1", "乙": "2.1", "丙": "9", "丁": "9.5"}.items()
        ... )
        >>> lot = Lot("L1", "示例片", {"1mg": Strength("1mg", Decimal(1))})
        >>> field = PastField("example", Round("示例", "national-3", None, (lot,), bids))
        >>> third = load_rulebook("national-3")
        >>> changes = {"selection.ratio_to_lowest": "2.5"}
        >>> old, new = amend_rules(third, {}, {}), amend_rules(third, {}, changes)
        >>> effect_of(old, new, [field])[0].changed[0].joined
        ('乙',)
    """
    return tuple(_effect(old, new, field) for field in fields)


def _effect(old: RulesInForce, new: RulesInForce, field: PastField) -> RoundEffect:
    try:
        before, after = _decided(old, field), _decided(new, field)
    except BiddingError as refusal:
        return RoundEffect(field.name, field.sheet.title, 0, 0, 0, None, None, (), str(refusal))
    lots = tuple(_lot_effects(old, new, field, before, after))
    known = [lot for lot in lots if lot.spend_before and lot.spend_after]
    return RoundEffect(
        name=field.name,
        title=field.sheet.title,
        lots=len(lots),
        winners_before=_winners(before),
        winners_after=_winners(after),
        spend_before=_total(lot.spend_before for lot in known),
        spend_after=_total(lot.spend_after for lot in known),
        changed=tuple(lot for lot in lots if _differs(lot)),
    )


def _decided(rules: RulesInForce, field: PastField) -> EvaluationReport:
    """The report on a field by other rules; facts of its own round hold under all rules."""
    own = {key: raw for key, raw in field.sheet.options.items() if key in PER_ROUND}
    sheet = Round(
        title=field.sheet.title,
        rulebook=rules.rulebook.id,
        opened_on=field.sheet.opened_on,
        lots=field.sheet.lots,
        bids=field.sheet.bids,
        volumes=field.sheet.volumes,
        choices=field.sheet.choices,
        options={**rules.options, **own},
    )
    return evaluate(sheet, rules.rulebook)


def _winners(report: EvaluationReport) -> int:
    return sum(outcome.status.is_selected for lot in report.lots for outcome in lot.outcomes)


def _lot_effects(
    old: RulesInForce,
    new: RulesInForce,
    field: PastField,
    before: EvaluationReport,
    after: EvaluationReport,
) -> Iterator[LotEffect]:
    bases = _base(old), _base(new)
    lots = {lot.lot: lot for lot in field.sheet.lots}
    for earlier, later in zip(before.lots, after.lots, strict=True):
        selected = _selected(earlier), _selected(later)
        was, now = _statuses(earlier), _statuses(later)
        lot = lots[earlier.lot]
        spends = [
            _spend(savings_of(lot, report, base))
            for report, base in ((earlier, bases[0]), (later, bases[1]))
        ]
        yield LotEffect(
            lot=earlier.lot,
            product=earlier.product,
            joined=tuple(bid for bid in selected[1] if bid not in selected[0]),
            left=tuple(bid for bid in selected[0] if bid not in selected[1]),
            moved=tuple(
                (bid, was[bid].value, status.value)
                for bid, status in now.items()
                if status is not was[bid] and not status.is_selected and not was[bid].is_selected
            ),
            share_before=earlier.share,
            share_after=later.share,
            spend_before=spends[0],
            spend_after=spends[1],
        )


def _base(rules: RulesInForce) -> Decimal:
    """The base of the price ratio, by which prices of other strengths follow."""
    return RoundRules(rules.rulebook, rules.options).decimal("conversion.strength_base") or _ONE


def _selected(report: LotReport) -> list[str]:
    return [outcome.bid for outcome in report.outcomes if outcome.status.is_selected]


def _statuses(report: LotReport) -> dict[str, Status]:
    return {outcome.bid: outcome.status for outcome in report.outcomes}


def _spend(savings: Savings | None) -> Spend | None:
    if savings is None:
        return None
    return Spend(savings.at_ceiling - savings.most, savings.at_ceiling - savings.least)


def _total(spends: Iterable[Spend | None]) -> Spend | None:
    known = [spend for spend in spends if spend is not None]
    if not known:
        return None
    least = sum((spend.least for spend in known), Decimal(0))
    most = sum((spend.most for spend in known), Decimal(0))
    return Spend(least, most)


def _differs(lot: LotEffect) -> bool:
    return bool(
        lot.joined
        or lot.left
        or lot.moved
        or lot.share_before != lot.share_after
        or lot.spend_before != lot.spend_after
    )
