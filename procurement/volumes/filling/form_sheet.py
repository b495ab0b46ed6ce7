"""The Excel form that a hospital downloads, fills in and uploads again."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from procurement.files import new_workbook
from procurement.volumes.filling.columns import (
    BRAND,
    DEMAND,
    KIND,
    LOT,
    OTHER_QUANTITY,
    OTHER_STRENGTH,
    RATIO,
    RATIO_WHY,
    REASON,
    STRENGTH,
    WHY,
    Column,
)
from procurement.volumes.filling.grid import Grid, GridLine, GridProduct
from procurement.volumes.reasons import REASON_BY_CODE, REASONS
from procurement.volumes.strengths import CONVERSION_NAMES, ConversionKind

HEADER_ROW = 4
"""Row of the header, counted from 0."""

SPARE_ROWS = 60
"""Empty rows at the end, for further manufacturers."""


@dataclass(frozen=True, slots=True)
class FormHead:
    """What stands above the table."""

    title: str
    round_name: str
    hospital: str
    report_id: int
    by_brand: bool
    language: str

    def text(self, zh: str, en: str) -> str:
        """The text of the form's language."""
        return en if self.language == "en" else zh

    def name(self, column: Column) -> str:
        """The heading of a column."""
        return self.text(column.zh, column.en)


def write_form(head: FormHead, grid: Grid) -> bytes:
    """Write the form: what is known is filled in and locked, what is asked for is open.

    Args:
        head: What stands above the table.
        grid: The report.

    Returns:
        The file (xlsx).
    """
    memory = io.BytesIO()
    book = new_workbook(memory, {"in_memory": True, "strings_to_formulas": False})
    form = _Form(head, grid, book)
    form.write()
    book.close()
    return memory.getvalue()


class _Form:
    def __init__(self, head: FormHead, grid: Grid, book: xlsxwriter.Workbook) -> None:
        self.head, self.grid = head, grid
        self.sheet: Worksheet = book.add_worksheet(head.text("报量表", "Report"))
        self.lists: Worksheet = book.add_worksheet(head.text("选项", "Choices"))
        self.locked: Format = book.add_format({"bg_color": "#F1F3F5", "border": 1})
        self.open: Format = book.add_format({"locked": False, "border": 1})
        self.number: Format = book.add_format({"bg_color": "#F1F3F5", "border": 1})
        self.number.set_num_format("#,##0")
        self.typed: Format = book.add_format({"locked": False, "border": 1, "num_format": "#,##0"})
        self.heading: Format = book.add_format(
            {"bold": True, "bg_color": "#0B4A5B", "font_color": "#FFFFFF", "border": 1}
        )
        self.heading.set_text_wrap()
        self.title: Format = book.add_format({"bold": True, "font_size": 14})
        self.percent: Format = book.add_format({"num_format": "0.0%", "bg_color": "#F1F3F5"})
        self.headings = self._headings()
        self.places = {name: index for index, name in enumerate(self.headings)}

    def write(self) -> None:
        """Write both sheets."""
        self._write_top()
        row = HEADER_ROW + 1
        for product in self.grid.products:
            for number, line in enumerate(self._lines(product)):
                self._write_line(row, product, line, is_first=number == 0)
                row += 1
        for spare in range(row, row + SPARE_ROWS):
            for column in (LOT, STRENGTH, BRAND, *self._open_columns()):
                self.sheet.write_blank(spare, self.places[self.head.name(column)], None, self.open)
        self._write_choices(row + SPARE_ROWS)
        self.sheet.freeze_panes(HEADER_ROW + 1, 3)
        self.sheet.set_landscape()
        self.sheet.repeat_rows(HEADER_ROW)
        # Without a password: it keeps from slips, not from intent; the platform checks anyway.
        self.sheet.protect("", {"format_columns": True, "autofilter": True})

    def _lines(self, product: GridProduct) -> Sequence[GridLine]:
        if self.head.by_brand:
            return product.lines
        return [line for line in product.lines if line.brand_id is None or line.line is not None]

    def _open_columns(self) -> tuple[Column, ...]:
        return (*(DEMAND, REASON, WHY, KIND, OTHER_STRENGTH, OTHER_QUANTITY, RATIO, RATIO_WHY),)

    def _headings(self) -> list[str]:
        text, name = self.head.text, self.head.name
        return [
            name(LOT),
            text("品种", "product"),
            name(STRENGTH),
            text("单位", "unit"),
            name(BRAND),
            *(text(f"{year}年用量", f"use in {year}") for year in self.grid.years),
            name(DEMAND),
            text("占年均用量", "share of mean use"),
            *(name(column) for column in self._open_columns()[1:]),
        ]

    def _write_top(self) -> None:
        head, sheet = self.head, self.sheet
        sheet.write_string(0, 0, head.title, self.title)
        sheet.write_string(1, 0, f"{head.hospital} · {head.round_name} · {head.report_id}")
        sheet.write_string(
            2,
            0,
            head.text(
                "按最小制剂单位（片、粒、支、袋）填写需求量，也可写作 盒数×每盒数量，如 350×24；"
                "留空表示不改动，没有需求填 0。低于年均用量下限的须选原因并说明。",
                "Write the need in minimal units, or as packs × units, e.g. 350×24. An empty cell "
                "changes nothing; no need is 0. Below the line, choose a reason and explain it.",
            ),
        )
        for index, heading in enumerate(self.headings):
            sheet.write_string(HEADER_ROW, index, heading, self.heading)
        widths = [
            9,
            26,
            14,
            6,
            24,
            *(12 for _ in self.grid.years),
            14,
            11,
            24,
            30,
            22,
            14,
            14,
            9,
            30,
        ]
        for index, width in enumerate(widths):
            sheet.set_column(index, index, width)

    def _write_line(
        self, row: int, product: GridProduct, line: GridLine, *, is_first: bool
    ) -> None:
        sheet, places, name = self.sheet, self.places, self.head.name
        fixed = (product.lot.code, product.lot.product, line.strength.strength, product.lot.unit)
        for index, text in enumerate((*fixed, line.brand)):
            sheet.write_string(row, index, text, self.locked)
        first_use = len(fixed) + 1
        for index, use in enumerate(line.uses, start=first_use):
            if use is None:
                sheet.write_string(row, index, "", self.locked)
            else:
                sheet.write_number(row, index, use, self.number)
        demand = places[name(DEMAND)]
        self._write_ratio(row, demand, range(first_use, demand))
        for column in self._open_columns():
            value = _value(column, product, line, is_first=is_first, language=self.head.language)
            self._write_open(row, places[name(column)], value)

    def _write_open(self, row: int, place: int, value: str | int | None) -> None:
        if isinstance(value, int):
            self.sheet.write_number(row, place, value, self.typed)
        elif value:
            self.sheet.write_as_typed(row, place, value, self.open)
        else:
            self.sheet.write_blank(row, place, None, self.typed)

    def _write_ratio(self, row: int, demand: int, uses: range) -> None:
        cell, first, last = (
            _address(row, demand),
            _address(row, uses.start),
            _address(row, uses.stop - 1),
        )
        formula = f'=IF(OR({cell}="",SUM({first}:{last})=0),"",{cell}/AVERAGE({first}:{last}))'
        self.sheet.write_formula(row, demand + 1, formula, self.percent, "")

    def _write_choices(self, last_row: int) -> None:
        head, lists = self.head, self.lists
        reasons = [head.text(reason.zh, reason.en) for reason in REASONS]
        kinds = [head.text(*CONVERSION_NAMES[kind]) for kind in ConversionKind]
        brands = sorted(
            {name for product in self.grid.products for name in product.brands.values()}
        )
        for place, (column, choices) in enumerate(
            ((REASON, reasons), (KIND, kinds), (BRAND, brands))
        ):
            lists.write_string(0, place, head.name(column), self.heading)
            for number, choice in enumerate(choices, start=1):
                lists.write_string(number, place, choice)
            lists.set_column(place, place, 40)
            if choices:
                self._offer(column, place, len(choices), last_row)
        lists.protect()

    def _offer(self, column: Column, place: int, count: int, last_row: int) -> None:
        letter = "ABC"[place]
        source = f"='{self.lists.get_name()}'!${letter}$2:${letter}${count + 1}"
        at = self.places[self.head.name(column)]
        options: dict[str, Any] = {
            "validate": "list",
            "source": source,
            # Another spelling may still be right: the platform says so on upload.
            "error_type": "warning",
        }
        self.sheet.data_validation(HEADER_ROW + 1, at, last_row, at, options)


def _address(row: int, column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"${letters}{row + 1}"


def _value(
    column: Column, product: GridProduct, line: GridLine, *, is_first: bool, language: str
) -> str | int | None:
    filled = line.line
    if column is DEMAND:
        return filled.quantity if filled else None
    if column in (REASON, WHY):
        explanation = product.explanation if is_first else None
        if explanation is None:
            return None
        if column is WHY:
            return explanation.reason_text
        reason = REASON_BY_CODE.get(explanation.reason_code)
        return None if reason is None else (reason.en if language == "en" else reason.zh)
    if filled is None or filled.conversion_kind is None:
        return None
    if column is KIND:
        names = CONVERSION_NAMES[ConversionKind(filled.conversion_kind)]
        return names[1] if language == "en" else names[0]
    ratio = filled.conversion_ratio
    return {
        OTHER_STRENGTH: filled.other_strength,
        OTHER_QUANTITY: filled.other_quantity,
        RATIO: None if ratio is None else f"{ratio:f}",
        RATIO_WHY: filled.conversion_text,
    }[column]
