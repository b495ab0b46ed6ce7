"""docs/renewal.md: its commands and examples run, and it explains every field of the JSON."""

import json
import re

import pytest

from procurement.cli import main
from tests.house_rules import ROOT
from tests.procurement.cli.pages import assert_prints, console_examples, run_python_examples

PAGE = ROOT / "docs" / "renewal.md"
TEXT = PAGE.read_text(encoding="utf-8")
ONE = "renewal --rulebook nrdl-renewal-2023 --price 9 --ratio-a 1 --spend 1 --years-listed 2 --json"
PATH = "renewal --rulebook nrdl-renewal-2025 --price 9 --forecast examples/renewal-forecast.csv"


def test_its_python_examples_run():
    assert run_python_examples(PAGE) > 5


@pytest.mark.parametrize(("arguments", "shown"), list(console_examples(PAGE)))
def test_its_commands_print_what_it_shows(arguments, shown, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert main(arguments) == 0
    assert_prints(arguments, shown, capsys.readouterr().out)


@pytest.mark.parametrize("command", [ONE, f"{PATH} --json"])
def test_it_explains_every_field_of_the_json(command, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert main(command.split()) == 0
    document = json.loads(capsys.readouterr().out)
    named = set(re.findall(r"`(\w+)`", TEXT))
    assert document.keys() - {"rulebook"} <= named
