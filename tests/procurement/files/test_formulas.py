"""No text of a table is a formula to whoever opens it; numbers stay numbers."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from procurement.files import csv_writer, inert, new_workbook, uninert

ROOT = Path(__file__).resolve().parents[3]

STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
BLANKS = ("", " ", "  ", "\t", "\r", "\n", "\u00a0", "\u3000", "\ufeff", "\u200b", "\0")

UNGUARDED = ("csv.writer(", "csv.DictWriter(", "xlsxwriter.Workbook(")

ALLOWED = {
    "procurement/files/formulas.py": "the guard itself",
    "procurement/payments/bank_file/csv_file.py": "cells are checked: a bank must find them as "
    "they are, so that what could be a formula is refused and not marked",
}
"""Who writes tables without the guard, and why."""


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize("start", STARTS)
def test_a_text_that_begins_like_a_formula_is_marked_also_after_blanks(blank, start):
    assert inert(f"{blank}{start}SUM(A1)") == f"'{blank}{start}SUM(A1)"


@pytest.mark.parametrize("number", ["-1", "+2.50", "-1,234.56", "-0.5%", "0", "12", "", "甲公司"])
def test_numbers_and_plain_texts_stay_as_they_are(number):
    assert inert(number) == number


@pytest.mark.parametrize("text", ["-1+1", "-2+cmd|' /C calc'!A0", "+86 551", " -1", "-1\n=2"])
def test_what_only_begins_like_a_number_is_marked(text):
    assert inert(text) == f"'{text}"


@given(st.text())
def test_a_mark_is_taken_back(text):
    assert uninert(inert(text)) == text or text.startswith("'")
    assert inert(inert(text)) == inert(text)


@given(st.lists(st.text(), min_size=1))
def test_csv_reads_back_as_marked_whatever_the_text(cells):
    file = io.StringIO(newline="")
    csv_writer(file).writerow(cells)
    # A lone cell of nothing is written as "".
    (read,) = csv.reader(io.StringIO(file.getvalue(), newline=""))
    assert read == [inert(cell) for cell in cells]


def test_excel_holds_texts_as_texts_and_numbers_as_numbers():
    file = io.BytesIO()
    book = new_workbook(file)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ['=HYPERLINK("x")', "http://example.org", -2.5, "-2.5"])
    sheet.write_formula(0, 4, "=1+1", None, 2)
    book.close()
    file.seek(0)
    (row,) = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()
    assert row == ['\'=HYPERLINK("x")', "http://example.org", -2.5, "-2.5", 2.0]
    with zipfile.ZipFile(file) as archive:
        assert archive.read("xl/worksheets/sheet1.xml").count(b"<f>") == 1


def test_every_table_of_the_platform_goes_through_the_guard():
    found = set()
    for path in (ROOT / "procurement").rglob("*.py"):
        name, source = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        # The demo writes what people would upload.
        if any(one in source for one in UNGUARDED) and "cli/demo_platform/" not in name:
            found.add(name)
    assert found == set(ALLOWED)
