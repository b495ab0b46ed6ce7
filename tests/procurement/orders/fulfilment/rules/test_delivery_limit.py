"""Limits of delivery: every case, holidays, and a twin that counts minute by minute."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.china_days import day_in_china
from procurement.orders.fulfilment.rules.delivery_limit import (
    CASES,
    COUNTED,
    EXCLUDED,
    DaysOff,
    DeliveryRules,
    delivery_limit,
)
from procurement.orders.fulfilment.rules.region_rules import RegionRules

HUNAN = RegionRules("430102", date(2026, 1, 5)).delivery
NO_HOLIDAY = DaysOff(frozenset({2026, 2027, 2028}), frozenset())
CONFIRMED = datetime(2027, 3, 1, 1, 30, tzinfo=UTC)


def due(*, rules=HUNAN, at=CONFIRMED, days_off=NO_HOLIDAY, **order):
    flags = {"is_emergency": False, "is_remote": False, "is_cold_chain": False, **order}
    return delivery_limit(rules=rules, confirmed_at=at, days_off=days_off, **flags)


@pytest.mark.parametrize(
    ("order", "hours"),
    [
        ({"is_emergency": True}, 12),
        ({"is_emergency": True, "is_remote": True}, 24),
        ({"is_emergency": True, "is_cold_chain": True}, 12),
        ({}, 48),
        ({"is_remote": True}, 72),
        ({"is_cold_chain": True}, 72),
        ({"is_remote": True, "is_cold_chain": True}, 72),
    ],
)
def test_hunan_gives_each_order_its_hours_from_confirmation(order, hours):
    limit = due(**order)
    assert limit.due_at == CONFIRMED + timedelta(hours=hours)
    assert limit.hours == hours
    assert limit.rule.startswith("fulfilment-hunan-2025 · ")


def test_holidays_do_not_count_for_ordinary_orders_and_do_for_emergencies():
    off = DaysOff.of({2027: (date(2027, 3, 2),)})
    assert due(days_off=off).due_at == CONFIRMED + timedelta(hours=72)
    assert due(days_off=off, is_emergency=True).due_at == CONFIRMED + timedelta(hours=12)


def test_hours_of_an_order_confirmed_on_a_holiday_begin_after_it():
    off = DaysOff.of({2027: (date(2027, 3, 1),)})
    # Midnight in China is 16:00 in UTC.
    assert due(days_off=off).due_at == datetime(2027, 3, 3, 16, tzinfo=UTC)


def test_without_days_off_an_ordinary_order_has_no_limit_and_an_emergency_has_one():
    limit = due(days_off=None)
    assert limit.due_at is None
    assert "2027" in limit.en
    assert "not given" in limit.en
    assert due(days_off=None, is_emergency=True).due_at is not None


def test_a_limit_that_runs_into_a_year_without_days_off_is_not_known():
    off = DaysOff(frozenset({2027}), frozenset())
    limit = due(at=datetime(2027, 12, 31, 1, tzinfo=UTC), days_off=off)
    assert limit.due_at is None
    assert "2028" in limit.zh


def test_without_a_rule_there_is_no_limit_and_the_answer_says_so():
    limit = due(rules=None)
    assert (limit.due_at, limit.hours, limit.rule) == (None, None, "")
    assert "no rule" in limit.en


def test_a_case_that_the_rulebook_does_not_state_has_no_limit():
    rules = DeliveryRules("x", {"ordinary": 48}, {"ordinary": EXCLUDED})
    assert due(rules=rules, is_remote=True).due_at is None
    silent = DeliveryRules("x", {"ordinary": 48}, {})
    assert due(rules=silent).due_at is None


def minute_by_minute(hours: int, start: datetime, off: frozenset[date]) -> datetime:
    """The slow twin: an hour has sixty minutes, those of a day off do not count."""
    left, at = hours * 60, start
    while left:
        if day_in_china(at) not in off:
            left -= 1
        at += timedelta(minutes=1)
    return at


@given(
    st.sampled_from((1, 12, 24, 48, 72)),
    st.integers(0, 20 * 24 * 60),
    st.sets(st.integers(0, 30), max_size=12),
)
def test_counting_day_by_day_is_counting_minute_by_minute(hours, minutes, off):
    start = datetime(2027, 1, 20, tzinfo=UTC) + timedelta(minutes=minutes)
    days = frozenset(date(2027, 1, 20) + timedelta(days=one) for one in off)
    rules = DeliveryRules("x", dict.fromkeys(CASES, hours), dict.fromkeys(CASES, EXCLUDED))
    limit = due(rules=rules, at=start, days_off=DaysOff(frozenset({2027}), days))
    assert limit.due_at == minute_by_minute(hours, start, days)


@given(st.integers(1, 200), st.integers(0, 10**5))
def test_hours_that_all_count_are_plain_hours(hours, minutes):
    start = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    rules = DeliveryRules("x", dict.fromkeys(CASES, hours), dict.fromkeys(CASES, COUNTED))
    assert due(rules=rules, at=start, days_off=None).due_at == start + timedelta(hours=hours)
