"""The plane of incremental costs and effects: a dot for each draw, and the threshold's line."""

from collections.abc import Sequence

from procurement.negotiations.outputs.charts.axes import Axis, axis_over
from procurement.negotiations.outputs.charts.lettering import brief, figure, money_scale
from procurement.negotiations.outputs.charts.marks import (
    AMBER,
    BRAND,
    INK,
    LEFT,
    PLAIN_GREY,
    RIGHT,
    Dot,
    Line,
    Mark,
    Picture,
    Words,
    beside,
    horizontal_axis,
    vertical_axis,
)
from procurement.negotiations.outputs.figures import Plane
from procurement.negotiations.outputs.said import Reader, Said

TOP, BOTTOM, HEIGHT = 44.0, 310.0, 354.0
POINTS_MAX = 600
"""Draws that are painted: more would hide each other and make the page heavy."""


def plane(draws: Plane, *, effect_unit: str, reader: Reader) -> Picture:
    """Draw incremental cost against incremental effect, draw by draw.

    Args:
        draws: The draws.
        effect_unit: What an effect is.
        reader: Who reads: the language, and the currency of the model.
    """
    scale = money_scale(draws.costs, reader)
    costs = [cost / scale.divisor for cost in draws.costs]
    across = axis_over(draws.effects, start=LEFT, end=RIGHT)
    up = axis_over(costs, start=BOTTOM, end=TOP)
    zero = across.at(0.0)
    cost = Said(f"增量成本（{scale.zh}）", f"incremental cost, {scale.en}")
    effect = Said(
        f"增量效果（{effect_unit or '效果单位'}）", f"incremental effect, {effect_unit or 'units'}"
    )
    shown = list(zip(draws.effects, costs, strict=True))[:POINTS_MAX]
    marks: list[Mark] = [
        *vertical_axis(up, LEFT, RIGHT, cost.text(reader)),
        Line(zero, TOP, zero, BOTTOM, PLAIN_GREY),
        *(Dot(across.at(x), up.at(y), 2.4, BRAND, faint=True) for x, y in shown),
        *_threshold(draws.threshold, across, up, scale.divisor, reader),
        *_mean(draws, costs, across, up, reader),
        *horizontal_axis(across, BOTTOM, TOP, effect.text(reader)),
    ]
    return Picture(
        name="plane",
        title=_finding(draws).text(reader),
        description=_description(draws, costs, scale.zh, scale.en).text(reader),
        height=HEIGHT,
        marks=marks,
    )


def _threshold(
    threshold: float | None, across: Axis, up: Axis, divisor: float, reader: Reader
) -> list[Mark]:
    """The line through the origin below which the drug is worth its cost, where it is in view."""
    if threshold is None or threshold <= 0:
        return []
    slope = threshold / divisor
    low = max(across.low, up.low / slope)
    high = min(across.high, up.high / slope)
    if high <= low:
        return []
    words = f"{Said('阈值', 'threshold').text(reader)} {brief(threshold, 7)}"
    x, y = across.at(high), up.at(high * slope)
    anchor, dx = beside(x, words)
    return [
        Line(across.at(low), up.at(low * slope), x, y, INK, 1.5, "6 4"),
        Words(x, max(y + 14, TOP + 12), words, anchor, dx),
    ]


def _mean(draws: Plane, costs: list[float], across: Axis, up: Axis, reader: Reader) -> list[Mark]:
    x, y = _average(draws.effects), _average(costs)
    words = Said("均值", "mean").text(reader)
    place = across.at(x)
    anchor, dx = beside(place, words, gap=9)
    return [
        Dot(place, up.at(y), 6, AMBER, "#ffffff"),
        Words(place, up.at(y) + 4, words, anchor, dx, colour=AMBER, bold=True),
    ]


def _average(values: Sequence[float]) -> float:
    return float(sum(values) / len(values))


def _finding(draws: Plane) -> Said:
    if draws.below is None:
        return Said(
            f"与 {draws.reference} 比的增量成本和效果", f"Increments over {draws.reference}"
        )
    part = figure(100 * draws.below, 1)
    return Said(f"{part}% 的抽样值得其成本", f"Worth its cost in {part}% of the draws")


def _description(draws: Plane, costs: list[float], zh_unit: str, en_unit: str) -> Said:
    effect, cost = brief(_average(draws.effects)), brief(_average(costs))
    quiet = min(len(draws.effects), POINTS_MAX)
    return Said(
        f"对照 {draws.reference}；均值：增量效果 {effect}，增量成本 {cost} {zh_unit}；"
        f"共抽样 {draws.drawn} 次，画出 {quiet} 次。",
        f"Against {draws.reference}; mean effect {effect}, mean cost {cost} {en_unit}; "
        f"{draws.drawn} draws, {quiet} of them shown.",
    )
