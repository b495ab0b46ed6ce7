"""Every price of a round, on every page and in every export: who sees it, and who does not."""

import json

import pytest
import typst

from procurement.accounts.tables import OrganisationKind
from procurement.bids.opening import disclosure
from procurement.bids.opening.disclosure import Disclosure
from procurement.permissions import Role
from tests.procurement.awards.visitors import address, maker, officer, sheet_text, somebody
from tests.procurement.awards.world import BIDS, announced_round, line
from tests.procurement.platform import running_platform

ODD = {
    **BIDS,
    "A": (line("L01", "1mg", "2.0317"), line("L02", "250mg", "2.00", 10)),
    "B": (line("L01", "1mg", "3.0519"), line("L02", "500mg", "3.00", 10)),
    "C": (line("L01", "1mg", "4.0627"), line("L02", "250mg", "4.00", 20)),
    "D": (line("L01", "1mg", "6.1733"), line("L03", "80mg", "30.00", 10)),
}
"""Prices in L01 that occur nowhere else; D loses."""

OF_RIVALS, OF_D = ("2.0317", "3.0519"), "6.1733"
WHOLE = {
    Disclosure.PUBLIC: {"officer", "D", "rival", "hospital", "nobody"},
    Disclosure.PARTIES: {"officer", "D"},
    Disclosure.COURT: {"officer"},
    Disclosure.UNKNOWN: {"officer"},
}
PAGES = ("result", "result/L01", "announcement", "evaluation")
AWARDED_PAGES = (*PAGES, "award")
SHEETS = ("result/file/xlsx", "result/L01/file/xlsx", "announcement/file/xlsx")
PRINTED = ("result/file/pdf", "result/L01/file/pdf", "announcement/file/pdf")


@pytest.fixture
def platform(engine, tmp_path):
    with running_platform(engine, tmp_path) as running:
        yield running


def let_it_be(monkeypatch, said):
    """Let the rulebook say who sees prices."""

    class Rules:
        def __init__(self, rulebook, options):
            pass

        def knows(self, key):
            return said is not Disclosure.UNKNOWN

        def word(self, key):
            return said.value

    monkeypatch.setattr(disclosure, "RoundRules", Rules)


def people_of(platform, world):
    return {
        "officer": officer(platform, world),
        "D": maker(platform, world, "D"),
        "rival": somebody(platform, world, OrganisationKind.MANUFACTURER, Role.MANUFACTURER),
        "hospital": somebody(platform, world, OrganisationKind.HOSPITAL, Role.HOSPITAL),
        "nobody": platform.nobody(),
    }


def seen(answers, texts):
    return {text for text in texts if any(text in answer for answer in answers)}


def everything(person, world, pages, sheets, monkeypatch):
    """All that somebody is told by pages, Excel and PDF."""
    told = [person.get(address(world, path)).text for path in pages]
    told += [sheet_text(person.get(address(world, path))) for path in sheets]
    printed = []

    def compile_(_template, *, sys_inputs, **_more):
        printed.append(json.dumps(json.loads(sys_inputs["file"]), ensure_ascii=False))
        return b"%PDF-"

    with monkeypatch.context() as patch:
        patch.setattr(typst, "compile", compile_)
        for path in PRINTED:
            assert person.get(address(world, path)).status_code == 200
    return [*told, *printed]


def check(platform, world, said, pages, sheets, monkeypatch):
    for name, person in people_of(platform, world).items():
        told = everything(person, world, pages, sheets, monkeypatch)
        expected = set(OF_RIVALS) if name in WHOLE[said] else set()
        assert seen(told, OF_RIVALS) == expected, (said, name)
        assert seen(told, [OF_D]) == ({OF_D} if expected or name == "D" else set()), (said, name)
        assert world.maker("A").name in told[0], "winners are public from the notice on"


def test_prices_are_shown_to_whom_the_rulebook_says(engine, platform, monkeypatch):
    world = announced_round(engine, bids=ODD)
    for said in Disclosure:
        let_it_be(monkeypatch, said)
        check(platform, world, said, PAGES, SHEETS, monkeypatch)
    world.end_notice().fix_award()
    for said in Disclosure:
        let_it_be(monkeypatch, said)
        check(platform, world, said, AWARDED_PAGES, (*SHEETS, "award/file/xlsx"), monkeypatch)


def test_letters_and_steps_of_a_loser_tell_no_price_of_a_rival(engine, platform, monkeypatch):
    world = announced_round(engine, bids=ODD)
    let_it_be(monkeypatch, Disclosure.COURT)
    loser = maker(platform, world, "D")
    own = address(world, f"letters/L01/{world.maker('D').id}")
    told = [loser.get(own).text, loser.get(address(world, "result/L01")).text]
    assert all(OF_D in page for page in told)
    assert seen(told, OF_RIVALS) == set()
    # Nor which others lost.
    assert world.maker("E").name not in told[1]
    assert "<svg class" in told[1] and 'id="price-axis-L01' not in told[1]
