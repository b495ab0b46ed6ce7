"""A round is decided: from the closing to signed agreements, by people at browsers."""

import time
from decimal import Decimal
from pathlib import Path

from bidding.bid_sheet import (
    Answer,
    Bid,
    DosageForm,
    Lot,
    QuestionKind,
    Quote,
    Round,
    Strength,
    Volume,
)
from bidding.evaluate import evaluate
from bidding.report import EvaluationReport
from pricing.money import UnitPrice
from rulebooks import load_rulebook
from tests.journeys.agreeing import (
    choose_distributors,
    make_agreements,
    name_distributor,
    sign_all,
    start_cycle,
)
from tests.journeys.bureau import organisations, wait_for
from tests.journeys.databases import goes_on
from tests.journeys.deciding import (
    announce,
    answer,
    call_for_answers,
    choose_regions,
    decide_tie,
    fix_award,
    object_to,
    open_answers,
    open_bids,
)
from tests.journeys.makers import seal_in_page
from tests.journeys.people import Town
from tests.journeys.preparing import Cast, prepare
from tests.journeys.story import LEAD, Story

FIRST, SECOND, THIRD = "甲制药", "乙制药", "丙制药"
STORY = Story(
    name="alliance-2026-1",
    rulebook="national-10",
    bureau="000000",
    regions=("340000", "310000", "320000"),
    lots=(
        ("L01", "阿那曲唑口服常释剂型", "片", (("1mg", "1", "12.5"),)),
        ("L02", "阿莫西林口服常释剂型", "粒", (("250mg", "1", "1.2"),)),
        ("L03", "二甲双胍口服常释剂型", "片", (("500mg", "1", "3"),)),
    ),
    rules=(
        ("ranking.tie_breaks", "none", ""),
        ("regions.unsupplied_strength", "own", "spare-then-rank"),
    ),
    hospitals=(("第一医院", "340000"), ("第二医院", "310000"), (LEAD, "320000")),
    demands=(("12000", "3000", "400"), ("8000", "2000", "100"), ("500", "600", "0")),
    total="19,500",
    makers=(FIRST, SECOND, THIRD),
    bidding_seconds=150,
)
REGIONS = {"340000": "安徽", "310000": "上海", "320000": "江苏"}
PACK_UNITS = 14
# Yuan a pack. L01: the second is offered revival, and accepts. L02: the third is, and declines.
# L03: second and third are equal for the second of two places.
PRICES = {
    FIRST: {"L01": "70", "L02": "2.8", "L03": "14"},
    SECOND: {"L01": "140", "L03": "21"},
    THIRD: {"L02": "8.4", "L03": "21"},
}
ANSWERS = (
    Answer("L01", SECOND, QuestionKind.REVIVE, answer=True),
    Answer("L02", THIRD, QuestionKind.REVIVE, answer=False),
    Answer("L03", SECOND, QuestionKind.TIE, answer=True),
    Answer("L03", THIRD, QuestionKind.TIE, answer=False),
)


@goes_on("sqlite")
def test_a_round_is_decided(town: Town, tmp_path: Path) -> None:
    cast = prepare(town, STORY, tmp_path)
    distributor = organisations(
        town, cast.officer, "distributor", {"配送公司": "340000"}, start=400
    )["配送公司"]
    first, second, third = cast.makers.values()
    wait_for(town, STORY, "bidding")
    for name, prices in PRICES.items():
        seal_in_page(cast.makers[name], STORY.name, cast.maker_keys[name], typed(prices))
    open_bids(town, cast, STORY)
    decide_tie(cast, STORY, "L03", SECOND)
    call_for_answers(cast, STORY)
    answer(second, cast.maker_keys[SECOND], STORY, "yes")
    answer(third, cast.maker_keys[THIRD], STORY, "no")
    open_answers(town, cast, STORY)
    announce(cast, STORY)
    started = time.monotonic()
    told_why(cast)
    object_to(third, cast.officer, STORY)
    fix_award(cast, STORY, started)
    wait_for(town, STORY, "awarded")
    choose_regions(town, cast, STORY, active=first, silent=second)
    check_outcome(cast)
    for winner in (first, second):
        name_distributor(winner, distributor, STORY)
    make_agreements(cast, STORY)
    for hospital in cast.hospitals.values():
        choose_distributors(hospital, STORY)
    for party in (*cast.hospitals.values(), first, second, distributor):
        assert sign_all(party, STORY) > 0
    cast.officer.go(STORY.at("/agreements"))
    cast.officer.photograph("agreements-signed")
    start_cycle(cast, STORY, "两家医疗机构未选择配送企业，不影响其余协议执行。")
    wait_for(town, STORY, "running")


def typed(prices: dict[str, str]) -> dict[str, str]:
    """What is typed for each line of the page."""
    places = {lot[0]: place for place, lot in enumerate(STORY.lots, start=1)}
    return {f"line-{places[lot]}-1": price for lot, price in prices.items()}


def told_why(cast: Cast) -> None:
    """The loser reads in its letter which price would have been selected."""
    loser = cast.makers[THIRD]
    loser.go(STORY.at("/letters"))
    loser.page.locator("main tbody a", has_text="L02").first.click()
    loser.page.wait_for_url("**/letters/L02/*")
    loser.photograph("letter")
    needed = expected().lots[1].outcomes[1].needed_price
    assert needed == Decimal("0.36")
    loser.sees("0.36")


def expected() -> EvaluationReport:
    """What `bidding.evaluate` says of the same bids and answers."""
    lots = tuple(
        Lot(
            code,
            product,
            {label: Strength(label, Decimal(ratio), Decimal(ceiling))},
            dosage_form=DosageForm.ORAL_SOLID,
        )
        for code, product, _unit, ((label, ratio, ceiling),) in STORY.lots
    )
    label_of = {lot.lot: next(iter(lot.strengths)) for lot in lots}
    bids = tuple(
        Bid(lot, name, name, (Quote(label_of[lot], UnitPrice(Decimal(price), PACK_UNITS)),))
        for name, prices in PRICES.items()
        for lot, price in prices.items()
    )
    reported = (("11000", *STORY.demands[0][1:]), *STORY.demands[1:])
    volumes = tuple(
        Volume(REGIONS[region], lot.lot, label_of[lot.lot], Decimal(1), int(demand))
        for (_hospital, region), demands in zip(STORY.hospitals, reported, strict=True)
        for lot, demand in zip(lots, demands, strict=True)
    )
    options = {
        "ranking.tie_breaks": "none",
        "regions.unsupplied_strength": "spare-then-rank",
    }
    sheet = Round("", STORY.rulebook, None, lots, bids, volumes, options=options)
    return evaluate(sheet, load_rulebook(STORY.rulebook), ANSWERS)


def check_outcome(cast: Cast) -> None:
    """The platform decided as `bidding.evaluate` does on the same bids and answers."""
    for lot in expected().lots:
        cast.officer.go(STORY.at(f"/result/{lot.lot}"))
        shown = cast.officer.text()
        for outcome in lot.outcomes:
            assert outcome.manufacturer in shown
            if outcome.agreed_volume is not None:
                assert f"{outcome.agreed_volume:,}" in shown, (lot.lot, outcome, shown)
