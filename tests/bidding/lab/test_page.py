"""docs/lab.md: its commands and Python examples run, and it explains every field of the JSON."""

import json
import re

import pytest

from procurement.cli import main
from tests.house_rules import ROOT
from tests.procurement.cli.pages import assert_prints, console_examples, run_python_examples

PAGE = ROOT / "docs" / "lab.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_its_python_examples_run(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert run_python_examples(PAGE) > 5


@pytest.mark.parametrize(("arguments", "shown"), list(console_examples(PAGE)))
def test_its_commands_print_what_it_shows(arguments, shown, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert main(arguments) == 0
    assert_prints(arguments, shown, capsys.readouterr().out)


def test_it_explains_every_field_of_the_json(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    main(["lab", "examples/national-3-eight-lots", "--draws", "3", "--json"])
    document = json.loads(capsys.readouterr().out)
    (figures,) = document["rulebooks"].values()
    named = set(re.findall(r"`(\w+)`", TEXT))
    wanted = {*figures, *figures["changes"], *document["model"]["goodness"]}
    assert wanted | set(document["model"]["parameters"]) <= named


def test_the_code_it_points_to_exists():
    for path in re.findall(r"`(bidding/[\w/.]+)`", TEXT):
        assert (ROOT / path).exists(), path
