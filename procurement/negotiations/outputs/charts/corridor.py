"""All ceilings and reference prices on one price axis, with the line at 115 %."""

from collections.abc import Sequence

from procurement.negotiations.outputs.charts.axes import NARROWEST, Axis
from procurement.negotiations.outputs.charts.lettering import figure, shortened, text_width
from procurement.negotiations.outputs.charts.marks import (
    BRAND,
    INK,
    LABEL,
    LEFT,
    MIDDLE,
    PALE,
    PLAIN_GREY,
    QUIET,
    RIGHT,
    RULE,
    Box,
    Dot,
    Line,
    Mark,
    Picture,
    Words,
    beside,
    horizontal_axis,
)
from procurement.negotiations.outputs.charts.price_budget import price_line, price_words
from procurement.negotiations.outputs.figures import CeilingRow
from procurement.negotiations.outputs.said import Reader, Said

SECOND_QUOTE_MAX = 1.15
"""A second quote above this multiple of the ceiling ends the talks."""

BOLD = 1.08
"""How much wider bold words are."""

ROW, TOP = 42.0, 62.0


def corridor(
    ceilings: Sequence[CeilingRow],
    *,
    ceiling: float | None,
    price: float,
    reach: float,
    unit: str,
    reader: Reader,
) -> Picture:
    """Draw every ceiling as a dot on one axis, the one that binds filled.

    Args:
        ceilings: One for each constraint.
        ceiling: What the policy makes of them.
        price: Under discussion.
        reach: The highest price shown.
        unit: Of the price.
        reader: Who reads: the language, and the currency of the model.
    """
    known = [row for row in ceilings if row.price is not None]
    rows = [
        *sorted(known, key=lambda row: row.price or 0),
        *(r for r in ceilings if r.price is None),
    ]
    across = Axis(0.0, reach, LEFT, RIGHT)
    bottom = TOP + ROW * len(rows) + 14
    marks: list[Mark] = []
    if ceiling is not None and ceiling >= 0:
        marks += _talks(ceiling, across, bottom, reader)
    for number, row in enumerate(rows):
        marks += _row(row, across, TOP + ROW * number, reader)
    marks += price_line(price, across, TOP, bottom, reader)
    marks += horizontal_axis(across, bottom, TOP, price_words(unit, reader))
    return Picture(
        name="corridor",
        title=_finding(known, ceiling).text(reader),
        description=_description(rows, ceiling).text(reader),
        height=bottom + 44,
        marks=marks,
        price_axis=across,
        top=TOP,
        bottom=bottom,
    )


def _talks(ceiling: float, across: Axis, bottom: float, reader: Reader) -> list[Mark]:
    """The ceiling and, above it, how far a second quote may be."""
    x, beyond = across.at(ceiling), across.at(ceiling * SECOND_QUOTE_MAX)
    own = f"{Said('上限', 'ceiling').text(reader)} {figure(ceiling, 2)}"
    quote = f"115%: {figure(ceiling * SECOND_QUOTE_MAX, 2)}"
    marks: list[Mark] = [
        Box(across.start, TOP - 8, x - across.start, bottom - TOP + 8, PALE),
        Line(x, TOP - 40, x, bottom, BRAND, 2),
    ]
    anchor, dx = beside(x, own)
    marks.append(Words(x, TOP - 30, own, anchor, dx, colour=BRAND, bold=True))
    if across.holds(ceiling * SECOND_QUOTE_MAX):
        anchor, dx = beside(beyond, quote)
        marks.append(Line(beyond, TOP - 22, beyond, bottom, INK, 1.5, "6 4"))
        marks.append(Words(beyond, TOP - 12, quote, anchor, dx))
    return marks


def _row(row: CeilingRow, across: Axis, y: float, reader: Reader) -> list[Mark]:
    name = row.name.text(reader)
    if row.price is None:
        words = f"{name}{Said('：', ': ').text(reader)}{Said('无上限价', 'none').text(reader)}"
        return [Words(LEFT, y + 15, shortened(words, LABEL, 300), colour=QUIET)]
    place = float(row.price)
    x = across.at(place)
    amount = figure(place, 2)
    beyond = "" if across.holds(place) else " →"
    bold = BOLD if row.binds else 1.0
    room = NARROWEST * (RIGHT - LEFT) / 100 / bold - text_width(f" {amount}{beyond}", LABEL)
    words = f"{shortened(name, LABEL, room)} {amount}{beyond}"
    anchor, dx = beside(x, words, LABEL * bold, gap=0)
    marks: list[Mark] = [
        Line(across.start, y + 28, across.end, y + 28, RULE),
        Line(across.start, y + 28, x, y + 28, MIDDLE, 2),
        Words(x, y + 17, words, anchor, dx, LABEL, BRAND if row.binds else INK, row.binds),
    ]
    if across.holds(place):
        fill = BRAND if row.binds else "#ffffff"
        marks.append(Dot(x, y + 28, 6, fill, BRAND if row.binds else PLAIN_GREY))
    return marks


def _finding(known: Sequence[CeilingRow], ceiling: float | None) -> Said:
    if ceiling is None or not known:
        return Said("没有价格上限", "There is no ceiling")
    prices = [float(row.price) for row in known if row.price is not None]
    low, high = figure(min(prices), 2), figure(max(prices), 2)
    return Said(
        f"{len(prices)} 项约束给出 {low} 至 {high} ¤，合成上限 {figure(ceiling, 2)} ¤",
        f"{len(prices)} constraints give {low} to {high} ¤; the ceiling is {figure(ceiling, 2)}",
    )


def _description(rows: Sequence[CeilingRow], ceiling: float | None) -> Said:
    zh = "；".join(f"{row.name.zh} {_amount(row, '无')}" for row in rows)
    en = "; ".join(f"{row.name.en} {_amount(row, 'none')}" for row in rows)
    if ceiling is None:
        return Said(f"{zh}。", f"{en}.")
    quote = figure(ceiling * SECOND_QUOTE_MAX, 2)
    return Said(
        f"{zh}。第二次报价高于 {quote} ¤（115%）的，谈判终止。",
        f"{en}. A second quote above {quote} ¤ (115 %) ends the talks.",
    )


def _amount(row: CeilingRow, none: str) -> str:
    return none if row.price is None else figure(float(row.price), 2)
