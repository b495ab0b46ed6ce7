"""Turns that are played one by one name the regions that lists of wishes would name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.allocation.in_turn import main_choice, spare_turn
from bidding.allocation.regions import choose_regions, choose_spare_regions

REGIONS = list("京津冀晋蒙辽")
WINNERS = ["A", "B", "C", "D"]


def play_main(regions, winners, wishes):
    """Play every turn by wishes; return what was picked and by whom."""
    picked: list[tuple[str, str]] = []
    while (state := main_choice(regions, winners, picked)).turn is not None:
        turn = state.turn
        assert turn.number == len(picked) + 1
        picked.append((turn.winner, next(one for one in wishes[turn.winner] if one in turn.free)))
    return picked, state


@given(
    count=st.integers(1, 4),
    regions=st.integers(1, 6),
    wishes=st.lists(st.permutations(REGIONS), min_size=4, max_size=4),
)
def test_turn_by_turn_gives_what_complete_lists_give(count, regions, wishes):
    some, winners = REGIONS[:regions], WINNERS[:count]
    by_winner = dict(zip(WINNERS, wishes, strict=True))
    picked, state = play_main(some, winners, by_winner)
    # What is left to one winner alone comes in the order of the regions, not of its list.
    names = [sorted(one) for one in state.choice.names]
    assert names == [sorted(one) for one in choose_regions(some, winners, by_winner).names]
    assert len(picked) <= len(some)


@given(
    count=st.integers(1, 4),
    wishes=st.lists(
        st.lists(st.sampled_from(REGIONS), unique=True, max_size=4), min_size=4, max_size=4
    ),
)
def test_spare_turns_give_what_lists_give(count, wishes):
    winners = WINNERS[:count]
    by_winner = dict(zip(WINNERS, wishes, strict=True))
    own = choose_regions(REGIONS, winners, dict.fromkeys(winners, REGIONS)).names
    chosen = dict(zip(winners, own, strict=True))
    played: list[tuple[str, str | None]] = []
    while (turn := spare_turn(REGIONS, winners, chosen, played)) is not None:
        assert turn.number == len(played) + 1
        region = next((one for one in by_winner[turn.winner] if one in turn.free), None)
        played.append((turn.winner, region))
    found = choose_spare_regions(REGIONS, winners, own, by_winner)
    assert [
        [region for winner, region in played if winner == one and region is not None]
        for one in winners
    ] == [list(one) for one in found]


def test_the_coming_turns_end_where_one_winner_alone_is_left():
    state = main_choice(REGIONS, ["A", "B"], [])
    assert state.turn is not None and state.turn.winner == "A"
    assert state.coming == ("A", "B", "A", "B")


def test_one_winner_alone_has_no_turn():
    state = main_choice(REGIONS, ["A"], [])
    assert (state.turn, state.choice.names) == (None, (tuple(REGIONS),))


@pytest.mark.parametrize("picked", [[], [("A", "京")], [("A", "京"), ("A", "津")]])
def test_only_free_regions_are_offered(picked):
    state = main_choice(REGIONS, WINNERS, picked)
    assert state.turn is not None
    assert not {region for _, region in picked} & set(state.turn.free)
