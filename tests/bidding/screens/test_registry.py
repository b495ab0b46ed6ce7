"""Registry, modules, pages and tests match one to one, and every page has the same form."""

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

from bidding import screens
from bidding.screens import SCREENS
from bidding.screens.measurement import Screen

PAGES = Path(__file__).parents[3] / "docs" / "screens"
MODULES = {
    module.name: importlib.import_module(f"bidding.screens.{module.name}")
    for module in pkgutil.iter_modules(screens.__path__)
}
HEADINGS = [
    "What it looks at",
    "Method",
    "Why a prompt to look",
    "Result",
    "Parameters",
    "What it leaves out",
    "Assumptions and known limits",
    "Source",
]
WARNINGS = ["never a finding", "0.44 to 0.57", "never ranked", "evaluator"]


def test_every_module_of_a_screen_is_registered_under_its_name():
    screen_of = {name: getattr(module, "SCREEN", None) for name, module in MODULES.items()}
    found = {name: screen for name, screen in screen_of.items() if isinstance(screen, Screen)}
    assert found == SCREENS
    assert all(screen.id == name for name, screen in SCREENS.items())


def test_every_screen_has_a_page_and_every_page_a_screen():
    assert {page.stem for page in PAGES.glob("*.md")} - {"README"} == set(SCREENS)


def test_the_index_names_every_screen_once():
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \[(\w+)\]\(\1\.md\)", index, re.MULTILINE) == list(SCREENS)


def test_every_module_has_a_test_file():
    tests = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert set(MODULES) <= tests


@pytest.mark.parametrize("name", SCREENS)
def test_a_page_has_the_form_of_all_pages(name):
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    title, *headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    assert headings == HEADINGS
    assert 3 <= len(title.split()) <= 6
    assert f"`{name}`" in text
    assert "A prompt to look, never a finding" in text
    assert "Example:" in text
    assert SCREENS[name].title.zh in text
    for answer in ("*flagged*", "*not flagged*", "*not assessable*"):
        assert answer in text


@pytest.mark.parametrize("page", ["README", *SCREENS])
def test_the_worked_examples_of_a_page_come_out(page):
    outcome = doctest.testfile(str(PAGES / f"{page}.md"), module_relative=False, encoding="utf-8")
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_the_warnings_stand_where_screens_are_introduced():
    for text in ((PAGES / "README.md").read_text(encoding="utf-8"), screens.__doc__ or ""):
        plain = " ".join(text.replace("*", "").split()).lower()
        assert all(warning in plain for warning in WARNINGS)


@pytest.mark.parametrize("name", SCREENS)
def test_a_module_warns_and_names_its_page_and_source(name):
    described = " ".join((MODULES[name].__doc__ or "").split())
    assert "A prompt to look, never a finding" in described
    assert f"docs/screens/{name}.md" in described
    assert re.search(r"Sources?:", described)
