"""The one clock."""

from datetime import UTC

from procurement import clock


def test_moments_are_aware_in_utc_and_do_not_run_backwards():
    first, second = clock.now(), clock.now()
    assert first.tzinfo is UTC
    assert first <= second
