"""The Excel form and the printed papers hold what they must."""

import io
import zipfile
from fractions import Fraction

import pytest
import python_calamine

from procurement.database import database_moment, snapshot, transaction
from procurement.volumes.filling.figures import for_script, percent, units
from procurement.volumes.filling.fill import Explanation
from procurement.volumes.filling.form_sheet import HEADER_ROW, SPARE_ROWS, FormHead, write_form
from procurement.volumes.filling.grid import read_grid
from procurement.volumes.filling.printed import (
    PaperHead,
    commitment_letter,
    print_paper,
    printed_report,
)
from procurement.volumes.reasons import REASONS
from procurement.volumes.tables import VolumeReport
from tests.procurement.volumes.world import buy, entry, fill, list_product, past, start


@pytest.fixture
def grid_of(engine, world):
    """Return a function that reads the grid of a report with history, lines and an explanation."""
    before, last = past(world)
    with transaction(engine) as session:
        buy(session, world.hospital, "阿那曲唑", "1mg", {before: 12000, last: 9000})
        list_product(session, world.brands[1], "阿那曲唑", "1mg")
        report = start(session, world)
        why = Explanation(lot_id=world.lots["L01"].id, reason_code="stock", reason_text="=库存")
        fill(
            session,
            report,
            entry(world, "L01", "1mg", 5),
            entry(world, "L01", "1mg", 7, world.brands[0]),
            explanations=(why,),
        )

    def read(session):
        return read_grid(
            session,
            round_=world.round_in(session),
            report=session.get_one(VolumeReport, report.id),
            moment=database_moment(session),
        )

    return read


def sheets(content):
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def head(world, *, by_brand=True, language="zh"):
    return FormHead("报量表", world.round.name, "省立医院", 1, by_brand, language)


def test_the_form_lists_every_strength_beside_past_use(engine, world, grid_of):
    with snapshot(engine) as session:
        content = write_form(head(world), grid_of(session))
    rows = sheets(content)["报量表"]
    first = rows[HEADER_ROW + 1]
    assert first[:8] == ["L01", "阿那曲唑", "1mg", "片", "", 12000.0, 9000.0, 5.0]
    assert first[9:11] == ["现有库存可供使用", "=库存"]
    codes = [row[0] for row in rows[HEADER_ROW + 1 :] if row[0]]
    assert codes == ["L01", "L01", "L02", "L02", "L03"]


def test_the_header_is_locked_and_the_answers_are_open(engine, world, grid_of):
    with snapshot(engine) as session:
        content = write_form(head(world), grid_of(session))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    assert "<sheetProtection" in sheet
    assert sheet.count("<dataValidation ") == 3
    assert SPARE_ROWS > 0


def test_the_form_offers_reasons_and_the_manufacturers_of_the_catalogue(engine, world, grid_of):
    with snapshot(engine) as session:
        choices = sheets(write_form(head(world), grid_of(session)))["选项"]
    assert [row[0] for row in choices[1:]] == [reason.zh for reason in REASONS]
    assert choices[1][2] == "乙制药有限公司"


def test_the_form_by_generic_name_still_shows_brands_that_were_filled_in(engine, world, grid_of):
    with snapshot(engine) as session:
        rows = sheets(write_form(head(world, by_brand=False), grid_of(session)))["报量表"]
    assert [row[4] for row in rows[HEADER_ROW + 1 :] if row[0] == "L01"] == ["", "甲制药有限公司"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_printed_report_names_every_line_and_the_digest(engine, world, grid_of, language):
    with snapshot(engine) as session:
        grid = grid_of(session)
        paper = PaperHead(world.round, world.hospital, None, database_moment(session), language)
        form = printed_report(paper, grid)
        assert [row[:3] for row in form.rows][:2] == [("L01", "阿那曲唑", "1mg")] * 2
        assert len(form.rows) == 4
        assert all(len(row) == len(form.headings) == len(form.widths) for row in form.rows)
        assert len(form.imprint.split()[-1]) == 16
        for printed in (form, commitment_letter(paper)):
            assert print_paper(printed, moment=paper.moment).startswith(b"%PDF")


def test_figures_are_cut_off_where_rounding_would_flatter():
    line = 8399 / 10500
    assert percent(None) == "—"
    assert units(None) == "—"
    assert for_script(None) == ""
    assert float(percent(Fraction(8399, 10500))[:-1]) <= line * 100
