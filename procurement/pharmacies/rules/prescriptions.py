"""How long a prescription is valid that leaves the hospital (外配处方)."""

from datetime import datetime, timedelta

from pricing.stated_rules import StatedRules


def is_valid(prescribed: datetime, dispensed: datetime, rules: StatedRules) -> bool:
    """Tell whether a prescription may still be dispensed.

    Args:
        prescribed: When the doctor wrote it.
        dispensed: When it is dispensed, on the same clock.
        rules: Of a document on the dual channel.

    Raises:
        RuleNotStatedError: The document's hours are not known.

    Examples:
        >>> wrote = datetime(2026, 3, 1, 9)
        >>> rules = StatedRules.of("dual-guangzhou-2022")
        >>> is_valid(wrote, datetime(2026, 3, 4, 9), rules)
        True
        >>> is_valid(wrote, datetime(2026, 3, 4, 9, 0, 1), rules)
        False
        >>> is_valid(wrote, datetime(2026, 3, 1, 8), rules)
        False
    """
    limit = timedelta(hours=rules.count("prescription.valid_hours"))
    age = dispensed - prescribed
    if age < timedelta(0):
        return False
    return age <= limit if rules.flag("prescription.last_moment_counts") else age < limit
