"""The workbook: its formulas, worked out again, give what the program computed."""

import math
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from pricing.model_file import read_model
from pricing.negotiation_report import run_model
from procurement.negotiations.outputs import dossier_of
from procurement.negotiations.outputs.workbook import make_workbook
from procurement.settings import resource_folder
from tests.procurement.negotiations.outputs.formulas import (
    Spreadsheet,
    read_workbook,
    without_values,
)
from tests.procurement.negotiations.outputs.models import MODELS, model_of

MOMENT = datetime(2026, 11, 22, tzinfo=UTC)
EXAMPLES = sorted(one.name for one in (resource_folder("examples") / "models").iterdir())
OFFICE = shutil.which("soffice")


def workbook_of(model: Any, language: str = "en") -> tuple[Any, bytes]:
    report = run_model(model, draws=0)
    dossier = dossier_of(model, report)
    content = make_workbook(model, report, dossier, language=language, moment=MOMENT)
    return report, content


def any_model(name):
    if name in EXAMPLES:
        return read_model(resource_folder("examples") / "models" / name)
    return model_of(name)


def place_of(cells, sheet, text):
    found = (place for (name, place), one in cells.items() if (name, one.value) == (sheet, text))
    return next(found)


@pytest.mark.parametrize("name", [*EXAMPLES, *MODELS])
def test_every_formula_gives_the_stored_value_when_it_is_worked_out_again(name):
    _, content = workbook_of(any_model(name))
    cells = read_workbook(content)
    book = Spreadsheet(cells)
    live = {key: cell for key, cell in cells.items() if cell.formula is not None}
    assert len(live) > 20
    for (sheet, place), cell in live.items():
        found = book.value(sheet, place)
        assert isinstance(cell.value, float), (sheet, place, cell)
        assert math.isclose(found, cell.value, rel_tol=1e-9, abs_tol=1e-9), (sheet, place, cell)


@pytest.mark.parametrize("name", [*EXAMPLES, *MODELS])
def test_every_check_of_the_formulas_against_the_program_agrees(name):
    _, content = workbook_of(any_model(name))
    cells = read_workbook(content)
    verdicts = [
        cell.value
        for (sheet, _), cell in cells.items()
        if sheet == "Summary" and cell.formula and cell.formula.startswith("IF(")
    ]
    assert verdicts
    assert set(verdicts) == {1.0}


def test_a_changed_input_moves_the_ceiling_as_the_model_does():
    model = model_of("both")
    _, content = workbook_of(model)
    cells = read_workbook(content)
    size = place_of(cells, "Inputs", "population.size").replace("A", "B")
    price = place_of(cells, "Ceilings", "budget of every year").replace("A", "D")
    halved = Spreadsheet(cells, {("Inputs", size): 50_000.0})
    other = model_of("both", ("size = 100_000", "size = 50_000"))
    expected: Any = run_model(other, draws=0).base.ceilings[0].price
    assert halved.value("Ceilings", price) == float(expected)
    assert halved.value("Ceilings", price) != Spreadsheet(cells).value("Ceilings", price)


def test_a_ceiling_from_draws_is_written_as_a_value_and_says_so():
    model = model_of("uncertain")
    report: Any = run_model(model, draws=200)
    content = make_workbook(model, report, dossier_of(model, report), language="en", moment=MOMENT)
    cells = read_workbook(content)
    row = place_of(cells, "Ceilings", "probability of an overrun").removeprefix("A")
    assert cells["Ceilings", f"D{row}"].formula is None
    assert cells["Ceilings", f"D{row}"].value == float(report.base.ceilings[0].price)
    assert "draws" in str(cells["Ceilings", f"G{row}"].value)


def test_a_ceiling_that_does_not_exist_says_why():
    model = model_of("both", ("one_off_cost = 500", "one_off_cost = 500_000"))
    report, content = workbook_of(model)
    cells = read_workbook(content)
    row = place_of(cells, "Ceilings", "cost-effectiveness threshold").removeprefix("A")
    why = report.base.ceilings[1].why
    assert why is not None
    assert cells["Ceilings", f"G{row}"].value == why.en


def test_names_of_sheets_are_short_and_differ():
    long = "a strategy with a very long name indeed"
    model = model_of("both", ("strategy.old", f'strategy."{long}"'), ('"old"', f'"{long}"'))
    _, content = workbook_of(model, "zh")
    names = {sheet for sheet, _ in read_workbook(content)}
    assert all(len(name) <= 31 for name in names)


def test_text_of_a_model_never_becomes_a_formula():
    model = model_of("both")
    changed = replace(model, title="=1+1")
    _, content = workbook_of(changed)
    cells = read_workbook(content)
    assert cells["Summary", "A1"].formula is None
    assert cells["Summary", "A1"].value == "'=1+1"


@pytest.mark.skipif(OFFICE is None, reason="no LibreOffice; formulas are also worked out above")
def test_an_office_program_finds_the_same_values(tmp_path):
    _, content = workbook_of(model_of("both"), "zh")
    bare = tmp_path / "bare.xlsx"
    bare.write_bytes(without_values(content))
    command = [str(OFFICE), "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"]
    command += ["--convert-to", "xlsx", "--outdir", str(tmp_path / "out"), str(bare)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    made = tmp_path / "out" / "bare.xlsx"
    if not made.is_file():
        pytest.skip("LibreOffice without Calc; formulas are also worked out above")
    found = read_workbook(made.read_bytes())
    for key, cell in read_workbook(content).items():
        if cell.formula is None:
            continue
        value: Any = found[key].value
        stored: Any = cell.value
        assert isinstance(value, float), (key, cell, value)
        assert math.isclose(value, stored, rel_tol=1e-9, abs_tol=1e-9), (key, cell, value)
