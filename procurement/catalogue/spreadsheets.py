"""Files that the catalogue hands out: the template to fill in, lists of faults, exports."""

import io
from collections.abc import Iterable, Sequence

from xlsxwriter.worksheet import Worksheet

from procurement.catalogue.reading import LINES_MAX, LineFault
from procurement.catalogue.rules import BY_KEY, COLUMNS, WORDS, YES_NO, Column
from procurement.files import csv_writer, new_workbook

_CHOICES = {
    **{key: list(words.values()) for key, words in WORDS.items()},
    "is_originator": list(YES_NO.values()),
    "is_reference": list(YES_NO.values()),
}

_NOTES = {
    "holder": ("统一社会信用代码，或已登记机构的全称", "credit code, or the registered full name"),
    "maker": ("与持有人相同时留空", "empty where the holder makes it"),
    "strength": ("如 10mg、5ml:10mg、150mg+12.5mg", "such as 10mg, 5ml:10mg, 150mg+12.5mg"),
    "pack_units": ("整数，按最小单位计", "whole number of minimal units"),
    "approval_number": (
        "批准文号或注册证号；配方颗粒、饮片、医疗机构制剂留空",
        "approval or registration number; none for granules, pieces, hospital preparations",
    ),
    "evaluated_on": ("如 2026-11-22", "such as 2026-11-22"),
}


def template(language: str) -> bytes:
    """Make the Excel file to fill in: headings, choices and a sheet that explains the columns.

    Args:
        language: ``zh`` or ``en``; files with headings of either language are read.

    Returns:
        The file.
    """
    buffer = io.BytesIO()
    with new_workbook(buffer, {"in_memory": True}) as workbook:
        head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        # Long digits stay digits, and 1-2 no day, where cells are text.
        text = workbook.add_format({"num_format": "@"})
        sheet = workbook.add_worksheet("产品" if language == "zh" else "Products")
        sheet.freeze_panes(1, 2)
        for position, column in enumerate(COLUMNS):
            sheet.set_column(position, position, 16, text)
            sheet.write_string(0, position, heading(column, language, marked=True), head)
            if column.key in _CHOICES:
                choices = [_side(pair, language) for pair in _CHOICES[column.key]]
                sheet.data_validation(
                    1, position, LINES_MAX, position, {"validate": "list", "source": choices}
                )
        _explain(workbook.add_worksheet("说明" if language == "zh" else "Columns"), head, language)
    return buffer.getvalue()


def faults_csv(faults: Iterable[LineFault], language: str) -> bytes:
    """List faults as CSV that Excel opens: row, column, what is wrong."""
    rows = [
        [
            str(fault.row) if fault.row else "",
            heading(BY_KEY[fault.column], language) if fault.column in BY_KEY else "",
            _side((fault.zh, fault.en), language),
        ]
        for fault in faults
    ]
    titles = ["行", "列", "问题"] if language == "zh" else ["row", "column", "fault"]
    return as_csv([titles, *rows])


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Write rows as CSV in UTF-8 with a mark, so that spreadsheets know the encoding.

    A cell that a spreadsheet would take for a formula is written with an apostrophe before it.

    Examples:
        >>> as_csv([["name"], ["=1+1"]]).decode("utf-8-sig").split()
        ['name', "'=1+1"]
    """
    buffer = io.StringIO(newline="")
    writer = csv_writer(buffer)
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8-sig")


def heading(column: Column, language: str, *, marked: bool = False) -> str:
    """Name a column, with a star where it must be filled in."""
    return _side((column.zh, column.en), language) + ("*" if marked and column.is_needed else "")


def _explain(sheet: Worksheet, head: object, language: str) -> None:
    titles = (
        ("列", "必填", "可选值或写法") if language == "zh" else ("column", "needed", "expected")
    )
    sheet.set_column(0, 0, 24)
    sheet.set_column(2, 2, 80)
    for position, title in enumerate(titles):
        sheet.write_string(0, position, title, head)
    for row, column in enumerate(COLUMNS, start=1):
        choices = " / ".join(_side(pair, language) for pair in _CHOICES.get(column.key, []))
        note = _side(_NOTES.get(column.key, ("", "")), language)
        sheet.write_string(row, 0, heading(column, language))
        sheet.write_string(row, 1, _side(YES_NO[column.is_needed], language))
        sheet.write_string(row, 2, choices or note)


def _side(pair: tuple[str, str], language: str) -> str:
    return pair[1] if language == "en" else pair[0]
