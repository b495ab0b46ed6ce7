"""The pages on security name tests and modules that exist, and no item goes without a state."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "security"
PAGES = sorted([*FOLDER.glob("*.md"), ROOT / "docs" / "retention.md"])

STATES = ("met", "partly", "not", "not applicable")

TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
MODULE = re.compile(r"`((?:procurement|bidding|pricing|rulebooks|docker|docs|\.ci)/[\w/.-]+)`")
PACKAGE = re.compile(r"`((?:procurement|bidding|pricing)(?:\.\w+)+)`")
LINK = re.compile(r"\]\(([^)#]+)?(?:#([\w-]+))?\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)

ASSETS = (
    "Sealed prices",
    "Who bids",
    "The maximum payable price",
    "Patients",
    "Bank accounts",
    "Keys",
    "Decisions",
)

LEVEL_3 = {"2.3.5", "4.1.5", "15.4.2"}


@cache
def functions_of(path: Path) -> frozenset[str]:
    """Names of the functions of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def rows_of(path: Path, *, columns: int) -> list[list[str]]:
    """Cells of the rows of a page's tables with so many columns, without their headings."""
    rows, above = [], ""
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        is_row = line.startswith("|") and not line.startswith("|---")
        if is_row and above.startswith("|") and len(cells) == columns:
            rows.append(cells)
        above = line
    return rows


def anchors_of(path: Path) -> set[str]:
    """Where links within a page lead."""
    titles = HEADING.findall(path.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_is_named_exists(page):
    named = TEST.findall(page.read_text(encoding="utf-8"))
    missing = [
        f"{file}::{function}"
        for file, function in named
        if not (ROOT / file).is_file() or (function and function not in functions_of(ROOT / file))
    ]
    assert named and not missing, "\n".join(missing)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_module_that_is_named_exists(page):
    text = page.read_text(encoding="utf-8")
    names = [*MODULE.findall(text), *(name.replace(".", "/") for name in PACKAGE.findall(text))]
    # A name may end in a function of the module.
    missing = [
        name
        for name in names
        if not any(
            (ROOT / candidate).exists()
            for candidate in (name, f"{name}.py", f"{name.rpartition('/')[0]}.py")
        )
    ]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        if target.startswith("http"):
            continue
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), target
        assert not anchor or anchor in anchors_of(file), f"{target}#{anchor}"


@pytest.mark.parametrize(("name", "columns"), [("asvs.md", 6), ("china-level-3.md", 5)])
def test_every_item_has_a_state_and_what_is_met_has_a_test(name, columns):
    rows = [row for row in rows_of(FOLDER / name, columns=columns) if "://" not in row[0]]
    heads = 0
    for row in rows:
        state = row[3] if columns == 6 else row[2]
        if state == "state":
            heads += 1
            continue
        assert state in STATES, row
        assert state != "met" or TEST.search(row[-1]), f"met without a test: {row[0]}"
    assert len(rows) > 30


def test_what_is_met_in_strict_mode_alone_is_said_at_the_head():
    page = (FOLDER / "asvs.md").read_text(encoding="utf-8")
    rows = rows_of(FOLDER / "asvs.md", columns=6)
    strict = [row[0] for row in rows if row[3] == "met" and row[4].startswith("[strict mode]")]
    said = page.split("These are ", 1)[1].split(". `", 1)[0]
    assert strict == re.findall(r"\d+\.\d+\.\d+", said)


def test_the_counts_at_the_head_are_those_of_the_rows():
    page = (FOLDER / "asvs.md").read_text(encoding="utf-8")
    rows = [row for row in rows_of(FOLDER / "asvs.md", columns=6) if row[0][0].isdigit()]
    for level in ("1", "2", "3"):
        counts = [sum(row[1] == level and row[3] == state for row in rows) for state in STATES]
        assert f"| {level} | {' | '.join(map(str, counts))} |" in page


def test_every_chapter_is_there_and_what_was_asked_for_of_level_3():
    rows = rows_of(FOLDER / "asvs.md", columns=6)
    numbers = [row[0] for row in rows if re.fullmatch(r"\d+\.\d+\.\d+", row[0])]
    assert len(numbers) == len(set(numbers))
    assert {int(number.split(".")[0]) for number in numbers} == set(range(1, 18))
    assert set(numbers) >= LEVEL_3
    assert {row[1] for row in rows if row[0] in numbers} == {"1", "2", "3"}


@pytest.mark.parametrize("asset", ASSETS)
def test_every_asset_has_its_threats(asset):
    page = (FOLDER / "threat-model.md").read_text(encoding="utf-8")
    section = page.split(f"### {asset}\n", 1)[1].split("\n### ", 1)[0]
    assert "What remains" in section
    assert TEST.search(section) and MODULE.search(section)
