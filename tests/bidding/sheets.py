"""Short ways to write bid sheets in tests: lots, bids, volumes, and their evaluation."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from bidding.bid_sheet import (
    Answer,
    Bid,
    Choice,
    Lot,
    QuestionKind,
    Quote,
    Round,
    Strength,
    Volume,
)
from bidding.competition import compete
from bidding.contender import Contender, Field
from bidding.evaluate import evaluate
from bidding.report import LotReport, Outcome
from bidding.rules import RoundRules
from pricing.money import UnitPrice
from rulebooks import load_rulebook

LOT = "L1"


def lot(ceiling: str | None = None, *, name: str = LOT, **more) -> Lot:
    """A lot of one strength, 1mg, unless ``strengths`` are given."""
    limit = None if ceiling is None else Decimal(ceiling)
    strengths = more.pop("strengths", {"1mg": Strength("1mg", Decimal(1), limit)})
    return Lot(name, more.pop("product", "样品"), strengths, **more)


def strengths(**ratios: str) -> dict[str, Strength]:
    """Strengths by label, with their ratios to the main one, without ceilings."""
    return {label: Strength(label, Decimal(ratio)) for label, ratio in ratios.items()}


def price(text: str | None, units: int = 1) -> UnitPrice | None:
    return None if text is None else UnitPrice(Decimal(text), units)


def bid(name: str, declared: str | None, **more) -> Bid:
    """A bid of one quote; ``units`` makes the declared price that of a pack."""
    quote = Quote(more.pop("strength", "1mg"), price(declared, more.pop("units", 1)))
    maker = more.pop("manufacturer", name)
    return Bid(more.pop("lot", LOT), name, maker, more.pop("quotes", (quote,)), **more)


def bids(**prices: str | None) -> list[Bid]:
    """Bids by name and unit price."""
    return [bid(name, declared) for name, declared in prices.items()]


def volume(region: str, base: int, brand: str | None = None, **more) -> Volume:
    ratio = Decimal(more.pop("ratio", "1"))
    return Volume(region, more.pop("lot", LOT), more.pop("strength", "1mg"), ratio, base, brand)


def wishes(name: str, regions: Iterable[str], *, spare: bool = False) -> list[Choice]:
    """A winner's list of preferred regions."""
    return [
        Choice(LOT, name, order, region, spare) for order, region in enumerate(regions, start=1)
    ]


def answer(name: str, question: str, yes: bool = True, named: str | None = None) -> Answer:
    named_price = None if named is None else Decimal(named)
    return Answer(LOT, name, QuestionKind(question), yes, named_price)


def round_of(
    rulebook: str,
    entered: Iterable[Bid],
    *,
    lots: Sequence[Lot] | None = None,
    options: Mapping[str, object] | None = None,
    volumes: Iterable[Volume] = (),
    choices: Iterable[Choice] = (),
) -> Round:
    return Round(
        title="测试",
        rulebook=rulebook,
        opened_on=None,
        lots=tuple(lots or [lot()]),
        bids=tuple(entered),
        volumes=tuple(volumes),
        choices=tuple(choices),
        options=options or {},
    )


def evaluated(
    rulebook: str, entered: Iterable[Bid], *, answers: Iterable[Answer] = (), **more
) -> LotReport:
    """The report of the first lot."""
    round_ = round_of(rulebook, entered, **more)
    return evaluate(round_, load_rulebook(rulebook), answers).lots[0]


def outcomes(report: LotReport) -> dict[str, Outcome]:
    return {outcome.bid: outcome for outcome in report.outcomes}


def statuses(report: LotReport) -> dict[str, str]:
    """The status of each bid, by name in alphabetical order."""
    return {name: outcome.status.value for name, outcome in sorted(outcomes(report).items())}


def winners(report: LotReport) -> list[str]:
    return sorted(outcome.bid for outcome in report.outcomes if outcome.status.is_selected)


def pending(report: LotReport) -> set[tuple[str, str]]:
    """Bid and question of everything that is still to be answered."""
    return {(question.bid, str(question.question)) for question in report.pending}


def rules_of(rulebook: str, **options: object) -> RoundRules:
    """The rules of a rulebook; dots in the keys of options are written as double underscores."""
    raw = {key.replace("__", "."): value for key, value in options.items()}
    return RoundRules(load_rulebook(rulebook), raw)


def field_of(
    rulebook: str, entered: Iterable[Bid], sheet: Lot | None = None, **options: object
) -> Field:
    """The bids of a lot, entered and ranked, not yet decided."""
    rules = rules_of(rulebook, **options)
    return compete(sheet or lot(), entered, None, rules)


def contenders(field: Field) -> dict[str, Contender]:
    return {contender.name: contender for contender in field.contenders}
