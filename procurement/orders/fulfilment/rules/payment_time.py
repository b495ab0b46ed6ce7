"""Until when accepted goods must be paid, and whether they were."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from procurement.orders.fulfilment.rules.region_rules import FoundRule, RegionRules, significant

DEADLINE = "paid.deadline"
DAYS = "paid.days"


class Paid(StrEnum):
    """How one purchase stands on a day."""

    IN_TIME = "in-time"
    LATE = "late"
    """It was paid after its last day."""
    OVERDUE = "overdue"
    """It is not paid, and its last day is over."""
    NOT_DUE = "not-due"
    NO_RULE = "no-rule"
    """No rule of the region states a last day."""


@dataclass(frozen=True, slots=True)
class PaymentRule:
    """The rule that counts in a region.

    Attributes:
        rule: Where it comes from.
        days: Days after acceptance; None where the end of the next month counts.
    """

    rule: FoundRule
    days: int | None

    def last_day(self, accepted_on: date) -> date:
        """The last day on which goods are paid in time.

        Examples:
            >>> rule = payment_rule(RegionRules("000000", date(2027, 1, 1)))
            >>> rule.last_day(date(2027, 12, 31)).isoformat()
            '2028-01-31'
            >>> rule.last_day(date(2028, 1, 1)).isoformat()
            '2028-02-29'
        """
        if self.days is not None:
            return accepted_on + timedelta(days=self.days)
        year, month = accepted_on.year + accepted_on.month // 12, accepted_on.month % 12 + 1
        return date(year, month, monthrange(year, month)[1])


def payment_rule(rules: RegionRules) -> PaymentRule | None:
    """The rule that counts: of the smallest region; there a number of days before a month's end.

    Examples:
        >>> payment_rule(RegionRules("511524", date(2027, 1, 1))).days
        30
        >>> payment_rule(RegionRules("511525", date(2027, 1, 1))).rule.rulebook
        'fulfilment-national-2021'
    """
    month_end, days = rules.found(DEADLINE), rules.found(DAYS)
    if days is not None and (month_end is None or _size(days) >= _size(month_end)):
        return PaymentRule(days, rules.count(DAYS))
    return PaymentRule(month_end, None) if month_end is not None else None


def paid_state(
    rule: PaymentRule | None, *, accepted_on: date, paid_on: date | None, day: date
) -> Paid:
    """How a purchase stands at the end of a day.

    Args:
        rule: The region's.
        accepted_on: When it was accepted.
        paid_on: When it was paid, if it was by that day.
        day: The day.

    Examples:
        >>> rule = payment_rule(RegionRules("511524", date(2027, 1, 1)))
        >>> accepted = date(2027, 3, 1)
        >>> paid_state(rule, accepted_on=accepted, paid_on=None, day=date(2027, 3, 31)).value
        'not-due'
        >>> paid_state(rule, accepted_on=accepted, paid_on=None, day=date(2027, 4, 1)).value
        'overdue'
    """
    if rule is None:
        return Paid.NO_RULE
    last = rule.last_day(accepted_on)
    if paid_on is not None and paid_on <= day:
        return Paid.IN_TIME if paid_on <= last else Paid.LATE
    return Paid.OVERDUE if day > last else Paid.NOT_DUE


def count_states(states: Iterable[Paid]) -> dict[Paid, int]:
    """How many purchases stand how; every state is named."""
    found = dict.fromkeys(Paid, 0)
    for state in states:
        found[state] += 1
    return found


def _size(rule: FoundRule) -> int:
    return len(significant(rule.region))
