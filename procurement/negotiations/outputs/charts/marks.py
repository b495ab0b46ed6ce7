"""The marks that pictures are made of.

Horizontal places are in per cent of the width and everything else is in pixels, so that text keeps
its size while a picture takes the width it is given, on a phone, at a desk and on paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from procurement.negotiations.outputs.charts.axes import NARROWEST, Axis, labelled_ticks
from procurement.negotiations.outputs.charts.lettering import figure, text_width

INK, QUIET, RULE = "#17222b", "#4b5a66", "#d3dade"
BRAND, PALE, MIDDLE = "#0b4a5b", "#e3eff2", "#6f9aa7"
AMBER, PLAIN_GREY = "#7d4b00", "#77858f"
LABEL, NOTE = 13, 12
"""Sizes of text in pixels."""

LEFT, RIGHT = 2.0, 98.0
"""Ends of an axis that takes the whole width, in per cent of it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str = RULE
    width: float = 1.0
    dash: str = ""
    kind: str = "line"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `width` in per cent, `height` in pixels."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    edge: str = ""
    kind: str = "box"


@dataclass(frozen=True, slots=True)
class Dot:
    """A circle; a faint one lets those below it shine through."""

    x: float
    y: float
    radius: float = 4.5
    fill: str = INK
    edge: str = ""
    faint: bool = False
    kind: str = "dot"


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text that starts, ends or is centred so many pixels from a place.

    Text has a white rim, so that lines behind it do not cross it, unless it is `bare`: on colour.
    """

    x: float
    y: float
    text: str
    anchor: str = "start"
    dx: float = 0
    size: int = NOTE
    colour: str = INK
    bold: bool = False
    bare: bool = False
    kind: str = "words"


Mark = Line | Box | Dot | Words


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart that can be shown on a page and on paper.

    Attributes:
        name: Distinguishes it on a page.
        title: The finding, in one sentence.
        description: All of it in words, for those who do not see it.
        height: In pixels.
        marks: In the order in which they are painted.
        price_axis: Where it has a horizontal axis of prices, along which a script moves a line.
        top: Where that line begins, in pixels.
        bottom: Where it ends.
    """

    name: str
    title: str
    description: str
    height: float
    marks: Sequence[Mark] = field(repr=False)
    price_axis: Axis | None = None
    top: float = 0
    bottom: float = 0


def beside(x: float, text: str, size: float = NOTE, gap: float = 6) -> tuple[str, float]:
    """Anchor and offset of a label beside a vertical line, where it stays in the picture.

    Examples:
        >>> beside(10, "short"), beside(95, "at the end")
        (('start', 6), ('end', -6))
    """
    place, width = NARROWEST * x / 100, text_width(text, size)
    if place + gap + width <= NARROWEST:
        return "start", gap
    if width + gap <= place:
        return "end", -gap
    # Neither side has room: as far back as the narrowest width needs.
    return "start", -round(place + width - NARROWEST, 1)


def horizontal_axis(axis: Axis, y: float, top: float, words: str) -> list[Mark]:
    """A horizontal axis with its ticks, their labels and what they are."""
    marks: list[Mark] = [Line(axis.start, y, axis.end, y, PLAIN_GREY)]
    for x, text in labelled_ticks(axis, NOTE):
        marks.append(Line(x, y, x, y + 5, PLAIN_GREY))
        anchor = "start" if x < text_width(text, NOTE) / NARROWEST * 50 else "middle"
        marks.append(Words(x, y + 18, text, anchor, -2 if anchor == "start" else 0, colour=QUIET))
    marks.append(Words(axis.end, y + 36, words, "end", colour=QUIET))
    return marks


def vertical_axis(axis: Axis, left: float, right: float, words: str) -> list[Mark]:
    """Grid lines with their values upon them, and above all what they are."""
    values, decimals = axis.ticks(6)
    marks: list[Mark] = [Words(left, axis.end - 18, words, colour=QUIET)]
    for value in values:
        y = axis.at(value)
        colour = PLAIN_GREY if value == 0 else RULE
        marks.append(Line(left, y, right, y, colour))
        if abs(y - axis.start) > 1:
            marks.append(Words(left, y - 3, figure(value, decimals), colour=QUIET))
    return marks


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move places apart so that none is closer than `gap`, in their order, within two ends.

    Examples:
        >>> spread([100, 102, 50], 14, 0, 110)
        [96, 110, 50]
    """
    order = sorted(range(len(places)), key=lambda number: places[number])
    moved = list(places)
    for before, number in zip([None, *order], order, strict=False):
        least = low if before is None else moved[before] + gap
        moved[number] = max(moved[number], least)
    for after, number in zip([None, *reversed(order)], reversed(order), strict=False):
        most = high if after is None else moved[after] - gap
        moved[number] = min(moved[number], most)
    return moved
