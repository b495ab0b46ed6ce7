"""Zeros at the end go, the number stays."""

from hypothesis import given
from hypothesis import strategies as st

from pricing.trailing_zeros import without_trailing_zeros


@given(st.decimals(min_value=0, max_value=10**15, places=12))
def test_the_number_stays_and_no_zero_is_left_behind_the_point(value):
    tidy = without_trailing_zeros(value)
    assert tidy == value
    text = f"{tidy:f}"
    assert "E+" not in str(tidy)
    assert "." not in text or not text.endswith("0")
