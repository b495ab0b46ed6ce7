"""Which charts a report has, and what they are drawn from."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from procurement.monitoring.report.charts import (
    Bar,
    Span,
    bar_chart,
    index_chart,
    span_chart,
)

Json = Mapping[str, Any]


def figures_of(content: Json, *, language: str, width: str = "100%") -> dict[str, str]:
    """Return the charts of a report as SVG, by the part that they belong to.

    A chart of which there is nothing to draw is empty.

    Args:
        content: Of the report.
        language: ``zh`` or ``en``.
        width: ``100%`` on a page, pixels on paper.
    """
    how = {"language": language, "width": width}

    def title(part: str) -> str:
        return str(content[part]["finding"][language])

    return {
        "index": index_chart(content["index"], title=title("index"), **how),
        "movers": bar_chart(_movers(content["movers"]), title=title("movers"), **how),
        "gaps": span_chart(_gaps(content["gaps"]), title=title("gaps"), **how),
        "delivery": bar_chart(_rates(content["delivery"]), title=title("delivery"), **how),
        "progress": bar_chart(_progress(content["progress"]), title=title("progress"), **how),
        "survey": bar_chart(_short(content["survey"]), title=title("survey"), **how),
    }


def _name(row: Json) -> str:
    return f"{row['drug']} {row['strength']}"


def _movers(movers: Json) -> list[Bar]:
    return [
        Bar(_name(row), f"{_signed(row['change'])}%", Decimal(row["change"]))
        for row in (*movers["up"], *movers["down"])
    ]


def _signed(text: str) -> str:
    return text.replace("-", "−") if text.startswith("-") else f"+{text}"


def _gaps(gaps: Json) -> list[Span]:
    return [
        Span(
            _name(row),
            f"{_short_yuan(row['lowest'])}–{_short_yuan(row['highest'])}",
            *(Decimal(row[name]) for name in ("lowest", "mode", "highest")),
        )
        for row in gaps["rows"]
    ]


def _short_yuan(text: str) -> str:
    return f"{Decimal(text).normalize():f}"


def _rates(delivery: Json) -> list[Bar]:
    return [
        Bar(row["name"], f"{row['rate']}%", Decimal(row["rate"]))
        for row in delivery["makers"]
        if row["rate"] is not None
    ]


def _progress(progress: Json) -> list[Bar]:
    return [
        Bar(
            f"{row['round']} · {row['term']}",
            f"{row['completion']}%",
            Decimal(row["completion"]),
            Decimal(row["target"]),
        )
        for row in progress["rows"]
        if row["completion"] is not None
    ]


def _short(survey: Json) -> list[Bar]:
    return [Bar(row["drug"], f"{row['share']}%", Decimal(row["share"])) for row in survey["drugs"]]
