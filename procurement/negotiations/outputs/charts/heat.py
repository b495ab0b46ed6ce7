"""The ceiling for other caps and thresholds, as a map of cells."""

from procurement.negotiations.outputs.charts.lettering import brief, money_scale
from procurement.negotiations.outputs.charts.marks import (
    AMBER,
    INK,
    LABEL,
    QUIET,
    RIGHT,
    Box,
    Line,
    Mark,
    Picture,
    Words,
)
from procurement.negotiations.outputs.figures import HeatMap
from procurement.negotiations.outputs.said import Reader, Said

TOP, ROW = 74.0, 46.0
_LEFT = 18.0
_RAMP = ("#f3f6f7", "#dbe9ed", "#bdd7de", "#93bcc8", "#5f97a7", "#2f6f82", "#0b4a5b")
_LIGHT_FROM = 4
"""Colours of the ramp from which words in a cell are white."""


def heat(cells: HeatMap, *, effect_unit: str, reader: Reader) -> Picture:
    """Draw the ceiling for caps (across) and thresholds (upwards).

    Args:
        cells: The ceilings.
        effect_unit: What an effect is.
        reader: Who reads: the language, and the currency of the model.
    """
    known = [price for row in cells.prices for price in row if price is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    width = (RIGHT - _LEFT) / len(cells.caps)
    bottom = TOP + ROW * len(cells.thresholds)
    marks: list[Mark] = []
    for up, row in enumerate(cells.prices):
        y = bottom - ROW * (up + 1)
        for over, price in enumerate(row):
            x = _LEFT + width * over
            level = _level(price, low, high)
            marks.append(Box(x, y, width - 0.4, ROW - 1.5, _RAMP[level], ""))
            budget = cells.budget_binds[up][over]
            marks += _cell_words(x + width / 2, y, price, level, budget, reader)
        marks.append(Words(_LEFT - 1, y + 27, brief(cells.thresholds[up], 3), "end", colour=QUIET))
    marks += _caps(cells, width, bottom, reader)
    marks += _own(cells, width, bottom)
    marks += _legend(effect_unit, reader)
    return Picture(
        name="heat",
        title=_finding(cells).text(reader),
        description=_description(cells, low, high).text(reader),
        height=bottom + 48,
        marks=marks,
    )


def _legend(effect_unit: str, reader: Reader) -> list[Mark]:
    per = Said(f"¤/{effect_unit or '效果单位'}", f"¤ per {effect_unit or 'unit'}")
    words = (
        Said("格内：价格上限（¤）", "In a cell: the ceiling in ¤;"),
        Said("预＝预算起约束作用，经＝经济性起约束作用", "B: the budget binds, E: the economics"),
        Said(f"阈值（{per.zh}）", f"threshold, {per.en}"),
    )
    return [
        Words(2, TOP - 56 + 20 * number, line.text(reader), colour=QUIET)
        for number, line in enumerate(words)
    ]


def _level(price: float | None, low: float, high: float) -> int:
    if price is None or high <= low:
        return 0
    return round((len(_RAMP) - 1) * (price - low) / (high - low))


def _cell_words(
    x: float, y: float, price: float | None, level: int, budget: bool, reader: Reader
) -> list[Mark]:
    tone = "#ffffff" if level >= _LIGHT_FROM else INK
    if price is None:
        return [Words(x, y + 27, "—", "middle", colour=INK)]
    which = Said("预", "B") if budget else Said("经", "E")
    return [
        Words(x, y + 20, brief(price, 4), "middle", 0, LABEL - 1, tone, bare=True),
        Words(x, y + 36, which.text(reader), "middle", 0, 11, tone, bare=True),
    ]


def _caps(cells: HeatMap, width: float, bottom: float, reader: Reader) -> list[Mark]:
    scale = money_scale(cells.caps, reader)
    if cells.is_relative:
        texts = [f"×{brief(cap, 3)}" for cap in cells.caps]
        words = Said("各年上限的倍数", "multiples of the caps of the years")
    else:
        texts = [brief(cap / scale.divisor, 3) for cap in cells.caps]
        words = Said(f"每年上限（{scale.zh}）", f"cap of a year, {scale.en}")
    marks: list[Mark] = [
        Words(_LEFT + width * (over + 0.5), bottom + 16, text, "middle", colour=QUIET)
        for over, text in enumerate(texts)
    ]
    return [*marks, Words(RIGHT, bottom + 36, words.text(reader), "end", colour=QUIET)]


def _own(cells: HeatMap, width: float, bottom: float) -> list[Mark]:
    """A frame around the cell of the model's own cap and threshold."""
    if cells.cap not in cells.caps or cells.threshold not in cells.thresholds:
        return []
    over, up = list(cells.caps).index(cells.cap), list(cells.thresholds).index(cells.threshold)
    x1, x2 = _LEFT + width * over, _LEFT + width * (over + 1) - 0.4
    y1, y2 = bottom - ROW * (up + 1), bottom - ROW * up - 1.5
    edges = ((x1, y1, x2, y1), (x1, y2, x2, y2), (x1, y1, x1, y2), (x2, y1, x2, y2))
    return [Line(*edge, AMBER, 2.5) for edge in edges]


def _finding(cells: HeatMap) -> Said:
    budget = sum(sum(row) for row in cells.budget_binds)
    whole = sum(price is not None for row in cells.prices for price in row)
    return Said(
        f"在 {whole} 种上限和阈值的组合中，{budget} 种由预算起约束作用",
        f"The budget binds in {budget} of {whole} combinations of cap and threshold",
    )


def _description(cells: HeatMap, low: float, high: float) -> Said:
    return Said(
        f"价格上限由 {brief(low, 6)} 到 {brief(high, 6)} ¤；加框的是本模型的上限和阈值。",
        f"Ceilings from {brief(low, 6)} to {brief(high, 6)} ¤; the framed cell is the model's own.",
    )
