"""docs/negotiation-models.md: its models are read, its Python examples run."""

import re

import pytest

from pricing.model_file import parse_model
from pricing.model_file.inputs import DOCUMENTED
from pricing.model_file.read import TOP_KEYS
from tests.house_rules import ROOT
from tests.procurement.cli.pages import run_python_examples

PAGE = ROOT / "docs" / "negotiation-models.md"
BLOCKS = re.findall(r"^```toml\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
TABLES = {
    "counts.csv": b"from,to,count\nwell,well,90\nwell,dead,10\n",
    "new.csv": b"from,to,probability\nwell,well,C\nwell,dead,rr * usual.well.dead\n",
}


def test_its_python_examples_run(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert run_python_examples(PAGE) > 5


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_its_models_are_read(number):
    # What is no whole model by itself is added to the first one.
    is_whole = BLOCKS[number].startswith("title")
    text = BLOCKS[number] if is_whole else BLOCKS[0] + BLOCKS[number]
    parse_model({"model.toml": text.encode(), **TABLES})


def test_it_names_every_key():
    words = set(re.findall(r"[a-z_]+", PAGE.read_text("utf-8")))
    missing = {key for key in (*TOP_KEYS, *DOCUMENTED) if key not in words}
    assert missing == set()
