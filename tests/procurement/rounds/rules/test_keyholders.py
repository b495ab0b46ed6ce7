"""Who may hold keys, at the borders."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.rounds.rules import Holder, controllers_of, holder_faults
from procurement.rounds.rules.keyholders import HOLDERS_MAX


def holders(number: int) -> list[Holder]:
    return [
        Holder(one, f"机构{one}", "keyholder", controllers=frozenset({one}))
        for one in range(1, number + 1)
    ]


def fields(some, quorum):
    return [fault.field for fault in holder_faults(some, quorum)]


@given(st.integers(0, 20), st.one_of(st.none(), st.integers(-1, 20)))
def test_two_or_more_open_and_one_may_be_absent(number, quorum):
    sound = quorum is not None and quorum >= 2 and quorum + 1 <= number <= HOLDERS_MAX
    assert (holder_faults(holders(number), quorum) == ()) is sound


def test_four_of_seven_and_three_of_five_are_sound():
    assert fields(holders(7), 4) == fields(holders(5), 3) == []


@pytest.mark.parametrize("kind", ["manufacturer", "distributor", "pharmacy"])
def test_whoever_bids_or_sells_holds_no_key(kind):
    assert fields([*holders(3), Holder(9, "某企业", kind)], 2) == ["keyholders"]


def test_an_organisation_is_there_once():
    assert fields([*holders(3), holders(1)[0]], 2) == ["keyholders"]


def test_a_deactivated_organisation_cannot_hold_a_key():
    assert fields([*holders(3), Holder(9, "x", "keyholder", is_active=False)], 2) == ["keyholders"]


def test_two_under_one_control_are_one_institution():
    parent = Holder(8, "甲", "keyholder", controllers=frozenset({8}))
    child = Holder(9, "乙", "keyholder", controllers=frozenset({8, 9}))
    for order in permutations([*holders(2), parent, child]):
        assert fields(order, 2) == ["keyholders"]


@given(st.dictionaries(st.integers(1, 6), st.lists(st.integers(1, 6), max_size=3), max_size=6))
def test_controllers_are_those_that_can_be_walked_to(controlled_by):
    slow = {1}
    for _ in range(7):
        slow |= {other for one in slow for other in controlled_by.get(one, ())}
    assert controllers_of(1, controlled_by) == slow
