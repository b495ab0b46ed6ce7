"""Agreed volumes of hospitals add up to the unit, whatever was reported and allocated."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bidding.agreed_volumes import (
    Reported,
    Volume,
    agreed_volumes,
    holders,
    next_supply,
    next_volumes,
)
from bidding.allocation.apportion import apportion, apportion_whole
from bidding.report import Allocation
from tests.bidding.sheets import bids, evaluated, volume, wishes
from tests.bidding.twin_allocation import deal

MAKERS = {"甲": "甲", "乙": "乙", "乙 · 二": "乙"}
BRANDS = [None, "甲", "乙", "乙 · 二", "落选"]


def cell(*parts):
    """Allocations of one region and strength: bid, volume, part by brand."""
    return [Allocation("京", "1mg", *part) for part in parts]


def twin(allocations, reported, manufacturers):
    """The same one unit at a time: each unit goes to the line that is furthest behind its part."""
    keeping = [
        bid for bid in manufacturers if any(a.bid == bid and a.by_brand for a in allocations)
    ]

    def holder(brand):
        named = [bid for bid in keeping if bid == brand]
        made = [bid for bid in keeping if manufacturers[bid] == brand]
        return (named or made or [None])[0] if brand is not None else None

    found = {}
    for one in allocations:
        if one.bid is None:
            continue
        for by_brand, units in ((False, one.agreed_volume - one.by_brand), (True, one.by_brand)):
            lines = [
                index
                for index, line in enumerate(reported)
                if holder(line.brand) == (one.bid if by_brand else None)
            ]
            weights = [Fraction(reported[index].base_volume) for index in lines]
            parts = deal(units, weights) if units else [0] * len(lines)
            for index, part in zip(lines, parts, strict=True):
                if units:
                    found[one.bid, by_brand, index] = part
    return found


@st.composite
def cells(draw):
    """What was reported in a region and strength, and allocated as the evaluation allocates."""
    reported = [
        Reported(index % 4, draw(st.sampled_from(BRANDS)), draw(st.integers(0, 40)))
        for index in range(draw(st.integers(1, 9)))
    ]
    base = sum(one.base_volume for one in reported)
    agreed = draw(st.integers(0, base))
    own = {"甲": 0, "乙": 0, "乙 · 二": 0}
    for one in reported:
        holder = {"甲": "甲", "乙": "乙", "乙 · 二": "乙 · 二"}.get(one.brand or "")
        if holder is not None:
            own[holder] += one.base_volume
    weights = [base - sum(own.values()), *own.values()]
    rest, *kept = apportion_whole(agreed, weights) if base else [0, 0, 0, 0]
    main = draw(st.sampled_from(["甲", "乙", None]))
    allocations = []
    for bid, part in zip(own, kept, strict=True):
        supplied = part + (rest if bid == main else 0)
        if supplied:
            allocations.append(Allocation("京", "1mg", bid, supplied, part))
    if main is None and rest:
        allocations.append(Allocation("京", "1mg", None, rest))
    return allocations, reported


@given(drawn=cells())
def test_parts_add_up_to_every_allocation_and_its_part_by_brand(drawn):
    allocations, reported = drawn
    parts = agreed_volumes(allocations, reported, MAKERS)
    for one in allocations:
        own = [part for part in parts if part.bid == one.bid]
        wanted = 0 if one.bid is None else one.agreed_volume
        assert sum(part.volume for part in own) == wanted
        by_brand = sum(part.volume for part in own if part.by_brand)
        assert by_brand == (0 if one.bid is None else one.by_brand)


@given(drawn=cells())
def test_a_slow_twin_gives_the_same_parts(drawn):
    allocations, reported = drawn
    numbered = [replace_hospital(line, index) for index, line in enumerate(reported)]
    parts = agreed_volumes(allocations, numbered, MAKERS)
    assert {(one.bid, one.by_brand, one.hospital): one.volume for one in parts} == twin(
        allocations, numbered, MAKERS
    )


def replace_hospital(line, index):
    """The same line, of a hospital of its own."""
    return line._replace(hospital=index)


@given(drawn=cells())
def test_nobody_is_more_than_a_unit_from_the_exact_part(drawn):
    allocations, reported = drawn
    numbered = [replace_hospital(line, index) for index, line in enumerate(reported)]
    for one in agreed_volumes(allocations, numbered, MAKERS):
        same = [
            other
            for other in agreed_volumes(allocations, numbered, MAKERS)
            if (other.bid, other.by_brand) == (one.bid, one.by_brand)
        ]
        whole = sum(other.base_volume for other in same)
        units = sum(other.volume for other in same)
        assert abs(one.volume * whole - units * one.base_volume) < whole


@given(drawn=cells())
def test_what_was_reported_for_a_selected_brand_goes_to_that_brand_alone(drawn):
    allocations, reported = drawn
    numbered = [replace_hospital(line, index) for index, line in enumerate(reported)]
    held = holders(allocations, MAKERS)
    for part in agreed_volumes(allocations, numbered, MAKERS):
        brand = numbered[part.hospital].brand
        if part.by_brand:
            assert brand is not None and held[brand] == part.bid
        else:
            assert brand is None or brand not in held


def test_a_makers_need_is_kept_by_its_best_ranked_product():
    allocations = cell(("乙", 4, 4), ("乙 · 二", 2, 2))
    assert holders(allocations, MAKERS) == {"乙": "乙", "乙 · 二": "乙 · 二"}
    assert holders(cell(("乙 · 二", 2, 2)), MAKERS) == {"乙": "乙 · 二", "乙 · 二": "乙 · 二"}


def test_a_strength_without_a_supplier_gives_nobody_anything():
    assert agreed_volumes(cell((None, 9)), [Reported("一院", None, 9)], MAKERS) == []


@given(
    total=st.integers(0, 200),
    weights=st.lists(st.integers(0, 30), min_size=1, max_size=8),
)
def test_dividing_whole_numbers_is_dividing_fractions(total, weights):
    if not any(weights):
        total = 0
    assert apportion_whole(total, weights) == apportion(total, list(map(Fraction, weights)))


@given(
    hospitals=st.lists(
        st.tuples(st.integers(0, 50), st.integers(0, 50)).map(
            lambda one: Volume(max(one), min(one))
        ),
        min_size=1,
        max_size=8,
    ),
    ratio=st.fractions(min_value=Fraction(1, 12), max_value=3),
)
def test_a_following_term_adds_up_too(hospitals, ratio):
    supply = Volume(sum(one.volume for one in hospitals), sum(one.by_brand for one in hospitals))
    following = next_supply(supply, ratio)
    parts = next_volumes(following, hospitals)
    assert sum(one.volume for one in parts) == following.volume
    assert sum(one.by_brand for one in parts) == following.by_brand
    assert abs(following.volume - supply.volume * ratio) <= Fraction(1, 2)
    assert all(0 <= one.by_brand <= one.volume for one in parts)


def test_the_same_ratio_twelve_months_changes_nothing():
    supply = Volume(101, 7)
    assert next_supply(supply, Fraction(12, 12)) == supply


REPORTS = [
    ("一院", "京", 7, "A"),
    ("一院", "京", 11, None),
    ("二院", "京", 13, "B"),
    ("二院", "京", 17, "C"),
    ("三院", "沪", 19, "B"),
    ("三院", "沪", 23, None),
    ("四院", "沪", 29, "D"),
]


def test_a_whole_evaluation_is_divided_down_to_the_unit():
    need = [
        replace(volume(region, units, brand), hospital=hospital)
        for hospital, region, units, brand in REPORTS
    ]
    choices = [*wishes("A", "京沪"), *wishes("B", "沪京")]
    report = evaluated("national-11", bids(A="1", B="1.1"), volumes=need, choices=choices)
    makers = {bid: bid for bid in report.winners}
    for region in "京沪":
        own = [one for one in report.allocations if one.region == region]
        lines = [
            Reported(hospital, brand, units)
            for hospital, place, units, brand in REPORTS
            if place == region
        ]
        parts = agreed_volumes(own, lines, makers)
        given_ = sum(one.volume for one in parts)
        assert given_ == sum(one.agreed_volume for one in own)
