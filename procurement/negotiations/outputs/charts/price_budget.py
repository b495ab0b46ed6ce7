"""The fund's impact by price, a line for each year, with the caps and the prices that keep them."""

import math
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from procurement.negotiations.outputs.charts.axes import NARROWEST, Axis, axis_over
from procurement.negotiations.outputs.charts.lettering import (
    Scale,
    brief,
    figure,
    money_scale,
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
    PALE,
    QUIET,
    RIGHT,
    Box,
    Dot,
    Line,
    Mark,
    Picture,
    Words,
    beside,
    horizontal_axis,
    spread,
    vertical_axis,
)
from procurement.negotiations.outputs.figures import Decided, PriceLine
from procurement.negotiations.outputs.said import Reader, Said

TOP, BOTTOM, HEIGHT = 64.0, 330.0, 374.0


def price_reach(prices: Iterable[float | None], ceiling: float | None) -> float:
    """The highest price that a picture shows: a little more than what is talked about.

    A ceiling that is many times the lowest one would press all the others to the left; it is left
    out, and the text names it.

    Examples:
        >>> price_reach([28_800.0, 1e9, None], 24_480.0)
        36000.0
    """
    known = [price for price in prices if price is not None and price > 0]
    near = [price for price in known if ceiling is None or ceiling <= 0 or price <= 3 * ceiling]
    return (max(near, default=max(known, default=1.0))) * 1.25


def price_budget(
    lines: Sequence[PriceLine],
    *,
    decided: Decided,
    price: float,
    reach: float,
    unit: str,
    reader: Reader,
) -> Picture:
    """Draw what the fund pays more by price, for each year or for all of them together.

    Args:
        lines: One for each year; or one for all years together.
        decided: What all constraints together allow.
        price: Under discussion.
        reach: The highest price shown.
        unit: Of the price.
        reader: Who reads: the language, and the currency of the model.
    """
    ends = [line.at(at) for line in lines for at in (0.0, reach)]
    caps = [line.cap for line in lines if line.cap is not None]
    scale = money_scale(ends + caps, reader)
    right = _right_end(lines, reader)
    across = Axis(0.0, reach, LEFT, right)
    up = axis_over([value / scale.divisor for value in ends + caps], start=BOTTOM, end=TOP)
    is_total = lines[0].is_total
    money = Said(f"基金预算影响（{scale.zh}/年）", f"impact on the fund, {scale.en} a year")
    if is_total:
        money = Said(f"各年合计影响（{scale.zh}）", f"impact of all years, {scale.en}")
    marks = [
        *feasible(reach if decided.is_unlimited else decided.ceiling, across, TOP, BOTTOM),
        *vertical_axis(up, LEFT, right, money.text(reader)),
        *_caps(lines, across, up, scale, reader),
        *_lines(lines, across, up, scale, reader),
        *ceiling_line(decided.ceiling, across, TOP, BOTTOM, reader),
        *price_line(price, across, TOP, BOTTOM, reader),
        *horizontal_axis(across, BOTTOM, TOP, price_words(unit, reader)),
    ]
    return Picture(
        name="price-budget-total" if is_total else "price-budget",
        title=(_total_finding(lines[0]) if is_total else finding_of(decided)).text(reader),
        description=_description(lines, decided, price, scale, reader),
        height=HEIGHT,
        marks=marks,
        price_axis=across,
        top=TOP,
        bottom=BOTTOM,
    )


def price_words(unit: str, reader: Reader) -> str:
    """What a horizontal axis of prices shows."""
    if not unit:
        return Said("价格（¤）", "price, ¤").text(reader)
    return Said(f"价格（¤/{unit}）", f"price, ¤ per {unit}").text(reader)


def feasible(ceiling: float | None, across: Axis, top: float, bottom: float) -> list[Mark]:
    """The prices up to the ceiling, shaded."""
    if ceiling is None or ceiling < 0:
        return []
    x = across.at(ceiling)
    return [Box(across.start, top, x - across.start, bottom - top, PALE)]


def ceiling_line(
    ceiling: float | None, across: Axis, top: float, bottom: float, reader: Reader
) -> list[Mark]:
    """A line at the ceiling, with its price above it."""
    if ceiling is None or not across.holds(ceiling):
        return []
    x = across.at(ceiling)
    words = f"{Said('上限', 'ceiling').text(reader)} {yuan_and_cents(ceiling)}"
    anchor, dx = beside(x, words)
    return [
        Line(x, top - 4, x, bottom, BRAND, 2),
        Words(x, top - 37, words, anchor, dx, colour=BRAND, bold=True),
        Line(x, top - 47, x, top - 4, BRAND, 2),
    ]


def price_line(price: float, across: Axis, top: float, bottom: float, reader: Reader) -> list[Mark]:
    """A line at the price under discussion."""
    if not across.holds(price):
        return []
    x = across.at(price)
    words = f"{Said('讨论价', 'discussed').text(reader)} {yuan_and_cents(price)}"
    anchor, dx = beside(x, words)
    return [
        Line(x, top - 4, x, bottom, AMBER, 1.5, "2 3"),
        Words(x, bottom - 8, words, anchor, dx, colour=AMBER),
    ]


def _right_end(lines: Sequence[PriceLine], reader: Reader) -> float:
    """Where the plot ends, so that the lines' names stand beside it on the narrowest screen."""
    widest = max(text_width(line.name.text(reader), NOTE) for line in lines)
    return RIGHT - 100 * (widest + 8) / NARROWEST


def _caps(
    lines: Sequence[PriceLine], across: Axis, up: Axis, scale: Scale, reader: Reader
) -> list[Mark]:
    marks: list[Mark] = []
    for cap, own in groupby(
        sorted((one for one in lines if one.cap is not None), key=lambda one: one.cap or 0.0),
        key=lambda one: one.cap or 0.0,
    ):
        y = up.at(cap / scale.divisor)
        names = [line.name.text(reader) for line in own]
        few = names if len(names) < len(lines) else []
        amount = f"{brief(cap / scale.divisor)} {scale.unit(reader)}"
        words = Said(f"{'、'.join(few)}上限 {amount}", f"cap {', '.join([*few, amount])}")
        marks.append(Line(across.start, y, across.end, y, INK, 1.5, "6 4"))
        marks.append(Words(across.end, y - 6, words.text(reader), "end", -4, colour=INK))
    return marks


def _lines(
    lines: Sequence[PriceLine], across: Axis, up: Axis, scale: Scale, reader: Reader
) -> list[Mark]:
    marks: list[Mark] = []
    ends = [up.at(line.at(across.high) / scale.divisor) for line in lines]
    labels = spread([end + 4 for end in ends], 15, TOP, BOTTOM)
    # What binds is painted last, above the others.
    for number in sorted(range(len(lines)), key=lambda one: lines[one].binds):
        line = lines[number]
        colour = BRAND if line.binds else MIDDLE
        places = [
            (across.at(price), up.at(line.at(price) / scale.divisor))
            for price in _prices(line, across)
        ]
        marks += [
            Line(x1, y1, x2, y2, colour, 3 if line.binds else 1.75)
            for (x1, y1), (x2, y2) in pairwise(places)
        ]
        if line.cap is not None and line.is_affine and line.slope > 0:
            crossing = (line.cap - line.at_zero) / line.slope
            if across.holds(crossing):
                y = up.at(line.cap / scale.divisor)
                marks.append(Dot(across.at(crossing), y, 4.5, colour, "#ffffff"))
        name = line.name.text(reader)
        tone = BRAND if line.binds else QUIET
        marks.append(
            Words(across.end, labels[number], name, "start", 6, NOTE, tone, bold=line.binds)
        )
    return marks


def _prices(line: PriceLine, across: Axis) -> list[float]:
    """Prices between which a line is straight."""
    inner = [price for price, _ in line.points if across.low < price < across.high]
    return [across.low, *inner, across.high]


def finding_of(decided: Decided) -> Said:
    """What all constraints together allow, in one sentence.

    Examples:
        >>> finding_of(Decided(None, is_unlimited=True)).en
        'No constraint limits the price'
    """
    if decided.is_unlimited:
        return Said("没有约束限制价格", "No constraint limits the price")
    if decided.ceiling is None:
        return decided.why or Said("没有价格能满足全部约束", "No price keeps all constraints")
    price, binding = figure(decided.ceiling, 2), decided.binding
    zh, en = f"价格不高于 {price} ¤时各项约束均满足", f"All constraints hold up to {price} ¤"
    if binding is not None:
        zh += f"，起约束作用的是{binding.name.zh}"
        en += f"; what binds is: {binding.name.en}"
    return Said(zh, en)


def _total_finding(line: PriceLine) -> Said:
    """At which price all years together reach their cap."""
    if line.cap is None or not line.is_affine or line.slope <= 0:
        return Said("各年合计影响与价格", "Impact of all years by price")
    # Down to the cent, as every ceiling is.
    price = figure(math.floor(100 * (line.cap - line.at_zero) / line.slope + 1e-6) / 100, 2)
    return Said(f"各年合计影响在 {price} ¤时达到上限", f"All years reach their cap at {price} ¤")


def _description(
    lines: Sequence[PriceLine],
    decided: Decided,
    price: float,
    scale: Scale,
    reader: Reader,
) -> str:
    unit = scale.unit(reader)
    parts = []
    for line in lines:
        here = brief(line.at(price) / scale.divisor)
        zh = f"{line.name.zh}在讨论价下 {here} {unit}"
        en = f"{line.name.en}: {here} {unit} at the price under discussion"
        if line.cap is not None:
            cap = brief(line.cap / scale.divisor)
            zh, en = f"{zh}，上限 {cap} {unit}", f"{en}, cap {cap} {unit}"
        parts.append(Said(zh, en).text(reader))
    end = finding_of(decided)
    between, stop = ("; ", ". ") if reader.is_english else ("；", "。")
    return between.join(parts) + stop + end.text(reader)
