"""The quarterly report as PDF: findings with their charts, tables, formulas and sources."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from procurement.monitoring.report.figures import figures_of
from procurement.monitoring.report.tables_of import TableOf, tables_of
from procurement.monitoring.report.wording import FORMULAS, heading_of
from procurement.rounds.document.pdf import fill_template

TEMPLATE = "monitoring/report.typ"
LANGUAGES = ("zh", "en")
WIDTH = "640"
"""Of a chart on paper, in pixels; typst scales it to the column."""

Json = Mapping[str, Any]


def print_report(content: Json, *, digest: str, language: str, moment: datetime) -> bytes:
    """Print a report: equal content gives equal bytes on one machine.

    Args:
        content: Of the report.
        digest: Of the content.
        language: ``zh`` or ``en``.
        moment: Stands in the file's properties.

    Raises:
        FontsMissingError: The machine lacks the Chinese fonts.
    """
    return fill_template(
        TEMPLATE, inputs={"form": printed_form(content, digest, language)}, moment=moment
    )


def printed_form(content: Json, digest: str, language: str) -> dict[str, object]:
    """Return what the template prints, every text ready to be read."""

    def text(zh: str, en: str) -> str:
        return en if language == "en" else zh

    figures = figures_of(content, language=language, width=WIDTH)
    tables = tables_of(content, language=language)
    return {
        "title": content["title"][language],
        "subtitle": content["bureau"],
        "lang": language,
        "region": "GB" if language == "en" else "CN",
        "imprint": f"{content['quarter']} · SHA-256 {digest[:16]}",
        "digest": digest,
        "digest_label": text("内容摘要（SHA-256）", "Digest of the content (SHA-256)"),
        "measures_heading": text("主要措施", "Measures"),
        "measures": content["measures"][language],
        "formulas_heading": text("计算方法", "How it is computed"),
        "formulas": [text(*one) for one in FORMULAS],
        "sections": [
            {
                "heading": heading_of(part, language),
                "finding": content[part]["finding"][language]
                if "finding" in content.get(part, {})
                else "",
                "figure": figures.get(part, ""),
                "tables": [_table(one) for one in some],
            }
            for part, some in tables.items()
        ],
    }


def _table(one: TableOf) -> dict[str, object]:
    return {
        "caption": one.caption,
        "headings": list(one.headings),
        "numbers": [one.is_number(place) for place in range(len(one.headings))],
        "rows": [list(row) for row in one.rows],
        "note": one.note,
    }
