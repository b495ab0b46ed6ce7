"""docs/evaluation.md: its commands and Python examples run, and it names what the code has."""

import re

import pytest

from tests.house_rules import ROOT
from tests.procurement.cli.pages import assert_prints, console_examples, run_python_examples
from tests.procurement.cli.test_evaluate import LOT, QUESTION

PAGE = ROOT / "docs" / "evaluation.md"
TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES = list(console_examples(PAGE))


def test_its_python_examples_run():
    assert run_python_examples(PAGE) > 10


@pytest.mark.parametrize(
    ("arguments", "shown"), EXAMPLES, ids=[" ".join(arguments) for arguments, _ in EXAMPLES]
)
def test_its_commands_print_what_it_shows(jicai, monkeypatch, arguments, shown):
    monkeypatch.chdir(ROOT)
    said = jicai(*arguments)
    assert (said.status, said.err) == (0, "")
    assert_prints(arguments, shown, said.out)


def test_it_explains_every_field_of_the_json():
    fields = {*LOT, *LOT["outcomes"][0], *LOT["allocations"][0], *LOT["steps"][0], *QUESTION}
    named = set(re.findall(r"`(\w+)(?:\[\])?`", TEXT))
    assert fields - named == set()


def test_the_code_it_points_to_exists():
    for path in re.findall(r"`(bidding/[\w/.]+)`", TEXT):
        assert (ROOT / path).exists(), path
    for path in re.findall(r"\]\(([\w/.-]+)\)", TEXT):
        assert (PAGE.parent / path).exists(), path
