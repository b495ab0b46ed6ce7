"""A drug is negotiated: from the maker's dossier to a signed price, by people at browsers."""

import time
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.databases import goes_on
from tests.journeys.keyholders import unseal
from tests.journeys.negotiating import (
    APPOINTED,
    Team,
    apply,
    compute,
    gather,
    quote,
    review,
    seal_maximum,
    sign,
)
from tests.journeys.people import Town
from tests.procurement.negotiations.world import MODEL

MAXIMUM, STARTS_IN = "264.00", 90
"""The reference drug's price with its premium binds; seconds until the session starts."""


@goes_on("sqlite")
def test_a_drug_is_negotiated(town: Town, tmp_path: Path) -> None:
    team = gather(town, tmp_path)
    model, broken = tmp_path / "model.toml", tmp_path / "broken.toml"
    model.write_text(MODEL, encoding="utf-8")
    broken.write_text(MODEL.replace("share_with = 0.4", "share_with = 0.5"), encoding="utf-8")
    apply(team, model, broken)
    review(team)
    for group in ("economics", "fund"):
        compute(team, group)
    back_to_back(team)
    seal_maximum(team, STARTS_IN)
    started = time.monotonic()
    nobody_reads(team)
    time.sleep(max(0, STARTS_IN - (time.monotonic() - started)))
    bargain(team)
    for name, page, person in (
        ("甲制药经办", "quotes", team.maker),
        ("谈判专家", "table", team.experts["negotiator"]),
    ):
        sign(person, team, page, name)
    team.officer.go(team.at("record"))
    team.officer.sees(MAXIMUM)
    team.officer.photograph("record")
    team.maker.go(team.dossier.split("/dossiers/")[0])
    team.maker.sees("250.00")
    team.maker.photograph("payment-standard")


def back_to_back(team: Team) -> None:
    """Neither group finds the other's page; the maker and the negotiator find none."""
    economist = team.experts[APPOINTED["economics"][0]]
    actuary = team.experts[APPOINTED["fund"][0]]
    for one, pages in (
        (economist, ("groups/fund", "chair", "table")),
        (actuary, ("groups/economics", "chair", "table")),
        (team.experts["negotiator"], ("groups/fund", "groups/economics", "chair")),
        (team.maker, ("groups/fund", "groups/economics", "chair", "table", "review")),
    ):
        for page in pages:
            assert one.is_missing(team.at(page)), (one.user, page)


def nobody_reads(team: Team) -> None:
    """Once sealed, the maximum payable price is on nobody's page."""
    for one, page in (
        (team.experts["chair"], "chair"),
        (team.experts["negotiator"], "table"),
        (team.officer, "session"),
        (team.maker, "session"),
    ):
        one.go(team.at(page))
        assert MAXIMUM not in one.page.content(), (one.user, page)


def bargain(team: Team) -> None:
    """Two of three holders open the envelope; two quotes, an offer, a deal."""
    maker, negotiator = team.maker, team.experts["negotiator"]
    negotiator.go(team.at("table"))
    negotiator.press("开始谈判")
    # Each waits for what only the own share brings: the first is posted, the envelope open.
    for holder, key, shown in zip(team.holders, team.keys, ("已提交", "信封已于"), strict=False):
        unseal(holder, team.at("session"), key, shown=shown)
    quote(maker, team, "400")
    quote(maker, team, "280")
    negotiator.go(team.at("table"))
    assert MAXIMUM not in negotiator.page.content()
    negotiator.press("查看谈判底价")
    negotiator.sees(MAXIMUM)
    negotiator.photograph("table")
    negotiator.go(team.at("table"))
    negotiator.fill({"price": "250"})
    negotiator.page.locator("main form button.button-primary").first.click()
    negotiator.page.wait_for_load_state()
    maker.go(team.at("quotes"))
    maker.photograph("quotes")
    assert MAXIMUM not in maker.page.content()
    accept = maker.page.locator("main form:has(input[name=kind][value='accept-offer']) button")
    expect(accept).to_be_visible()
    with maker.page.expect_navigation():
        accept.click()
