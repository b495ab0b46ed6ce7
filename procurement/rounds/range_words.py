"""Measures of the lab in words and in a unit that fits the size of the round. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bidding.lab.wording import MEASURE_LINES
from procurement.rounds.range_chart import RangeRow

Cell = Mapping[str, float | None]

_HUNDRED_MILLION, _TEN_THOUSAND = 1e8, 1e4

_IN_TEN_THOUSANDS: Mapping[str, tuple[str, str]] = {
    "agreed_volume": ("约定采购量（万最小单位）", "agreed volume (10 k units)"),
    "spend": ("采购金额（万元）", "spend (10 k yuan)"),
    "savings": ("节省金额（万元）", "savings (10 k yuan)"),
}
"""The lab tells these in hundred millions, which suits national rounds only."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How a measure is called and printed.

    Attributes:
        name: With its unit, in Chinese and in English.
        mean_form: Prints a mean.
        form: Prints a bound.
    """

    name: tuple[str, str]
    mean_form: Callable[[float], str]
    form: Callable[[float], str]

    def print_range(self, cell: Cell | None) -> str:
        """Print mean and range, or a dash where there is none."""
        if cell is None:
            return "—"
        mean, low, high = cell["mean"], cell["p5"], cell["p95"]
        if mean is None or low is None or high is None:
            return "—"
        return f"{self.mean_form(mean)} [{self.form(low)}, {self.form(high)}]"


def scale_of(measure: str, cells: Sequence[Cell | None]) -> Scale:
    """Choose the unit of a measure by its largest mean.

    Examples:
        >>> scale_of("spend", [{"mean": 2_500_000.0, "p5": 0.0, "p95": 0.0}]).name[1]
        'spend (10 k yuan)'
        >>> scale_of("spend", [{"mean": 2.5e9, "p5": 0.0, "p95": 0.0}]).name[1]
        'spend (100 m yuan)'
    """
    line = MEASURE_LINES[measure]
    largest = max((abs(cell["mean"] or 0.0) for cell in cells if cell), default=0.0)
    if measure in _IN_TEN_THOUSANDS and largest < _HUNDRED_MILLION:
        return Scale(_IN_TEN_THOUSANDS[measure], _ten_thousands, _ten_thousands)
    return Scale(line.name, line.mean_form, line.form)


def _ten_thousands(value: float) -> str:
    return f"{value / _TEN_THOUSAND:,.1f}"


def finding_of(scale: Scale, rows: Sequence[RangeRow]) -> tuple[str, str]:
    """Say in a sentence what a chart shows, in Chinese and in English.

    Examples:
        >>> rows = [RangeRow("a", 5.0, 4.0, 10.0), RangeRow("b", 7.0, 4.0, 10.0)]
        >>> finding_of(scale_of("winners", []), rows)[1]
        'selected with volume: most under b (7.0), least under a (5.0)'
    """
    zh, en = scale.name
    most, least = max(rows, key=lambda row: row.mean), min(rows, key=lambda row: row.mean)
    high, low = scale.mean_form(most.mean), scale.mean_form(least.mean)
    if len(rows) == 1 or high == low:
        return f"{zh}：{high}", f"{en}: {high}"
    return (
        f"{zh}：{most.label} 最高（{high}），{least.label} 最低（{low}）",
        f"{en}: most under {most.label} ({high}), least under {least.label} ({low})",
    )
