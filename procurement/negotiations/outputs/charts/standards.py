"""The payment standard over the years, from renewal to renewal."""

from collections.abc import Sequence

from procurement.negotiations.outputs.charts.axes import Axis, axis_over
from procurement.negotiations.outputs.charts.lettering import figure, yuan_and_cents
from procurement.negotiations.outputs.charts.marks import (
    AMBER,
    BRAND,
    LEFT,
    MIDDLE,
    RIGHT,
    Line,
    Mark,
    Picture,
    Words,
    horizontal_axis,
    vertical_axis,
)
from procurement.negotiations.outputs.said import Reader, Said

TOP, BOTTOM, HEIGHT = 44.0, 250.0, 294.0
_WHOLE_FROM = 10_000
"""From this amount on cents are left out of the picture; the table has them."""

Span = tuple[float, float, float]
"""First year, last year, standard."""


def standards_line(
    price: float, changes: Sequence[tuple[int, float | None]], *, years: int, reader: Reader
) -> Picture:
    """Draw the standard by year.

    Args:
        price: At the start.
        changes: Years since the start and the standard from then on; None where a renegotiation
            leaves it open, which ends the line.
        years: That the forecast covers.
        reader: Who reads.

    Examples:
        >>> picture = standards_line(160, [(2, 152.0), (4, None)], years=4, reader=Reader("en"))
        >>> picture.title
        'After 2 years the standard is 152 yuan, 5.0% below the start; then it is open'
    """
    last = changes[-1][0] if changes else years
    spans = _spans(price, changes, years)
    # The last standard holds beyond the forecast: it is given room to be seen.
    across = Axis(0.0, max(last, years) + 1.0, LEFT, RIGHT)
    up = axis_over([standard for _, _, standard in spans], start=BOTTOM, end=TOP)
    marks: list[Mark] = vertical_axis(up, LEFT, RIGHT, Said("支付标准（元）", "yuan").text(reader))
    for number, (start, end, standard) in enumerate(spans):
        y = up.at(standard)
        if number:
            marks.append(
                Line(across.at(start), up.at(spans[number - 1][2]), across.at(start), y, MIDDLE)
            )
        marks.append(Line(across.at(start), y, across.at(end), y, BRAND, 3))
        middle = (across.at(start) + across.at(end)) / 2
        marks.append(Words(middle, y - 7, _short(standard), "middle", colour=BRAND, bold=True))
    if changes and changes[-1][1] is None:
        x = across.at(last)
        label = Said("重新谈判", "renegotiation").text(reader)
        marks += [
            Line(x, TOP, x, BOTTOM, AMBER, 1.5, "6 4"),
            Words(x, BOTTOM - 8, label, "end", -6, colour=AMBER),
        ]
    words = Said("起始后的年数", "years since the start").text(reader)
    return Picture(
        name="standards",
        title=_finding(price, changes).text(reader),
        description=_words(price, changes).text(reader),
        height=HEIGHT,
        marks=[*marks, *horizontal_axis(across, BOTTOM, TOP, words)],
    )


def _spans(price: float, changes: Sequence[tuple[int, float | None]], years: int) -> list[Span]:
    """The stretches in which the standard stays the same agreement."""
    spans: list[Span] = []
    start, standard = 0.0, price
    for year, following in changes:
        spans.append((start, float(year), standard))
        if following is None:
            return spans
        start, standard = float(year), following
    spans.append((start, max(float(years), start) + 1.0, standard))
    return spans


def _short(standard: float) -> str:
    return figure(standard) if standard >= _WHOLE_FROM else yuan_and_cents(standard)


def _finding(price: float, changes: Sequence[tuple[int, float | None]]) -> Said:
    known = [(year, standard) for year, standard in changes if standard is not None]
    is_open = bool(changes) and changes[-1][1] is None
    if not known:
        return Said(
            "首次到期即须重新谈判，此后的支付标准未知",
            "The first renewal is a renegotiation: the standard is open from then on",
        )
    year, standard = known[-1]
    part = figure(100 * (1 - standard / price), 1)
    zh = f"{year} 年后支付标准为 {_short(standard)} ¤，比起始低 {part}%"
    en = f"After {year} years the standard is {_short(standard)} ¤, {part}% below the start"
    return Said(
        zh + "；此后须重新谈判" if is_open else zh, en + "; then it is open" if is_open else en
    )


def _words(price: float, changes: Sequence[tuple[int, float | None]]) -> Said:
    zh, en = [f"起始 {yuan_and_cents(price)} ¤"], [f"at the start {yuan_and_cents(price)} ¤"]
    for year, standard in changes:
        zh.append(
            f"满 {year} 年 " + ("重新谈判" if standard is None else f"{yuan_and_cents(standard)} ¤")
        )
        en.append(
            f"after {year} years "
            + ("renegotiated" if standard is None else f"{yuan_and_cents(standard)} ¤")
        )
    return Said("支付标准：" + "；".join(zh) + "。", "The standard: " + "; ".join(en) + ".")
