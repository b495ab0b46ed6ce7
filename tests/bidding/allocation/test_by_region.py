"""Each region has a main supplier; brands that won keep theirs; strengths not made go elsewhere."""

import pytest

from tests.bidding.sheets import (
    answer,
    bid,
    bids,
    evaluated,
    lot,
    outcomes,
    strengths,
    volume,
    wishes,
)

TWO_STRENGTHS = lot(strengths=strengths(s="1", d="2"))
CHOICES = [*wishes("A", "京沪"), *wishes("B", "沪京")]
UNSUPPLIED = "regions.unsupplied_strength"


def rows(report):
    return [(one.region, one.strength, one.bid, one.agreed_volume) for one in report.allocations]


def national(rulebook, entered, volumes, **more):
    choices = more.pop("choices", CHOICES)
    return evaluated(rulebook, entered, volumes=volumes, choices=choices, **more)


def test_every_region_and_strength_is_rounded_half_up_by_itself():
    need = [volume("京", 1), volume("沪", 3), volume("沪", 4, strength="其他", ratio="9")]
    report = national("national-3", bids(A="1"), need)
    assert rows(report) == [("京", "1mg", "A", 1), ("沪", "1mg", "A", 2), ("沪", "其他", "A", 2)]
    assert report.agreed_volume == 5


def test_the_winner_that_chose_a_region_supplies_all_of_it():
    need = [volume("京", 10), volume("沪", 20)]
    report = national("national-3", bids(A="1", B="1.1"), need)
    # A picks first and then again: both regions are its own.
    assert {row[2] for row in rows(report)} == {"A"}
    assert outcomes(report)["B"].agreed_volume == 0


def test_while_regions_are_not_chosen_their_supplier_is_not_named():
    need = [volume(region, 10) for region in "京沪粤"]
    report = national("national-3", bids(A="1", B="1.1"), need, choices=[])
    assert {row[2] for row in rows(report)} == {None}
    assert outcomes(report)["A"].agreed_volume is None


BRANDS = [
    volume("京", 10, "A"),
    volume("京", 20, "B"),
    volume("京", 30, "C"),
    volume("京", 40),
    volume("沪", 10, "B"),
]


def eleven(volumes, choices, **prices):
    prices = prices or {"A": "1", "B": "1.1", "C": "9", "D": "10"}
    return national("national-11", bids(**prices), volumes, choices=choices)


def test_a_brand_that_won_keeps_its_share_and_the_rest_goes_to_the_main_supplier():
    need = [volume("粤", 10), *BRANDS]
    report = eleven(need, [*wishes("A", "京粤"), *wishes("B", "沪")])
    by_row = {(row[0], row[2]): row[3] for row in rows(report)}
    assert report.share is not None
    assert by_row["京", "B"] == 12
    assert by_row["京", "A"] == 48
    assert by_row["沪", "B"] == 6


def test_a_brand_that_did_not_win_falls_to_the_main_supplier():
    report = eleven([volume("京", 30, "C")], wishes("A", "京"))
    assert rows(report) == [("京", "1mg", "A", 18)]


def test_a_brand_of_a_firm_that_did_not_bid_falls_to_the_main_supplier():
    report = eleven([volume("京", 30, "别家")], wishes("A", "京"))
    assert rows(report) == [("京", "1mg", "A", 18)]


def test_the_parts_of_a_cell_add_up_to_what_is_agreed_for_it():
    report = eleven(
        [volume("京", 7, "A"), volume("京", 7, "B"), volume("京", 7)], wishes("A", "京")
    )
    # 60 % of 21 is 12.6: 13, of which A and B keep a third each.
    assert sum(row[3] for row in rows(report)) == 13 == report.agreed_volume


def test_a_reference_product_without_volume_keeps_no_brand():
    need = [volume("京", 10, "D")]
    options = {
        "places.by_bidders": {"1+": 1},
        "selection.ratio_to_anchor": "1.8",
        "selection.absolute_low": "none",
        "revival.shortlisted": "none",
        "brand.fallback": "main-supplier",
    }
    entered = [bid("A", "1"), bid("D", "2", is_originator=True)]
    report = national(
        "national-12",
        entered,
        need,
        choices=wishes("A", "京"),
        options=options,
        answers=[answer("D", "revive")],
    )
    assert outcomes(report)["D"].status == "selected-without-volume"
    assert rows(report) == [("京", "1mg", "A", 5)]


def unsupplied(word, entered, choices):
    need = [volume(region, 10, strength="d", ratio="2") for region in "京沪粤"]
    return national(
        "national-10",
        entered,
        need,
        lots=[TWO_STRENGTHS],
        choices=choices,
        options={UNSUPPLIED: word},
    )


ONLY_S = bid("A", "1", strength="s", supplies=frozenset({"s"}))
BOTH = [bid("B", "1.1", strength="s"), bid("C", "1.2", strength="s")]
FOURTH = [bid("D", "9", strength="s")]


def test_a_strength_not_made_goes_to_the_next_winner_by_rank():
    choices = [*wishes("A", "京沪粤"), *wishes("B", "沪粤京"), *wishes("C", "粤沪京")]
    report = unsupplied("next-rank", [ONLY_S, *BOTH, *FOURTH], choices)
    assert {row[2] for row in rows(report) if row[0] in "京沪"} == {"B"}


def test_a_strength_not_made_goes_to_the_spare_supplier_of_the_region_first():
    choices = [
        *wishes("A", "京沪粤"),
        *wishes("B", "粤沪京"),
        *wishes("C", "京沪粤"),
        *wishes("C", "京", spare=True),
        *wishes("B", "沪", spare=True),
    ]
    report = unsupplied("spare-then-rank", [ONLY_S, *BOTH, *FOURTH], choices)
    suppliers = {row[0]: row[2] for row in rows(report)}
    assert suppliers == {"京": "C", "沪": "B", "粤": "B"}


def test_a_strength_that_nobody_makes_has_no_supplier():
    report = unsupplied("next-rank", [ONLY_S], wishes("A", "京沪粤"))
    assert {row[2] for row in rows(report)} == {None}


@pytest.mark.parametrize("supplies", [None, frozenset({"s", "d"})])
def test_who_makes_every_strength_supplies_every_strength(supplies):
    one = bid("A", "1", strength="s", supplies=supplies)
    report = unsupplied("next-rank", [one], wishes("A", "京沪粤"))
    assert {row[2] for row in rows(report)} == {"A"}
