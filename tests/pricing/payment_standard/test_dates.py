"""A payment standard holds from a first to a last day, both included."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.faults import ModelFaultsError
from pricing.payment_standard import in_force_for


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1)), st.integers(1, 8))
def test_the_day_after_the_last_is_the_same_day_some_years_on(starts_on, years):
    days = in_force_for(starts_on, years)
    after = days.until + timedelta(days=1)
    assert after.year - starts_on.year == years
    if (starts_on.month, starts_on.day) != (2, 29):
        assert (after.month, after.day) == (starts_on.month, starts_on.day)
    assert days.holds_on(starts_on) and days.holds_on(days.until)
    assert not days.holds_on(after)
    assert not days.holds_on(starts_on - timedelta(days=1))


def test_a_standard_from_a_leap_day_ends_with_february():
    assert in_force_for(date(2024, 2, 29), 1).until == date(2025, 2, 28)
    assert in_force_for(date(2024, 2, 29), 4).until == date(2028, 2, 29)


@pytest.mark.parametrize(("starts_on", "years"), [(date(2024, 1, 1), 0), (date(9999, 1, 1), 1)])
def test_years_that_cannot_be_are_refused(starts_on, years):
    with pytest.raises(ModelFaultsError, match="within the calendar"):
        in_force_for(starts_on, years)
