"""Groups compete separately: as declared, or by cumulative intended volume."""

from collections.abc import Sequence

import pytest

from bidding.bid_sheet import Bid
from bidding.errors import MissingFactError, UnknownRuleError
from bidding.groups import grouped
from bidding.need import need_of
from tests.bidding.settings import JOINTS
from tests.bidding.sheets import bid, evaluated, lot, rules_of, statuses, volume

SHARE = {"share": "0.85", "fill_to": 2}


def groups(entered: Sequence[Bid], volumes=(), rulebook="joints-2021", **options):
    found = grouped(entered, need_of(lot(), volumes), rules_of(rulebook, **options))
    return {name: [one.bid for one in members] for name, members in found}


def by_volume(**brands: int):
    """Groups of firms with these intended volumes, under a document that fills group A to two."""
    entered = [bid(name, "1") for name in brands]
    volumes = [volume("京", base, name) for name, base in brands.items()]
    return groups(entered, volumes, "devices-6-2026", groups__by_volume=SHARE)


def test_without_groups_all_bids_compete_together():
    assert groups([bid("A", "1", group="A"), bid("B", "1")], rulebook="national-3") == {
        None: ["A", "B"]
    }


def test_declared_groups_stand():
    entered = [bid("A", "1", group="B"), bid("B", "1", group="A"), bid("C", "1", group="B")]
    assert groups(entered) == {"A": ["B"], "B": ["A", "C"]}


def test_declared_groups_need_no_rule_about_volumes():
    assert groups([bid("A", "1", group="A")], rulebook="devices-6-2026") == {"A": ["A"]}


def test_group_a_is_made_of_the_firms_within_the_first_85_percent_of_volume():
    assert by_volume(P=50, Q=30, R=10, S=10) == {"A": ["P", "Q", "R"], "B": ["S"]}


def test_the_firm_before_which_exactly_85_percent_lie_is_in_group_b():
    assert by_volume(P=50, Q=35, R=15) == {"A": ["P", "Q"], "B": ["R"]}


def test_group_a_is_filled_up_by_volume():
    assert by_volume(P=90, Q=2, R=8) == {"A": ["P", "R"], "B": ["Q"]}


def test_a_firm_for_which_nothing_was_reported_comes_last():
    entered = [bid("P", "1"), bid("Q", "1"), bid("R", "1")]
    volumes = [volume("京", 9, "R"), volume("京", 1, "Q")]
    found = groups(entered, volumes, "devices-6-2026", groups__by_volume=SHARE)
    assert found == {"A": ["Q", "R"], "B": ["P"]}


def test_seven_firms_fill_group_a_of_the_joints():
    entered = [bid(name, "1") for name in "PQRSTUVWX"]
    volumes = [volume("京", 100 - place, name) for place, name in enumerate("PQRSTUVWX")]
    found = groups(entered, [volume("京", 9999, "P"), *volumes])
    assert found == {"A": list("PQRSTUV"), "B": ["W", "X"]}


def test_an_unknown_share_of_volume_is_refused_by_name():
    with pytest.raises(UnknownRuleError, match=r"groups\.by_volume is unknown"):
        groups([bid("A", "1")], [volume("京", 1, "A")], "devices-6-2026")


def test_a_bid_without_group_and_without_volumes_lacks_a_fact():
    with pytest.raises(MissingFactError, match="lot L1, bid A: group is not given"):
        groups([bid("A", "1")])


def test_each_group_has_its_own_places_and_winners():
    entered = [bid(f"A{price}", str(price), group="A") for price in range(1, 6)]
    entered += [bid(f"B{price}", str(price * 10), group="B") for price in range(1, 4)]
    report = evaluated("joints-2021", entered, options=JOINTS)
    assert (report.bidders, report.places) == (8, 5)
    selected = {name for name, status in statuses(report).items() if status == "selected"}
    assert selected == {"A1", "A2", "A3", "B1", "B2"}
