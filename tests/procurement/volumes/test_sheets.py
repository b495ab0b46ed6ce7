"""Files are read row by row, whatever is in them; what cannot be read is refused with words."""

import csv
import io

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from procurement.volumes.errors import FileRefusedError
from procurement.volumes.filling.columns import BULK_COLUMNS, FORM_COLUMNS
from procurement.volumes.filling.sheets import read_sheet

HEADER = "品种编号,规格,生产企业,需求量（片）\n"


def rows(content, columns=FORM_COLUMNS, encoding="utf-8"):
    return list(read_sheet(io.BytesIO(content), columns=columns, encoding=encoding))


def excel(*table, hidden=()):
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory)
    for sheet in hidden:
        first = book.add_worksheet(sheet)
        first.write(0, 0, "nothing to see")
        first.hide()
    sheet = book.add_worksheet("报量")
    sheet.activate()
    for number, cells in table:
        sheet.write_row(number - 1, 0, cells)
    book.close()
    return memory.getvalue()


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_files_of_every_office_program_are_read(mark, delimiter):
    text = mark + (HEADER + "L01,1mg,甲,5\n").replace(",", delimiter)
    (row,) = rows(text.encode())
    assert row.number == 2
    assert row.cells == {"lot": "L01", "strength": "1mg", "brand": "甲", "demand": "5"}


def test_the_encoding_is_the_one_that_the_user_says():
    content = (HEADER + "L01,1mg,甲,5\n").encode("gb18030")
    assert rows(content, encoding="gb18030")[0].cells["brand"] == "甲"
    with pytest.raises(FileRefusedError, match="not in UTF-8"):
        rows(content)


def test_titles_above_the_header_and_empty_rows_below_are_passed_over():
    content = f"某医院报量\n\n{HEADER}L01,1mg,,5\n,,,\nL01,1mg,甲,6\n".encode()
    assert [(row.number, row.cells["demand"]) for row in rows(content)] == [(4, "5"), (6, "6")]


def test_excel_rows_have_the_numbers_that_people_see():
    content = excel(
        (3, ["品种编号", "规格", "需求量"]), (4, ["L01", "1mg", 5]), (7, ["L02", "", "约 100"])
    )
    assert [(row.number, row.cells["demand"]) for row in rows(content)] == [(4, 5.0), (7, "约 100")]


def test_the_first_visible_sheet_of_an_excel_file_is_read():
    content = excel((1, ["lot", "strength", "need"]), (2, ["L01", "1mg", 5]), hidden=["meta"])
    assert [row.cells["lot"] for row in rows(content)] == ["L01"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 broken",
        b"\xd0\xcf\x11\xe0 broken",
        "品种,数量\nL01,5\n".encode(),
        b"\xff\xfe\x00",
        ("没有表头\n" * 30).encode(),
        excel((1, ["nothing"])),
    ],
)
def test_what_is_no_table_with_the_needed_columns_is_refused_as_a_whole(content):
    with pytest.raises(FileRefusedError):
        rows(content)


def test_a_file_for_many_hospitals_needs_their_codes():
    with pytest.raises(FileRefusedError, match="credit code"):
        rows(HEADER.encode(), columns=BULK_COLUMNS)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(content):
    try:
        rows(content)
    except FileRefusedError as refusal:
        assert refusal.zh


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))),
        max_size=6,
    )
)
def test_every_filled_cell_of_a_csv_file_comes_back(table):
    memory = io.StringIO(newline="")
    writer = csv.writer(memory)
    writer.writerow(["lot", "strength", "need", "manufacturer"])
    writer.writerows(table)
    found = {row.number: row.cells for row in rows(memory.getvalue().encode())}
    for number, cells in enumerate(table, start=2):
        kept = dict(zip(("lot", "strength", "demand", "brand"), cells, strict=False))
        if any(kept.values()):
            assert {key: value for key, value in found[number].items() if value} == {
                key: value for key, value in kept.items() if value
            }
