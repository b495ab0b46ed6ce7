"""Geometry of a chart of ranges: for each rulebook its mean and its 5 % and 95 % points. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, LABEL, RIGHT = 640, 170, 110
ROW, TOP = 34, 8
_TICKS = 4


@dataclass(frozen=True, slots=True)
class RangeRow:
    """One row of the chart.

    Attributes:
        label: What the row is of.
        mean: Mean over the draws.
        low: 5 % of the draws are below.
        high: 5 % of the draws are above.
    """

    label: str
    mean: float
    low: float
    high: float


def draw_ranges(rows: Sequence[RangeRow], form: Callable[[float], str]) -> dict[str, object]:
    """Place rows on one axis from zero.

    Args:
        rows: One or more.
        form: How a value is printed.

    Returns:
        What ``rounds/range_chart.svg`` needs: size, rows with their places, ticks.

    Examples:
        >>> drawn = draw_ranges([RangeRow("a", 5.0, 4.0, 10.0)], "{:.0f}".format)
        >>> drawn["rows"][0]["x_high"] - drawn["rows"][0]["x_low"]
        216.0
    """
    top = max((row.high for row in rows), default=0.0)
    scale = (WIDTH - LABEL - RIGHT) / (top or 1.0)

    def place(value: float) -> float:
        return round(LABEL + value * scale, 1)

    height = TOP + ROW * len(rows)
    return {
        "width": WIDTH,
        "height": height + 24,
        "axis_y": height,
        "left": LABEL,
        "right": WIDTH - RIGHT,
        "rows": [
            {
                "label": row.label,
                "y": TOP + ROW * number + ROW // 2,
                "x_low": place(row.low),
                "x_high": place(row.high),
                "x_mean": place(row.mean),
                "text": form(row.mean),
                "range": f"{form(row.low)}–{form(row.high)}",
            }
            for number, row in enumerate(rows)
        ],
        "ticks": [
            {"x": place(top * part / _TICKS), "text": form(top * part / _TICKS)}
            for part in range(_TICKS + 1)
        ],
    }
