"""The outage rule and amendments move dates: once, on record, and by two officers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from procurement.audit.service import entries_about
from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.rounds.outages import amend_timetable, apply_outage
from procurement.rounds.progress import events_of
from procurement.rounds.rules import Failure, FourEyesError, InvalidTransitionError
from procurement.rounds.scheduling import timetable_of
from procurement.rounds.tables import RoundEventKind
from tests.procurement.rounds import world


@pytest.fixture
def session(engine):
    with transaction(engine) as session:
        yield session


def failing(round_, seconds):
    since = world.date_of(round_, "closes_at") - timedelta(minutes=30)
    return [Failure(since, since + timedelta(seconds=seconds))]


def test_an_outage_moves_closing_and_opening_once_and_on_record(session):
    round_ = world.open_bidding(session, world.new_round(session))
    closing, opening = (world.date_of(round_, name) for name in ("closes_at", "opens_at"))
    at = closing - timedelta(minutes=1)
    version = round_.version
    assert apply_outage(session, round_=round_, failures=failing(round_, 61), moment=at)
    assert round_.closes_at == closing + timedelta(minutes=120)
    assert round_.opens_at == opening + timedelta(minutes=120)
    assert (round_.outage_shifted_at, round_.version) == (at, version + 1)
    event = events_of(session, round_id=round_.id)[-1]
    assert (event.kind, event.person_id) == (RoundEventKind.OUTAGE, None)
    actions = [entry.action for entry in entries_about(session, subject=f"round/{round_.name}")]
    assert actions[-1] == "apply-outage-rule"
    again = failing(round_, 600)
    assert apply_outage(session, round_=round_, failures=again, moment=at) is None
    assert round_.closes_at == closing + timedelta(minutes=120)


def test_a_short_failure_and_other_statuses_move_nothing(session):
    round_ = world.new_round(session)
    closing = world.date_of(round_, "closes_at")
    for bring, seconds in (
        (world.publish_round, 600),
        (world.open_bidding, 60),
        (world.close_bidding, 600),
    ):
        bring(session, round_)
        failures = failing(round_, seconds)
        assert apply_outage(session, round_=round_, failures=failures, moment=closing) is None
        assert round_.closes_at == closing


def amend(session, round_, people, **changes):
    return amend_timetable(
        session,
        round_=round_,
        timetable=replace(timetable_of(round_), **changes),
        person_id=people[0],
        second_person_id=people[1],
        moment=round_.published_at or world.MOMENT,
    )


def test_an_amendment_moves_dates_by_two_officers(session):
    round_ = world.publish_round(session, world.new_round(session))
    people = (round_.drafted_by, world.second_officer(session, round_).id)
    later = world.date_of(round_, "opens_at") + timedelta(days=2)
    with pytest.raises(FourEyesError):
        amend(session, round_, (people[0], people[0]), opens_at=later)
    with pytest.raises(InvalidInputError):
        amend(session, round_, people, opens_at=round_.closes_at)
    amend(session, round_, people, opens_at=later)
    event = events_of(session, round_id=round_.id)[-1]
    assert (event.kind, event.person_id, event.second_person_id) == (
        RoundEventKind.TIMETABLE,
        *people,
    )
    assert (round_.opens_at, round_.opened_on) == (later, later.date())


def test_dates_of_a_draft_and_of_a_closed_round_are_not_amended(session):
    round_ = world.new_round(session)
    people = (round_.drafted_by, world.second_officer(session, round_).id)
    with pytest.raises(InvalidTransitionError):
        amend(session, round_, people)
    world.close_bidding(session, round_)
    with pytest.raises(InvalidTransitionError):
        amend(session, round_, people)
