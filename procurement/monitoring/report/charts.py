"""The charts of the report as SVG: few colours, direct labels; pure.

Places along the width are per cent, so that a chart fits a phone and a printed page with text of
the same size. The finding stands above a chart as its heading, not in it; a table stands below.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from itertools import pairwise
from typing import Any

INK, QUIET, FAINT = "#17222b", "#4b5a66", "#e3e8eb"
ACCENT, WARM, COOL = "#0b4a5b", "#a8480c", "#2c7da0"
FONTS = "'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"

Json = Mapping[str, Any]

_LEFT, _RIGHT = 11, 78
_TOP, _HEIGHT = 14, 210
_ROW = 42
_BAR = 14


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart.

    Attributes:
        label: What it is.
        words: Its value as text.
        value: Its length; negative values go to the left.
        mark: A value to be marked by a line, such as a target.
    """

    label: str
    words: str
    value: Decimal
    mark: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A lowest, a usual and a highest value."""

    label: str
    words: str
    lowest: Decimal
    usual: Decimal
    highest: Decimal


def index_chart(index: Json, *, language: str, title: str, width: str = "100%") -> str:
    """Draw the chained indices of some months as lines; the first month is 100.

    Args:
        index: Of the report's content.
        language: ``zh`` or ``en``.
        title: What the chart shows, for who hears it.
        width: ``100%`` on a page, pixels on paper.
    """
    names = _SERIES[language]
    series = {
        name: [None if one[name] is None else Decimal(one[name]) for one in index["points"]]
        for name in names
    }
    known = [value for values in series.values() for value in values if value is not None]
    # The first month is 100 by itself: one point alone says nothing.
    if len(known) <= len(series):
        return ""
    low, high = _rounded(min(known), max(known))
    points = len(index["points"])
    places = [_LEFT + (_RIGHT - _LEFT) * place / max(points - 1, 1) for place in range(points)]

    def height(value: Decimal) -> float:
        return _TOP + float((high - value) / (high - low)) * _HEIGHT

    parts = [_grid(low, high, height), *_months(index["points"], places)]
    ends = []
    for name, values in series.items():
        drawn = [
            (place, height(value))
            for place, value in zip(places, values, strict=True)
            if value is not None
        ]
        colour, stroke = _STROKES[name]
        parts += [_segment(one, other, colour, stroke) for one, other in _pairs(drawn)]
        last = [value for value in values if value is not None][-1]
        ends.append((drawn[-1], f"{names[name]} {last}", colour))
    parts += _end_labels(ends)
    return _svg("".join(parts), _TOP + _HEIGHT + 30, title, language, width)


_SERIES: Mapping[str, Mapping[str, str]] = {
    "zh": {"laspeyres": "拉氏", "paasche": "帕氏", "fisher": "费雪"},
    "en": {"laspeyres": "Laspeyres", "paasche": "Paasche", "fisher": "Fisher"},
}
_STROKES = {"laspeyres": (COOL, 1.5), "paasche": (WARM, 1.5), "fisher": (ACCENT, 3)}

_Point = tuple[float, float]


def _rounded(low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    """Whole numbers around the values, with room: a flat line is drawn in the middle."""
    bottom = Decimal(int(min(low, Decimal(100)))) - 1
    top = Decimal(int(max(high, Decimal(100)))) + 2
    return bottom, top


def _grid(low: Decimal, high: Decimal, height: Any) -> str:  # noqa: ANN401 - a function
    step = max(Decimal(1), ((high - low) / 4).to_integral_value())
    parts, value = [], low
    while value <= high:
        y = round(height(value), 1)
        is_base = value == 100
        parts.append(
            f'<line x1="{_LEFT}%" x2="{_RIGHT}%" y1="{y}" y2="{y}" '
            f'stroke="{QUIET if is_base else FAINT}"/>'
            f'<text x="{_LEFT - 1.5}%" y="{y + 4}" text-anchor="end" fill="{QUIET}">{value}</text>'
        )
        value += step
    return "".join(parts)


def _months(points: Sequence[Json], places: Sequence[float]) -> list[str]:
    y = _TOP + _HEIGHT + 20
    return [
        f'<text x="{round(place, 2)}%" y="{y}" text-anchor="middle" fill="{QUIET}">'
        f"{int(str(point['month'])[5:])}</text>"
        for point, place in zip(points, places, strict=True)
    ]


def _pairs(drawn: Sequence[_Point]) -> list[tuple[_Point, _Point]]:
    return list(pairwise(drawn))


def _segment(one: _Point, other: _Point, colour: str, stroke: float) -> str:
    return (
        f'<line x1="{round(one[0], 2)}%" y1="{round(one[1], 1)}" x2="{round(other[0], 2)}%" '
        f'y2="{round(other[1], 1)}" stroke="{colour}" stroke-width="{stroke}" '
        'stroke-linecap="round"/>'
    )


def _end_labels(ends: Sequence[tuple[_Point, str, str]]) -> list[str]:
    """Labels at the ends of the lines, moved apart where they would cover each other."""
    parts, below = [], float("-inf")
    for (x, y), words, colour in sorted(ends, key=lambda one: one[0][1]):
        at = max(y + 4, below + 16)
        below = at
        parts.append(
            f'<text x="{round(x + 1.5, 2)}%" y="{round(at, 1)}" fill="{colour}" '
            f'font-weight="600">{escape(words)}</text>'
        )
    return parts


def bar_chart(bars: Sequence[Bar], *, language: str, title: str, width: str = "100%") -> str:
    """Draw bars on one scale, each below its label.

    Examples:
        >>> bar_chart([Bar("A", "50 %", Decimal(50))], language="en", title="T").count("<rect")
        2
        >>> bar_chart([], language="en", title="T")
        ''
    """
    if not bars:
        return ""
    values = [value for bar in bars for value in (bar.value, bar.mark or Decimal(0))]
    low, high = min(Decimal(0), *values), max(Decimal(0), *values)
    scale = (high - low) or Decimal(1)

    def place(value: Decimal) -> Decimal:
        return round((value - low) / scale * 100, 2)

    parts = []
    for number, bar in enumerate(bars):
        top = number * _ROW
        start, end = sorted((place(Decimal(0)), place(bar.value)))
        colour = WARM if bar.value < 0 else ACCENT
        parts.append(
            _labels(bar.label, bar.words, top)
            + _box(Decimal(0), Decimal(100), top, FAINT)
            + _box(start, end - start, top, colour)
            + ("" if bar.mark is None else _mark(place(bar.mark), top))
        )
    return _svg("".join(parts), len(bars) * _ROW, title, language, width)


def span_chart(spans: Sequence[Span], *, language: str, title: str, width: str = "100%") -> str:
    """Draw from lowest to highest, each on its own scale: the highest is the whole width."""
    if not spans:
        return ""
    parts = []
    for number, span in enumerate(spans):
        top = number * _ROW
        # Half a dot's width stays free at the end.
        low, usual = (round(value / span.highest * 98, 2) for value in (span.lowest, span.usual))
        y = top + 26 + _BAR / 2
        parts.append(
            _labels(span.label, span.words, top)
            + f'<line x1="0" x2="100%" y1="{y}" y2="{y}" stroke="{FAINT}" stroke-width="2"/>'
            + f'<line x1="{low}%" x2="98%" y1="{y}" y2="{y}" stroke="{COOL}" stroke-width="4"/>'
            + f'<circle cx="{low}%" cy="{y}" r="6" fill="{COOL}"/>'
            + f'<circle cx="98%" cy="{y}" r="6" fill="{WARM}"/>'
            + f'<line x1="{usual}%" x2="{usual}%" y1="{y - 9}" y2="{y + 9}" stroke="{INK}" '
            'stroke-width="2"/>'
        )
    return _svg("".join(parts), len(spans) * _ROW + 6, title, language, width)


def _labels(label: str, words: str, top: int) -> str:
    return (
        f'<text x="0" y="{top + 18}" fill="{INK}">{escape(label)}</text>'
        f'<text x="100%" y="{top + 18}" text-anchor="end" fill="{INK}" font-weight="600">'
        f"{escape(words)}</text>"
    )


def _box(x: Decimal, width: Decimal, top: int, colour: str) -> str:
    return f'<rect x="{x}%" y="{top + 26}" width="{width}%" height="{_BAR}" fill="{colour}"/>'


def _mark(x: Decimal, top: int) -> str:
    return (
        f'<line x1="{x}%" x2="{x}%" y1="{top + 23}" y2="{top + 29 + _BAR}" stroke="{INK}" '
        'stroke-width="2"/>'
    )


def _svg(parts: str, height: int, title: str, language: str, width: str) -> str:
    lang = "en" if language == "en" else "zh-Hans"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(title)}" xml:lang="{lang}" font-family="{FONTS}" font-size="13">'
        f"{parts}</svg>"
    )
