"""Dates in order and ahead; what is due, to whom, and the outage rule, against slow twins."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.rounds.rules import (
    DATE_NAMES,
    Addressee,
    Failure,
    Timetable,
    due_transitions,
    outage_shift,
    reminders_between,
    timetable_faults,
)
from procurement.rounds.rules.reminders import _AHEAD
from procurement.rounds.status import RoundStatus

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
DAY = timedelta(days=1)


def complete(**changes) -> Timetable:
    dates = {
        "volume_opens_at": NOW + DAY,
        "volume_closes_at": NOW + 10 * DAY,
        "comments_close_at": NOW + 12 * DAY,
        "bidding_opens_at": NOW + 20 * DAY,
        "closes_at": NOW + 25 * DAY,
        "opens_at": NOW + 25 * DAY + timedelta(hours=1),
    }
    return Timetable(**{**dates, **changes})


def fields(timetable, **keywords):
    return [fault.field for fault in timetable_faults(timetable, moment=NOW, **keywords)]


def test_dates_in_order_and_ahead_have_no_fault():
    assert fields(complete()) == []
    assert fields(Timetable()) == []


def test_a_date_at_the_moment_of_the_one_before_it_is_a_fault():
    assert fields(complete(opens_at=NOW + 25 * DAY)) == ["opens_at"]
    assert fields(complete(opens_at=NOW + 25 * DAY + timedelta(microseconds=1))) == []


def test_comments_may_close_before_the_volumes_but_not_after_bidding_opens():
    assert fields(complete(comments_close_at=NOW + DAY)) == []
    assert fields(complete(comments_close_at=NOW + 21 * DAY)) == ["bidding_opens_at"]


def test_a_past_date_is_a_fault_unless_it_is_kept():
    past = complete(volume_opens_at=NOW - DAY)
    assert fields(past) == ["volume_opens_at"]
    assert fields(past, unchanged=past) == []
    assert fields(past, unchanged=complete(volume_opens_at=NOW - 2 * DAY)) == ["volume_opens_at"]
    assert fields(complete(volume_opens_at=NOW)) == ["volume_opens_at"]


def test_missing_dates_do_not_hide_a_wrong_order():
    assert fields(Timetable(volume_opens_at=NOW + 3 * DAY, opens_at=NOW + DAY)) == ["opens_at"]


@pytest.mark.parametrize(
    ("status", "at", "due"),
    [
        (RoundStatus.PUBLISHED, NOW + 20 * DAY - timedelta(microseconds=1), []),
        (RoundStatus.PUBLISHED, NOW + 20 * DAY, [RoundStatus.BIDDING]),
        (RoundStatus.PUBLISHED, NOW + 25 * DAY, [RoundStatus.BIDDING, RoundStatus.CLOSED]),
        (RoundStatus.BIDDING, NOW + 25 * DAY - timedelta(microseconds=1), []),
        (RoundStatus.BIDDING, NOW + 25 * DAY, [RoundStatus.CLOSED]),
        (RoundStatus.CLOSED, NOW + 99 * DAY, []),
        (RoundStatus.DRAFT, NOW + 99 * DAY, []),
        (RoundStatus.VOLUME_REPORTING, NOW + 99 * DAY, []),
        (RoundStatus.COMMENTS, NOW + 99 * DAY, []),
    ],
)
def test_bidding_opens_and_closes_by_the_clock_and_nothing_else_does(status, at, due):
    found = due_transitions(status, complete(), moment=at)
    assert [one.status for one in found] == due


def test_nothing_is_due_without_a_date():
    assert due_transitions(RoundStatus.PUBLISHED, Timetable(), moment=NOW) == []


CLOSING = NOW + 25 * DAY

# Seconds before closing (negative) or after it, and how long it failed.
stretches = st.lists(st.tuples(st.integers(-9000, 120), st.integers(-5, 90)), max_size=6)


def shift(failures, **changes):
    settings = {"closes_at": CLOSING, "shift_minutes": 120, "already_shifted": False, **changes}
    return outage_shift(failures, **settings)


@given(stretches)
def test_the_outage_rule_counts_each_failing_second_once(failing):
    seconds = {second for since, length in failing for second in range(since, since + length)}
    failures = [
        Failure(CLOSING + timedelta(seconds=since), CLOSING + timedelta(seconds=since + length))
        for since, length in failing
    ]
    counted = len(seconds.intersection(range(-7200, 0)))
    assert (shift(failures) is not None) == (counted > 60)


def test_the_outage_rule_moves_once_and_by_the_published_interval():
    long = [Failure(CLOSING - timedelta(minutes=5), CLOSING)]
    assert shift(long, shift_minutes=45) == timedelta(minutes=45)
    assert shift(long, already_shifted=True) is None
    assert shift([]) is None


@given(st.integers(0, 40 * 24), st.integers(0, 40 * 24), st.sampled_from(RoundStatus))
def test_reminders_come_once_whenever_the_clock_is_asked(first, second, status):
    timetable = complete()
    early, late = sorted((NOW + timedelta(hours=first), NOW + timedelta(hours=second)))
    whole = {one.key for one in reminders_between(status, timetable, since=NOW, until=late)}
    before = {one.key for one in reminders_between(status, timetable, since=NOW, until=early)}
    after = {one.key for one in reminders_between(status, timetable, since=early, until=late)}
    assert not before & after
    # What was due before and whose date is past by now is not sent late.
    assert whole <= before | after
    assert after <= whole


def test_reminders_of_bids_go_to_every_manufacturer():
    due = reminders_between(
        RoundStatus.BIDDING, complete(), since=NOW, until=CLOSING - timedelta(hours=1)
    )
    assert {one.addressee for one in due if one.date == "closes_at"} == {Addressee.MANUFACTURERS}
    assert [one.due_at for one in due] == sorted(one.due_at for one in due)


def test_reminders_name_only_dates_that_rounds_have():
    assert {name for _, name, _, _ in _AHEAD} <= set(DATE_NAMES)
