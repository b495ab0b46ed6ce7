"""One-way analyses: how far a result moves when one input goes from its low to its high value."""

import math
from collections.abc import Sequence

from procurement.negotiations.outputs.charts.axes import NARROWEST, Axis, axis_over
from procurement.negotiations.outputs.charts.lettering import brief, shortened, text_width
from procurement.negotiations.outputs.charts.marks import (
    BRAND,
    INK,
    LEFT,
    MIDDLE,
    NOTE,
    PLAIN_GREY,
    QUIET,
    RIGHT,
    Box,
    Line,
    Mark,
    Picture,
    Words,
    horizontal_axis,
)
from procurement.negotiations.outputs.figures import Bar, Tornado
from procurement.negotiations.outputs.said import Reader, Said

BARS_MAX = 12
ROW, TOP = 42.0, 34.0


def tornado(
    analysis: Tornado, *, name: str, result: Said, scale: float, unit: Said, reader: Reader
) -> Picture:
    """Draw the bars of a one-way analysis, the longest above.

    Args:
        analysis: Its bars.
        name: Of the picture.
        result: What is analysed.
        scale: The results are divided by it.
        unit: In which they are then shown.
        reader: Who reads: the language, and the currency of the model.
    """
    bars = sorted(analysis.bars, key=lambda bar: -bar.span)[:BARS_MAX]
    ends = [end / scale for bar in bars for end in (bar.at_low, bar.at_high) if end is not None]
    base = analysis.base / scale
    across = axis_over([*ends, base], start=LEFT + 12, end=RIGHT - 12, from_zero=False)
    bottom = TOP + ROW * len(bars)
    marks: list[Mark] = []
    for number, bar in enumerate(bars):
        marks += _bar(bar, across, TOP + ROW * number, base, scale)
    x = across.at(base)
    words = f"{Said('基准', 'base').text(reader)} {brief(base, 6)}"
    marks += [
        Line(x, TOP - 8, x, bottom, INK, 1.5),
        Words(x, TOP - 14, words, "middle"),
        *horizontal_axis(across, bottom, TOP, unit.text(reader)),
        *_legend(bottom + 54, reader),
    ]
    return Picture(
        name=name,
        title=_finding(bars, result).text(reader),
        description=_description(bars, base, scale, unit).text(reader),
        height=bottom + 66,
        marks=marks,
    )


def _bar(bar: Bar, across: Axis, y: float, base: float, scale: float) -> list[Mark]:
    room = NARROWEST * (RIGHT - LEFT) / 100
    label = f"{bar.path}  {brief(bar.low_input)} – {brief(bar.high_input)}{_lost(bar)}"
    marks: list[Mark] = [Words(LEFT, y + 12, shortened(label, NOTE, room), colour=INK)]
    x0 = across.at(base)
    for end, colour in ((bar.at_low, MIDDLE), (bar.at_high, BRAND)):
        if end is None:
            continue
        x = across.at(end / scale)
        marks.append(Box(min(x, x0), y + 18, max(abs(x - x0), 0.3), 14, colour))
    return [*marks, *_ends(bar, across, y + 29, scale)]


def _lost(bar: Bar) -> str:
    """Marks a bar that has no result at an end: there is no ceiling there."""
    return " (…, —)" if bar.at_high is None else " (—, …)" if bar.at_low is None else ""


def _ends(bar: Bar, across: Axis, y: float, scale: float) -> list[Mark]:
    """The results at both ends of a bar, outside it."""
    known = sorted(
        end / scale for end in (bar.at_low, bar.at_high) if end is not None and math.isfinite(end)
    )
    if not known:
        return []
    low, high = known[0], known[-1]
    left = Words(across.at(low), y, brief(low, 5), "end", -4, NOTE, QUIET)
    right = Words(across.at(high), y, brief(high, 5), "start", 4, NOTE, QUIET)
    return [left, right] if high > low else [right]


def _legend(y: float, reader: Reader) -> list[Mark]:
    low = Said("输入取低值", "input at its low value").text(reader)
    high = Said("输入取高值", "at its high value").text(reader)
    second = 100 * (text_width(low, NOTE) + 34) / NARROWEST
    return [
        Box(LEFT, y - 10, 3, 10, MIDDLE),
        Words(LEFT + 4, y, low, colour=PLAIN_GREY),
        Box(LEFT + second, y - 10, 3, 10, BRAND),
        Words(LEFT + second + 4, y, high, colour=PLAIN_GREY),
    ]


def _finding(bars: Sequence[Bar], result: Said) -> Said:
    moving = [bar for bar in bars if bar.span > 0]
    if not moving:
        return Said(f"{result.zh}不随任何一个输入变化", f"No single input moves {result.en}")
    return Said(
        f"使{result.zh}变动最大的是 {moving[0].path}", f"{moving[0].path} moves {result.en} most"
    )


def _description(bars: Sequence[Bar], base: float, scale: float, unit: Said) -> Said:
    parts_zh, parts_en = [], []
    for bar in bars:
        low = "—" if bar.at_low is None else brief(bar.at_low / scale, 6)
        high = "—" if bar.at_high is None else brief(bar.at_high / scale, 6)
        parts_zh.append(
            f"{bar.path} 由 {brief(bar.low_input)} 到 {brief(bar.high_input)}：{low} 到 {high}"
        )
        parts_en.append(
            f"{bar.path} from {brief(bar.low_input)} to {brief(bar.high_input)}: {low} to {high}"
        )
    return Said(
        f"基准 {brief(base, 6)}（{unit.zh}）。{'；'.join(parts_zh)}。",
        f"Base {brief(base, 6)} ({unit.en}). {'; '.join(parts_en)}.",
    )
