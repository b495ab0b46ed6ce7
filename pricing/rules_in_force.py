"""Which rulebook of a series holds on a day."""

from datetime import date

from pricing.faults import ModelError
from rulebooks import load_rulebook, rulebook_ids


class NoRulebookError(ModelError):
    """No rulebook of a series holds on a day."""

    def __init__(self, series: str, day: date, known: tuple[str, ...]) -> None:
        """Keep the series, the day and the rulebooks that there are."""
        super().__init__(
            f"no rulebook {series}-… holds on {day.isoformat()}: "
            f"expected a day of {', '.join(known) or 'another series'}"
        )
        self.series = series
        self.day = day


def rulebook_in_force(series: str, day: date) -> str:
    """The identifier of the rulebook of a series that holds on a day: the latest begun by then.

    Args:
        series: Identifier without its year, such as ``nrdl-renewal`` or ``standard-xian``.
        day: The day.

    Raises:
        NoRulebookError: The series is unknown, or begins later.

    Examples:
        >>> rulebook_in_force("nrdl-renewal", date(2024, 11, 1))
        'nrdl-renewal-2024'
        >>> rulebook_in_force("nrdl-renewal", date(2024, 6, 30))
        'nrdl-renewal-2023'
    """
    known = tuple(name for name in rulebook_ids() if name.rpartition("-")[0] == series)
    begun = [name for name in known if load_rulebook(name).in_force_from <= day]
    if not begun:
        raise NoRulebookError(series, day, known)
    return max(begun, key=lambda name: load_rulebook(name).in_force_from)


def standard_rulebook(region: str | None, day: date) -> str:
    """The rulebook for payment standards of a region on a day.

    A region's own rulebook goes before the national one, which holds where there is none.

    Args:
        region: As in the identifier, such as ``xian``; None for the national rules.
        day: The day.

    Raises:
        NoRulebookError: Neither the region nor the nation has one for that day.

    Examples:
        >>> standard_rulebook("heilongjiang", date(2021, 5, 1))
        'standard-heilongjiang-2020'
        >>> standard_rulebook("jiangsu", date(2021, 5, 1))
        'standard-national-2021'
    """
    if region is not None:
        try:
            return rulebook_in_force(f"standard-{region}", day)
        except NoRulebookError:
            # The region has no rules of its own yet: the national ones hold.
            pass
    return rulebook_in_force("standard-national", day)
