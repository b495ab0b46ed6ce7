"""Reports are summed by region and strength, and by brand."""

from decimal import Decimal

from bidding.need import need_of
from tests.bidding.sheets import lot, strengths, volume

SHEET = lot(strengths=strengths(**{"10mg": "1", "20mg": "2"}))


def test_reports_of_one_region_and_strength_are_summed():
    need = need_of(SHEET, [volume("京", 5, strength="10mg"), volume("京", 7, strength="10mg")])
    assert need.cells == {("京", "10mg"): 12}
    assert need.total == 12


def test_a_strength_spelled_otherwise_joins_by_its_ratio():
    need = need_of(SHEET, [volume("京", 5, strength="0.02g", ratio="2.0")])
    assert need.cells == {("京", "20mg"): 5}


def test_a_strength_that_the_lot_does_not_list_counts_under_its_own_label():
    need = need_of(SHEET, [volume("京", 5, strength="5mg", ratio="0.5")])
    assert need.cells == {("京", "5mg"): 5}
    assert need.total == 5


def test_of_two_strengths_of_one_ratio_the_label_decides():
    sheet = lot(strengths=strengths(片="1", 分散片="1"))
    need = need_of(sheet, [volume("京", 5, strength="分散片"), volume("京", 7, strength="其他")])
    assert need.cells == {("京", "分散片"): 5, ("京", "片"): 7}


def test_regions_come_in_the_order_of_their_names_even_if_they_need_nothing():
    need = need_of(SHEET, [volume("b", 0), volume("a", 1), volume("b", 0)])
    assert need.regions == ("a", "b")


def test_brands_are_part_of_the_base():
    need = need_of(SHEET, [volume("京", 5, "A"), volume("京", 7), volume("沪", 9, "A")])
    assert need.total == 21
    assert need.brand_totals == {"A": 14}


def test_a_lot_without_reports_needs_nothing():
    need = need_of(SHEET, [])
    assert (need.total, need.regions, dict(need.brand_totals)) == (0, (), {})


def test_the_order_of_reports_changes_nothing():
    reports = [
        volume(region, 3, brand, strength=strength, ratio=str(Decimal(ratio)))
        for region in "ba"
        for brand in ("B", "A", None)
        for strength, ratio in (("20mg", 2), ("10mg", 1))
    ]
    there, back = need_of(SHEET, reports), need_of(SHEET, reversed(reports))
    assert there == back
    assert list(there.cells) == list(back.cells)
    assert [list(brands) for brands in there.brands.values()] == [
        list(brands) for brands in back.brands.values()
    ]
    assert list(there.brands) == list(back.brands)
