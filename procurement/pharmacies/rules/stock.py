"""What a report of stock says: level, age, and whether its parts agree; pure."""

from datetime import date


def level_by_packs(packs: int) -> str:
    """Return the level that a number of packs shows by itself.

    From how many packs on a place has "a few" no source says: that is the place's own word.

    Examples:
        >>> level_by_packs(0), level_by_packs(1)
        ('none', 'in-stock')
    """
    return "in-stock" if packs else "none"


def agrees(level: str, packs: int) -> bool:
    """Tell whether a level and a number of packs say the same.

    Examples:
        >>> agrees("few", 2), agrees("ordered", 0), agrees("in-stock", 0), agrees("none", 3)
        (True, True, False, False)
    """
    return (level in ("in-stock", "few")) == (packs > 0)


def age_days(as_of: date, today: date) -> int:
    """Return how many days ago a report of stock was true.

    Examples:
        >>> age_days(date(2026, 11, 20), date(2026, 11, 22))
        2
    """
    return (today - as_of).days


def is_old(as_of: date, today: date, limit_days: int | None) -> bool:
    """Tell whether a report is to be marked as old; without a limit none is.

    Args:
        as_of: The day of which the place says so.
        today: In China.
        limit_days: From how many days on, as the bureau decided; None where nobody did.

    Examples:
        >>> is_old(date(2026, 11, 15), date(2026, 11, 22), 7)
        True
        >>> is_old(date(2026, 11, 16), date(2026, 11, 22), 7)
        False
        >>> is_old(date(2020, 1, 1), date(2026, 11, 22), None)
        False
    """
    return limit_days is not None and age_days(as_of, today) >= limit_days
