"""The dossier on paper: summary, tables, charts, assumptions and checklists, by Typst."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from procurement.negotiations.outputs.base_tables import base_tables, register_table
from procurement.negotiations.outputs.chart_list import Chart, charts_of
from procurement.negotiations.outputs.charts import draw_on_paper
from procurement.negotiations.outputs.charts.lettering import figure, yuan_and_cents
from procurement.negotiations.outputs.checklists import (
    CHEERS,
    ISPOR,
    SECTIONS,
    checklist_table,
)
from procurement.negotiations.outputs.figures import Dossier
from procurement.negotiations.outputs.said import Reader, Said
from procurement.negotiations.outputs.tables import NONE, Table
from procurement.rounds.document.pdf import fill_template

TEMPLATE = "negotiations/outputs/dossier.typ"
PDF = "application/pdf"

REGISTER_MAX = 400
"""Assumptions on paper; the workbook has all."""

CHECKLISTS = Said("7 核对清单", "7 Checklists")

_BY_SECTION = (
    ("ceilings", ("ceilings",), ("corridor", "heat")),
    ("budget", ("budget", "scenarios"), ("price-budget", "price-budget-total")),
    ("economics", ("strategies",), ("price-ratio",)),
    (
        "draws",
        ("uncertainty", "information"),
        ("ceiling-tornado", "impact-tornado", "overrun", "plane", "acceptability"),
    ),
)
"""Sections with the names of their tables and of their charts."""


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table on paper."""

    name: str
    title: str
    heads: Sequence[str]
    aligns: Sequence[str]
    rows: Sequence[Sequence[str]]
    strong: Sequence[int]
    note: str


@dataclass(frozen=True, slots=True)
class PrintedPicture:
    """A chart on paper."""

    title: str
    words: str
    svg: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the dossier."""

    heading: str
    paragraphs: Sequence[str]
    tables: Sequence[PrintedTable]
    pictures: Sequence[PrintedPicture]


@dataclass(frozen=True, slots=True)
class Paper:
    """All that is printed; every text is ready to be read."""

    title: str
    subtitle: str
    lang: str
    region: str
    imprint: str
    facts: Sequence[tuple[str, str]]
    facts_heading: str
    sections: Sequence[Section]


def print_dossier(dossier: Dossier, *, language: str, moment: datetime) -> bytes:
    """Print a dossier as PDF; equal dossiers give equal bytes on one machine.

    Args:
        dossier: The figures of a run.
        language: ``zh`` or ``en``.
        moment: Stands in the file's properties.

    Raises:
        FontsMissingError: The machine lacks the Chinese fonts.
    """
    paper = written_dossier(dossier, language=language)
    return fill_template(TEMPLATE, inputs={"paper": asdict(paper)}, moment=moment)


def written_dossier(dossier: Dossier, *, language: str) -> Paper:
    """Write a dossier in one language."""
    reader = Reader(language, dossier.money)
    return Paper(
        title=dossier.title,
        subtitle=Said("价格上限测算报告", "Report on the price ceiling").text(reader),
        lang=language,
        region="GB" if reader.is_english else "CN",
        imprint=Said(
            f"模型摘要 {dossier.model_hash[:16]}", f"model {dossier.model_hash[:16]}"
        ).text(reader),
        facts=list(_facts(dossier, reader)),
        facts_heading=SECTIONS["summary"].text(reader),
        sections=[*_sections(dossier, reader), *_last_sections(dossier, reader)],
    )


def _facts(dossier: Dossier, reader: Reader) -> Iterator[tuple[str, str]]:
    """Label and value of the summary."""
    ceiling, binding = dossier.ceiling, dossier.binding
    money = dossier.money
    per = Said(f"¤/{dossier.unit}", f"¤ per {dossier.unit}") if dossier.unit else Said("¤", "¤")
    unit = per.text(reader)
    facts: tuple[tuple[Said, Said | str], ...] = (
        (Said("谈判药品", "negotiated drug"), dossier.drug),
        (
            Said("讨论价", "price under discussion"),
            f"{yuan_and_cents(dossier.price)} {unit}",
        ),
        (
            Said("价格上限", "ceiling"),
            NONE if ceiling is None else f"{figure(float(ceiling), 2)} {unit}",
        ),
        (Said("起约束作用", "what binds"), NONE if binding is None else binding.name),
        (Said("合成方法", "how ceilings were combined"), dossier.policy),
        (Said("研究角度", "perspective"), Said("医保基金，患者另列", "the fund; patients apart")),
        (Said("币种", "currency"), money),
        (Said("模型摘要（SHA-256）", "model hash (SHA-256)"), dossier.model_hash),
        (Said("抽样次数和种子", "draws and seed"), f"{dossier.draws} / {dossier.seed}"),
    )
    for name, value in facts:
        yield name.text(reader), value if isinstance(value, str) else value.text(reader)
    for note in dossier.notes:
        yield Said("说明", "note").text(reader), note.text(reader)


def _sections(dossier: Dossier, reader: Reader) -> Iterator[Section]:
    """The sections with figures; one without any says so."""
    tables = {table.name: table for table in base_tables(dossier, reader)}
    charts = {chart.picture.name: chart for chart in charts_of(dossier, reader=reader)}
    for key, own_tables, own_charts in _BY_SECTION:
        shown = [charts[name] for name in own_charts if name in charts]
        printed = [_table(tables[name]) for name in own_tables if name in tables]
        printed += [_table(chart.table) for chart in shown if chart.table is not None]
        nothing = Said("模型没有这一部分。", "The model has no such part.")
        yield Section(
            heading=SECTIONS[key].text(reader),
            paragraphs=[] if printed or shown else [nothing.text(reader)],
            tables=printed,
            pictures=[_picture(chart, reader) for chart in shown],
        )


def _last_sections(dossier: Dossier, reader: Reader) -> Iterator[Section]:
    register = register_table(dossier, reader, REGISTER_MAX)
    yield Section(SECTIONS["register"].text(reader), [], [_table(register, title="")], [])
    words = Said(
        "条目为本平台的简述；“未报告”指本报告没有回答该条目。",
        "The items are in our own short words; 'not reported': this dossier has no answer.",
    )
    lists = [
        checklist_table(CHEERS, Said("CHEERS 2022", "CHEERS 2022"), dossier, reader),
        checklist_table(
            ISPOR, Said("ISPOR 预算影响分析 2014", "ISPOR budget impact 2014"), dossier, reader
        ),
    ]
    yield Section(CHECKLISTS.text(reader), [words.text(reader)], [_table(one) for one in lists], [])


def _table(table: Table, title: str | None = None) -> PrintedTable:
    return PrintedTable(
        name=table.name,
        title=title if title is not None else table.title,
        heads=[f"{one.label}\n{one.unit}" if one.unit else one.label for one in table.columns],
        aligns=["right" if one.is_number else "left" for one in table.columns],
        rows=table.rows,
        strong=sorted(table.strong),
        note=table.note,
    )


def _picture(chart: Chart, reader: Reader) -> PrintedPicture:
    picture = chart.picture
    svg = draw_on_paper(picture, language=reader.language)
    return PrintedPicture(picture.title, picture.description, svg)
