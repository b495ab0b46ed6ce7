"""The documentation prints the table of transitions as it is."""

from procurement.rounds.rules.printed import printed_transitions
from procurement.rounds.status import STATUS_NAMES
from tests.house_rules import ROOT


def test_the_page_about_rounds_prints_the_table():
    assert printed_transitions() in (ROOT / "docs" / "rounds.md").read_text("utf-8")


def test_every_status_has_a_row():
    rows = printed_transitions().splitlines()
    assert len(rows) == 2 + len(STATUS_NAMES)
    assert "| draft | 起草 | volume reporting, comments, cancelled |" in rows
    assert any(row.startswith("| comments |") and "published²" in row for row in rows)
