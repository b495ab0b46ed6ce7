"""Calendars, payment periods, working days, prepaid shares, price control."""

from datetime import date
from decimal import Decimal

import pytest

from pricing.stated_rules import StatedRules
from procurement.payments.rules.calendar import (
    after_working_days,
    calendar_of,
    end_of_next_month,
    paid_within,
)
from procurement.payments.rules.prepayment import RatioTooLowError, check_ratio, prepaid, used_up
from procurement.payments.rules.price_control import price_control
from procurement.payments.states import ClaimStatus


def test_a_step_without_an_owner_is_the_one_after_the_last_dated_one():
    days = StatedRules.of("direct-heilongjiang-2025").table("direct.calendar")
    assert calendar_of(date(2026, 12, 1), days) == {
        ClaimStatus.APPLIED: date(2027, 1, 3),
        ClaimStatus.HOSPITAL_CHECKED: date(2027, 1, 5),
        ClaimStatus.AGENCY_CHECKED: date(2027, 1, 7),
    }


def test_a_rulebook_that_dates_nothing_gives_no_days():
    assert calendar_of(date(2026, 3, 1), {}) == {}


@pytest.mark.parametrize(
    ("paid", "days", "on_time"),
    [
        (date(2026, 3, 1), 0, True),
        (date(2026, 3, 31), 30, True),
        (date(2026, 4, 1), 31, False),
    ],
)
def test_the_thirtieth_day_is_in_time(paid, days, on_time):
    after = paid_within(date(2026, 3, 1), paid, days_max=30)
    assert (after.days, after.on_time) == (days, on_time)


def test_the_month_after_acceptance_ends_on_its_last_day():
    assert end_of_next_month(date(2027, 12, 31)) == date(2028, 1, 31)
    assert end_of_next_month(date(2028, 1, 1)) == date(2028, 2, 29)


def test_working_days_leave_out_weekends_and_what_is_given():
    thursday = date(2026, 3, 5)
    assert after_working_days(thursday, 0) == thursday
    assert after_working_days(thursday, 1) == date(2026, 3, 6)
    assert after_working_days(thursday, 2) == date(2026, 3, 9)
    holiday, worked = [date(2026, 3, 6)], [date(2026, 3, 7)]
    assert after_working_days(thursday, 1, days_off=holiday) == date(2026, 3, 9)
    assert after_working_days(thursday, 1, days_off=holiday, extra=worked) == date(2026, 3, 7)


@pytest.mark.parametrize(
    ("ratio", "least", "fixed", "passes"),
    [
        ("0.30", "0.30", None, True),
        ("0.2999", "0.30", None, False),
        ("0.50", None, "0.50", True),
        ("0.51", None, "0.50", False),
        ("0", None, None, False),
        ("1.01", None, None, False),
        ("1", None, None, True),
    ],
)
def test_a_prepaid_share_keeps_the_rule(ratio, least, fixed, passes):
    rules = {
        "least": None if least is None else Decimal(least),
        "fixed": None if fixed is None else Decimal(fixed),
    }
    if passes:
        check_ratio(Decimal(ratio), **rules)
    else:
        with pytest.raises(RatioTooLowError):
            check_ratio(Decimal(ratio), **rules)


def test_a_prepayment_is_rounded_half_up_to_the_cent():
    assert prepaid(Decimal("0.05"), Decimal("0.30")) == Decimal("0.02")
    assert prepaid(Decimal("0.04"), Decimal("0.30")) == Decimal("0.01")


def test_prepaid_money_is_used_by_the_oldest_first():
    owed = [Decimal(1), Decimal(5), Decimal(2)]
    assert used_up(Decimal(4), owed) == [Decimal(1), Decimal(3), Decimal(0)]
    assert sum(used_up(Decimal(100), owed)) == 8


def test_price_control_counts_what_is_left():
    control = price_control(listed=10, above=0, adjusted=0)
    assert (control.suspended, control.adjusted_percent) == (0, None)
    with pytest.raises(ValueError, match="expected each at most the next"):
        price_control(listed=10, above=3, adjusted=4)
