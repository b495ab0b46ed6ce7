"""Evaluate a round: every lot by the rules of its document, every decision with its reason."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bidding.answers import Answers
from bidding.bid_sheet import Answer, Bid, Choice, Lot, Round, Volume
from bidding.competition import compete, decide
from bidding.groups import grouped
from bidding.lot_report import OpenLot, Sitting, report_lot
from bidding.need import need_of
from bidding.report import EvaluationReport
from bidding.rules import RoundRules
from bidding.talks import talk
from rulebooks import Rulebook


def evaluate(
    round_: Round,
    rulebook: Rulebook,
    answers: Iterable[Answer] = (),
    *,
    volumes: bool = True,
) -> EvaluationReport:
    """Evaluate a round by the rules of a document.

    The same facts give the same report, in whatever order lots, bids, volumes and answers come.

    Args:
        round_: The bid sheet, with the options that the round supplies.
        rulebook: The document that governs it.
        answers: What people answered after the opening.
        volumes: False leaves agreed volumes out: a replay compares winners and regions only, and
            needs no rule about shares.

    Returns:
        What is decided, why, and what is still to be answered.

    Raises:
        UnknownRuleError: The round needs a rule that nobody knows and its options do not supply.
        BadOptionError: An option is not declared by the rulebook, or of the wrong kind.
        MissingFactError: A rule needs a fact that the bid sheet does not give.
        BadAnswerError: An answer names a price that the rules do not allow.

    Examples:
        >>> from decimal import Decimal
        >>> from bidding.bid_sheet import Bid, Lot, Quote, Round, Strength
        >>> from pricing.money import UnitPrice
        >>> from rulebooks import load_rulebook
        >>> lot = Lot("L01", "阿那曲唑口服常释剂型", {"1mg": Strength("1mg", Decimal(1))})
        >>> prices = {"甲": "0.99", "乙": "1.44", "丙": "3.50"}
        >>> bids = tuple(
        ...     Bid("L01", name, name, (Quote("1mg", UnitPrice(Decimal(price))),))
        ...     for name, price in prices.items()
        ... )
        >>> report = evaluate(
        ...     Round("示例", "national-3", None, (lot,), bids), load_rulebook("national-3")
        ... )
        >>> for outcome in report.lots[0].outcomes:
        ...     print(outcome.bid, outcome.status, outcome.reason.clause, outcome.needed_price)
        甲 selected selection.ratio_to_lowest None
        乙 selected selection.ratio_to_lowest None
        丙 rejected places.by_bidders 1.439949
    """
    rules = RoundRules(rulebook, round_.options)
    given = Answers(answers)
    sheet = _by_lot(round_)
    open_lots = [
        _decide(lot, sheet[lot.lot], rules, given)
        for lot in sorted(round_.lots, key=lambda lot: lot.lot)
    ]
    _hold_talks(open_lots, rules, given)
    sitting = Sitting(rules, given)
    return EvaluationReport(
        title=round_.title,
        rulebook=rulebook.id,
        rulebook_digest=rulebook.digest,
        lots=tuple(
            report_lot(open_lot, sheet[open_lot.lot.lot].choices, sitting, volumes=volumes)
            for open_lot in open_lots
        ),
    )


@dataclass(slots=True)
class _LotSheet:
    """What the bid sheet says of one lot."""

    bids: list[Bid] = field(default_factory=list)
    volumes: list[Volume] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)


def _by_lot(round_: Round) -> dict[str, _LotSheet]:
    sheet: dict[str, _LotSheet] = defaultdict(_LotSheet)
    for bid in round_.bids:
        sheet[bid.lot].bids.append(bid)
    for volume in round_.volumes:
        sheet[volume.lot].volumes.append(volume)
    for choice in round_.choices:
        sheet[choice.lot].choices.append(choice)
    return sheet


def _decide(lot: Lot, sheet: _LotSheet, rules: RoundRules, answers: Answers) -> OpenLot:
    need = need_of(lot, sheet.volumes)
    entered = sorted(sheet.bids, key=lambda bid: bid.bid)
    fields = [compete(lot, bids, name, rules) for name, bids in grouped(entered, need, rules)]
    questions = [question for field in fields for question in decide(field, rules, answers, need)]
    return OpenLot(lot, need, fields, questions)


def _hold_talks(open_lots: Sequence[OpenLot], rules: RoundRules, answers: Answers) -> None:
    """Hold the talks that concern all lots at once, and hand their questions to the lots."""
    fields = [field for open_lot in open_lots for field in open_lot.fields]
    questions = talk(fields, rules, answers)
    by_lot = {open_lot.lot.lot: open_lot for open_lot in open_lots}
    for question in questions:
        by_lot[question.lot].questions.append(question)
