"""Winners choose regions in turns: the cheapest picks once, then all, round and round."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.allocation.regions import choose_regions, choose_spare_regions, turns
from tests.bidding.twin_allocation import picks, spare_picks

REGIONS = list("京津冀晋蒙")


@pytest.mark.parametrize(
    ("regions", "winners", "numbers"),
    [
        (31, 4, [9, 8, 7, 7]),
        (31, 1, [31]),
        (25, 3, [9, 8, 8]),
        (11, 1, [11]),
        (31, 10, [4, 3, 3, 3, 3, 3, 3, 3, 3, 3]),
        (2, 3, [2, 0, 0]),
        (1, 2, [1, 0]),
        (0, 2, [0, 0]),
    ],
)
def test_how_many_regions_each_winner_takes(regions, winners, numbers):
    order = turns(regions, winners)
    assert [order.count(position) for position in range(winners)] == numbers


def test_turns_are_round_and_round_and_no_snake():
    assert turns(9, 3) == [0, 0, 1, 2, 0, 1, 2, 0, 1]


def test_at_its_turn_a_winner_takes_what_it_likes_best_of_what_is_free():
    wishes = {"A": list("京津冀晋蒙"), "B": list("京津冀晋蒙")}
    choice = choose_regions(REGIONS, ["A", "B"], wishes)
    assert choice.names == (("京", "津", "晋"), ("冀", "蒙"))
    assert choice.complete


def test_the_choice_stops_where_a_wish_is_not_known():
    choice = choose_regions(REGIONS, ["A", "B"], {"A": ["京"], "B": list("津冀")})
    assert (choice.names, choice.complete) == ((("京",), ()), False)


def test_what_is_left_to_one_winner_needs_no_wish():
    choice = choose_regions(["京", "津", "冀"], ["A", "B"], {"A": ["冀", "京"]})
    assert choice.names == (("冀", "京"), ("津",))


def test_wishes_for_regions_that_are_none_of_the_lot_are_passed_over():
    choice = choose_regions(["京", "津"], ["A"], {"A": ["沪", "津"]})
    assert choice.names == (("津", "京"),)


WINNERS = ["A", "B", "C"]
WISHES = st.fixed_dictionaries(
    {}, optional={name: st.permutations(REGIONS).map(lambda all_: all_[:4]) for name in WINNERS}
)


@given(wishes=WISHES, count=st.integers(1, 3))
def test_playing_the_turns_one_by_one_names_the_same_regions(wishes, count):
    winners = WINNERS[:count]
    choice = choose_regions(REGIONS, winners, wishes)
    numbers, named = picks(REGIONS, winners, wishes)
    assert list(choice.numbers) == [numbers[name] for name in winners]
    assert [sorted(names) for names in choice.names] == [sorted(named[name]) for name in winners]


@given(wishes=WISHES, count=st.integers(1, 3))
def test_no_region_has_two_suppliers(wishes, count):
    choice = choose_regions(REGIONS, WINNERS[:count], wishes)
    named = [region for names in choice.names for region in names]
    assert len(named) == len(set(named)) <= sum(choice.numbers) == len(REGIONS)


def test_a_spare_region_is_none_of_the_winners_own():
    wishes = {"A": ["京", "津"], "B": ["京", "津"]}
    spare = choose_spare_regions(["京", "津"], ["A", "B"], [["京"], ["津"]], wishes)
    assert spare == (("津",), ("京",))


def test_a_region_that_nobody_wishes_for_stays_without_a_spare():
    assert choose_spare_regions(["京", "津"], ["A", "B"], [["京"], ["津"]], {}) == ((), ())


@given(wishes=WISHES, count=st.integers(1, 3))
def test_playing_the_spare_turns_one_by_one_names_the_same_regions(wishes, count):
    winners = WINNERS[:count]
    full = {name: REGIONS for name in winners}
    own = choose_regions(REGIONS, winners, full).names
    spare = choose_spare_regions(REGIONS, winners, own, wishes)
    played = spare_picks(REGIONS, winners, dict(zip(winners, own, strict=True)), wishes)
    assert list(spare) == [played[name] for name in winners]
