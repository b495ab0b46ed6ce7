"""Replay a past round: compare what the engine decides with what was published."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bidding.bid_sheet import Round
from bidding.replay_hints import hints_of
from bidding.report import EvaluationReport, LotReport, Outcome
from bidding.rules import RoundRules
from bidding.wording import sentence
from rulebooks import Bilingual


@dataclass(frozen=True, slots=True)
class Published:
    """What was published about one bid.

    Attributes:
        lot: The lot.
        bid: The bid, where the outcome was published by bid; None where by manufacturer.
        manufacturer: Whose bid.
        selected: Whether it won.
        regions: The regions it supplies.
    """

    lot: str
    bid: str | None
    manufacturer: str
    selected: bool
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Miss:
    """A bid that was decided otherwise than the engine decides.

    Attributes:
        lot: The lot.
        product: Its name.
        manufacturer: Whose bid.
        published: Whether it won.
        evaluated: Whether the engine selects it.
        clause: The rule by which the engine decided.
        reason: Its sentence in Chinese, and what in the facts may explain the difference.
        reason_en: The same in English.
    """

    lot: str
    product: str
    manufacturer: str
    published: bool
    evaluated: bool
    clause: str
    reason: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """How far a rulebook reproduces a past round.

    Attributes:
        title: The round.
        rulebook: The rulebook that was applied.
        lots: Lots with a published outcome.
        lots_matched: Lots in which every bid was decided as published.
        bids: Bids with a published outcome.
        bids_matched: Bids decided as published.
        region_lots: Matched lots whose published regions can be compared.
        regions_matched: Those in which every winner's number of regions is reproduced.
        misses: Every bid decided otherwise, with the reason.
    """

    title: str
    rulebook: str
    lots: int
    lots_matched: int
    bids: int
    bids_matched: int
    region_lots: int
    regions_matched: int
    misses: tuple[Miss, ...]


def compare(
    report: EvaluationReport, published: Sequence[Published], round_: Round, rules: RoundRules
) -> ReplayReport:
    """Compare an evaluation with the published outcome of the round.

    Args:
        report: The evaluation, under the round's own rulebook.
        published: One entry for each bid whose outcome was published.
        round_: The bid sheet, in which an explanation of a miss is looked for.
        rules: The rules that were applied.
    """
    by_lot: dict[str, list[Published]] = {}
    for entry in published:
        by_lot.setdefault(entry.lot, []).append(entry)
    misses: list[Miss] = []
    lots_matched = region_lots = regions_matched = 0
    reports = {lot.lot: lot for lot in report.lots}
    for name in sorted(by_lot):
        lot, entries = reports[name], by_lot[name]
        missed = [entry for entry in entries if _evaluated(lot, entry) != entry.selected]
        winners = sum(entry.selected for entry in entries)
        misses += [_miss(lot, entry, winners, round_, rules) for entry in missed]
        if missed:
            continue
        lots_matched += 1
        if any(entry.regions for entry in entries):
            region_lots += 1
            regions_matched += _regions_match(lot, entries)
    return ReplayReport(
        title=report.title,
        rulebook=report.rulebook,
        lots=len(by_lot),
        lots_matched=lots_matched,
        bids=len(published),
        bids_matched=len(published) - len(misses),
        region_lots=region_lots,
        regions_matched=regions_matched,
        misses=tuple(misses),
    )


def _find(lot: LotReport, entry: Published) -> Outcome | None:
    """The outcome of a published bid, by identifier, or by manufacturer."""
    by_bid = next((outcome for outcome in lot.outcomes if outcome.bid == entry.bid), None)
    if by_bid is not None:
        return by_bid
    mine = [outcome for outcome in lot.outcomes if outcome.manufacturer == entry.manufacturer]
    chosen = [outcome for outcome in mine if outcome.status.is_selected]
    return next(iter([*chosen, *mine]), None)


def _evaluated(lot: LotReport, entry: Published) -> bool:
    outcome = _find(lot, entry)
    return outcome is not None and outcome.status.is_selected


def _miss(lot: LotReport, entry: Published, winners: int, round_: Round, rules: RoundRules) -> Miss:
    outcome = _find(lot, entry)
    hints: tuple[Bilingual, ...] = ()
    clause = ""
    if outcome is None:
        absent = Bilingual("申报数据中没有该企业", "the bid sheet has no bid of this firm")
        reason = absent
    else:
        step = outcome.reason
        reason = Bilingual(sentence(step, "zh"), sentence(step, "en"))
        hints, clause = hints_of(lot, outcome, winners, round_, rules), step.clause
    return Miss(
        lot=lot.lot,
        product=lot.product,
        manufacturer=entry.manufacturer,
        published=entry.selected,
        evaluated=outcome is not None and outcome.status.is_selected,
        clause=clause,
        reason="；".join([reason.zh, *(hint.zh for hint in hints)]),
        reason_en="; ".join([reason.en, *(hint.en for hint in hints)]),
    )


def _regions_match(lot: LotReport, entries: Sequence[Published]) -> bool:
    """Whether every winner's number of regions is reproduced.

    Among winners at one price, whom only a person can put in order, the numbers may be exchanged.
    """
    evaluated: list[tuple[Decimal, int]] = []
    published: list[tuple[Decimal, int]] = []
    for entry in entries:
        outcome = _find(lot, entry)
        if not entry.selected or outcome is None or outcome.comparable_price is None:
            continue
        evaluated.append((outcome.comparable_price, outcome.regions or 0))
        published.append((outcome.comparable_price, len(entry.regions)))
    return sorted(evaluated) == sorted(published)
