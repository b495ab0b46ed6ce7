"""Statements as Excel: formulas give what the platform computed, and texts stay texts."""

import io
import itertools
import math
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import load_workbook

from procurement.savings.analytics import ENGINES
from procurement.savings.papers.columns import COLUMNS, LETTERS
from procurement.savings.papers.from_folder import folder_content
from procurement.savings.papers.workbook import FIRST_ROW, statements_workbook
from procurement.savings.run import settle_folder
from procurement.settings import resource_folder
from tests.procurement.savings.papers.sample import MOMENT, PRODUCTS, sample
from tests.procurement.savings.papers.spreadsheet import Recomputed, read_cells

CHOICES = tuple(
    itertools.product(
        ("floor_each", "net_batch"),
        ("product", "institution", "institution_every_product", "group"),
        ("half_up_cent", "half_up_cent_line", "not_rounded"),
    )
)


def workbook(settlement, statements, language="zh"):
    return statements_workbook(settlement, statements, language=language, moment=MOMENT)


def assert_formulas_hold(content):
    cells = read_cells(content)
    book = Recomputed(cells)
    live = {key: cell for key, cell in cells.items() if cell.formula is not None}
    assert len(live) > 20
    for (sheet, place), cell in live.items():
        found = book.value(sheet, place)
        if cell.value == "—":
            assert found == "—", (sheet, place, cell)
            continue
        stored = float(cell.value or 0)
        assert math.isclose(found, stored, rel_tol=1e-9, abs_tol=1e-6), (sheet, place, cell, found)


@pytest.mark.parametrize(("negative", "unit", "rounding"), CHOICES)
def test_every_formula_worked_out_again_gives_what_the_rules_computed(negative, unit, rounding):
    given = {"negative_base": negative, "completion_unit": unit, "rounding": rounding}
    assert_formulas_hold(workbook(*sample(**given, follow_on="nothing")))
    assert_formulas_hold(workbook(*sample(**given)))


def test_the_form_with_a_price_drop_has_a_base_and_no_budget():
    settlement, statements = sample("savings-ankang-2021", layout="price-drop")
    content = workbook(settlement, statements)
    assert_formulas_hold(content)
    cells = read_cells(content)
    assert cells["逐行计算", f"{LETTERS['savings_base']}{FIRST_ROW}"].formula
    budget = cells.get(("逐行计算", f"{LETTERS['budget']}{FIRST_ROW}"))
    assert budget is None or budget.formula is None


def test_a_unit_price_is_that_of_the_pack():
    settlement, statements = sample()
    first = statements[0]
    line = replace(first.lines[0], pack_units=28, pack_price=Decimal("5.66"))
    content = workbook(settlement, [replace(first, lines=[line, *first.lines[1:]])])
    cell = read_cells(content)["逐行计算", f"{LETTERS['winning_price']}{FIRST_ROW}"]
    assert cell.formula == f"ROUND({LETTERS['pack_price']}3/{LETTERS['pack_units']}3,4)"


def test_readers_without_formulas_find_the_values():
    settlement, statements = sample()
    book = load_workbook(io.BytesIO(workbook(settlement, statements)))
    assert book.sheet_names == ["结余留用", "逐行计算", "考核", "参数和规则"]
    lines = book.get_sheet_by_name("逐行计算").to_python()
    heads = [one.head[0] for one in COLUMNS]
    assert lines[0] == heads
    rows: list[Any] = [dict(zip(heads, row, strict=True)) for row in lines[FIRST_ROW - 1 :]]
    assert len(rows) == sum(len(one.lines) for one in statements)
    for row, line in zip(rows, [line for one in statements for line in one.lines], strict=True):
        assert row["约定采购量"] == line.agreed_volume
        assert math.isclose(row["结余测算基数（元）"], line.savings_base)
        assert math.isclose(row["留用金额（元）"], line.retained)
        assert row["重算与平台一致"] == 1
    summary: list[Any] = book.get_sheet_by_name("结余留用").to_python()
    paid = {row[0]: row[10] for row in summary if row[0] in {one.hospital for one in statements}}
    assert paid == {one.hospital: float(one.payable) for one in statements}
    total = next(row for row in summary if row[0] == "合计")
    assert math.isclose(total[10], float(sum(one.payable for one in statements)))


def test_the_parameters_and_what_is_not_verified_stand_on_their_sheet():
    settlement, statements = sample()
    for language, words in (
        ("zh", ("逐品种按零计，不相抵", "未核实", "本次清算给出", "各考核指标的分值")),
        (
            "en",
            ("each counts as zero, none is set off", "not verified", "given by this settlement"),
        ),
    ):
        book = load_workbook(io.BytesIO(workbook(settlement, statements, language)))
        text = str(book.get_sheet_by_index(3).to_python())
        assert [one for one in words if one not in text] == []
    english = str([book.get_sheet_by_index(one).to_python() for one in range(4)])
    assert "why nothing is kept" in english


def test_a_name_that_looks_like_a_formula_stays_a_text():
    settlement, statements = sample()
    evil = replace(statements[0], hospital="=1+1", group="@SUM(A1)", code="+7", grade="-1")
    cells = read_cells(workbook(settlement, [evil]))
    # Marked, so that it is none either once the sheet is saved as CSV.
    assert f"'{PRODUCTS[2]}" in {cell.value for cell in cells.values() if cell.formula is None}
    for value in ("'=1+1", "'@SUM(A1)", "+7", "-1"):
        found = [cell for cell in cells.values() if cell.value == value]
        assert found, value
        assert all(cell.formula is None for cell in found)
    assert not any("HYPERLINK" in str(cell.formula) for cell in cells.values())


def test_a_settled_folder_is_written_too():
    folder = Path(str(resource_folder("examples") / "settlement" / "county-2024"))
    settled = settle_folder(folder, engine=ENGINES["duckdb"])
    assert_formulas_hold(workbook(*folder_content(settled)))
