"""README.md: what it shows is what the commands print, and its tables agree with them."""

import re
import tomllib

import pytest

from procurement.cli.commands import COMMANDS
from tests.house_rules import ROOT, committed_files
from tests.procurement.cli.pages import assert_prints, console_examples
from tests.procurement.cli.rounds import EXAMPLE
from tests.procurement.cli.shapes import parse

README = ROOT / "README.md"
GAPS = ROOT / "docs" / "known-gaps.md"
OF_DOCS = ("operations.md", "deployment.md", "operator-guide.md", "decisions/README.md")
PAGES = [
    README,
    GAPS,
    *(ROOT / name for name in ("CHANGELOG.md", "CONTRIBUTING.md")),
    *(ROOT / "docs" / name for name in OF_DOCS),
]
TEXT = README.read_text(encoding="utf-8")
EXAMPLES = [example for page in (README, GAPS) for example in console_examples(page)]


def rows(heading, text=TEXT):
    """Cells of the tables in one section, without their heads and rules."""
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = re.findall(r"^\|(.*)\|$", section, re.M)
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [row for row in cells if not set(row[0]) <= {"-"}]


def test_it_is_short_and_begins_in_chinese_too():
    assert len(TEXT.splitlines()) <= 200
    assert "集中带量采购" in TEXT.split("\n\n")[1]


@pytest.mark.usefixtures("demo_data")
@pytest.mark.parametrize(
    ("arguments", "shown"), EXAMPLES, ids=[" ".join(arguments) for arguments, _ in EXAMPLES]
)
def test_a_command_prints_what_is_shown(jicai, monkeypatch, arguments, shown):
    monkeypatch.chdir(ROOT)
    said = jicai(*arguments)
    assert (said.status, said.err) == (0, "")
    assert_prints(arguments, shown, said.out)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_it_links_to_is_there(page):
    text = page.read_text(encoding="utf-8")
    links = re.findall(r'\]\(([^)#]+)\)|src="([^"]+)"', text)
    here = [link for link in (first or second for first, second in links) if "://" not in link]
    for link in here:
        assert (page.parent / link).exists(), link


def test_the_commands_it_lists_are_there():
    listed = {word for row in rows("Look at it")[1:] for word in re.findall(r"[a-z-]+", row[0])}
    # `jicai demo` and what it prints stand above the table.
    assert listed - {"jicai"} == set(COMMANDS) - {"demo"}


def test_every_folder_of_the_checkout_is_in_its_layout():
    tracked = {path.parts[0] for path in committed_files() if len(path.parts) > 1}
    folders = {f"`{name}/`" for name in tracked if not name.startswith(".")}
    listed = {cell for row in rows("Layout")[1:] for cell in row[0].split(", ")}
    assert listed == folders


def test_the_settings_are_those_of_the_operations_page():
    settings = (ROOT / "procurement" / "settings.py").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([A-Z_]+)` \|", page, re.M)
    assert set(named) == set(re.findall(r'environ\.get\("([A-Z_]+)"\)', settings))


def test_the_make_targets_it_names_are_there():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"\bmake ([a-z]+)\b(?=`|  )", TEXT):
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_the_rulebooks_are_listed_with_their_counts(jicai):
    books = parse(jicai("rulebooks", "--json").out)
    page = (ROOT / "rulebooks" / "README.md").read_text(encoding="utf-8")
    assert rows("The rulebooks", page)[1:] == [
        [
            f"`{book['id']}`",
            book["title"]["en"],
            book["in_force_from"],
            f"{book['verified']} of {book['rules']}",
            str(len(book["unknown"])),
        ]
        for book in books
    ]
    verified, rules = (sum(book[name] for book in books) for name in ("verified", "rules"))
    assert f"{len(books)} published documents as data, {verified} of {rules} rules verified" in TEXT


def test_the_table_of_replays_agrees_with_the_command(jicai, shared):
    listed = {row[1]: row[2:] for row in rows("Past rounds, evaluated again") if len(row) == 5}
    listed.pop("opened")
    assert len(listed) >= 2
    replayed = {day: replay(jicai, folder) for day, folder in rounds(shared).items()}
    for day, counts in listed.items():
        report = replayed[day]
        assert counts == [
            f"{report['lots_matched']}/{report['lots']}",
            f"{report['bids_matched']}/{report['bids']}",
            f"{report['regions']['matched']}/{report['regions']['lots']}",
        ]
    misses = [row for row in rows("Past rounds, evaluated again") if len(row) == 6][1:]
    words = ("not selected", "selected")
    assert {
        (lot, bid, published, evaluated) for lot, _, bid, published, evaluated, _ in misses
    } == {
        (miss["lot"], miss["manufacturer"], words[miss["published"]], words[miss["evaluated"]])
        for day in listed
        for miss in replayed[day]["misses"]
    }


def rounds(shared):
    """Folders of past rounds by the day on which they were opened."""
    heads = {
        folder: tomllib.loads((folder / "round.toml").read_text(encoding="utf-8"))
        for folder in (shared / "rounds").iterdir()
    }
    return {head["opened_on"].isoformat(): folder for folder, head in heads.items()}


def replay(jicai, folder):
    return parse(jicai("replay", folder, "--json").out)


@pytest.mark.parametrize(("price", "selected"), [("24.0953", True), ("24.095301", False)])
def test_the_needed_price_it_quotes_is_exact(jicai, tmp_path, price, selected):
    assert "For 广州白云山 it is 24.0953 yuan" in TEXT
    for file in EXAMPLE.iterdir():
        text = file.read_text(encoding="utf-8").replace("白云山,50mg,44.5", f"白云山,50mg,{price}")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    lots = parse(jicai("evaluate", tmp_path, "--json").out)["lots"]
    lot = next(lot for lot in lots if lot["lot"] == "L18")
    (decided,) = (bid["selected"] for bid in lot["outcomes"] if bid["bid"] == "广州白云山")
    assert decided is selected
