"""Whether a registered patient is covered where he gets his drug, and when he is reviewed."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from pricing.stated_rules import StatedRules

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether a patient is covered, and why not.

    Attributes:
        is_covered: Otherwise he pays all himself.
        zh: Why not, in Chinese; empty where he is.
        en: The same in English.
    """

    is_covered: bool
    zh: str = ""
    en: str = ""


def coverage(
    *, registered_pharmacy: str, used: str, months_since_review: int, rules: StatedRules
) -> Coverage:
    """Say whether what a patient gets in a pharmacy is covered.

    Args:
        registered_pharmacy: Chosen at the registration.
        used: Where he gets it.
        months_since_review: Begun months since the last review.
        rules: Of a document on the dual channel.

    Raises:
        RuleNotStatedError: The document's rules on it are not known.

    Examples:
        >>> rules = StatedRules.of("dual-suzhou-2022")
        >>> coverage(
        ...     registered_pharmacy="P1", used="P2", months_since_review=2, rules=rules
        ... ).en
        'pharmacy not the registered one'
    """
    if rules.word("registration.elsewhere") == "self-paid" and used != registered_pharmacy:
        return Coverage(False, "不是登记时选定的药店", "pharmacy not the registered one")
    if months_since_review > rules.count("review.months_max"):
        return Coverage(False, "逾期未评估：暂停待遇", "review overdue: suspend")
    return Coverage(True)


def begun_months(since: date, day: date) -> int:
    """Count the months that have begun between two days; a whole one ends on the same day.

    Examples:
        >>> begun_months(date(2026, 1, 31), date(2026, 2, 28))
        1
        >>> begun_months(date(2026, 1, 31), date(2026, 3, 1))
        2
        >>> begun_months(date(2025, 3, 5), date(2026, 3, 5))
        12
    """
    whole = (day.year - since.year) * _MONTHS + day.month - since.month
    return whole + (day > months_after(since, whole))


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month.

    Examples:
        >>> months_after(date(2026, 1, 31), 1).isoformat()
        '2026-02-28'
    """
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_after(day: date, years: int) -> date:
    """The same day so many years later.

    Examples:
        >>> years_after(date(2024, 2, 29), 1).isoformat()
        '2025-02-28'
    """
    return months_after(day, years * _MONTHS)
