"""Geometry of bars on one scale: each a label, a value in words, and a piece of a line. Pure.

Places across are shares of the width, heights are fixed: on a phone the bars become shorter and
the words stay as large.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

ROW, BAR, TOP = 46, 14, 24
"""Heights: of a row, of its bar, and where the bar begins below the words."""

TEAL, PALE, GREY, GREEN, RED, AMBER = (
    "#0b4a5b",
    "#7fa6b0",
    "#aab4bb",
    "#1c6a3b",
    "#a51d16",
    "#c26a00",
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar.

    Attributes:
        label: What it is.
        words: Its value, as it is read.
        start: Where it begins.
        end: Where it ends; before its beginning it goes back.
        colour: Its colour; the words say the same.
        note: A few words after the label.
    """

    label: str
    words: str
    start: Decimal
    end: Decimal
    colour: str = TEAL
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across the bars: what is agreed, where one should be today.

    Attributes:
        label: What it is.
        at: Where.
        dashed: Drawn in dashes.
    """

    label: str
    at: Decimal
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar in its place."""

    label: str
    words: str
    note: str
    text_y: int
    y: int
    x: float
    width: float
    colour: str


@dataclass(frozen=True, slots=True)
class DrawnMark:
    """A line in its place."""

    label: str
    x: float
    dashed: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """Bars that can be drawn.

    Attributes:
        title: The finding, in a sentence.
        height: Of all.
        bars: From the top.
        marks: Lines across.
        zero: Where zero lies, in per cent of the width; None where it is the left edge.
    """

    title: str
    height: int
    bars: Sequence[DrawnBar]
    marks: Sequence[DrawnMark]
    zero: float | None


def draw_bars(title: str, bars: Sequence[Bar], marks: Sequence[Mark] = ()) -> Picture:
    """Place bars on one scale that holds all of them, and zero.

    Examples:
        >>> drawn = draw_bars(
        ...     "t",
        ...     [Bar("a", "10", Decimal(0), Decimal(10)), Bar("b", "-5", Decimal(0), Decimal(-5))],
        ... )
        >>> [(one.x, one.width) for one in drawn.bars], drawn.zero
        ([(33.33, 66.67), (0.0, 33.33)], 33.33)
    """
    ends = [Fraction(value) for one in bars for value in (one.start, one.end)]
    ends += [Fraction(one.at) for one in marks]
    low, high = min([*ends, Fraction(0)]), max([*ends, Fraction(0)])
    span = (high - low) or Fraction(1)

    def place(value: Decimal) -> float:
        return round(float((Fraction(value) - low) / span * 100), 2)

    drawn = []
    for number, one in enumerate(bars):
        left, right = sorted((place(one.start), place(one.end)))
        drawn.append(
            DrawnBar(
                label=one.label,
                words=one.words,
                note=one.note,
                text_y=number * ROW + TOP - 7,
                y=number * ROW + TOP,
                x=left,
                width=round(right - left, 2),
                colour=one.colour,
            )
        )
    return Picture(
        title=title,
        height=len(bars) * ROW + 4,
        bars=drawn,
        marks=[DrawnMark(one.label, place(one.at), one.dashed) for one in marks],
        zero=place(Decimal(0)) if low < 0 else None,
    )
