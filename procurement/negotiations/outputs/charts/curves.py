"""Probabilities as curves: acceptability by threshold, overrun by price."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from procurement.negotiations.outputs.charts.axes import NARROWEST, Axis
from procurement.negotiations.outputs.charts.lettering import (
    brief,
    figure,
    shortened,
    text_width,
    yuan_and_cents,
)
from procurement.negotiations.outputs.charts.marks import (
    AMBER,
    BRAND,
    INK,
    LEFT,
    MIDDLE,
    NOTE,
    PLAIN_GREY,
    QUIET,
    RIGHT,
    Line,
    Mark,
    Picture,
    Words,
    beside,
    horizontal_axis,
    spread,
    vertical_axis,
)
from procurement.negotiations.outputs.charts.price_budget import (
    ceiling_line,
    feasible,
    price_line,
    price_words,
)
from procurement.negotiations.outputs.figures import Acceptability, Overrun
from procurement.negotiations.outputs.said import Reader, Said

TOP, BOTTOM, HEIGHT = 44.0, 290.0, 334.0
_NAME_ROOM = 84.0
_GREYS = (PLAIN_GREY, MIDDLE, "#a9b4bb", "#5d7f8b")


@dataclass(frozen=True, slots=True)
class _Curve:
    name: str
    values: Sequence[float]
    colour: str
    width: float = 1.75
    dash: str = ""


def acceptability(curves: Acceptability, *, effect_unit: str, reader: Reader) -> Picture:
    """Draw the acceptability curves, and the frontier of the strategy that is best on average.

    Args:
        curves: By threshold.
        effect_unit: What an effect is.
        reader: Who reads: the language, and the currency of the model.
    """
    drawn = [
        _Curve(
            name,
            values,
            BRAND if name == curves.negotiated else _GREYS[number % len(_GREYS)],
            3 if name == curves.negotiated else 1.75,
        )
        for number, (name, values) in enumerate(curves.curves)
    ]
    frontier = _Curve("CEAF", curves.frontier, AMBER, 2.5, "2 4")
    across = Axis(curves.thresholds[0], curves.thresholds[-1], LEFT, _right([*drawn, frontier]))
    per = Said(f"¤/{effect_unit or '效果单位'}", f"¤ per {effect_unit or 'unit of effect'}")
    words = Said(f"阈值（{per.zh}）", f"threshold, {per.en}").text(reader)
    marks = [*_plot([*drawn, frontier], curves.thresholds, across, reader)]
    if curves.threshold is not None and across.holds(curves.threshold):
        x = across.at(curves.threshold)
        label = f"{Said('本模型', 'model').text(reader)} {brief(curves.threshold, 7)}"
        anchor, dx = beside(x, label)
        marks += [
            Line(x, TOP, x, BOTTOM, INK, 1.5, "6 4"),
            Words(x, BOTTOM - 8, label, anchor, dx),
        ]
    return Picture(
        name="acceptability",
        title=_acceptability_finding(curves).text(reader),
        description=_acceptability_words(curves, per).text(reader),
        height=HEIGHT,
        marks=[*marks, *horizontal_axis(across, BOTTOM, TOP, words)],
    )


def overrun(
    curves: Overrun,
    *,
    ceiling: float | None,
    price: float,
    reach: float,
    unit: str,
    reader: Reader,
) -> Picture:
    """Draw how likely the impact is above its cap, by price.

    Args:
        curves: By price.
        ceiling: The highest price that all constraints allow.
        price: Under discussion.
        reach: The highest price shown.
        unit: Of the price.
        reader: Who reads: the language, and the currency of the model.
    """
    last = len(curves.curves) - 1
    drawn = [
        _Curve(name.text(reader), values, BRAND if number == last else MIDDLE, 2.5)
        for number, (name, values) in enumerate(curves.curves)
    ]
    across = Axis(0.0, reach, LEFT, _right(drawn))
    marks = [
        *feasible(ceiling, across, TOP, BOTTOM),
        *_plot(drawn, curves.prices, across, reader),
        *_allowed(curves.allowed, across, reader),
        *ceiling_line(ceiling, across, TOP + 20, BOTTOM, reader),
        *price_line(price, across, TOP, BOTTOM, reader),
        *horizontal_axis(across, BOTTOM, TOP, price_words(unit, reader)),
    ]
    return Picture(
        name="overrun",
        title=_overrun_finding(curves, price).text(reader),
        description=_overrun_words(curves, price).text(reader),
        height=HEIGHT,
        marks=marks,
        price_axis=across,
        top=TOP,
        bottom=BOTTOM,
    )


def _right(curves: Sequence[_Curve]) -> float:
    names = [shortened(curve.name, NOTE, _NAME_ROOM) for curve in curves]
    return RIGHT - 100 * (max(text_width(name, NOTE) for name in names) + 8) / NARROWEST


def _plot(
    curves: Sequence[_Curve], values: Sequence[float], across: Axis, reader: Reader
) -> list[Mark]:
    up = Axis(0.0, 100.0, BOTTOM, TOP)
    words = Said("概率（%）", "probability, %").text(reader)
    marks: list[Mark] = vertical_axis(up, LEFT, across.end, words)
    ends = [up.at(100 * curve.values[-1]) + 4 for curve in curves]
    for curve, y in zip(curves, spread(ends, 15, TOP + 4, BOTTOM), strict=True):
        places = [
            (across.at(value), up.at(100 * part))
            for value, part in zip(values, curve.values, strict=True)
            if across.holds(value)
        ]
        marks += [
            Line(x1, y1, x2, y2, curve.colour, curve.width, curve.dash)
            for (x1, y1), (x2, y2) in pairwise(_corners(places))
        ]
        name = shortened(curve.name, NOTE, _NAME_ROOM)
        bold = curve.colour == BRAND
        tone = curve.colour if curve.colour in {BRAND, AMBER} else QUIET
        marks.append(Words(across.end, y, name, "start", 6, NOTE, tone, bold))
    return marks


def _corners(places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The places without those in the middle of a level stretch."""
    kept = list(places[:1])
    for before, here in pairwise(places):
        level = len(kept) > 1 and kept[-2][1] == before[1] == here[1]
        if level:
            kept[-1] = here
        else:
            kept.append(here)
    return kept


def _allowed(allowed: float | None, across: Axis, reader: Reader) -> list[Mark]:
    if allowed is None:
        return []
    y = Axis(0.0, 1.0, BOTTOM, TOP).at(allowed)
    label = f"{Said('允许', 'allowed').text(reader)} {brief(100 * allowed)}%"
    return [
        Line(across.start, y, across.end, y, INK, 1.5, "6 4"),
        Words(across.start, y - 6, label, "start", 26),
    ]


def value_at(places: Sequence[float], values: Sequence[float], place: float) -> float:
    """The value of a curve at a place, by the straight line between its two neighbours.

    Examples:
        >>> value_at([0.0, 10.0, 20.0], [0.0, 0.5, 1.0], 12.0)
        0.6
    """
    if place <= places[0]:
        return float(values[0])
    for (x1, y1), (x2, y2) in pairwise(zip(places, values, strict=True)):
        if place <= x2:
            return float(y1 + (y2 - y1) * (place - x1) / (x2 - x1))
    return float(values[-1])


def _acceptability_finding(curves: Acceptability) -> Said:
    own = dict(curves.curves).get(curves.negotiated)
    if own is None or curves.threshold is None:
        return Said("各方案值得其成本的概率", "How likely each strategy is the best choice")
    part = figure(100 * value_at(curves.thresholds, own, curves.threshold), 1)
    limit = brief(curves.threshold, 7)
    return Said(
        f"阈值为 {limit} ¤时，{curves.negotiated} 最优的概率为 {part}%",
        f"At a threshold of {limit} ¤ {curves.negotiated} is the best choice "
        f"with a probability of {part}%",
    )


def _acceptability_words(curves: Acceptability, per: Said) -> Said:
    low, high = curves.thresholds[0], curves.thresholds[-1]
    ends = [
        f"{name} {figure(100 * own[0], 1)}% → {figure(100 * own[-1], 1)}%"
        for name, own in curves.curves
    ]
    zh, en = "；".join(ends), "; ".join(ends)
    return Said(
        f"阈值由 {brief(low)} 到 {brief(high, 7)} {per.zh}：{zh}。"
        "虚线（CEAF）为平均净获益最高的方案最优的概率。",
        f"Threshold from {brief(low)} to {brief(high, 7)} {per.en}: {en}. "
        "Dotted (CEAF): the strategy with the highest mean net benefit.",
    )


def _overrun_finding(curves: Overrun, price: float) -> Said:
    name, values = curves.curves[-1]
    part = figure(100 * value_at(curves.prices, values, price), 1)
    return Said(
        f"按讨论价 {yuan_and_cents(price)} ¤，{name.zh}超支的概率为 {part}%",
        f"At {yuan_and_cents(price)} ¤ the probability of an overrun is {part}% ({name.en})",
    )


def _overrun_words(curves: Overrun, price: float) -> Said:
    parts = [
        (name, figure(100 * value_at(curves.prices, values, price), 1))
        for name, values in curves.curves
    ]
    zh = "；".join(f"{name.zh} {part}%" for name, part in parts)
    en = "; ".join(f"{name.en} {part}%" for name, part in parts)
    return Said(f"讨论价下的超支概率：{zh}。", f"Overrun at the price under discussion: {en}.")
