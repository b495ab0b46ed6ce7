"""Winners choose regions in turn, under a clock; nobody twice, nobody out of turn."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from procurement.awards.evaluation import require_report
from procurement.awards.regions.choosers import choosing_lots
from procurement.awards.regions.errors import (
    AlreadyStartedError,
    NotOverdueError,
    NotStartedError,
    OutOfTurnError,
    RegionTakenError,
    TurnOverError,
)
from procurement.awards.regions.preferences import (
    ChoiceOverError,
    PreferenceList,
    keep_preferences,
    preferences,
)
from procurement.awards.regions.service import (
    assign_region,
    choose_region,
    chosen,
    find_choice,
    lapse,
    prolong_turn,
    start_choice,
)
from procurement.awards.regions.tables import RegionTurn
from procurement.awards.regions.turns import turns_of
from procurement.awards.regions.ways import TurnWay
from procurement.database import database_moment, transaction
from procurement.errors import InvalidInputError
from procurement.jobs.tables import Job
from procurement.notices import notices_of
from procurement.rounds.tables import RoundStatus
from tests.procurement.rounds.world import REGIONS

NORTH, EAST, MIDDLE = REGIONS


def start(world, minutes=10):
    with transaction(world.engine) as session:
        return start_choice(
            session,
            round_=world.round(session),
            minutes_per_turn=minutes,
            actor=world.officer,
            moment=database_moment(session),
        )


def choose(world, letter, lot, region):
    with transaction(world.engine) as session:
        choose_region(
            session,
            round_=world.round(session),
            lot_code=lot,
            region=region,
            actor=world.maker(letter).actor,
        )


def prefer(world, letter, lot, *regions, spare=False):
    with transaction(world.engine) as session:
        round_ = world.round(session)
        found = next(one for one in choosing_lots(session, round_=round_) if one.lot.code == lot)
        winner = next(one for one in found.winners if one.organisation_id == world.maker(letter).id)
        wanted = PreferenceList(lot=found, winner=winner, regions=regions, spare=spare)
        keep_preferences(
            session,
            round_=round_,
            wanted=wanted,
            actor=world.maker(letter).actor,
            moment=database_moment(session),
        )
        return preferences(session, awarded_bid_id=winner.id, spare=spare)


def run_out(world):
    """Let the clock of every turn run out."""
    with transaction(world.engine) as session:
        past = database_moment(session) - timedelta(seconds=1)
        session.execute(
            update(RegionTurn).where(RegionTurn.way == TurnWay.WAITING).values(due_at=past)
        )


def let_lapse(world, lot):
    run_out(world)
    with transaction(world.engine) as session:
        return lapse(session, round_=world.round(session), lot_code=lot)


def state(world, lot):
    with world.read() as session:
        lots = choosing_lots(session, round_=world.round(session))
        found = next(one for one in lots if one.lot.code == lot)
        return turns_of(session, lot=found)


def turn_letters(world, lot):
    """Whose turn it is, as a letter; None where nobody's."""
    found = state(world, lot)
    if found.waiting is None:
        return None
    by_name = {maker.name: letter for letter, maker in world.by_letter.items()}
    return by_name[found.bid_of(found.waiting)]


def all_main(world):
    """Play the main regions: A and again A; the third is B's alone, without a turn."""
    for lot in ("L01", "L02"):
        for region in (NORTH, EAST):
            choose(world, "A", lot, region)


def test_the_cheapest_winner_chooses_first_and_is_told(world):
    start(world)
    assert turn_letters(world, "L01") == "A"
    assert turn_letters(world, "L02") == "A"
    # One winner alone has all regions without a turn.
    assert turn_letters(world, "L03") is None
    with world.read() as session:
        told = notices_of(session, organisation_id=world.maker("A").id)
        assert any("轮到贵单位" in notice.zh for notice in told)
        kinds = session.scalars(select(Job.kind).where(Job.kind == "lapse-region-turn")).all()
        assert len(kinds) == 2


def test_turns_follow_the_order_of_the_evaluation(world):
    start(world)
    for region in (EAST, NORTH):
        assert turn_letters(world, "L01") == "A"
        assert not state(world, "L01").waiting.spare
        choose(world, "A", "L01", region)
    rest = state(world, "L01").played[2]
    assert (rest.way, rest.region, rest.spare) == (TurnWay.REST, MIDDLE, False)
    assert state(world, "L01").bid_of(rest) == world.maker("B").name


def test_a_choice_out_of_turn_is_refused_and_changes_nothing(world):
    with pytest.raises(NotStartedError):
        choose(world, "A", "L01", EAST)
    start(world)
    for letter in "BCDE":
        with pytest.raises(OutOfTurnError):
            choose(world, letter, "L01", EAST)
    assert not [turn for turn in state(world, "L01").played if turn.region]
    with pytest.raises(AlreadyStartedError):
        start(world)


def test_a_region_twice_or_of_another_lot_is_refused(world):
    start(world)
    choose(world, "A", "L01", EAST)
    for region in (EAST, "990000"):
        with pytest.raises(RegionTakenError):
            choose(world, "A", "L01", region)
    assert state(world, "L01").waiting.number == 2


def test_after_the_clock_a_winner_cannot_choose_and_its_list_does(world):
    assert prefer(world, "A", "L01", MIDDLE, EAST) == (MIDDLE, EAST)
    start(world)
    run_out(world)
    with pytest.raises(TurnOverError):
        choose(world, "A", "L01", EAST)
    assert let_lapse(world, "L01")
    first = state(world, "L01").played[0]
    assert (first.way, first.region) == (TurnWay.PREFERENCE, MIDDLE)
    choose(world, "A", "L01", NORTH)
    assert state(world, "L01").waiting.spare


def test_a_turn_that_is_not_over_does_not_lapse(world):
    prefer(world, "A", "L01", MIDDLE)
    start(world)
    with transaction(world.engine) as session:
        assert not lapse(session, round_=world.round(session), lot_code="L01")


def test_a_silent_winner_without_a_list_waits_for_an_officer(world):
    start(world)

    def assign(reason="企业失联"):
        with transaction(world.engine) as session:
            assign_region(
                session,
                round_=world.round(session),
                lot_code="L01",
                region=EAST,
                reason=reason,
                actor=world.officer,
            )

    with pytest.raises(NotOverdueError):
        assign()
    assert not let_lapse(world, "L01")
    with pytest.raises(InvalidInputError):
        assign(" ")
    assign()
    first = state(world, "L01").played[0]
    assert (first.way, first.region, first.reason) == (TurnWay.ASSIGNED, EAST, "企业失联")


def test_a_silent_winner_may_be_given_more_time(world):
    start(world)
    run_out(world)
    with transaction(world.engine) as session:
        prolong_turn(
            session,
            round_=world.round(session),
            lot_code="L01",
            minutes=5,
            actor=world.officer,
        )
    choose(world, "A", "L01", EAST)
    with pytest.raises(InvalidInputError):
        prefer(world, "B", "L01", EAST, EAST)
    with pytest.raises(InvalidInputError):
        prefer(world, "B", "L01", "990000")


def test_spare_regions_follow_and_then_the_regions_are_chosen(world):
    start(world)
    all_main(world)
    # In L01 C has no main region, yet takes part in the spare ones, after A and B.
    assert (turn_letters(world, "L01"), state(world, "L01").waiting.spare) == ("A", True)
    own = state(world, "L01").regions(spare=False)[world.maker("A").name]
    with pytest.raises(RegionTakenError):
        choose(world, "A", "L01", own[0])
    choose(world, "A", "L01", MIDDLE)
    choose(world, "B", "L01", NORTH)
    choose(world, "C", "L01", None)
    prefer(world, "B", "L01", EAST, spare=True)
    assert turn_letters(world, "L01") == "B"
    assert let_lapse(world, "L01")
    assert turn_letters(world, "L01") is None
    assert turn_letters(world, "L02") == "A"
    assert let_lapse(world, "L02") and let_lapse(world, "L02")
    with world.read() as session:
        round_ = world.round(session)
        assert round_.status == RoundStatus.REGIONS_CHOSEN
        choice = find_choice(session, round_id=round_.id)
        assert choice is not None and choice.ended_at is not None
        report = require_report(session, round_id=round_.id)
    assert not report.pending
    a, b = (report.outcome("L01", world.maker(one).name) for one in "AB")
    assert (a["region_names"], b["region_names"]) == ([NORTH, EAST], [MIDDLE])
    assert (a["spare_regions"], b["spare_regions"]) == ([MIDDLE], [NORTH, EAST])
    assert {one["bid"] for one in report.lot("L03")["allocations"]} == {world.maker("E").name}
    assert all(one["bid"] for lot in report.lots for one in lot["allocations"])
    with pytest.raises(ChoiceOverError):
        prefer(world, "A", "L01", EAST)


def test_what_was_chosen_is_what_the_evaluation_is_given(world):
    start(world)
    choose(world, "A", "L01", EAST)
    with world.read() as session:
        given = chosen(session, round_id=world.round_id)
    assert [(one.lot, one.order, one.region, one.spare) for one in given if one.lot == "L01"] == [
        ("L01", 1, EAST, False)
    ]


@pytest.mark.parametrize("minutes", [0, -1, 10**6])
def test_the_minutes_of_a_turn_are_bounded(world, minutes):
    with pytest.raises(InvalidInputError):
        start(world, minutes)
