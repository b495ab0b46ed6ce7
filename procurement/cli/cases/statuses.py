"""Numbers that published tables use for dominance."""

from pricing.cost_effectiveness import DOMINATED, EXTENDED_DOMINATED, FRONTIER, FrontierRow

_NUMBERS = {FRONTIER: 0, DOMINATED: 1, EXTENDED_DOMINATED: 2}


def status_number(row: FrontierRow) -> int:
    """0 on the frontier, 1 strongly dominated, 2 extendedly dominated.

    Examples:
        >>> status_number(FrontierRow("A", 1.0, 1.0, "dominated", None))
        1
    """
    return _NUMBERS[row.status]
