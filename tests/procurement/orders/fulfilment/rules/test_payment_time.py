"""When accepted goods must be paid: nationally, locally, and by a slow twin."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.orders.fulfilment.rules.payment_time import (
    Paid,
    count_states,
    paid_state,
    payment_rule,
)
from procurement.orders.fulfilment.rules.region_rules import GivenRule, RegionRules

DAY = date(2027, 1, 1)


def rule_of(region, *given_rules):
    """The rule of a region, which has one."""
    rule = payment_rule(RegionRules(region, DAY, given=given_rules))
    assert rule is not None
    return rule


NATIONAL, LOCAL = rule_of("340100"), rule_of("511524")


@given(st.integers(0, 3000).map(lambda days: date(2026, 1, 1) + timedelta(days=days)))
def test_nationally_the_last_day_is_the_last_of_the_month_after_acceptance(accepted):
    day, months = accepted, 0
    while months < 2:
        day += timedelta(days=1)
        months += day.day == 1
    assert NATIONAL.last_day(accepted) == day - timedelta(days=1)


def test_thirty_days_is_a_local_rule():
    assert LOCAL.last_day(date(2027, 1, 31)) == date(2027, 3, 2)
    assert NATIONAL.rule.rulebook == "fulfilment-national-2021"
    assert not NATIONAL.rule.is_verified
    assert LOCAL.rule.is_verified


def test_a_province_may_give_its_own_days():
    given_rule = GivenRule("340000", "paid.days", 45, DAY, "皖文件")
    rule = rule_of("340100", given_rule)
    assert rule.last_day(date(2027, 1, 1)) == date(2027, 2, 15)
    assert rule.rule.cited == "皖文件"


def test_before_the_first_rule_nothing_is_late():
    rule = payment_rule(RegionRules("340100", date(2020, 1, 1)))
    assert rule is None
    state = paid_state(rule, accepted_on=DAY, paid_on=None, day=date(2030, 1, 1))
    assert state is Paid.NO_RULE


@pytest.mark.parametrize(
    ("paid_on", "day", "state"),
    [
        (date(2027, 1, 31), date(2027, 2, 1), Paid.IN_TIME),
        (date(2027, 2, 1), date(2027, 2, 1), Paid.LATE),
        (None, date(2027, 1, 31), Paid.NOT_DUE),
        (None, date(2027, 2, 1), Paid.OVERDUE),
        # Paid tomorrow: today nobody knows.
        (date(2027, 1, 31), date(2027, 1, 30), Paid.NOT_DUE),
    ],
)
def test_the_last_day_itself_is_in_time(paid_on, day, state):
    assert paid_state(LOCAL, accepted_on=DAY, paid_on=paid_on, day=day) is state


def test_states_are_counted_and_none_is_left_out():
    counted = count_states([Paid.LATE, Paid.LATE, Paid.IN_TIME])
    assert counted[Paid.LATE] == 2
    assert set(counted) == set(Paid)
