"""Everything that opens a packed file refuses ten kilobytes that unpack to gigabytes."""

import io
import struct
import tracemalloc
import zipfile
from datetime import date

import pytest

from procurement.bids.rules import NewPaper, paper_faults
from procurement.catalogue.csv_lines import Column, read_lines
from procurement.catalogue.reading import read_file
from procurement.catalogue.spreadsheets import as_csv
from procurement.errors import InvalidInputError
from procurement.files import NewFile, file_faults
from procurement.negotiations.dossiers.calculation import unpacked
from procurement.rounds.lot_file import read_lot_file
from procurement.volumes.errors import FileRefusedError
from procurement.volumes.filling.columns import FORM_COLUMNS
from procurement.volumes.filling.sheets import read_sheet

MEGABYTE = 2**20
MEMORY_MAX = 12 * MEGABYTE
GIGABYTES = 4 * 2**30 - 2


def bomb(name, *, says, other="xl/workbook.xml"):
    """Nine megabytes in nine kilobytes, which say that they are something else."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr(other, b"")
        archive.writestr(name, bytes(9 * MEGABYTE))
    content = bytearray(file.getvalue())
    struct.pack_into("<L", content, content.rindex(b"PK\x01\x02") + 24, says)
    assert len(content) < 10_000
    return bytes(content)


def catalogue(content):
    return [fault.en for fault in read_file(content, encoding="utf-8").faults]


def lots(content):
    return [fault.en for fault in read_lot_file(io.BytesIO(content)).faults]


def volumes(content):
    with pytest.raises(FileRefusedError) as refused:
        list(read_sheet(io.BytesIO(content), columns=FORM_COLUMNS))
    return [str(refused.value)]


def calculation(content):
    with pytest.raises(InvalidInputError) as refused:
        unpacked("model.zip", io.BytesIO(content))
    return [fault.en for fault in refused.value.faults]


def evidence(content):
    return [fault.en for fault in file_faults([NewFile("sealed.ofd", content)])]


def paper(content):
    sent = NewPaper(kind="promise", title="承诺函", file_name="a.ofd", content=content)
    return [fault.en for fault in paper_faults(sent, valid_until=date(2026, 11, 22))]


READERS = (catalogue, lots, volumes, calculation, evidence, paper)


@pytest.mark.parametrize("says", [10, GIGABYTES], ids=["ten bytes", "four gigabytes"])
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
def test_a_bomb_is_refused_in_words_and_in_little_memory(reader, says):
    name = "xl/worksheets/sheet1.xml"
    content = bomb(name, says=says, other="OFD.xml" if reader in (evidence, paper) else name[:2])
    tracemalloc.start()
    try:
        assert reader(content)
        assert tracemalloc.get_traced_memory()[1] < MEMORY_MAX
    finally:
        tracemalloc.stop()


def test_a_marked_text_that_comes_back_is_what_it_was():
    columns = (Column("name", "名称"),)
    texts = ["=1+1", "-药", "+1mg", "'already'", "plain"]
    (back,) = zip(*([row.cells["name"]] for row in lines_of(columns, texts)), strict=True)
    assert list(back) == texts
    sheet = as_csv([["lot", "strength", "demand"], ["L01", "-1mg/2", "5"]])
    (row,) = read_sheet(io.BytesIO(sheet), columns=FORM_COLUMNS)
    assert row.cells["strength"] == "-1mg/2"


def lines_of(columns, texts):
    read = read_lines(as_csv([["name"], *([text] for text in texts)]), columns)
    assert not read.faults
    return read.rows
