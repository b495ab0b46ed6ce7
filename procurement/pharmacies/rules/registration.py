"""Whether a registered patient is covered where he gets his drug."""

from dataclasses import dataclass

from pricing.stated_rules import StatedRules


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
