"""Until when an order must be delivered (配送时限).

Hours run from the confirmation of the order. Where a rulebook leaves holidays out, the hours of a
day off do not count; which days are off, the document does not list: whoever configures the region
gives them, year by year. Without them there is no limit to name, and the answer says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from procurement.china_days import day_in_china, first_moment

EMERGENCY = "emergency"
EMERGENCY_REMOTE = "emergency-remote"
ORDINARY = "ordinary"
REMOTE = "remote"
COLD_CHAIN = "cold-chain"
CASES = (EMERGENCY, EMERGENCY_REMOTE, ORDINARY, REMOTE, COLD_CHAIN)
"""Cases of an order for which documents state hours."""

COUNTED = "counted"
EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class DeliveryRules:
    """What one rulebook states about delivery.

    Attributes:
        rulebook: Its identifier.
        hours: Hours by case; a case that is missing is not stated.
        holidays: ``counted`` or ``excluded`` by case.
    """

    rulebook: str
    hours: Mapping[str, int]
    holidays: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Days on which nobody must deliver, as somebody gave them.

    Attributes:
        years: Calendar years for which they are complete.
        days: The days off in them.
    """

    years: frozenset[int]
    days: frozenset[date]

    @classmethod
    def of(cls, days_by_year: Mapping[int, tuple[date, ...]]) -> "DaysOff":
        """Days off by calendar year.

        Examples:
            >>> DaysOff.of({2027: (date(2027, 1, 1),)}).years
            frozenset({2027})
        """
        days = frozenset(day for given in days_by_year.values() for day in given)
        return cls(frozenset(days_by_year), days)


@dataclass(frozen=True, slots=True)
class DeliveryLimit:
    """Until when an order must be delivered.

    Attributes:
        due_at: The moment; None where no rule states one, or it cannot be counted.
        hours: The hours stated for its case, if any.
        rule: Rulebook and case, such as ``fulfilment-hunan-2025 · ordinary``; empty without one.
        zh: The reason, in Chinese.
        en: The reason, in English.
    """

    due_at: datetime | None
    hours: int | None
    rule: str
    zh: str
    en: str


def delivery_case(*, is_emergency: bool, is_remote: bool, is_cold_chain: bool) -> str:
    """The case of an order.

    Cold chain changes nothing about an emergency: documents state one limit for emergencies, and a
    longer one for remote places only. Remote and cold chain have the same limit where both are
    stated; remote is asked first.

    Examples:
        >>> delivery_case(is_emergency=True, is_remote=True, is_cold_chain=False)
        'emergency-remote'
    """
    if is_emergency:
        return EMERGENCY_REMOTE if is_remote else EMERGENCY
    if is_remote:
        return REMOTE
    return COLD_CHAIN if is_cold_chain else ORDINARY


def delivery_limit(
    *,
    rules: DeliveryRules | None,
    confirmed_at: datetime,
    is_emergency: bool,
    is_remote: bool,
    is_cold_chain: bool,
    days_off: DaysOff | None = None,
) -> DeliveryLimit:
    """Until when an order must be delivered.

    Args:
        rules: What the rulebook of the hospital's region states; None where there is none.
        confirmed_at: When the order was confirmed.
        is_emergency: An emergency order.
        is_remote: To a remote place.
        is_cold_chain: Of goods that are kept cold.
        days_off: Days that do not count, where the rule leaves holidays out.

    Returns:
        The moment with its reason; no moment where no rule states one.

    Examples:
        >>> from datetime import UTC
        >>> hunan = DeliveryRules(
        ...     "fulfilment-hunan-2025",
        ...     {"emergency": 12, "ordinary": 48},
        ...     {"emergency": "counted", "ordinary": "excluded"},
        ... )
        >>> def due(is_emergency, days_off):
        ...     confirmed_at = datetime(2027, 9, 30, 2, tzinfo=UTC)
        ...     limit = delivery_limit(
        ...         rules=hunan,
        ...         confirmed_at=confirmed_at,
        ...         is_emergency=is_emergency,
        ...         is_remote=False,
        ...         is_cold_chain=False,
        ...         days_off=days_off,
        ...     )
        ...     return limit.due_at and limit.due_at.isoformat()
        >>> due(True, None)
        '2027-09-30T14:00:00+00:00'
        >>> due(False, None) is None
        True
        >>> due(False, DaysOff.of({2027: (date(2027, 10, 1), date(2027, 10, 2))}))
        '2027-10-04T02:00:00+00:00'
    """
    case = delivery_case(
        is_emergency=is_emergency, is_remote=is_remote, is_cold_chain=is_cold_chain
    )
    if rules is None or case not in rules.hours:
        return _no_rule(rules)
    hours = rules.hours[case]
    cited = f"{rules.rulebook} · {case}"
    treatment = rules.holidays.get(case)
    if treatment is None:
        zh, en = "规则书未载节假日是否计入", "the rulebook does not state whether holidays count"
        return DeliveryLimit(None, hours, cited, f"{zh}，无法计算时限", f"{en}: no limit to count")
    if treatment == COUNTED:
        due_at = confirmed_at + timedelta(hours=hours)
        zh, en = "节假日计入", "holidays count"
        return DeliveryLimit(due_at, hours, cited, _zh(hours, zh), _en(hours, en))
    return _around_days_off(hours, cited, confirmed_at, days_off)


def _no_rule(rules: DeliveryRules | None) -> DeliveryLimit:
    zh, en = "本地区没有载明配送时限的规则", "no rule of this region states a limit of delivery"
    if rules is not None:
        zh = f"规则书 {rules.rulebook} 未载此类订单的配送时限"
        en = f"rulebook {rules.rulebook} states no limit for such an order"
    return DeliveryLimit(None, None, "", zh, en)


def _around_days_off(
    hours: int, cited: str, confirmed_at: datetime, days_off: DaysOff | None
) -> DeliveryLimit:
    """Count only hours of days that are not off."""
    known = days_off or DaysOff(frozenset(), frozenset())
    left = timedelta(hours=hours)
    at = confirmed_at
    while True:
        day = day_in_china(at)
        if day.year not in known.years:
            zh = f"节假日不计入，而 {day.year} 年的节假日尚未登记"
            en = f"holidays do not count, and the days off of {day.year} were not given"
            return DeliveryLimit(None, hours, cited, _zh(hours, zh), _en(hours, en))
        next_day = first_moment(day + timedelta(days=1))
        if day not in known.days:
            if at + left <= next_day:
                zh, en = "节假日不计入", "holidays do not count"
                due_at = (at + left).astimezone(confirmed_at.tzinfo)
                return DeliveryLimit(due_at, hours, cited, _zh(hours, zh), _en(hours, en))
            left -= next_day - at
        at = next_day


def _zh(hours: int, more: str) -> str:
    return f"自确认订单起 {hours} 小时，{more}"


def _en(hours: int, more: str) -> str:
    return f"{hours} hours from the confirmation of the order; {more}"
