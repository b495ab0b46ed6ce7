"""The files of ``jicai ceiling``: written where asked for, refused where they cannot be."""

import json

import pytest

from procurement.cli import main
from procurement.rounds.document.pdf import families, missing_fonts
from procurement.settings import resource_folder
from tests.missing import skip_unless_ci
from tests.procurement.negotiations.outputs.formulas import read_workbook

MODEL = str(resource_folder("examples") / "models" / "hiv")


@pytest.mark.parametrize(("language", "sheet"), [("zh", "摘要"), ("en", "Summary")])
def test_a_workbook_is_written_in_the_language_of_the_output(language, sheet, tmp_path, capsys):
    file = tmp_path / "model.xlsx"
    words = ["ceiling", MODEL, "--draws", "0", "--lang", language, "--xlsx", str(file)]
    assert main(words) == 0
    assert (sheet, "A1") in read_workbook(file.read_bytes())
    assert capsys.readouterr().out


def test_files_change_nothing_of_the_json_on_standard_output(tmp_path, capsys):
    assert main(["ceiling", MODEL, "--draws", "0", "--json"]) == 0
    plain = capsys.readouterr().out
    file = tmp_path / "model.xlsx"
    assert main(["ceiling", MODEL, "--draws", "0", "--json", "--xlsx", str(file)]) == 0
    assert capsys.readouterr().out == plain
    assert json.loads(plain)["ceiling"]


def test_a_dossier_is_written(tmp_path):
    missing = missing_fonts(families())
    if missing:
        skip_unless_ci(f"fonts are missing: {', '.join(missing)}")
    file = tmp_path / "dossier.pdf"
    assert main(["ceiling", MODEL, "--draws", "100", "--pdf", str(file)]) == 0
    assert file.read_bytes().startswith(b"%PDF")


def test_a_file_that_cannot_be_written_is_bad_input(tmp_path, capsys):
    file = tmp_path / "missing" / "model.xlsx"
    assert main(["ceiling", MODEL, "--draws", "0", "--xlsx", str(file)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "No such file" in said.err
    assert len(said.err.splitlines()) == 1
