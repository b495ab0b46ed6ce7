"""The incremental cost-effectiveness ratio by price, with the threshold."""

import math
from collections.abc import Sequence

from procurement.negotiations.outputs.charts.axes import NARROWEST, Axis, axis_over
from procurement.negotiations.outputs.charts.lettering import (
    brief,
    figure,
    shortened,
    text_width,
)
from procurement.negotiations.outputs.charts.marks import (
    BRAND,
    INK,
    LEFT,
    MIDDLE,
    NOTE,
    QUIET,
    RIGHT,
    Dot,
    Line,
    Mark,
    Picture,
    Words,
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
from procurement.negotiations.outputs.figures import RatioLine
from procurement.negotiations.outputs.said import Reader, Said

TOP, BOTTOM, HEIGHT = 64.0, 310.0, 354.0
LINES_MAX = 4
"""Comparators drawn; those that decide at the threshold come first."""

_NAME_ROOM = 90.0


def price_ratio(
    ratios: Sequence[RatioLine],
    *,
    threshold: float | None,
    price: float,
    reach: float,
    unit: str,
    effect_unit: str,
    reader: Reader,
) -> Picture:
    """Draw what one more unit of effect costs by price, against each comparator.

    Args:
        ratios: Comparators that bring less than the drug.
        threshold: Yuan per unit of effect.
        price: Under discussion.
        reach: The highest price shown.
        unit: Of the price.
        effect_unit: What an effect is.
        reader: Who reads: the language, and the currency of the model.
    """
    shown = sorted(ratios, key=lambda line: worth(line, threshold))[:LINES_MAX]
    highest = [line.at(at) for line in shown for at in (0.0, reach)]
    names = [shortened(line.comparator, NOTE, _NAME_ROOM) for line in shown]
    right = RIGHT - 100 * (max(text_width(name, NOTE) for name in names) + 8) / NARROWEST
    across = Axis(0.0, reach, LEFT, right)
    # A threshold far above the lines would press them flat; it is said in the description.
    near = threshold is not None and threshold <= 3 * max(highest)
    up = axis_over([*highest, *([threshold] if near and threshold else [])], start=BOTTOM, end=TOP)
    ceiling = None
    if threshold is not None and math.isfinite(worth(shown[0], threshold)):
        # Down to the cent, as every ceiling is.
        ceiling = math.floor(100 * worth(shown[0], threshold) + 1e-6) / 100
    per = Said(f"¤/{effect_unit or '效果单位'}", f"¤ per {effect_unit or 'unit of effect'}")
    what = Said(f"增量成本效果比（{per.zh}）", f"cost-effectiveness ratio, {per.en}")
    marks = [
        *feasible(ceiling, across, TOP, BOTTOM),
        *vertical_axis(up, LEFT, right, what.text(reader)),
        *(_threshold(threshold, across, up, reader) if near and threshold else []),
        *_lines(shown, names, across, up, threshold),
        *ceiling_line(ceiling, across, TOP, BOTTOM, reader),
        *price_line(price, across, TOP, BOTTOM, reader),
        *horizontal_axis(across, BOTTOM, TOP, price_words(unit, reader)),
    ]
    return Picture(
        name="price-ratio",
        title=_finding(shown[0], ceiling, threshold, price, per).text(reader),
        description=_description(shown, threshold, price, per).text(reader),
        height=HEIGHT,
        marks=marks,
        price_axis=across,
        top=TOP,
        bottom=BOTTOM,
    )


def worth(line: RatioLine, threshold: float | None) -> float:
    """The price at which a comparison just meets the threshold; infinite where none is given.

    Examples:
        >>> worth(RatioLine("B", 100.0, 2.0, 0.5), 1000.0)
        200.0
    """
    if threshold is None or line.units <= 0:
        return float("inf")
    return (threshold * line.effect - line.cost) / line.units


def _threshold(threshold: float, across: Axis, up: Axis, reader: Reader) -> list[Mark]:
    y = up.at(threshold)
    words = Said(f"阈值 {brief(threshold, 7)}", f"threshold {brief(threshold, 7)}").text(reader)
    return [
        Line(across.start, y, across.end, y, INK, 1.5, "6 4"),
        Words(across.end, y - 6, words, "end", -4),
    ]


def _lines(
    shown: Sequence[RatioLine],
    names: Sequence[str],
    across: Axis,
    up: Axis,
    threshold: float | None,
) -> list[Mark]:
    marks: list[Mark] = []
    labels = spread([up.at(line.at(across.high)) + 4 for line in shown], 15, TOP, BOTTOM)
    for number in reversed(range(len(shown))):
        line, first = shown[number], number == 0
        colour = BRAND if first else MIDDLE
        start, end = up.at(line.at(0.0)), up.at(line.at(across.high))
        marks.append(Line(across.start, start, across.end, end, colour, 3 if first else 1.75))
        crossing = worth(line, threshold)
        if threshold is not None and across.holds(crossing) and up.holds(threshold):
            marks.append(Dot(across.at(crossing), up.at(threshold), 4.5, colour, "#ffffff"))
        tone = BRAND if first else QUIET
        marks.append(
            Words(across.end, labels[number], names[number], "start", 6, NOTE, tone, first)
        )
    return marks


def _finding(
    line: RatioLine, ceiling: float | None, threshold: float | None, price: float, per: Said
) -> Said:
    here = brief(line.at(price), 6)
    zh = f"按讨论价，比 {line.comparator} 每多得一单位效果需 {here} {per.zh}"
    en = f"At the price under discussion one more unit than {line.comparator} costs {here} ¤"
    if threshold is None or ceiling is None:
        return Said(zh, en)
    if ceiling < 0:
        return Said(f"{zh}；即使免费也超过阈值", f"{en}; even free it stays above the threshold")
    return Said(
        f"{zh}；不高于 {figure(ceiling, 2)} ¤时在阈值之内",
        f"{en}; up to {figure(ceiling, 2)} ¤ the ratio keeps the threshold",
    )


def _description(
    shown: Sequence[RatioLine], threshold: float | None, price: float, per: Said
) -> Said:
    zh = [f"与 {one.comparator} 比 {brief(one.at(price), 6)} {per.zh}" for one in shown]
    en = [f"against {one.comparator} {brief(one.at(price), 6)} {per.en}" for one in shown]
    end = Said("", "")
    if threshold is not None:
        end = Said(
            f"阈值 {brief(threshold, 7)} {per.zh}。", f" Threshold {brief(threshold, 7)} {per.en}."
        )
    return Said(
        f"讨论价下：{'；'.join(zh)}。{end.zh}",
        f"At the price under discussion: {'; '.join(en)}.{end.en}",
    )
