"""The charts that a model has something for, in the order in which they stand."""

from dataclasses import dataclass

from procurement.negotiations.outputs.chart_tables import (
    acceptability_table,
    heat_table,
    line_table,
    overrun_table,
    tornado_table,
)
from procurement.negotiations.outputs.charts import (
    Picture,
    acceptability,
    corridor,
    heat,
    overrun,
    plane,
    price_budget,
    price_ratio,
    price_reach,
    tornado,
)
from procurement.negotiations.outputs.charts.lettering import money_scale
from procurement.negotiations.outputs.figures import Dossier
from procurement.negotiations.outputs.said import Reader, Said
from procurement.negotiations.outputs.tables import Table


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with the table behind it, which may be missing where another shows the same."""

    picture: Picture
    table: Table | None = None


def charts_of(dossier: Dossier, *, reader: Reader) -> list[Chart]:
    """The charts that the model has something for, each with its table."""
    return [
        *_price_charts(dossier, reader),
        *_sensitivity_charts(dossier, reader),
        *_chance_charts(dossier, reader),
    ]


def _ceiling(dossier: Dossier) -> float | None:
    return None if dossier.ceiling is None else float(dossier.ceiling)


def reach_of(dossier: Dossier) -> float:
    """The highest price that charts show."""
    ceiling = _ceiling(dossier)
    prices = [None if row.price is None else float(row.price) for row in dossier.ceilings]
    beyond = None if ceiling is None else ceiling * 1.15 / 1.2
    return price_reach([*prices, dossier.price, ceiling, beyond], ceiling)


def _price_charts(dossier: Dossier, reader: Reader) -> list[Chart]:
    ceiling, reach, price = _ceiling(dossier), reach_of(dossier), dossier.price
    charts = []
    if dossier.ceilings:
        picture = corridor(
            dossier.ceilings,
            ceiling=ceiling,
            price=price,
            reach=reach,
            unit=dossier.unit,
            reader=reader,
        )
        charts.append(Chart(picture))
    years = [line for line in dossier.lines if not line.is_total]
    totals = [line for line in dossier.lines if line.is_total and line.cap is not None]
    for lines in filter(None, (years, totals)):
        picture = price_budget(
            lines,
            decided=dossier.decided,
            price=price,
            reach=reach,
            unit=dossier.unit,
            reader=reader,
        )
        charts.append(Chart(picture, line_table(dossier, reader) if lines is years else None))
    if dossier.ratios:
        picture = price_ratio(
            dossier.ratios,
            threshold=dossier.threshold,
            price=price,
            reach=reach,
            unit=dossier.unit,
            effect_unit=dossier.effect_unit,
            reader=reader,
        )
        charts.append(Chart(picture))
    if dossier.heat is not None:
        picture = heat(dossier.heat, effect_unit=dossier.effect_unit, reader=reader)
        charts.append(Chart(picture, heat_table(dossier, reader)))
    return charts


def _sensitivity_charts(dossier: Dossier, reader: Reader) -> list[Chart]:
    charts = []
    if dossier.ceiling_tornado is not None:
        result = Said("价格上限", "the ceiling")
        table = tornado_table(
            dossier.ceiling_tornado, name="ceiling-bars", title=result, reader=reader
        )
        unit = Said("价格上限（¤）", "ceiling, ¤")
        picture = tornado(
            dossier.ceiling_tornado,
            name="ceiling-tornado",
            result=result,
            scale=1.0,
            unit=unit,
            reader=reader,
        )
        charts.append(Chart(picture, table))
    if dossier.impact_tornado is not None:
        ends = [e for bar in dossier.impact_tornado.bars for e in (bar.at_low, bar.at_high)]
        scale = money_scale([end for end in ends if end is not None], reader)
        result = Said("各年合计的预算影响", "the impact of all years")
        table = tornado_table(
            dossier.impact_tornado, name="impact-bars", title=result, reader=reader
        )
        picture = tornado(
            dossier.impact_tornado,
            name="impact-tornado",
            result=result,
            scale=scale.divisor,
            unit=Said(f"预算影响（{scale.zh}）", f"impact, {scale.en}"),
            reader=reader,
        )
        charts.append(Chart(picture, table))
    return charts


def _chance_charts(dossier: Dossier, reader: Reader) -> list[Chart]:
    charts = []
    if dossier.overrun is not None:
        picture = overrun(
            dossier.overrun,
            ceiling=_ceiling(dossier),
            price=dossier.price,
            reach=reach_of(dossier),
            unit=dossier.unit,
            reader=reader,
        )
        charts.append(Chart(picture, overrun_table(dossier, reader)))
    if dossier.plane is not None:
        charts.append(Chart(plane(dossier.plane, effect_unit=dossier.effect_unit, reader=reader)))
    if dossier.acceptability is not None:
        picture = acceptability(
            dossier.acceptability, effect_unit=dossier.effect_unit, reader=reader
        )
        charts.append(Chart(picture, acceptability_table(dossier, reader)))
    return charts
