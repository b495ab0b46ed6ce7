"""Which rulebook holds for the list of a region on a day."""

from datetime import date

from pricing.stated_rules import StatedRules
from rulebooks import load_rulebook

NATIONAL = "dual-national-2021"
BOOKS = {"32": ("dual-jiangsu-2021", "dual-jiangsu-2022"), "43": ("dual-hunan-2025",)}
"""By the first digits of the division code, the oldest first."""


def rules_of_list(region: str, day: date) -> StatedRules:
    """Return the rules for the list of a region on a day.

    Where a region's own document is not known, or not yet in force, that of the nation stands; no
    earlier one is known, so that it stands for earlier days, too.

    Examples:
        >>> rules_of_list("320000", date(2022, 5, 1)).rulebook.id
        'dual-jiangsu-2022'
        >>> rules_of_list("340000", date(2022, 5, 1)).rulebook.id
        'dual-national-2021'
    """
    books = [
        book
        for digits, names in BOOKS.items()
        if region.startswith(digits)
        for book in names
        if load_rulebook(book).in_force_from <= day
    ]
    return StatedRules.of(books[-1] if books else NATIONAL)
