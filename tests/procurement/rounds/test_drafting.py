"""Drafting a round: what it is, its dates, and the rules left open."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from procurement.audit.service import entries_about
from procurement.database import make_engine, transaction, upgrade
from procurement.errors import InvalidInputError, StaleError
from procurement.permissions import Role
from procurement.rounds.basics import Basics, basics_faults, name_faults
from procurement.rounds.drafting import basics_of, change_basics, draft_round
from procurement.rounds.open_rules import open_rules_of, set_option
from procurement.rounds.options import read_options
from procurement.rounds.progress import events_of
from procurement.rounds.rules import PartFixedError
from procurement.rounds.scheduling import change_timetable, timetable_of
from procurement.rounds.service import find_round
from procurement.rounds.tables import RoundEventKind, RoundStatus
from tests.procurement.rounds import world

BASICS = Basics(
    name="anhui-2026-2",
    title="安徽省药品集中带量采购",
    rulebook="national-12",
    regions=("340000",),
)
NOW = world.MOMENT


@pytest.fixture
def session(engine):
    with transaction(engine) as session:
        yield session


@pytest.fixture(scope="module")
def in_memory():
    """A session for checks that only read: what differs by database is tested elsewhere."""
    engine = make_engine("sqlite://")
    upgrade(engine)
    with transaction(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def officer(session):
    return world.actor_of(
        session, world.new_person(session, world.new_bureau(session), Role.OFFICER)
    )


def fields(refusal):
    return sorted({fault.field for fault in refusal.value.faults})


def test_a_draft_belongs_to_the_bureau_of_its_officer(session, officer):
    round_ = draft_round(session, actor=officer, basics=BASICS, moment=NOW)
    assert (round_.status, round_.bureau_id) == (RoundStatus.DRAFT, officer.organisation_id)
    assert (round_.drafted_by, round_.imported_at) == (officer.person_id, NOW)
    assert basics_of(session, round_=round_) == BASICS
    assert [entry.action for entry in entries_about(session, subject="round/anhui-2026-2")] == [
        "draft-round"
    ]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"name": "ab"}, ["name"]),
        ({"name": "Anhui"}, ["name"]),
        ({"name": "new"}, ["name"]),
        ({"name": "a" * 61}, ["name"]),
        ({"name": "a" * 60}, []),
        ({"name": "a--b"}, ["name"]),
        ({"title": ""}, ["title"]),
        ({"title": "x" * 301}, ["title"]),
        ({"title": "x" * 300}, []),
        ({"rulebook": "national-99"}, ["rulebook"]),
        ({"rulebook": "../national-3"}, ["rulebook"]),
        ({"rulebook": "credit-2020"}, ["rulebook"]),
        ({"regions": ()}, ["regions"]),
        ({"regions": ("000000",)}, ["regions"]),
        ({"regions": ("999999",)}, ["regions"]),
        ({"regions": ("340000", "340100")}, ["regions"]),
        ({"regions": ("340000", "340000")}, ["regions"]),
        ({"regions": ("340100", "330000")}, []),
        ({"follows": "no-such-round"}, ["follows"]),
        ({"outage_shift_minutes": 9}, ["outage_shift_minutes"]),
        ({"outage_shift_minutes": 10}, []),
        ({"outage_shift_minutes": 1441}, ["outage_shift_minutes"]),
        ({"title": "", "rulebook": "", "regions": ()}, ["regions", "rulebook", "title"]),
    ],
)
def test_every_fault_stands_at_its_field(in_memory, changes, wrong):
    basics = replace(BASICS, **changes)
    faults = [
        *name_faults(in_memory, name=basics.name),
        *basics_faults(in_memory, basics=basics),
    ]
    assert sorted({fault.field for fault in faults}) == wrong
    assert all(fault.zh and fault.en for fault in faults)


def test_nothing_is_stored_of_faulty_basics(session, officer):
    with pytest.raises(InvalidInputError) as refusal:
        draft_round(session, actor=officer, basics=replace(BASICS, title=""), moment=NOW)
    assert fields(refusal) == ["title"]
    assert find_round(session, name=BASICS.name) is None


def test_a_name_is_given_once(session, officer):
    draft_round(session, actor=officer, basics=BASICS, moment=NOW)
    with pytest.raises(InvalidInputError) as refusal:
        draft_round(session, actor=officer, basics=BASICS, moment=NOW)
    assert fields(refusal) == ["name"]


def test_an_inquiry_follows_on_an_earlier_round(session, officer):
    first = draft_round(session, actor=officer, basics=BASICS, moment=NOW)
    second = draft_round(
        session,
        actor=officer,
        basics=replace(BASICS, name="follow-1", is_inquiry=True, follows=first.name),
        moment=NOW,
    )
    assert (second.is_inquiry, second.follows_id) == (True, first.id)


def test_a_stale_page_overwrites_nothing(session, officer):
    round_ = draft_round(session, actor=officer, basics=BASICS, moment=NOW)
    seen = round_.version
    change: dict[str, Any] = {"round_": round_, "version": seen, "actor": officer, "moment": NOW}
    change_basics(session, basics=replace(BASICS, title="甲"), **change)
    with pytest.raises(StaleError):
        change_basics(session, basics=replace(BASICS, title="乙"), **change)
    assert round_.title == "甲"


def test_regions_can_be_changed_and_keep_their_rows(session, officer):
    round_ = draft_round(session, actor=officer, basics=BASICS, moment=NOW)
    wanted = ("330000", "340000")
    change_basics(
        session,
        round_=round_,
        basics=replace(BASICS, regions=wanted),
        version=round_.version,
        actor=officer,
        moment=NOW,
    )
    assert basics_of(session, round_=round_).regions == wanted


def test_rulebook_and_regions_stand_while_hospitals_report(session):
    round_ = world.start_reporting(session, world.new_round(session))
    officer = world.actor_of(session, world.second_officer(session, round_))
    present = basics_of(session, round_=round_)
    for change in ({"rulebook": "national-12"}, {"regions": ("340000",)}, {"is_inquiry": True}):
        with pytest.raises(PartFixedError):
            change_basics(
                session,
                round_=round_,
                basics=replace(present, **change),
                version=round_.version,
                actor=officer,
                moment=NOW,
            )
    session.refresh(round_)
    change_basics(
        session,
        round_=round_,
        basics=replace(present, title="新名称"),
        version=round_.version,
        actor=officer,
        moment=NOW,
    )
    assert round_.title == "新名称"


def test_a_published_round_is_changed_by_amendments_only(session):
    round_ = world.publish_round(session, world.new_round(session))
    officer = world.actor_of(session, world.second_officer(session, round_))
    change: dict[str, Any] = {
        "round_": round_,
        "version": round_.version,
        "actor": officer,
        "moment": NOW,
    }
    with pytest.raises(PartFixedError):
        change_basics(
            session, basics=replace(basics_of(session, round_=round_), title="x"), **change
        )
    with pytest.raises(PartFixedError):
        change_timetable(
            session, timetable=timetable_of(round_), **{**change, "version": round_.version}
        )
    with pytest.raises(PartFixedError):
        set_option(
            session, key="ranking.tie_breaks", raw=None, **{**change, "version": round_.version}
        )


def test_another_rulebook_drops_the_options_that_it_does_not_leave_open(session, officer):
    round_ = draft_round(session, actor=officer, basics=BASICS, moment=NOW)
    change: dict[str, Any] = {"round_": round_, "actor": officer, "moment": NOW}
    for key, raw in (("ranking.tie_breaks", "none"), ("cycle.ends_on", date(2029, 12, 31))):
        set_option(session, key=key, raw=raw, version=round_.version, **change)
    assert len(read_options(round_.options)) == 2
    change_basics(
        session, basics=replace(BASICS, rulebook="national-3"), version=round_.version, **change
    )
    assert read_options(round_.options) == {"ranking.tie_breaks": "none"}


def test_an_open_rule_is_decided_and_left_open_again(session, officer):
    round_ = draft_round(session, actor=officer, basics=BASICS, moment=NOW)
    change: dict[str, Any] = {
        "round_": round_,
        "actor": officer,
        "moment": NOW,
        "key": "ranking.tie_breaks",
    }
    missing = {rule.key for rule in open_rules_of(round_) if rule.is_missing}
    set_option(session, raw=["originator"], version=round_.version, **change)
    assert {rule.key for rule in open_rules_of(round_) if rule.is_missing} == missing - {
        "ranking.tie_breaks"
    }
    set_option(session, raw=None, version=round_.version, **change)
    assert {rule.key for rule in open_rules_of(round_) if rule.is_missing} == missing


@pytest.mark.parametrize(
    ("key", "raw"),
    [
        ("ranking.tie_breaks", ["by-mood"]),
        ("ranking.tie_breaks", {"as_in": "no-such-rulebook"}),
        ("ceiling.above_is_invalid", False),
        ("no.such.rule", "1"),
    ],
)
def test_a_value_that_the_rulebook_does_not_take_is_refused(session, officer, key, raw):
    round_ = draft_round(session, actor=officer, basics=BASICS, moment=NOW)
    change: dict[str, Any] = {
        "round_": round_,
        "actor": officer,
        "moment": NOW,
        "version": round_.version,
    }
    with pytest.raises(InvalidInputError) as refusal:
        set_option(session, key=key, raw=raw, **change)
    assert fields(refusal) == ["value"]
    assert round_.options == "{}"


def test_dates_of_a_draft_move_silently_and_later_on_record(session):
    round_ = world.new_round(session)
    officer = world.actor_of(session, world.second_officer(session, round_))
    opening = world.date_of(round_, "opens_at") + timedelta(days=1)
    later = replace(timetable_of(round_), opens_at=opening)
    change: dict[str, Any] = {"round_": round_, "actor": officer, "moment": NOW}
    change_timetable(session, timetable=later, version=round_.version, **change)
    assert events_of(session, round_id=round_.id) == []
    assert round_.opened_on == opening.date()
    world.start_reporting(session, round_, moment=NOW)
    volumes_close = world.date_of(round_, "volume_closes_at") + timedelta(hours=2)
    latest = replace(later, volume_closes_at=volumes_close)
    change_timetable(session, timetable=latest, version=round_.version, **change)
    event = events_of(session, round_id=round_.id)[-1]
    assert (event.kind, event.person_id) == (RoundEventKind.TIMETABLE, officer.person_id)
    assert "报量截止" in (event.reason or "")


def test_dates_out_of_order_are_refused_and_nothing_is_stored(session):
    round_ = world.new_round(session)
    officer = world.actor_of(session, world.second_officer(session, round_))
    before = timetable_of(round_)
    with pytest.raises(InvalidInputError) as refusal, session.begin_nested():
        change_timetable(
            session,
            round_=round_,
            timetable=replace(before, closes_at=before.opens_at),
            version=round_.version,
            actor=officer,
            moment=NOW,
        )
    assert fields(refusal) == ["opens_at"]
    assert timetable_of(round_) == before
