"""The tables behind the charts."""

from procurement.negotiations.outputs.charts.curves import value_at
from procurement.negotiations.outputs.charts.lettering import brief, figure, money_scale
from procurement.negotiations.outputs.figures import Dossier, Tornado
from procurement.negotiations.outputs.said import Reader, Said
from procurement.negotiations.outputs.tables import MONEY, NONE, Table, column

POINTS = 11
"""Rows of a table behind a curve."""


def line_table(dossier: Dossier, reader: Reader) -> Table:
    """The pieces of the price–budget lines: impact at a price of 0, what a yuan adds, the cap."""
    amounts = [one for line in dossier.lines for one in (line.at_zero, line.cap or 0.0)]
    scale = money_scale(amounts, reader)
    unit = scale.unit(reader)
    columns = (
        column(reader, Said("期间", "period"), is_number=False),
        column(reader, Said("零价时的影响", "impact at a price of 0"), unit),
        column(reader, Said("价格每增 1 ¤增加", "one ¤ of price adds"), MONEY),
        column(reader, Said("上限", "cap"), unit),
        column(reader, Said("达到上限的价格", "price at the cap"), MONEY),
    )
    rows = [
        (
            line.name.text(reader),
            figure(line.at_zero / scale.divisor, 2),
            figure(line.slope, 2),
            NONE if line.cap is None else figure(line.cap / scale.divisor, 2),
            NONE
            if line.cap is None or line.slope <= 0
            else figure((line.cap - line.at_zero) / line.slope, 2),
        )
        for line in dossier.lines
    ]
    strong = frozenset(number for number, line in enumerate(dossier.lines) if line.binds)
    title = Said("价格与预算影响", "Price and impact").text(reader)
    return Table("lines", title, columns, rows, strong)


def tornado_table(analysis: Tornado, *, name: str, title: Said, reader: Reader) -> Table:
    """The ends of every bar."""
    columns = (
        column(reader, Said("输入", "input"), is_number=False),
        column(reader, Said("低值", "low")),
        column(reader, Said("高值", "high")),
        column(reader, Said("取低值时", "result at low"), MONEY),
        column(reader, Said("取高值时", "result at high"), MONEY),
    )
    rows = [
        (
            bar.path,
            brief(bar.low_input, 6),
            brief(bar.high_input, 6),
            NONE if bar.at_low is None else figure(bar.at_low, 2),
            NONE if bar.at_high is None else figure(bar.at_high, 2),
        )
        for bar in sorted(analysis.bars, key=lambda bar: -bar.span)
    ]
    return Table(name, title.text(reader), columns, rows)


def acceptability_table(dossier: Dossier, reader: Reader) -> Table | None:
    """Probabilities, expected losses and the value of information at some thresholds."""
    curves = dossier.acceptability
    if curves is None:
        return None
    names = [name for name, _ in curves.curves]
    percent = "%"
    each = Said("¤/人", "¤ a patient")
    columns = [
        column(reader, Said("阈值", "threshold"), MONEY),
        *(column(reader, name, percent) for name in names),
        column(reader, "CEAF", percent),
        *(column(reader, Said(f"{n} 期望损失", f"expected loss, {n}"), each) for n in names),
        column(reader, "EVPI", each),
    ]
    rows = [
        [
            figure(curves.thresholds[n], 0),
            *(figure(100 * own[n], 1) for _, own in curves.curves),
            figure(100 * curves.frontier[n], 1),
            *(figure(own[n], 2) for _, own in curves.expected_loss),
            figure(curves.information_value[n], 2),
        ]
        for n in _some(len(curves.thresholds))
    ]
    title = Said(
        "可接受概率、期望损失和完全信息价值", "Acceptability, expected loss, value of information"
    )
    return Table("acceptability", title.text(reader), columns, rows)


def overrun_table(dossier: Dossier, reader: Reader) -> Table | None:
    """The probability of an overrun at some prices."""
    curves = dossier.overrun
    if curves is None:
        return None
    columns = [
        column(reader, Said("价格", "price"), MONEY),
        *(column(reader, name, "%") for name, _ in curves.curves),
    ]
    prices = [curves.prices[n] for n in _some(len(curves.prices))]
    rows = [
        [
            figure(price, 2),
            *(figure(100 * value_at(curves.prices, own, price), 1) for _, own in curves.curves),
        ]
        for price in prices
    ]
    return Table(
        "overrun", Said("超支概率", "Probability of an overrun").text(reader), columns, rows
    )


def heat_table(dossier: Dossier, reader: Reader) -> Table | None:
    """The cells of the heat map."""
    cells = dossier.heat
    if cells is None:
        return None
    scale = money_scale(cells.caps, reader)
    heads = (
        [f"×{brief(cap, 3)}" for cap in cells.caps]
        if cells.is_relative
        else [f"{brief(cap / scale.divisor, 4)} {scale.unit(reader)}" for cap in cells.caps]
    )
    columns = [
        column(reader, Said("阈值 \\ 每年上限", "threshold \\ cap"), is_number=False),
        *(column(reader, head, MONEY) for head in heads),
    ]
    rows = [
        [figure(threshold, 0), *(NONE if p is None else figure(p, 2) for p in prices)]
        for threshold, prices in zip(cells.thresholds, cells.prices, strict=True)
    ]
    title = Said("上限和阈值与价格上限", "Ceiling by cap and threshold").text(reader)
    return Table("heat", title, columns, rows)


def _some(count: int) -> list[int]:
    """About ``POINTS`` numbers from the first to the last.

    Examples:
        >>> _some(5), len(_some(101))
        ([0, 1, 2, 3, 4], 11)
    """
    if count <= POINTS:
        return list(range(count))
    return sorted({round(step * (count - 1) / (POINTS - 1)) for step in range(POINTS)})
