"""The bid sheet of a draft, its frozen facts, and the trial evaluation."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bidding.bid_sheet import Bid, DosageForm, Lot, Quote, Round, Strength, Volume
from bidding.evaluate import evaluate
from pricing.money import UnitPrice
from procurement.database import text_digest, transaction
from procurement.rounds.ending import fail_lot
from procurement.rounds.folder.stored import read_facts
from procurement.rounds.lots import find_lot, strengths_of
from procurement.rounds.options import round_rulebooks
from procurement.rounds.probe import find_gap
from procurement.rounds.progress import set_status
from procurement.rounds.readiness import publication_checks, reporting_checks
from procurement.rounds.sheet import facts_of, sheet_of
from procurement.rounds.tables import LotStrength, RoundStatus
from rulebooks import load_rulebook
from tests.procurement.rounds import world


@pytest.fixture
def session(engine):
    with transaction(engine) as session:
        yield session


def test_frozen_facts_with_bids_and_volumes_can_be_evaluated(session):
    round_ = world.publish_round(session, world.new_round(session))
    assert round_.facts_digest == text_digest(round_.facts)
    sheet = read_facts(round_.facts).round
    bids = tuple(
        Bid("L01", name, name, (Quote("1mg", UnitPrice(Decimal(price))),))
        for name, price in {"甲": "0.99", "乙": "1.44", "丙": "3.50"}.items()
    )
    volumes = (Volume("340000", "L01", "1mg", Decimal(1), 1000),)
    lots = tuple(lot for lot in sheet.lots if lot.lot == "L01")
    whole = replace(sheet, lots=lots, bids=bids, volumes=volumes)
    report = evaluate(whole, load_rulebook(round_.rulebook))
    selected = [one.bid for one in report.lots[0].outcomes if one.status == "selected"]
    assert selected == ["甲", "乙"]


def test_a_lot_that_failed_is_left_out_of_the_sheet(session):
    round_ = world.start_reporting(session, world.new_round(session))
    lot = find_lot(session, round_id=round_.id, code="L01")
    fail_lot(session, round_=round_, lot=lot, reason="撤出", moment=world.MOMENT, person_id=1)
    assert [lot.lot for lot in sheet_of(session, round_=round_).lots] == ["L02"]


def test_an_inquiry_is_limited_by_its_benchmark_prices(session):
    round_ = world.new_round(session, rulebook="follow-on-inquiry-2026")
    round_.is_inquiry = True
    for lot in world.lots_of(session, round_):
        for strength in strengths_of(session, lot_id=lot.id):
            strength.benchmark_price = Decimal("0.1234")
    limits = {
        strength.price_ceiling
        for lot in sheet_of(session, round_=round_).lots
        for strength in lot.strengths.values()
    }
    assert limits == {Decimal("0.1234")}


def test_equal_rounds_have_equal_facts_whatever_the_order_of_their_rows(session):
    first = world.new_round(session)
    second = world.new_round(session, name="second")
    for lot in reversed(world.lots_of(session, second)):
        for strength in reversed(strengths_of(session, lot_id=lot.id)):
            copy = (strength.strength, strength.strength_ratio, strength.price_ceiling)
            session.delete(strength)
            session.flush()
            session.add(
                LotStrength(
                    lot_id=lot.id,
                    strength=copy[0],
                    strength_ratio=copy[1],
                    price_ceiling=copy[2],
                )
            )
    assert facts_of(session, round_=first) == facts_of(session, round_=second)


def unmet(checks):
    return [check.key for check in checks if not check.is_met]


def test_a_complete_draft_lacks_only_its_course(session):
    round_ = world.new_round(session)
    checks = list(publication_checks(session, round_, world.MOMENT))
    assert unmet(checks) == ["reporting", "comments", "volumes-closed"]
    assert unmet(reporting_checks(session, round_, world.MOMENT)) == []
    assert all(check.zh and check.en for check in checks)


def test_what_is_missing_is_named_with_where_to_mend_it(session):
    round_ = world.new_round(session, rulebook="national-12", keyholders=[])
    round_.options, round_.opens_at, round_.closes_at = "{}", None, world.MOMENT
    strength = strengths_of(session, lot_id=world.lots_of(session, round_)[0].id)[0]
    strength.price_ceiling = None
    checks = list(publication_checks(session, round_, world.MOMENT))
    keys = unmet(checks)
    for key in ("prices", "dates", "dates-ahead", "keyholders", "rule"):
        assert key in keys
    missing = [check.zh for check in checks if check.key == "rule"]
    assert len(missing) == len(load_rulebook("national-12").unknown)
    assert all(check.link for check in checks if not check.is_met)


def test_publication_needs_the_comments_to_be_over(session):
    round_ = world.start_reporting(session, world.new_round(session))
    set_status(session, round_=round_, status=RoundStatus.COMMENTS, moment=world.MOMENT)
    closes = world.date_of(round_, "comments_close_at")
    assert "comments" in unmet(
        publication_checks(session, round_, closes - timedelta(microseconds=1))
    )
    assert unmet(publication_checks(session, round_, closes)) == []


LOT = Lot(
    "L01",
    "药",
    {
        "a": Strength("a", Decimal(1), Decimal("12.5")),
        "b": Strength("b", Decimal(2), Decimal(20)),
    },
    DosageForm.ORAL_SOLID,
)


@pytest.mark.parametrize("rulebook", round_rulebooks())
def test_the_trial_names_a_rule_or_fact_or_goes_through(rulebook):
    book = load_rulebook(rulebook)
    options = dict.fromkeys(book.unknown, "none")
    gap = find_gap(Round("t", rulebook, None, (LOT,), (), options=options), book)
    if gap is not None:
        assert gap.said.zh
        assert gap.said.en


def test_the_trial_asks_for_what_brand_reporting_needs():
    book = load_rulebook("national-3")
    sheet = Round("t", "national-3", None, (LOT,), (), options={"ranking.tie_breaks": "none"})
    assert find_gap(sheet, book) is None
    gap = find_gap(sheet, book, by_brand=frozenset({"L01"}))
    assert gap is not None
    assert gap.key == "brand.fallback"


def test_the_trial_asks_for_facts_of_lots():
    book = load_rulebook("tcm-alliance-2023")
    options = {**dict.fromkeys(book.unknown, "none"), "places.by_bidders": {"1+": 3}}
    sheet = Round("t", book.id, None, (LOT,), (), options=options)
    gap = find_gap(sheet, book)
    assert gap is not None
    assert (gap.lot, "日剂量" in gap.said.zh) == ("L01", True)


def test_a_draft_without_lots_has_no_gap():
    book = load_rulebook("national-3")
    sheet = Round("t", "national-3", None, (), (), options={"ranking.tie_breaks": "none"})
    assert find_gap(sheet, book) is None
