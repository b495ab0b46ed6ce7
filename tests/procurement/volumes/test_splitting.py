"""Proposed parts of a group always add up, and follow past use as near as whole units can."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.volumes.reporting.splitting import propose_split, split_gap

weights = st.dictionaries(st.integers(1, 50), st.integers(0, 10**6), min_size=1, max_size=8)


@given(st.integers(0, 10**9), weights)
def test_the_parts_add_up_and_lie_within_one_unit_of_the_exact_share(total, by_member):
    parts = propose_split(total, by_member)
    assert split_gap(total, parts) == 0
    assert set(parts) == set(by_member)
    whole = sum(by_member.values()) or len(by_member)
    for member, weight in by_member.items():
        share = Fraction(total * (weight if sum(by_member.values()) else 1), whole)
        assert abs(parts[member] - share) < 1


@given(st.integers(0, 30), st.dictionaries(st.integers(1, 5), st.integers(0, 9), min_size=1))
def test_no_other_division_is_nearer_to_the_shares(total, by_member):
    """The slow twin: give out unit by unit to whoever lacks most of his share."""
    counted = by_member if sum(by_member.values()) else dict.fromkeys(by_member, 1)
    whole = sum(counted.values())
    parts = propose_split(total, by_member)

    def distance(division):
        return sum((division[m] - Fraction(total * counted[m], whole)) ** 2 for m in counted)

    slow = {member: total * weight // whole for member, weight in counted.items()}
    while sum(slow.values()) < total:
        lacking = max(counted, key=lambda m: Fraction(total * counted[m], whole) - slow[m])
        slow[lacking] += 1
    assert distance(parts) == distance(slow)


def test_a_group_without_members_cannot_be_split():
    with pytest.raises(ValueError, match="members"):
        propose_split(5, {})
