"""Who does not see all prices sees the own bids, and of the others at most who is selected."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.wording import WORDING
from procurement.awards.disclosed import (
    NARROWED,
    OF_THE_LOT,
    OWN_FIGURES,
    narrowed,
    own_by_lot,
    seen_lots,
)
from procurement.awards.evaluation import require_report
from tests.procurement.awards.world import BIDS, decided_round, evaluated_round


def report(engine, build):
    world = build(engine)
    with world.read() as session:
        return world, require_report(session, round_id=world.round_id)


def seen(world, view, letter, *, winners=True, whole=False):
    own = own_by_lot(view.bids_of(world.maker(letter).id))
    return seen_lots(view.lots, own, whole=whole, winners=winners)


def test_whoever_sees_all_sees_the_report_as_it_is(engine):
    world, view = report(engine, evaluated_round)
    assert seen(world, view, "D", whole=True) == list(view.lots)


@pytest.mark.parametrize("letter", list(BIDS))
def test_of_rivals_there_is_no_price_no_rank_and_no_loser(engine, letter):
    world, view = report(engine, decided_round)
    name = world.maker(letter).name
    for lot in seen(world, view, letter):
        for outcome in lot["outcomes"]:
            if outcome["bid"] == name:
                continue
            assert outcome["selected"]
            for field in ("declared_price", "comparable_price", "rank", "needed_price"):
                assert outcome[field] is None
        for step in lot["steps"]:
            assert step["bid"] in (None, name)
            assert step["bid"] is not None or step["code"] in OF_THE_LOT


@pytest.mark.parametrize("letter", list(BIDS))
def test_before_the_notice_nobody_learns_who_else_bid(engine, letter):
    world, view = report(engine, evaluated_round)
    others = {maker.name for maker in world.makers} - {world.maker(letter).name}
    told = json.dumps(seen(world, view, letter, winners=False), ensure_ascii=False)
    assert not [name for name in others if name in told]


def test_the_own_bid_is_told_whole_but_for_figures_of_rivals(engine):
    world, view = report(engine, decided_round)
    (lot,) = [lot for lot in seen(world, view, "B") if lot["lot"] == "L01"]
    (own,) = [one for one in lot["outcomes"] if one["bid"] == world.maker("B").name]
    assert (own["comparable_price"], own["rank"]) == ("3.0000", 2)
    # It is within 1.8 times the price of A, which is not said.
    assert own["reason"] == NARROWED["within-line"][0]
    (step,) = [one for one in lot["steps"] if one["code"] == "within-line"]
    assert step["numbers"] == {}


def test_every_step_is_told_without_figures_unless_they_are_its_own():
    for code in WORDING:
        step = {
            "code": code,
            "clause": "c",
            "bid": "甲",
            "numbers": {"x": "1"},
            "zh": "1",
            "en": "1",
        }
        told = narrowed(step)
        assert (told["numbers"] == {"x": "1"}) == (code in OWN_FIGURES), code
        assert told["zh"] and told["en"]


def test_no_code_is_said_in_two_ways_and_all_of_them_are_known():
    assert not OWN_FIGURES & set(NARROWED)
    assert OWN_FIGURES | set(NARROWED) | OF_THE_LOT <= set(WORDING)


@given(st.lists(st.tuples(st.sampled_from(["L01", "L02"]), st.text(min_size=1, max_size=3))))
def test_bids_are_found_again_by_lot(places):
    by_lot = own_by_lot(places)
    assert sorted((lot, bid) for lot, bids in by_lot.items() for bid in bids) == sorted(places)
