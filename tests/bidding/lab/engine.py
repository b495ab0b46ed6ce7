"""What the engine decides about a round, and documents and rounds to try it with."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from bidding.answers import Answers
from bidding.bid_sheet import Bid, Lot, Quote, Round, Strength
from bidding.competition import decide
from bidding.lab.competitions import competitions_of
from bidding.report import Status
from bidding.rules import RoundRules
from pricing.money import UnitPrice
from rulebooks import Bilingual, Rule, Rulebook

Bids = frozenset[tuple[str, str]]


def decided_by_engine(round_: Round, rules: RoundRules) -> Mapping[Status, Bids]:
    """Lot and identifier of the bids of a round by what the engine makes of them."""
    decided: dict[Status, set[tuple[str, str]]] = defaultdict(set)
    for competition in competitions_of(round_, rules):
        decide(competition.field, rules, Answers(), competition.need)
        for contender in competition.field.contenders:
            decided[contender.status].add((competition.lot.lot, contender.name))
    return defaultdict(frozenset, {status: frozenset(bids) for status, bids in decided.items()})


def document(rules: Mapping[str, object]) -> Rulebook:
    """A document with these rules, their values as the loader reads them."""
    day = date(2020, 1, 1)
    return Rulebook(
        id="invented",
        title=Bilingual("虚构", "invented"),
        issuer=Bilingual("虚构", "invented"),
        document=None,
        in_force_from=day,
        published_on=None,
        note=Bilingual("", ""),
        rules={
            key: Rule(key, value, None, "test", True, (), day, None, "")
            for key, value in rules.items()
        },
        unknown={},
        digest="",
    )


def bid(lot: str, name: str, price: str | None, **facts: object) -> Bid:
    """A bid for the main strength."""
    declared = None if price is None else UnitPrice(Decimal(price))
    quotes = (Quote("1mg", declared),)
    return Bid(lot, name, str(facts.pop("manufacturer", name)), quotes, **facts)  # type: ignore[arg-type]


def one_lot(prices: Mapping[str, str | None], *, ceiling: str | None = None) -> Round:
    """A round of one lot in one strength; bidders by name with their prices."""
    limit = None if ceiling is None else Decimal(ceiling)
    lot = Lot("L01", "阿那曲唑口服常释剂型", {"1mg": Strength("1mg", Decimal(1), limit)})
    return Round(
        "one lot",
        "invented",
        None,
        (lot,),
        tuple(bid("L01", name, price) for name, price in prices.items()),
    )
