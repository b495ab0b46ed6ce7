"""Shares and cycles: how much of the base volume is agreed, and for how long."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from bidding.bid_sheet import Lot
from bidding.dosage_form import is_injection
from bidding.errors import UnknownRuleError
from bidding.rules import RoundRules
from rulebooks.vocabulary import ByNumber

BY_WINNERS = "share.by_winners"
CYCLE = "cycle.by_winners"
ENDS_ON = "cycle.ends_on"
INJECTIONS = "cycle.injections"


def share_by_winners(lot: Lot, winners: int, rules: RoundRules) -> Decimal:
    """The agreed share of the base volume, by category and number of winners.

    Raises:
        UnknownRuleError: The document's shares are not known for the lot's category.
    """
    table = cast("dict[str, ByNumber]", rules.required(BY_WINNERS))
    if lot.category not in table:
        raise UnknownRuleError(rules.rulebook.id, BY_WINNERS, f"category {lot.category.value}")
    return cast("Decimal", table[lot.category].at(winners))


@dataclass(frozen=True, slots=True)
class Cycle:
    """How long agreements run.

    Attributes:
        years: Length, where the document counts years.
        ends_on: Last day, where the document fixes one.
        clause: The rule that says so; None where none is known.
    """

    years: int | None = None
    ends_on: date | None = None
    clause: str | None = None


def cycle_of(lot: Lot, winners: int, rules: RoundRules) -> Cycle:
    """The procurement cycle of a lot; an unknown one is left open."""
    ends_on = cast("date | None", rules.value(ENDS_ON)) if rules.knows(ENDS_ON) else None
    if ends_on is not None:
        return Cycle(ends_on=ends_on, clause=rules.cite(ENDS_ON))
    if is_injection(lot) and rules.mentions(INJECTIONS) and not rules.knows(INJECTIONS):
        # Listed injections have a cycle of their own, and the list is not known.
        return Cycle()
    listed = rules.table(INJECTIONS) if rules.knows(INJECTIONS) else None
    if listed is not None and _is_listed(lot, cast("tuple[str, ...]", listed["names"])):
        return Cycle(years=cast("int", listed["years"]), clause=rules.cite(INJECTIONS))
    table = rules.table(CYCLE) if rules.knows(CYCLE) else None
    if table is None or not winners or lot.category not in table:
        return Cycle()
    years = cast("int", cast("ByNumber", table[lot.category]).at(winners))
    return Cycle(years=years, clause=rules.cite(CYCLE))


def _is_listed(lot: Lot, names: tuple[str, ...]) -> bool:
    """Whether a lot is one of the listed injections, however its name says that it is one.

    The same drug is written 泮托拉唑注射剂 and 注射用泮托拉唑钠.
    """
    return is_injection(lot) and any(name.removesuffix("注射") in lot.product for name in names)
